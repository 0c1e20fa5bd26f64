import { join } from "node:path"
import { Effect, type Scope } from "effect"
import type { VolumeToWrite } from "../../formats/volume-to-write.ts"
import { defaultPopulationSettings, populationOf } from "../../particles/population.ts"
import type { PlanePicture } from "../../report/particles/input.ts"
import { besideSlice } from "../beside/slice.ts"
import { segmentVolume } from "../segmentation/segment-volume.ts"
import { writeVolume } from "./label-files.ts"
import { meshPlane } from "./mesh-slice.ts"
import { writeMesh, writeReportPage, writeStatistics, writeTables } from "./outputs.ts"
import type { ParticlesError, Task, TaskResult } from "./particles.ts"
import { isByWatershed } from "./request.ts"
import { reportFacts, resourcesOf, sliceMethodOf } from "./settings-words.ts"
import { sliceSettings } from "./slice-settings.ts"
import { measuredGraySlice, measuredLabelSlice, sliceIdentify } from "./slice-work.ts"
import { tableWarnings } from "./warnings.ts"

/** The labels as they were measured: cut to the electrode, its separator's side above. */
const labelPlane = ({ width, height, pixel: [dx, dy], labels }: PlanePicture): VolumeToWrite => ({
  shape: [width, height, 1],
  spacing: [dx, dy, dx],
  voxelType: "int32",
  read: () => Effect.succeed(labels),
})

/** Finds and measures the particles of a single plane: the sections of particles, with the attributes a plane has. */
export const sliceParticles = Effect.fn("sliceParticles")(function* (
  task: Task,
): Effect.fn.Return<TaskResult, ParticlesError, Scope.Scope> {
  const { request, source, watch, listener } = task
  const { out: folder, settings } = request
  yield* listener.onProgress({ share: 0.1, doing: "finding particles" })
  const own = sliceSettings(settings, request.stated)
  const { segmenter } = request
  const network =
    settings.meaning.kind === "gray" && segmenter !== undefined
      ? yield* watch.timed("the network", sliceIdentify(source, segmenter.file, request.threads))
      : undefined
  const chosen = network === undefined ? own.settings : { ...own.settings, identify: network.identify }
  const beside = yield* besideSlice(task, chosen)
  const slice = yield* watch.timed(
    "finding and measuring particles",
    settings.meaning.kind === "gray"
      ? measuredGraySlice(source, beside.settings, network?.doubts)
      : Effect.flatMap(
          segmentVolume(source, settings, resourcesOf(request), ({ share, doing }) =>
            listener.onProgress({ share: 0.1 + 0.4 * share, doing }),
          ),
          (volume) => measuredLabelSlice(volume, source.file),
        ),
  )
  const { table, plane, labels, phases } = slice
  const besideNotes = yield* beside.written
  yield* listener.onProgress({ share: 0.6, doing: "statistics" })
  yield* writeTables(folder, table, null)
  if (settings.meaning.kind !== "labels" || request.labelsOut !== undefined) {
    yield* writeVolume(request.labelsOut ?? join(folder, "labels.tif"), labelPlane(plane), undefined)
  }
  const population = populationOf(table, [plane.width * plane.pixel[0], plane.height * plane.pixel[1], 0], {
    ...defaultPopulationSettings,
    damage: request.damage,
  })
  yield* writeStatistics(folder, population, phases, undefined)
  const mesh =
    request.meshSlice.kind === "none"
      ? undefined
      : yield* watch.timed(
          "meshing",
          Effect.sync(() => meshPlane(labels, "z = 0")),
        )
  const meshNotes = mesh === undefined ? [] : yield* writeMesh(folder, mesh)
  const warnings = [
    ...tableWarnings(table, isByWatershed(request)),
    ...[...besideNotes, ...task.doubts, ...slice.notes, ...own.notes, ...meshNotes].map((message) => ({
      severity: "note" as const,
      message,
    })),
    ...(request.published.kind === "no"
      ? []
      : [{ severity: "note" as const, message: "the published estimator is one of volumes; a slice has none" }]),
  ]
  yield* listener.onProgress({ share: 0.8, doing: "report" })
  yield* writeReportPage(folder, {
    ...reportFacts(task),
    method: sliceMethodOf(request),
    table,
    published: null,
    population,
    coordination: null,
    angles: null,
    phases,
    planes: [plane],
    outlines: null,
    warnings,
  })
  return {
    count: population.particleCount,
    whole: population.wholeCount,
    warnings: warnings.map(({ message }) => message),
  }
})
