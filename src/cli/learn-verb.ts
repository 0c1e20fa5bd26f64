import { availableParallelism } from "node:os"
import { basename, join } from "node:path"
import { Effect } from "effect"
import { publishedNotebookForest, publishedTextForest } from "../learning/forest-settings.ts"
import { compareTables } from "../pipeline/learning/compare.ts"
import { keptParts } from "../pipeline/learning/folder.ts"
import { type LearnError, type LearnListener, type LearnOutcome, learnFromTables } from "../pipeline/learning/learn.ts"
import type { LatentChoice, LearnRequest } from "../pipeline/learning/request.ts"
import { countOf, optionValue, type Parsed, type Usage, UsageWrong } from "./arguments.ts"
import { exitCodes } from "./failure.ts"
import type { Output } from "./output.ts"
import { shown } from "./paths.ts"
import { compareUsage, learnUsage } from "./usages.ts"

const presets = { notebook: publishedNotebookForest, text: publishedTextForest } as const

/** runs/particles-learning for data/particles.csv */
const defaultFolder = (files: readonly string[], ending: string): string =>
  join("runs", `${files.map((file) => basename(file).replace(/\.[A-Za-z0-9]+$/, "")).join("-")}-${ending}`)

const latentOf = (usage: Usage, parsed: Parsed): Effect.Effect<LatentChoice, UsageWrong> => {
  const text = optionValue(parsed, "latent") ?? "9"
  if (text === "scan") return Effect.succeed({ kind: "scan" })
  return /^[1-9]\d{0,2}$/.test(text)
    ? Effect.succeed({ kind: "count", count: Number(text) })
    : Effect.fail(
        new UsageWrong({
          verb: usage.verb,
          reason: `--latent: expected a whole number from 1, or scan; found "${text}"`,
        }),
      )
}

const permutationsOf = (usage: Usage, parsed: Parsed): Effect.Effect<number, UsageWrong> => {
  const text = optionValue(parsed, "permutations") ?? "99"
  return /^\d{1,4}$/.test(text)
    ? Effect.succeed(Number(text))
    : Effect.fail(
        new UsageWrong({
          verb: usage.verb,
          reason: `--permutations: expected a whole number from 0 to 9999; found "${text}"`,
        }),
      )
}

const requestOf = Effect.fnUntraced(function* (
  usage: Usage,
  ending: string,
  parsed: Parsed,
): Effect.fn.Return<LearnRequest, UsageWrong> {
  const wrong = (reason: string): UsageWrong => new UsageWrong({ verb: usage.verb, reason })
  const name = optionValue(parsed, "preset") ?? "notebook"
  const forest = Object.hasOwn(presets, name) ? presets[name as keyof typeof presets] : undefined
  if (forest === undefined) return yield* wrong(`--preset: expected notebook or text; found "${name}"`)
  const published = optionValue(parsed, "published")
  const runs = yield* countOf(usage, parsed, "runs", 10)
  if (runs < 2) return yield* wrong(`--runs: expected a whole number from 2; found "${runs}"`)
  return {
    files: parsed.operands,
    target: optionValue(parsed, "target") ?? "Damage",
    without: (optionValue(parsed, "without") ?? "").split(",").flatMap((word) => word.trim() || []),
    preset: { name, forest },
    seed: yield* countOf(usage, parsed, "seed", 1),
    runs,
    latent: yield* latentOf(usage, parsed),
    permutations: yield* permutationsOf(usage, parsed),
    ...(published === undefined ? {} : { published }),
    mostRows: yield* countOf(usage, parsed, "rows", 10_000),
    threads: yield* countOf(usage, parsed, "threads", availableParallelism()),
    out: optionValue(parsed, "out") ?? defaultFolder(parsed.operands, ending),
    overwrite: parsed.switches.has("overwrite"),
  }
})

const tell = ({ folder, record, warnings, leading }: LearnOutcome, output: Output) => {
  const lines = leading.map(
    ({ title, names, error, determination }) =>
      `${title}: ${names.length === 0 ? "no column tells anything" : `${names.join(", ")} tell${names.length === 1 ? "s" : ""} most`} (cross-validated error ${error.toPrecision(3)}, R² ${Number.isNaN(determination) ? "–" : determination.toFixed(2)})`,
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

const listenerOf = ({ meter, note }: Output): LearnListener => ({
  onProgress: (share, doing) => Effect.sync(() => meter.drawShare(share, doing)),
  onNote: note,
})

/** Ctrl-C: what is left, and what the next call makes of it. */
const interrupted = Effect.fnUntraced(function* ({ out }: LearnRequest, output: Output) {
  output.meter.clear()
  if (output.quiet) return
  const count = keptParts(out)
  const words =
    count === 0
      ? "Nothing was finished yet: the same command begins anew."
      : `${count} finished part${count === 1 ? " is" : "s are"} kept in ${shown(out)}: the same command goes on from there.`
  yield* Effect.sync(() => process.stderr.write(`\nInterrupted. ${words}\n`))
})

export const learnVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, UsageWrong | LearnError> {
  const request = yield* requestOf(learnUsage, "learning", parsed)
  const outcome = yield* learnFromTables(request, listenerOf(output)).pipe(
    Effect.onInterrupt(() => interrupted(request, output)),
  )
  output.meter.clear()
  yield* tell(outcome, output)
  return exitCodes.done
})

export const compareVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, UsageWrong | LearnError> {
  const request = yield* requestOf(compareUsage, "comparison", parsed)
  const { folder, record, text } = yield* compareTables(request, listenerOf(output)).pipe(
    Effect.onInterrupt(() => interrupted(request, output)),
  )
  output.meter.clear()
  const report = join(folder, "report.html")
  yield* output.result(`${text}Report: ${shown(report)}\n`, { status: "done", folder, report, ...record })
  return exitCodes.done
})
