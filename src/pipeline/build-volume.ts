import { availableParallelism, tmpdir } from "node:os"
import { basename, dirname, resolve } from "node:path"
import { Effect } from "effect"
import { openVolume } from "../formats/open-volume.ts"
import { wholeOf } from "../image/brick.ts"
import { type ExtractionReport, extractNetwork } from "../microstructure/extraction.ts"
import { defaultParticleSettings } from "../particles/particle-settings.ts"
import type { ParticleTable } from "../particles/table.ts"
import { particleTable3d } from "../particles/volume-table.ts"
import { type LoadedTwin, twinInvalid } from "../twin/load.ts"
import { depthAxisOf, extractionSettings, type VolumeGeometry } from "../twin/volume.ts"
import { carbonBinder } from "./build-network.ts"
import { particleEngine } from "./particles/engine.ts"
import { layerFacts } from "./particles/layers.ts"
import { measureAll, measuringRoom } from "./particles/measure.ts"
import type { RunSource } from "./run-source.ts"
import type { LabelledVolume } from "./segmentation/labelled-volume.ts"
import { segmentVolume } from "./segmentation/segment-volume.ts"
import { defaultVolumeSettings, type VolumeSettings } from "./segmentation/settings.ts"

/** Memory for finding particles; the extraction needs the whole volume anyway [byte] */
const memory = 4e9

const segmentation = (written: VolumeGeometry): VolumeSettings => {
  const { healing, ...fallback } = defaultVolumeSettings
  const { phases } = written
  return {
    ...fallback,
    meaning:
      phases === undefined
        ? fallback.meaning
        : {
            kind: "phases",
            void: phases.void,
            particle: phases.particle,
            carbonBinder: phases["carbon-binder"],
          },
    healing: { ...healing, closing: (written["close-cracks"]?.value ?? 0) / 2 },
    smallestDiameter: written["smallest-diameter"]?.value ?? fallback.smallestDiameter,
  }
}

/** The file, as named on the command line or by the twin. */
const fileOf = (loaded: LoadedTwin, written: VolumeGeometry, given: string | undefined) => {
  if (given !== undefined) return Effect.succeed(given)
  if (written.file === undefined) {
    return Effect.fail(
      twinInvalid(loaded, {
        path: ["geometry", "file"],
        expected: "the file of a tomogram, here or with --tomogram",
        found: "nothing",
      }),
    )
  }
  return Effect.succeed(resolve(dirname(loaded.document.place(["geometry", "file"]).file), written.file))
}

/** The attributes of all labels as `particles` measures them. */
const measuredTable = Effect.fnUntraced(function* (
  volume: LabelledVolume,
  written: VolumeGeometry,
  onStage: (text: string) => Effect.Effect<void>,
) {
  yield* onStage(`measuring ${volume.count} particles`)
  const { published: _, ...settings } = defaultParticleSettings(volume.grid.spacing)
  const room = measuringRoom(volume, settings, availableParallelism(), memory)
  const { measures } = yield* measureAll(volume, settings, room, null, () => Effect.void).pipe(
    Effect.provide(particleEngine(room.threads)),
  )
  const facts = yield* layerFacts(volume, measures, [{ kind: "geometric" }], true)
  const context = { grid: volume.grid, depth: depthAxisOf(written["depth-axis"]), density: facts.density[0] }
  return {
    table: particleTable3d(measures, context, { kind: "geometric" }),
    labels: measures.map(({ label }) => label),
  }
})

/** The rows of some labels, in their order. */
const rowsOf = (table: ParticleTable, labels: readonly number[], wanted: Int32Array): ParticleTable => {
  const rowOf = new Map(labels.map((label, row) => [label, row]))
  const rows = Int32Array.from(wanted, (label) => rowOf.get(label) ?? -1)
  if (rows.includes(-1)) throw new RangeError("a particle of the network was not measured")
  return {
    ...table,
    particleCount: rows.length,
    columns: table.columns.map((column) => ({
      ...column,
      values: Float64Array.from(rows, (row) => column.values[row]),
    })),
    cut: Uint8Array.from(rows, (row) => table.cut[row]),
  }
}

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`

/** What the extraction left out, in words. */
const extractionWarnings = (report: ExtractionReport, name: string): string[] => {
  const floating = report.floating.reduce((sum, flag) => sum + flag, 0)
  return [
    ...(report.dropped.length > 0
      ? [
          `${name}: ${report.dropped.length} labels left out of the network (${[...new Set(report.dropped.map(({ reason }) => reason))].join(", ")})`,
        ]
      : []),
    ...(floating > 0
      ? [`${name}: ${floating} particles have no path for electrons to the collector; they keep their lithium`]
      : []),
    ...(report.connectedShare < 0.999
      ? [`${name}: ${percent(1 - report.connectedShare)} of the carbon/binder has no path to the collector`]
      : []),
  ]
}

/**
 * The network of a volume with the attributes of its particles as measured.
 * @param given file from the command line, in the place of the twin's own
 */
export const buildVolume = Effect.fn("buildVolume")(function* (
  loaded: LoadedTwin,
  written: VolumeGeometry,
  given: string | undefined,
  onStage: (text: string) => Effect.Effect<void>,
) {
  const file = yield* fileOf(loaded, written, given)
  const inside = Effect.gen(function* () {
    yield* onStage("opening the volume")
    const source = yield* openVolume(file, {
      ...(written["voxel-size"] === undefined ? {} : { voxelSize: written["voxel-size"].value }),
      ...(written.dataset === undefined ? {} : { dataset: written.dataset }),
    })
    yield* onStage("finding particles")
    const resources = { memory, threads: availableParallelism(), scratch: tmpdir() }
    const volume = yield* segmentVolume(source, segmentation(written), resources, () => Effect.void)
    const { table, labels } = yield* measuredTable(volume, written, onStage)
    yield* onStage("reducing the volume to a network")
    const whole = wholeOf(volume.grid)
    const read = volume.readPhases
    if (read === undefined) throw new RangeError("a volume of phases has phases")
    const { shape, spacing } = volume.grid
    const { network, report } = extractNetwork(
      { shape, spacing, labels: yield* volume.readLabels(whole), phases: yield* read(whole) },
      extractionSettings(written, carbonBinder(loaded.parameters)),
    )
    const result: { readonly source: RunSource; readonly tomogram: string; readonly warnings: readonly string[] } = {
      source: {
        kind: "network",
        network,
        separatorThickness: written["separator-thickness"].value,
        attributes: rowsOf(table, labels, network.particles.label),
      },
      tomogram: file,
      warnings: extractionWarnings(report, basename(file)),
    }
    return result
  })
  return yield* Effect.scoped(inside)
})
