import { availableParallelism } from "node:os"
import { basename, join } from "node:path"
import { Effect } from "effect"
import { publishedNotebookForest, publishedTextForest } from "../learning/forest-settings.ts"
import { type LearnError, type LearnOutcome, learnFromTables } from "../pipeline/learning/learn.ts"
import type { LatentChoice, LearnRequest } from "../pipeline/learning/request.ts"
import { countOf, optionValue, type Parsed, UsageWrong } from "./arguments.ts"
import { exitCodes } from "./failure.ts"
import type { Output } from "./output.ts"
import { shown } from "./paths.ts"
import { learnUsage } from "./usages.ts"

const presets = { notebook: publishedNotebookForest, text: publishedTextForest } as const

const wrong = (reason: string): UsageWrong => new UsageWrong({ verb: learnUsage.verb, reason })

/** runs/particles-learning for data/particles.csv */
const defaultFolder = (files: readonly string[]): string =>
  join("runs", `${files.map((file) => basename(file).replace(/\.[A-Za-z0-9]+$/, "")).join("-")}-learning`)

const latentOf = (parsed: Parsed): Effect.Effect<LatentChoice, UsageWrong> => {
  const text = optionValue(parsed, "latent") ?? "9"
  if (text === "scan") return Effect.succeed({ kind: "scan" })
  return /^[1-9]\d{0,2}$/.test(text)
    ? Effect.succeed({ kind: "count", count: Number(text) })
    : Effect.fail(wrong(`--latent: expected a whole number from 1, or scan; found "${text}"`))
}

const requestOf = Effect.fnUntraced(function* (parsed: Parsed): Effect.fn.Return<LearnRequest, UsageWrong> {
  const name = optionValue(parsed, "preset") ?? "notebook"
  const forest = Object.hasOwn(presets, name) ? presets[name as keyof typeof presets] : undefined
  if (forest === undefined) return yield* wrong(`--preset: expected notebook or text; found "${name}"`)
  const runs = yield* countOf(learnUsage, parsed, "runs", 10)
  if (runs < 2) return yield* wrong(`--runs: expected a whole number from 2; found "${runs}"`)
  return {
    files: parsed.operands,
    target: optionValue(parsed, "target") ?? "Damage",
    without: (optionValue(parsed, "without") ?? "").split(",").flatMap((word) => word.trim() || []),
    preset: { name, forest },
    seed: yield* countOf(learnUsage, parsed, "seed", 1),
    runs,
    latent: yield* latentOf(parsed),
    threads: yield* countOf(learnUsage, parsed, "threads", availableParallelism()),
    out: optionValue(parsed, "out") ?? defaultFolder(parsed.operands),
    overwrite: parsed.switches.has("overwrite"),
  }
})

const tell = ({ folder, record, warnings, leading }: LearnOutcome, output: Output) => {
  const lines = leading.map(
    ({ title, names, error, determination }) =>
      `${title}: ${names.join(", ")} tell most (cross-validated error ${error.toPrecision(3)}, R² ${Number.isNaN(determination) ? "–" : determination.toFixed(2)})`,
  )
  const report = join(folder, "report.html")
  return output.result(`${lines.join("\n")}\nReport: ${shown(report)}\n`, {
    status: "done",
    folder,
    report,
    warnings,
    ...record,
  })
}

export const learnVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, UsageWrong | LearnError> {
  const request = yield* requestOf(parsed)
  const outcome = yield* learnFromTables(request, {
    onProgress: (share, doing) => Effect.sync(() => output.meter.drawShare(share, doing)),
    onNote: output.note,
  })
  output.meter.clear()
  yield* tell(outcome, output)
  return exitCodes.done
})
