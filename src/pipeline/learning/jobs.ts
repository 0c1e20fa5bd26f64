import { Effect, type Layer } from "effect"
import { Engine, type Job } from "../../engine/engine.ts"
import { inProcess } from "../../engine/in-process.ts"
import { workerThreads } from "../../engine/threads.ts"
import type { RunUnwritable } from "../../store/errors.ts"
import type { KeptResults } from "../../store/kept-results.ts"
import { codeEnding } from "../program.ts"
import { type LearnJob, learnWork } from "./learn-work.ts"
import { LearningLost } from "./request.ts"

/** Where the learning is done: in this thread, or side by side in threads of their own. */
export const learnEngine = (threads: number): Layer.Layer<Engine> =>
  threads === 1
    ? inProcess(learnWork)
    : workerThreads(new URL(`./learn-worker.${codeEnding}`, import.meta.url), threads)

export type Doing = (share: number, doing: string) => Effect.Effect<void>

/** Does jobs, but for those whose results are kept, and gives all results in order; one that is lost ends all. */
export const allDone = Effect.fnUntraced(function* (
  jobs: readonly LearnJob[],
  kept: KeptResults,
  onDone: Doing,
): Effect.fn.Return<readonly unknown[], LearningLost | RunUnwritable, Engine> {
  const engine = yield* Engine
  const before = jobs.map((job) => kept.find(job))
  const missing = [...jobs.keys()].filter((at) => before[at] === undefined)
  let done = jobs.length - missing.length
  const ends = yield* engine.runAll(
    missing.map((at): Job => ({ name: jobs[at].kind, input: jobs[at] })),
    Effect.fnUntraced(function* (event) {
      if (event.kind !== "ended") return
      const job = jobs[missing[event.job]]
      if (event.end.kind !== "done") {
        return yield* new LearningLost({ reason: `${job.kind}: ${event.end.reason}` })
      }
      yield* kept.keep(job, event.end.result)
      done++
      yield* onDone(done / jobs.length, job.kind)
    }),
  )
  const results = before.map((each) => each?.result)
  for (const [k, end] of ends.entries()) results[missing[k]] = end.kind === "done" ? end.result : null
  return results
})
