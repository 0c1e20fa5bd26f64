import { existsSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join, resolve } from "node:path"
import { Effect } from "effect"
import type { BuildError } from "../pipeline/build.ts"
import { runSweep, type SweepError, type SweepListener, type SweepOutcome } from "../pipeline/sweep.ts"
import { sweepEngine } from "../pipeline/sweep-engine.ts"
import type { SweepRequest } from "../pipeline/sweep-ledger.ts"
import { checkedPoints, sweepInputs } from "../pipeline/sweep-points.ts"
import { remakeSweepReport } from "../pipeline/sweep-report.ts"
import { rememberedSweep } from "../pipeline/sweep-resume.ts"
import { type SweepRecord, sweepFiles } from "../store/sweep-record.ts"
import type { FileUnreadable, SweepInvalid } from "../twin/errors.ts"
import type { Design } from "../twin/sweep/design.ts"
import { defaultSeed, loadSweep, type SweepPlan } from "../twin/sweep/load.ts"
import { type Combination, designOf } from "../twin/sweep/options.ts"
import { countOf, optionValue, type Parsed, UsageWrong } from "./arguments.ts"
import { exitCodes } from "./failure.ts"
import type { Output } from "./output.ts"
import { shown, stem } from "./paths.ts"
import { resumeUsage, sweepUsage } from "./usages.ts"

type VerbError = UsageWrong | SweepError | SweepInvalid | FileUnreadable | BuildError

const wrong = (reason: string): UsageWrong => new UsageWrong({ verb: sweepUsage.verb, reason })

const combinationOf = Effect.fnUntraced(function* (parsed: Parsed): Effect.fn.Return<Combination, UsageWrong> {
  const isList = parsed.switches.has("list")
  const isSampled = optionValue(parsed, "samples") !== undefined
  if (isList && isSampled) return yield* wrong("--list and --samples: expected one of them; found both")
  if (!isSampled && optionValue(parsed, "seed") !== undefined) {
    return yield* wrong("--seed: expected --samples N with it; found none")
  }
  if (!isSampled) return { kind: isList ? "list" : "grid" }
  const samples = yield* countOf(sweepUsage, parsed, "samples", 1)
  return { kind: "latin-hypercube", samples, seed: yield* countOf(sweepUsage, parsed, "seed", defaultSeed) }
})

/** What is asked for, from the options or from a file; operands and --set come on top of a file's. */
const planOf = Effect.fnUntraced(function* (
  parsed: Parsed,
): Effect.fn.Return<SweepPlan, UsageWrong | SweepInvalid | FileUnreadable> {
  const varied = parsed.values.get("vary") ?? []
  const file = optionValue(parsed, "design")
  const [twin, scenario] = parsed.operands
  const set = parsed.values.get("set") ?? []
  if (file === undefined) {
    if (varied.length === 0) return yield* wrong("expected --vary path=a,b,c or --design FILE; found neither")
    return { description: "", twin, scenario, set, design: yield* designOf(varied, yield* combinationOf(parsed)) }
  }
  const other = ["vary", "samples", "seed"].find((name) => parsed.values.has(name))
  if (other !== undefined || parsed.switches.has("list")) {
    return yield* wrong(`--design ${file}: expected the design in the file alone; found --${other ?? "list"} beside it`)
  }
  const plan = yield* loadSweep(file)
  return {
    ...plan,
    twin: twin ?? plan.twin,
    scenario: scenario ?? plan.scenario,
    set: [...plan.set, ...set],
  }
})

const designRecord = (design: Design): SweepRecord["design"] =>
  design.kind === "latin-hypercube"
    ? { kind: design.kind, samples: design.samples, seed: design.seed }
    : { kind: design.kind }

const defaultFolder = (parsed: Parsed, { twin, scenario }: SweepPlan): string => {
  const file = optionValue(parsed, "design")
  const name = file === undefined ? [twin, scenario].map((each) => stem(each ?? "points")).join("-") : stem(file)
  return join("runs", `${name}-sweep`)
}

const staged = (output: Output) => (text: string) => Effect.sync(() => output.meter.stage(text))

