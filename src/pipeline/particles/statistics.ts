import { Effect } from "effect"
import { Engine, type Job } from "../../engine/engine.ts"
import { type Population, type PopulationSettings, populationOf } from "../../particles/population.ts"
import { type SevereNeighbours, severeAnswer, severeQuestion } from "../../particles/severe-neighbours.ts"
import type { ParticleTable } from "../../particles/table.ts"
import { type CurveSet, curveSetMonoid } from "../../statistics/envelope.ts"
import type { Window } from "../../statistics/pair-correlation.ts"
import { particleEngine } from "./engine.ts"
import type { RelabelJob } from "./relabel-work.ts"
import { MeasuringLost } from "./request.ts"

/** Marks in all relabellings together that one job moves: a second or so. */
const jobMarks = 30_000
/** Fewer in all are done in this thread: others would take longer to start. */
const fewMarks = 150_000

const severeIn = Effect.fnUntraced(function* (
  table: ParticleTable,
  window: Window,
  settings: PopulationSettings,
  threads: number,
): Effect.fn.Return<SevereNeighbours, MeasuringLost> {
  const question = severeQuestion(table, window, settings)
  if (question.kind !== "question") return question
  const { seed, simulations, confidence } = settings
  const marks = question.marked.marks.reduce((sum, mark) => sum + mark, 0)
  const together = Math.max(1, Math.floor(jobMarks / marks))
  const jobs: Job[] = []
  for (let begin = 0; begin < simulations; begin += together) {
    const end = Math.min(simulations, begin + together)
    const input: RelabelJob = { kind: "relabel", question, seed, begin, end }
    jobs.push({ name: `relabellings from ${begin} on`, input })
  }
  const curves = yield* Effect.gen(function* () {
    const engine = yield* Engine
    const ends = yield* engine.runAll(jobs, (event) =>
      event.kind === "ended" && event.end.kind !== "done"
        ? Effect.fail(new MeasuringLost({ reason: `${jobs[event.job].name}: ${event.end.reason}` }))
        : // Lets an interruption come in between two jobs of this thread.
          Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve))),
    )
    return ends.flatMap((end) => (end.kind === "done" ? [end.result as CurveSet] : []))
  }).pipe(Effect.provide(particleEngine(marks * simulations > fewMarks ? threads : 1)))
  return severeAnswer(question, curves.reduce(curveSetMonoid.concat, curveSetMonoid.empty), confidence)
})

/** Statistics of a table; the relabellings of severely damaged particles are divided among threads. */
export const populationIn = Effect.fn("populationIn")(function* (
  table: ParticleTable,
  window: Window,
  settings: PopulationSettings,
  threads: number,
): Effect.fn.Return<Population, MeasuringLost> {
  const severe = yield* severeIn(table, window, settings, threads)
  return populationOf(table, window, settings, severe)
})
