import { availableParallelism, totalmem } from "node:os"
import { basename, join } from "node:path"
import { Effect } from "effect"
import {
  hasLabels,
  measureTomogram,
  type ParticlesError,
  type ParticlesOutcome,
} from "../pipeline/particles/particles.ts"
import type { ParticlesListener, ParticlesRequest } from "../pipeline/particles/request.ts"
import { particleFiles } from "../store/particles-manifest.ts"
import { countOf, optionValue, type Parsed, type UsageWrong } from "./arguments.ts"
import { exitCodes } from "./failure.ts"
import type { Output } from "./output.ts"
import {
  besideOf,
  damageOf,
  depthOf,
  estimatorsOf,
  meshSliceOf,
  segmenterOf,
  surfacesOf,
  volumeSettingsOf,
  voxelSizeOf,
} from "./particles-options.ts"
import { shown } from "./paths.ts"
import { bytesOf } from "./quantity-options.ts"
import { particlesUsage } from "./usages.ts"

/** runs/slice-particles for data/slice.ome.tif */
const defaultFolder = (file: string): string =>
  join("runs", `${basename(file).replace(/(\.ome)?\.[A-Za-z0-9]+(\.gz)?$/, "")}-particles`)

const requestOf = Effect.fnUntraced(function* (parsed: Parsed): Effect.fn.Return<ParticlesRequest, UsageWrong> {
  const [file] = parsed.operands
  const [dataset, labelsOut] = [optionValue(parsed, "dataset"), optionValue(parsed, "labels-out")]
  const brick = optionValue(parsed, "brick")
  const voxelSize = yield* voxelSizeOf(parsed)
  return {
    file,
    ...(dataset === undefined ? {} : { dataset }),
    ...(voxelSize === undefined ? {} : { voxelSize }),
    settings: yield* volumeSettingsOf(parsed),
    ...(yield* segmenterOf(parsed)),
    ...(yield* besideOf(parsed)),
    stated: new Set(
      [...parsed.switches, ...particlesUsage.options.map(({ name }) => name)].filter(
        (name) => parsed.switches.has(name) || optionValue(parsed, name) !== undefined,
      ),
    ),
    ...(brick === undefined ? {} : { brick: yield* countOf(particlesUsage, parsed, "brick", 64) }),
    published: yield* estimatorsOf(parsed),
    depth: yield* depthOf(parsed),
    damage: yield* damageOf(parsed),
    out: optionValue(parsed, "out") ?? defaultFolder(file),
    overwrite: parsed.switches.has("overwrite"),
    // Half of the machine's leaves room for others.
    memory: yield* bytesOf(particlesUsage, parsed, "memory", Math.min(4e9, totalmem() / 2)),
    threads: yield* countOf(particlesUsage, parsed, "threads", availableParallelism()),
    surfaces: yield* surfacesOf(parsed),
    fields: parsed.switches.has("fields"),
    ...(labelsOut === undefined ? {} : { labelsOut }),
    meshSlice: yield* meshSliceOf(parsed),
  }
})

const listenerOf = ({ meter, note }: Output): ParticlesListener => ({
  onProgress: ({ share, doing }) => Effect.sync(() => meter.drawShare(share, doing)),
  onNote: note,
})

/** Ctrl-C: what is left, and what the next call makes of it. */
const interrupted = Effect.fnUntraced(function* ({ out }: ParticlesRequest, output: Output) {
  output.meter.clear()
  if (output.quiet) return
  const kept = yield* hasLabels(out)
  const words = kept
    ? `The labels are kept in ${shown(out)}: the same command goes on from them.`
    : "No labels were found yet: the same command begins anew."
  yield* Effect.sync(() => process.stderr.write(`\nInterrupted. ${words}\n`))
})

const tell = Effect.fnUntraced(function* ({ folder, manifest }: ParticlesOutcome, output: Output) {
  output.meter.clear()
  yield* Effect.forEach(manifest.warnings, output.note)
  const { count, whole } = manifest.particles ?? { count: 0, whole: 0 }
  const [table, report] = [join(folder, particleFiles.particles), join(folder, particleFiles.report)]
  const cut = count - whole
  const found = `${count.toLocaleString("en-GB")} particles${cut > 0 ? `, ${cut.toLocaleString("en-GB")} of them cut by the border` : ""}`
  const seconds = manifest.stages.reduce((sum, stage) => sum + stage.seconds, 0)
  const effort = `${seconds.toFixed(1)} s, at most ${(manifest.peakMemory / 1e9).toFixed(2)} GB`
  yield* output.result(`${found} (${effort})\nTable: ${shown(table)}\nReport: ${shown(report)}\n`, {
    status: manifest.status,
    folder,
    table,
    report,
    particles: manifest.particles,
    warnings: manifest.warnings,
    stages: manifest.stages,
    peakMemory: manifest.peakMemory,
    resumed: manifest.resumed,
  })
  return exitCodes.done
})

export const particlesVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, UsageWrong | ParticlesError> {
  const request = yield* requestOf(parsed)
  const outcome = yield* measureTomogram(request, listenerOf(output)).pipe(
    Effect.onInterrupt(() => interrupted(request, output)),
  )
  return yield* tell(outcome, output)
})