const requestOf = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<SweepRequest, VerbError> {
  const plan = yield* planOf(parsed)
  const { description, design, twin, scenario, set } = plan
  const given = optionValue(parsed, "tomogram")
  // As seen from here, wherever the sweep goes on later.
  const tomogram = given === undefined ? undefined : resolve(given)
  const inputs = yield* sweepInputs(design, twin, scenario, set)
  const checked = yield* checkedPoints(inputs, tomogram, staged(output))
  return {
    out: optionValue(parsed, "out") ?? defaultFolder(parsed, plan),
    description,
    design: designRecord(design),
    tomogram,
    ...checked,
    retriesFailed: parsed.switches.has("retry-failed"),
  }
})

const listenerOf = ({ meter }: Output): SweepListener => ({
  onProgress: ({ share, done, failed, running, total }) =>
    Effect.sync(() =>
      meter.drawShare(
        share,
        `${done} of ${total} runs done${failed > 0 ? `, ${failed} failed` : ""}, ${running} running`,
      ),
    ),
})

/** Lists the runs of a design and does none of them. */
const listed = Effect.fnUntraced(function* ({ out, points }: SweepRequest, output: Output) {
  output.meter.clear()
  const rows = points.map(({ name, choices }, index) => {
    const there = existsSync(join(out, sweepFiles.runs, name)) ? "  (there already)" : ""
    return `${index + 1}  ${choices.map(({ path, text }) => `${path}=${text}`).join("  ")}${there}`
  })
  yield* output.result(`${rows.join("\n")}\n${points.length} runs, none begun\n`, { folder: out, points })
  return exitCodes.done
})

/** Tells how a sweep ended. */
const tell = Effect.fnUntraced(function* ({ folder, record, ran }: SweepOutcome, output: Output) {
  output.meter.clear()
  const { points } = record
  const failed = points.filter(({ status }) => status === "failed")
  for (const { name, reason } of failed) {
    yield* Effect.sync(() => process.stderr.write(`synchrode: ${name}: ${reason}\n`))
  }
  const kept = points.length - ran
  const counts = [
    `${points.length - failed.length} of ${points.length} runs done`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(kept > 0 ? [`${kept} were there already`] : []),
  ]
  const [table, report] = [join(folder, sweepFiles.table), join(folder, sweepFiles.report)]
  yield* output.result(`${counts.join(", ")}\nTable: ${shown(table)}\nReport: ${shown(report)}\n`, {
    status: record.status,
    folder,
    table,
    report,
    ran,
    points: points.map(({ name, choices, values, status, reason }) => ({ name, choices, values, status, reason })),
  })
  return failed.length > 0 ? exitCodes.numericalFailure : exitCodes.done
})

const done = Effect.fnUntraced(function* (request: SweepRequest, output: Output) {
  const outcome = yield* runSweep(request, listenerOf(output)).pipe(
    Effect.onInterrupt(() =>
      Effect.sync(() => {
        output.meter.clear()
        if (!output.quiet) {
          process.stderr.write(`\nInterrupted. Go on with: synchrode resume ${shown(request.out)}\n`)
        }
      }),
    ),
  )
  return yield* tell(outcome, output)
})

export const sweepVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, VerbError> {
  const threads = yield* countOf(sweepUsage, parsed, "threads", availableParallelism())
  const request = requestOf(parsed, output)
  if (parsed.switches.has("dry-run")) return yield* listed(yield* request, output)
  // Threads start while the points are checked.
  return yield* Effect.flatMap(request, (checked) => done(checked, output)).pipe(Effect.provide(sweepEngine(threads)))
})

/** Goes on with a sweep; done runs are left as they are. */
export const resumeSweepVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, VerbError> {
  const threads = yield* countOf(resumeUsage, parsed, "threads", availableParallelism())
  const other = [...parsed.values.keys(), ...parsed.switches].find(
    (name) => !["threads", "json", "quiet"].includes(name),
  )
  if (other !== undefined) {
    const reason = `--${other}: expected the directory of a run; found that of a sweep, which goes on as it began`
    return yield* new UsageWrong({ verb: resumeUsage.verb, reason })
  }
  return yield* Effect.flatMap(rememberedSweep(parsed.operands[0], staged(output)), (request) =>
    done(request, output),
  ).pipe(Effect.provide(sweepEngine(threads)))
})

/** Makes the report of a sweep anew. */
export const reportSweepVerb = Effect.fnUntraced(function* (
  { operands: [folder] }: Parsed,
  output: Output,
): Effect.fn.Return<number, VerbError> {
  const report = yield* remakeSweepReport(folder)
  yield* output.result(`Report: ${shown(report)}\n`, { report })
  return exitCodes.done
})
