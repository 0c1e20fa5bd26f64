import { join } from "node:path"
import { Effect, type Scope } from "effect"
import type { ParticleMeasures } from "../../particles/measure-particle.ts"
import { defaultParticleSettings } from "../../particles/particle-settings.ts"
import { defaultPopulationSettings } from "../../particles/population.ts"
import { columnOf } from "../../particles/table.ts"
import { type Estimator, particleTable3d } from "../../particles/volume-table.ts"
import { particleFiles } from "../../store/particles-manifest.ts"
import { besideInput } from "../beside/compared.ts"
import { foundBeside, measuredSide, sideOf, trueLabels } from "../beside/volume-sides.ts"
import { writeBeside } from "../beside/written.ts"
import { type NetworkLabels, segmentByNetwork } from "../fusion/segment-by-network.ts"
import { program } from "../program.ts"
import type { LabelledVolume } from "../segmentation/labelled-volume.ts"
import { segmentVolume } from "../segmentation/segment-volume.ts"
import type { SegmentationProgress } from "../segmentation/settings.ts"
import { particleEngine } from "./engine.ts"
import { isIntact, labelsToWrite, loadSegmentation, saveFields, saveSegmentation, writeVolume } from "./label-files.ts"
import { layerFacts } from "./layers.ts"
import { measureAll, measuringRoom } from "./measure.ts"
import { sliceMesh } from "./mesh-slice.ts"
import { writeMesh, writeNetwork, writeReportPage, writeStatistics, writeTables } from "./outputs.ts"
import type { ParticlesError, Task, TaskResult } from "./particles.ts"
import { middlePlanes } from "./planes.ts"
import { isByWatershed } from "./request.ts"
import { methodOf, reportFacts, resourcesOf, tellsMatrixApart, wayName, wayOf } from "./settings-words.ts"
import { populationIn } from "./statistics.ts"
import { tableWarnings, volumeWarnings } from "./warnings.ts"

/** Shares of the whole work, as far as one can tell beforehand. */
const spans = { segmentation: [0.02, 0.55], measuring: [0.6, 0.93], writing: [0.93, 1] } as const

const within = ([from, to]: readonly [number, number], share: number): number => from + share * (to - from)

const seconds = (time: number): string => (time < 99.5 ? Number(time.toPrecision(2)) : Math.round(time)).toString()

/** What looking at all sections took, in a sentence. */
const effortWords = ({ effort, pixel }: NetworkLabels): string =>
  `a network looked at ${effort.sections} sections in pixels of ${Number((1e9 * pixel).toPrecision(3))} nm: ${seconds(effort.network)} s of all threads in the network, ${seconds(effort.around)} s around it; ${effort.polygons} polygons`

/** Labels with what is to be said of how they were found. */
interface Found {
  readonly volume: LabelledVolume
  readonly notes: readonly string[]
}

/** Labels and phases: found now, or by an earlier call. */
const labelled = Effect.fnUntraced(function* (task: Task): Effect.fn.Return<Found, ParticlesError, Scope.Scope> {
  const { request, source, watch, listener, saved, keep, key } = task
  const { out, settings } = request
  const resources = resourcesOf(request)
  const onProgress = ({ share, doing }: SegmentationProgress) =>
    listener.onProgress({ share: within(spans.segmentation, share), doing })
  if (saved?.key === key && isIntact(saved)) {
    const hasGray = settings.meaning.kind === "gray"
    const work = loadSegmentation(saved, source, hasGray, resources, onProgress)
    const volume = yield* watch.timed("reading the labels of an earlier call", work)
    yield* listener.onNote(`labels taken over from ${saved.labels.file}: input and settings are unchanged`)
    yield* keep(saved, true)
    return { volume, notes: [] }
  }
  const { segmenter } = request
  const found: Effect.Effect<Found, ParticlesError, Scope.Scope> =
    segmenter === undefined
      ? Effect.map(segmentVolume(source, settings, resources, onProgress), (volume) => ({ volume, notes: [] }))
      : Effect.map(segmentByNetwork(source, settings, segmenter.file, resources, onProgress), (labels) => ({
          volume: labels.volume,
          notes: [effortWords(labels)],
        }))
  const { volume, notes } = yield* watch.timed("finding particles", found)
  if (settings.meaning.kind === "labels" && request.labelsOut === undefined) return { volume, notes }
  yield* listener.onProgress({ share: spans.segmentation[1], doing: "writing labels" })
  const labelFile = request.labelsOut ?? join(out, "labels.tif")
  // Phases lie beside the labels in the directory, in the same format.
  const phaseFile = join(out, /\.zarr\/?$/.test(labelFile) ? "phases.ome.zarr" : "phases.tif")
  const files = yield* watch.timed("writing labels", saveSegmentation(volume, labelFile, phaseFile, saved))
  if (settings.meaning.kind !== "labels") yield* keep({ key, ...files }, false)
  return { volume, notes }
})

