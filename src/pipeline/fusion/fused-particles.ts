import { Effect } from "effect"
import type { Engine } from "../../engine/engine.ts"
import { VoteSums } from "../../image/brickwise/pair-votes.ts"
import { votedFragments } from "../../image/brickwise/voted-fragments.ts"
import { type GrayRange, grayRange as rankedRange } from "../../image/star/gray-range.ts"
import { defaultStarSettings, type StarSettings } from "../../image/star/labels.ts"
import { ModelFailed } from "../../inference/errors.ts"
import { readScratch, type ScratchVolume } from "../../store/scratch-box.ts"
import { scratchUnusable } from "../../store/scratch-volume.ts"
import type { CrewError } from "../segmentation/crew.ts"
import { type MemoryTooSmall, SegmentationLost } from "../segmentation/errors.ts"
import type { LabelFacts } from "../segmentation/labelled-volume.ts"
import { ballVoxels, labelsOfMarkers, markersOf, measuredLabels } from "../segmentation/particles.ts"
import { pieces, type Site, sectionPieces, shareOf } from "../segmentation/site.ts"
import type { FuseTask, VoteTask } from "../segmentation/tasks/fusion.ts"
import type { SectionsTrouble } from "./section-work.ts"
import { type SectionsDone, type SectionsTask, sectionBytes, type View, views } from "./sections.ts"

/** How what the views say becomes particles. */
export interface FusionSettings {
  readonly star: StarSettings
  /** Directions in which the volume is cut */
  readonly views: readonly View[]
  /** Views whose polygons must hold a voxel */
  readonly agreeing: number
  /** Mean probability from which on a single view is enough for a bright voxel, 0 … 1 */
  readonly doubtful: number
  /** Peaks of the mean probability that stand out by less are no fragments of their own, 0 … 1 */
  readonly dynamics: number
  /** Share of the votes from which on two fragments are one particle */
  readonly together: number
  /** Particles whose mean probability nowhere reaches this are none */
  readonly probability: number
  /** Smaller particles are dropped, by the diameter of the ball of their volume [m] */
  readonly smallestDiameter: number
}

/**
 * Settings that were chosen on a phantom with splinters and cracks. Polygons may be doubtful, since what one section makes
 * up others outvote, while a splinter that is not proposed is lost. The score hardly depends on the others: dynamics of
 * 0.05 … 0.15 and shares of 0.5 … 0.7 give the same F1 to 0.02.
 */
export const defaultFusionSettings: Omit<FusionSettings, "smallestDiameter"> = {
  star: defaultStarSettings,
  views,
  agreeing: 2,
  doubtful: 0.1,
  dynamics: 0.1,
  together: 0.6,
  probability: 0.25,
}

/** Who looks at the sections, and how they are shown. */
export interface Looking {
  readonly engine: Engine["Service"]
  /** What is posted for a task */
  readonly order: (task: SectionsTask) => unknown
  /** For messages */
  readonly model: string
  /** Edge of the network's pixels [m] */
  readonly pixel: number
}

/** What looking at all sections took. */
export interface LookingEffort {
  readonly sections: number
  readonly polygons: number
  /** Time of all threads together, in the network and in what is made of its answers [s] */
  readonly network: number
  readonly around: number
}

/** Planes of which voxels are ranked, and how many voxels of each */
const rankedPlanes = 64
const rankedVoxels = 2 ** 13

/** One range of gray values for all sections: each by its own would show an empty one as full of noise. */
const volumeRange = (gray: ScratchVolume): GrayRange => {
  const [nx, ny, nz] = gray.shape
  const step = Math.max(1, Math.floor(nz / rankedPlanes))
  const stride = Math.floor((nx * ny) / rankedVoxels) | 1
  const values: number[] = []
  for (let z = Math.floor(step / 2); z < nz; z += step) {
    const plane = readScratch(gray, { from: [0, 0, z], to: [nx, ny, z + 1] })
    for (let i = (z * 7) % stride; i < plane.length; i += stride) values.push(plane[i])
  }
  return rankedRange(Float32Array.from(values))
}

type FusionError = CrewError | MemoryTooSmall | ModelFailed

const isTrouble = (news: unknown): news is SectionsTrouble =>
  typeof news === "object" && news !== null && "trouble" in news

/** Has all sections of all views looked at. */
const lookedAt = Effect.fnUntraced(function* (
  site: Site,
  looking: Looking,
  tasks: readonly (readonly SectionsTask[])[],
): Effect.fn.Return<LookingEffort, FusionError> {
  let effort: LookingEffort = { sections: 0, polygons: 0, network: 0, around: 0 }
  const share = shareOf(site, "sections") / tasks.length
  for (const ofView of tasks) {
    let ended = 0
    yield* site.crew.tell("the network", share, 0)
    // Views add to the same volumes: one after the other.
    yield* looking.engine.runAll(
      ofView.map((task) => ({ name: "sections", input: looking.order(task) })),
      Effect.fnUntraced(function* (event) {
        if (event.kind === "told") {
          if (isTrouble(event.news)) {
            if (event.news.trouble === "scratch") return yield* scratchUnusable(site.space.path, event.news)
            return yield* new ModelFailed({ model: looking.model, reason: event.news.reason })
          }
          const { sections, polygons, network, around } = event.news as SectionsDone
          effort = {
            sections: effort.sections + sections,
            polygons: effort.polygons + polygons,
            network: effort.network + network,
            around: effort.around + around,
          }
        }
        if (event.kind !== "ended") return
        if (event.end.kind !== "done") return yield* new SegmentationLost({ reason: event.end.reason })
        yield* site.crew.tell("the network", share, ++ended / ofView.length)
      }),
    )
  }
  return effort
})

