import { existsSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { type BranchError, branchRun } from "../pipeline/branch.ts"
import { writeReport } from "../pipeline/report.ts"
import { type RunError, type RunListener, type RunOutcome, resumeRun, runTwin } from "../pipeline/run.ts"
import { verdictLine } from "../pipeline/synchronisation.ts"
import { countOf, optionValue, type Parsed, UsageWrong } from "./arguments.ts"
import { exitCodes } from "./failure.ts"
import type { Output } from "./output.ts"
import { shown, stem } from "./paths.ts"
import { resumeUsage, runUsage } from "./usages.ts"

const listenerOf = (output: Output): RunListener => ({
  onProgress: (progress) => Effect.sync(() => output.meter.draw(progress)),
  onStage: (text) => Effect.sync(() => output.meter.stage(text)),
  onNote: output.note,
})

/** A free directory for a run that was given none. */
const freeDirectory = (twin: string, scenario: string): string => {
  const name = join("runs", `${stem(twin)}-${stem(scenario)}`)
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`
    if (!existsSync(candidate)) return candidate
  }
}

const sizeText = ({ mesh, network }: RunOutcome["manifest"]): string => {
  if (network !== undefined) return `${network.particles} particles with ${network.patches} patches`
  return mesh === undefined ? "nothing" : `${mesh.particles} particles on ${mesh.cells} cells`
}

/** Tells how a run ended; the report is made in any case. */
const tell = Effect.fnUntraced(function* (
  output: Output,
  { folder, status, reason, manifest, synchronisation }: RunOutcome,
) {
  const report = yield* writeReport(folder)
  output.meter.clear()
  const record = {
    status,
    reason,
    folder,
    report,
    ...(manifest.mesh === undefined ? {} : { mesh: manifest.mesh }),
    ...(manifest.network === undefined ? {} : { network: manifest.network }),
    time: manifest.time,
    wallTime: manifest.wallTime,
    warnings: manifest.warnings,
    solver: manifest.solver,
    verdict: synchronisation.verdict,
    synchronisation: synchronisation.reason,
  }
  const verdict = verdictLine(synchronisation)
  yield* Effect.forEach(manifest.warnings, output.note)
  if (status === "done") {
    const size = sizeText(manifest)
    const seconds = `${manifest.time.toFixed(0)} s of model time in ${manifest.wallTime.toFixed(1)} s`
    yield* output.result(`${size}, ${seconds}\n${verdict}\nReport: ${shown(report)}\n`, record)
    return exitCodes.done
  }
  yield* Effect.sync(() =>
    process.stderr.write(`synchrode: ${reason}\nThe last good state is kept in ${shown(folder)}.\n`),
  )
  yield* output.result(`${verdict}\nReport: ${shown(report)}\n`, record)
  return exitCodes.numericalFailure
})

/** Ctrl-C leaves a run that can go on, and says so. */
const resumable = (output: Output, folder: string) =>
  Effect.sync(() => {
    output.meter.clear()
    if (output.quiet) return
    // Before its first snapshot a run has nothing to go on from.
    if (!existsSync(join(folder, "manifest.json"))) process.stderr.write("\nInterrupted before the run began.\n")
    else process.stderr.write(`\nInterrupted. Go on with: synchrode resume ${shown(folder)}\n`)
  })

export const runVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, RunError | UsageWrong> {
  const [twin, scenario] = parsed.operands
  const threads = parsed.values.has("threads") ? yield* countOf(runUsage, parsed, "threads", 1) : undefined
  const out = optionValue(parsed, "out") ?? freeDirectory(twin, scenario)
  const tomogram = optionValue(parsed, "tomogram")
  const request = {
    twin,
    scenario,
    out,
    ...(threads === undefined ? {} : { threads }),
    overwrite: parsed.switches.has("overwrite"),
    set: parsed.values.get("set") ?? [],
    ...(tomogram === undefined ? {} : { tomogram }),
  }
  const outcome = yield* runTwin(request, listenerOf(output)).pipe(Effect.onInterrupt(() => resumable(output, out)))
  return yield* tell(output, outcome)
})

const needsCycle = ["out", "scenario", "set"] as const

/** The cycle that `resume` is to go on from, undefined for the last snapshot. */
const cycleOf = Effect.fnUntraced(function* (parsed: Parsed): Effect.fn.Return<number | undefined, UsageWrong> {
  const text = optionValue(parsed, "from-cycle")
  const wrong = (reason: string) => new UsageWrong({ verb: resumeUsage.verb, reason })
  if (text === undefined) {
    const option = needsCycle.find((name) => parsed.values.has(name))
    return option === undefined
      ? undefined
      : yield* wrong(`--${option} goes with --from-cycle N; found no --from-cycle`)
  }
  if (!/^\d{1,6}$/.test(text)) return yield* wrong(`--from-cycle: expected the number of a cycle; found "${text}"`)
  if (!parsed.values.has("out")) return yield* wrong("--from-cycle: expected --out DIR as well; found nothing")
  return Number(text)
})

/** Goes on from the end of a cycle in a directory of its own. */
const branchVerb = Effect.fnUntraced(function* (from: string, cycle: number, parsed: Parsed, output: Output) {
  const out = optionValue(parsed, "out") ?? from
  const scenario = optionValue(parsed, "scenario")
  const request = {
    from,
    cycle,
    out,
    overwrite: parsed.switches.has("overwrite"),
    set: parsed.values.get("set") ?? [],
    ...(scenario === undefined ? {} : { scenario }),
  }
  const outcome = yield* branchRun(request, listenerOf(output)).pipe(Effect.onInterrupt(() => resumable(output, out)))
  return yield* tell(output, outcome)
})

export const resumeVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, BranchError | UsageWrong> {
  const [folder] = parsed.operands
  const cycle = yield* cycleOf(parsed)
  if (cycle !== undefined) return yield* branchVerb(folder, cycle, parsed, output)
  const outcome = yield* resumeRun(folder, listenerOf(output)).pipe(Effect.onInterrupt(() => resumable(output, folder)))
  return yield* tell(output, outcome)
})

export const reportVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, RunError> {
  const report = yield* writeReport(parsed.operands[0])
  yield* output.result(`Report: ${shown(report)}\n`, { report })
  return exitCodes.done
})
