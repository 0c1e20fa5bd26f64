import { availableParallelism } from "node:os"
import { join, resolve } from "node:path"
import { Effect } from "effect"
import type { BuildError } from "../pipeline/build.ts"
import { type DesignOutcome, rankDesign } from "../pipeline/design.ts"
import { runSweep, type SweepError } from "../pipeline/sweep.ts"
import { sweepEngine } from "../pipeline/sweep-engine.ts"
import { checkedPoints, sweepInputs } from "../pipeline/sweep-points.ts"
import type { FileUnreadable, SweepInvalid } from "../twin/errors.ts"
import { designOf } from "../twin/sweep/options.ts"
import { countOf, optionValue, type Parsed, type UsageWrong } from "./arguments.ts"
import { exitCodes } from "./failure.ts"
import type { Output } from "./output.ts"
import { shown, stem } from "./paths.ts"
import { designUsage } from "./usages.ts"

/** What a designer can turn: how much conductor, how unevenly, as film or fingers, and where in the depth. */
const defaultKnobs: readonly string[] = [
  "geometry.conductor.coverage=35 %..75 %",
  "geometry.conductor.coverage-scatter=0 %..20 %",
  "geometry.conductor.coverage-gradient=-20 %..20 %",
  "geometry.conductor.morphology=0 %..100 %",
]

const tell = Effect.fnUntraced(function* ({ folder, layouts, report, table }: DesignOutcome, output: Output) {
  output.meter.clear()
  const done = layouts.filter(({ front }) => front > 0)
  const inStep = done.filter(({ measures }) => Number.isFinite(measures?.syncCycle))
  const unbeaten = done.filter(({ front }) => front === 1)
  const summary = `${done.length} of ${layouts.length} layouts cycled, ${inStep.length} come into step, ${unbeaten.length} are beaten by none`
  yield* output.result(`${summary}\nTable: ${shown(table)}\nReport: ${shown(report)}\n`, {
    folder,
    table,
    report,
    layouts: layouts.map(({ rank, front, name, texts, status, measures }) => ({
      rank,
      front,
      name,
      texts,
      status,
      measures,
    })),
  })
  return done.length < layouts.length ? exitCodes.numericalFailure : exitCodes.done
})

/** Layouts of the conductive network on one packing: drawn, cycled and ranked. The same command goes on where it stopped. */
export const designVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, UsageWrong | SweepError | SweepInvalid | FileUnreadable | BuildError> {
  const [twin, scenario] = parsed.operands
  const samples = yield* countOf(designUsage, parsed, "layouts", 30)
  const seed = yield* countOf(designUsage, parsed, "seed", 1)
  const threads = yield* countOf(designUsage, parsed, "threads", availableParallelism())
  const knobs = parsed.values.get("vary") ?? defaultKnobs
  const design = yield* designOf(knobs, { kind: "latin-hypercube", samples, seed })
  const inputs = yield* sweepInputs(design, twin, scenario, parsed.values.get("set") ?? [])
  const given = optionValue(parsed, "tomogram")
  const tomogram = given === undefined ? undefined : resolve(given)
  const checked = yield* checkedPoints(inputs, tomogram, (text) => Effect.sync(() => output.meter.stage(text)))
  const out = optionValue(parsed, "out") ?? join("runs", `${stem(twin)}-${stem(scenario)}-design`)
  const request = {
    out,
    description: "Layouts of the conductive network on one packing",
    design: { kind: "latin-hypercube" as const, samples, seed },
    tomogram,
    ...checked,
    retriesFailed: false,
  }
  yield* runSweep(request, {
    onProgress: ({ share, done, running, total }) =>
      Effect.sync(() => output.meter.drawShare(share, `${done} of ${total} layouts done, ${running} running`)),
  }).pipe(
    Effect.provide(sweepEngine(threads)),
    Effect.onInterrupt(() =>
      Effect.sync(() => {
        output.meter.clear()
        if (!output.quiet) process.stderr.write("\nInterrupted. The same command goes on where it stopped.\n")
      }),
    ),
  )
  return yield* tell(yield* rankDesign(out), output)
})
