import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import type { Triple } from "../image/brick.ts"
import { settingsFault } from "../image/phantom-volume/particles.ts"
import { phantomPresets } from "../image/phantom-volume/settings.ts"
import {
  type ComparisonError,
  compareLabels,
  comparisonFiles,
  comparisonRecord,
  writeComparison,
} from "../pipeline/compare-labels.ts"
import { comparisonText } from "../pipeline/comparison-text.ts"
import { type PhantomError, writePhantom } from "../pipeline/phantom-files.ts"
import type { RunUnwritable } from "../store/errors.ts"
import { madeFolder } from "../store/made-folder.ts"
import { suggestion } from "../twin/suggestion.ts"
import { optionValue, type Parsed, shareOf, UsageWrong } from "./arguments.ts"
import { exitCodes } from "./failure.ts"
import type { Output } from "./output.ts"
import { shown } from "./paths.ts"
import { bytesOf, optionWrong, voxelSizeOf } from "./quantity-options.ts"
import { compareLabelsUsage, phantomUsage } from "./usages.ts"

export const compareLabelsVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, ComparisonError | RunUnwritable | UsageWrong> {
  const [truth, found] = parsed.operands
  const voxelSize = yield* voxelSizeOf(compareLabelsUsage, parsed)
  const memory = yield* bytesOf(compareLabelsUsage, parsed, "memory", 1e9)
  const folder = optionValue(parsed, "out") ?? join("runs", "compare-labels")
  return yield* Effect.gen(function* () {
    const comparison = yield* compareLabels(
      {
        truth,
        found,
        ...(voxelSize === undefined ? {} : { voxelSize }),
        measuresDamage: !parsed.switches.has("no-damage"),
        resources: { memory, threads: availableParallelism(), scratch: tmpdir() },
      },
      (share, doing) => Effect.sync(() => output.meter.drawShare(share, doing)),
    )
    yield* madeFolder(folder)
    yield* writeComparison(folder, comparison)
    output.meter.clear()
    const report = join(folder, comparisonFiles.report)
    yield* output.result(`${comparisonText(comparison.agreement)}Report: ${shown(report)}\n`, {
      ...comparisonRecord(comparison),
      folder,
      report,
    })
    return exitCodes.done
  }).pipe(Effect.scoped)
})

/** Voxels along x, y and z: 200, or 300x300x200. */
const shapeOf = (parsed: Parsed): Effect.Effect<Triple, UsageWrong> => {
  const text = optionValue(parsed, "size") ?? "200"
  const edges = text.split(/\s*[x×]\s*/).map((edge) => (/^[1-9]\d{0,4}$/.test(edge) ? Number(edge) : Number.NaN))
  const [x, y = x, z = x] = edges
  const isWhole = edges.every((edge) => edge >= 1) && (edges.length === 1 || edges.length === 3)
  return isWhole
    ? Effect.succeed([x, y, z])
    : Effect.fail(
        optionWrong(phantomUsage, "size", "voxels along an edge or along x, y and z, such as 200 or 300x300x200", text),
      )
}

const presetOf = (parsed: Parsed) => {
  const name = optionValue(parsed, "preset") ?? "cracked"
  const preset = Object.entries(phantomPresets).find(([known]) => known === name)
  if (preset !== undefined) return Effect.succeed(preset[1])
  const known = Object.keys(phantomPresets)
  const hint = suggestion(name, known)
  const reason = `--preset: expected one of ${known.join(", ")}; found "${name}"${hint === undefined ? "" : ` (${hint})`}`
  return Effect.fail(new UsageWrong({ verb: phantomUsage.verb, reason }))
}

const seedOf = (parsed: Parsed): Effect.Effect<number, UsageWrong> => {
  const text = optionValue(parsed, "seed") ?? "1"
  return /^\d{1,9}$/.test(text)
    ? Effect.succeed(Number(text))
    : Effect.fail(optionWrong(phantomUsage, "seed", "a whole number from 0", text))
}

export const phantomVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, PhantomError | UsageWrong> {
  const preset = yield* presetOf(parsed)
  const shape = yield* shapeOf(parsed)
  const voxel = (yield* voxelSizeOf(phantomUsage, parsed)) ?? 400e-9
  const seed = yield* seedOf(parsed)
  const chosen = preset(shape, voxel, seed)
  const particleShare = yield* shareOf(phantomUsage, parsed, "share", chosen.particleShare)
  const settings = { ...chosen, particleShare }
  const fault = settingsFault(settings)
  if (fault !== undefined) return yield* new UsageWrong({ verb: phantomUsage.verb, reason: fault })
  const [file] = parsed.operands
  if (!/\.tiff?$/i.test(file)) {
    return yield* new UsageWrong({
      verb: phantomUsage.verb,
      reason: `expected a name that ends in .tif; found "${file}"`,
    })
  }
  const made = yield* writePhantom(file, settings, (share, doing) =>
    Effect.sync(() => output.meter.drawShare(share, doing)),
  )
  output.meter.clear()
  const { files, particles, particleShare: reached, damage } = made
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`
  yield* output.result(
    `${Object.values(files).map(shown).join("\n")}\n${particles} particles, ${percent(reached)} of the volume; ` +
      `${percent(damage)} of it cracks and hollow cores\n`,
    made,
  )
  return exitCodes.done
})