/**
 * Finds the particles of a gray volume through a plane network: it looks at all sections of xy, xz and yz.
 *
 * Where two of three views have a voxel well inside of a polygon it is particle, whatever its gray value, so that cracks
 * stay inside; along the rims of polygons, and where one view alone sees something that the mean probability does not
 * rule out, it is particle where it is bright. There the mean of the three probabilities, which falls
 * to zero between particles that touch as well, is parted into fragments around its peaks (watershed from h-maxima). A
 * peak may be chance, and particles broken through have several: whether two fragments that touch are one particle is put
 * to the vote of the polygons of all sections in which they touch (`sectionVotes`), and they are joined from the best
 * contact on while most of the votes along the whole contact are for it (`votedFragments`).
 *
 * Polygons of single sections are never linked to one another: a section that shows two particles as one, or one as two,
 * is outvoted, while a chain of links is as weak as its worst section. What is kept of a section is its polygons'
 * numbers; all sums are of whole numbers or in a fixed order, so that neither bricks nor threads change the result.
 *
 * @param gray   as stored @param phases 1 where it is particle by its gray value
 * @param field  overwritten @param labels overwritten with the result
 * @source the fusion of views: T. Li et al. (2022), Figs. S2 and S3
 */
export const fusedParticles = Effect.fn("fusedParticles")(function* (
  site: Site,
  gray: ScratchVolume,
  phases: ScratchVolume<"uint8">,
  field: ScratchVolume<"float32">,
  labels: ScratchVolume<"int32">,
  looking: Looking,
  settings: FusionSettings,
): Effect.fn.Return<LabelFacts & { readonly effort: LookingEffort }, FusionError> {
  const { grid, space, crew } = site
  const { views: chosen } = settings
  const range = yield* Effect.try({
    try: () => volumeRange(gray),
    catch: (cause) => scratchUnusable(space.path, cause),
  })
  const cover = yield* space.volume("uint8", "cover")
  const owners = yield* Effect.forEach(chosen, ({ through }) => space.volume("uint16", `polygons-${through}`))
  const boxes = yield* Effect.forEach(chosen, ({ through }) => sectionPieces(site, through, sectionBytes))
  const { pixel } = looking
  const tasks = chosen.map((view, k) =>
    boxes[k].map((box) => ({
      view,
      box,
      spacing: grid.spacing,
      gray,
      range,
      phases,
      pixel,
      settings: settings.star,
      isFirst: k === 0,
      probability: field,
      cover,
      owner: owners[k],
    })),
  )
  const effort = yield* lookedAt(site, looking, tasks)

  yield* crew.run<FuseTask>(
    "joining views",
    shareOf(site, "fuse"),
    (yield* pieces(site, 8)).map((box) => ({
      kind: "fuse",
      box,
      probability: field,
      cover,
      phases,
      viewCount: chosen.length,
      agreeing: settings.agreeing,
      doubtful: settings.doubtful,
    })),
  )
  const inside = { volume: cover, value: 1 }
  const { basinOf, marker, size, first, height } = yield* markersOf(
    site,
    field,
    inside,
    () => settings.dynamics,
    labels,
  )
  const fragmentOf = labelsOfMarkers(size, first, 0)
  for (let number = 1; number < basinOf.length; number++) basinOf[number] = fragmentOf[marker[basinOf[number] - 1]]
  const fragments = yield* measuredLabels(site, labels, { labelOf: basinOf, solid: inside })

  const sums = new VoteSums()
  for (const [k, view] of chosen.entries()) {
    yield* crew.run<VoteTask>(
      "votes",
      shareOf(site, "vote") / chosen.length,
      (yield* sectionPieces(site, view.through, 4 + 2)).map((box) => ({
        kind: "vote",
        box,
        view,
        fragments: labels,
        owner: owners[k],
      })),
      (votes) => sums.add(votes),
    )
    yield* space.release(owners[k])
  }
  const groupOf = votedFragments(fragments.count, sums.all(), settings.together)
  const groups = { size: new Float64Array(fragments.count + 1), peak: new Float64Array(fragments.count + 1) }
  for (let basin = 0; basin < size.length; basin++) {
    const group = groupOf[fragmentOf[basin]]
    if (group === 0) continue
    groups.size[group] += size[basin]
    groups.peak[group] = Math.max(groups.peak[group], height[basin])
  }
  const least = ballVoxels(grid, settings.smallestDiameter)
  // Fragments are numbered as a scan meets them, and a group is known by its first.
  const labelOf = new Int32Array(new SharedArrayBuffer(4 * (fragments.count + 1)))
  let count = 0
  for (let fragment = 1; fragment <= fragments.count; fragment++) {
    const group = groupOf[fragment]
    const isParticle = groups.size[group] >= least && groups.peak[group] >= settings.probability
    if (group === fragment) labelOf[group] = isParticle ? ++count : 0
    else labelOf[fragment] = labelOf[group]
  }
  const facts = yield* measuredLabels(site, labels, { labelOf, solid: inside })
  yield* space.release(cover)
  return { ...facts, effort }
})