/** The other way beside this one, and the truth; returns what is to be said of it. */
const heldBeside = Effect.fnUntraced(function* (
  task: Task,
  volume: LabelledVolume,
  measures: readonly ParticleMeasures[],
): Effect.fn.Return<readonly string[], ParticlesError> {
  const { request, source, title, listener } = task
  const { beside, out, segmenter, settings } = request
  const { readGray } = volume
  if (beside === undefined || readGray === undefined) return []
  const resources = resourcesOf(request)
  const onProgress = ({ doing }: SegmentationProgress) =>
    listener.onProgress({ share: within(spans.writing, 0.9), doing: `the other way: ${doing}` })
  const work = Effect.gen(function* () {
    const other = yield* foundBeside(source, settings, beside.way, resources, onProgress)
    yield* writeVolume(join(out, particleFiles.besideLabels), labelsToWrite(other), undefined)
    const second = yield* sideOf(wayName(beside.way), other, resources, onProgress)
    const truth =
      beside.truth === undefined
        ? null
        : yield* Effect.flatMap(trueLabels(beside.truth, source, resources, onProgress), (known) =>
            sideOf("truth", known, resources, onProgress),
          )
    const first = measuredSide(wayName(wayOf(segmenter)), volume, measures)
    const facts = { title, programVersion: program.version }
    const sides = { first, second, truth, readGray }
    return yield* besideInput(facts, volume.grid, sides, () => Effect.void)
  })
  return [yield* writeBeside(out, yield* Effect.scoped(work))]
})

/** Finds and measures the particles of a volume and writes all that is made of them. */
export const volumeParticles = Effect.fn("volumeParticles")(function* (
  task: Task,
): Effect.fn.Return<TaskResult, ParticlesError, Scope.Scope> {
  const { request, watch, listener } = task
  const { out: folder, depth } = request
  const { volume, notes } = yield* labelled(task)
  const wantsPublished = request.published.kind !== "no"
  const { published: publishedSettings, ...geometric } = defaultParticleSettings(volume.grid.spacing)
  const settings =
    wantsPublished && publishedSettings !== undefined ? { ...geometric, published: publishedSettings } : geometric

  const room = measuringRoom(volume, settings, request.threads, request.memory)
  const { threads } = room
  const measuring = measureAll(
    volume,
    settings,
    room,
    request.surfaces === null ? null : { folder: join(folder, particleFiles.surfaces), format: request.surfaces },
    (share) => listener.onProgress({ share: within(spans.measuring, share), doing: "measuring particles" }),
  ).pipe(Effect.provide(particleEngine(threads)))
  const { measures: measured, outlines, angles } = yield* watch.timed("measuring particles", measuring)
  const partsMatrix = tellsMatrixApart(request.settings)
  // Without that, what is no particle is neither known to be void nor to be carbon/binder.
  const measures = partsMatrix
    ? measured
    : measured.map((each) => ({ ...each, contactCarbonBinder: Number.NaN, contactVoid: Number.NaN }))

  const writing = (share: number, doing: string) => listener.onProgress({ share: within(spans.writing, share), doing })
  yield* writing(0, "counting densities")
  const estimators: readonly Estimator[] = [
    { kind: "geometric" },
    ...(wantsPublished ? [{ kind: "published" } as const] : []),
  ]
  const facts = yield* watch.timed("densities and phases", layerFacts(volume, measures, estimators, partsMatrix))
  const tables = estimators.map((estimator, at) =>
    particleTable3d(measures, { grid: volume.grid, depth, density: facts.density[at] }, estimator),
  )
  const [table, published = null] = tables
  yield* writeTables(folder, table, published)
  yield* writeNetwork(folder, measures, table)

  if (request.fields) {
    yield* writing(0.1, "writing fields")
    yield* watch.timed("writing fields", saveFields(volume, join(folder, particleFiles.fields)))
  }

  yield* writing(0.2, "statistics")
  const led = request.published.kind === "leads" && published !== null ? published : table
  const edges = volume.grid.shape.map((voxels, axis) => voxels * volume.grid.spacing[axis])
  const [a, b] = [(depth.axis + 1) % 3, (depth.axis + 2) % 3]
  const population = yield* watch.timed(
    "statistics",
    populationIn(
      led,
      [edges[a], edges[b], edges[depth.axis]],
      { ...defaultPopulationSettings, damage: request.damage },
      threads,
    ),
  )
  yield* writeStatistics(folder, population, facts.phases, angles)

  yield* writing(0.5, "meshing a plane")
  const mesh = yield* watch.timed("meshing a plane", sliceMesh(volume, request.meshSlice, depth, partsMatrix))
  const meshNotes = mesh === undefined ? [] : yield* writeMesh(folder, mesh)
  const besideNotes = yield* watch.timed("the other way beside it", heldBeside(task, volume, measures))
  const warnings = [
    ...tableWarnings(led, isByWatershed(request)),
    ...volumeWarnings(measures),
    ...[...notes, ...besideNotes, ...task.doubts, ...meshNotes].map((message) => ({
      severity: "note" as const,
      message,
    })),
  ]

  yield* writing(0.7, "report")
  const planes = yield* middlePlanes(volume)
  const coordination = columnOf(table, "Coordination")
  const page = writeReportPage(folder, {
    ...reportFacts(task),
    method: methodOf(request),
    table: led,
    published: request.published.kind === "beside" ? published : null,
    population,
    coordination: coordination === undefined ? null : Int32Array.from(coordination.values),
    angles: angles ?? null,
    phases: facts.phases,
    planes,
    outlines,
    warnings,
  })
  yield* watch.timed("report", page)
  return {
    count: population.particleCount,
    whole: population.wholeCount,
    warnings: warnings.map(({ message }) => message),
  }
})
