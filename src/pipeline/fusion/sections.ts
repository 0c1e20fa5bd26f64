import { emptyVoxels, type VoxelType } from "../../formats/voxel-type.ts"
import { type Box, boxShape, boxSize, type Triple } from "../../image/brick.ts"
import type { GrayRange } from "../../image/star/gray-range.ts"
import { type StarPrediction, type StarSettings, starPolygons } from "../../image/star/labels.ts"
import { resampled } from "../../image/star/resampled.ts"
import { sectionImage } from "../../image/star/sampling.ts"
import { sectionVote } from "../../image/star/section.ts"
import {
  type FilledBox,
  readScratch,
  readScratchInto,
  type ScratchVolume,
  writeScratch,
} from "../../store/scratch-box.ts"

/** A direction in which a volume is cut: the axes across and down its sections, and the one through them. */
export interface View {
  readonly across: 0 | 1 | 2
  readonly down: 0 | 1 | 2
  readonly through: 0 | 1 | 2
}

/** xy, xz and yz. */
export const views: readonly View[] = [
  { across: 0, down: 1, through: 2 },
  { across: 0, down: 2, through: 1 },
  { across: 1, down: 2, through: 0 },
]

/** What a network says of the image of one section. @param gray [row, column] as stored */
export type PredictSection = (
  gray: Float32Array,
  size: readonly [number, number],
  range: GrayRange,
  place: { readonly view: View; readonly at: number },
) => Promise<StarPrediction>

/** Has a network look at some sections of a view, side by side in the volume. */
export interface SectionsTask {
  readonly view: View
  /** Whole sections */
  readonly box: Box
  readonly spacing: Triple
  readonly gray: ScratchVolume
  readonly range: GrayRange
  /** 1 where it is particle by its gray value */
  readonly phases: ScratchVolume<"uint8">
  /** Edge of the network's pixels [m] */
  readonly pixel: number
  readonly settings: StarSettings
  /** Whether what the volumes hold so far is of no account */
  readonly isFirst: boolean
  /** Probabilities of all views so far, added to */
  readonly probability: ScratchVolume<"float32">
  /** Votes of all views so far, added to */
  readonly cover: ScratchVolume<"uint8">
  /** Polygons of this view; written */
  readonly owner: ScratchVolume<"uint16">
}

/** What some sections took. */
export interface SectionsDone {
  readonly sections: number
  readonly polygons: number
  /** Wall time in the network, and in all that is made of its answers [s] */
  readonly network: number
  readonly around: number
}

/** Bytes a voxel that a task holds: gray values twice, probabilities, phases, votes, polygons. */
export const sectionBytes = 4 + 8 + 4 + 1 + 1 + 2

/** Where the pixels of a section lie in a box. */
export interface Walk {
  readonly width: number
  readonly height: number
  readonly count: number
  readonly index: (section: number, row: number) => number
  /** From pixel to pixel along a row */
  readonly step: number
}

export const walkOf = (box: Box, { across, down, through }: View): Walk => {
  const shape = boxShape(box)
  const stride = [1, shape[0], shape[0] * shape[1]]
  return {
    width: shape[across],
    height: shape[down],
    count: shape[through],
    index: (section, row) => section * stride[through] + row * stride[down],
    step: stride[across],
  }
}

/** Copies one section out of a box. */
export const sectionOf = <A extends Float32Array | Uint8Array | Uint16Array | Int32Array>(
  values: ArrayLike<number>,
  walk: Walk,
  section: number,
  out: A,
): A => {
  for (let row = 0, p = 0; row < walk.height; row++)
    for (let x = 0, at = walk.index(section, row); x < walk.width; x++, p++, at += walk.step) out[p] = values[at]
  return out
}

export const lookAtSections = async (task: SectionsTask, predict: PredictSection): Promise<SectionsDone> => {
  const { view, box, spacing, range, settings } = task
  const raw: FilledBox<VoxelType> = { ...box, values: emptyVoxels(task.gray.type, boxSize(box)) }
  readScratchInto(task.gray, raw)
  const phases = readScratch(task.phases, box)
  const probability = task.isFirst ? new Float32Array(boxSize(box)) : readScratch(task.probability, box)
  const cover = task.isFirst ? new Uint8Array(boxSize(box)) : readScratch(task.cover, box)
  const owner = new Uint16Array(boxSize(box))
  const walk = walkOf(box, view)
  const { width, height } = walk
  const image = sectionImage([width, height], [spacing[view.across], spacing[view.down]], task.pixel)
  const [plane, bright] = [new Float32Array(width * height), new Uint8Array(width * height)]
  let [polygonCount, network, all] = [0, 0, performance.now()]
  for (let section = 0; section < walk.count; section++) {
    sectionOf(raw.values, walk, section, plane)
    sectionOf(phases, walk, section, bright)
    for (let p = 0; p < bright.length; p++) bright[p] = bright[p] === 1 ? 1 : 0
    const shown = resampled(plane, [width, height], image.size)
    const begun = performance.now()
    const place = { view, at: box.from[view.through] + section }
    const prediction = await predict(shown, image.size, range, place)
    network += performance.now() - begun
    const polygons = starPolygons(prediction, settings)
    polygonCount += polygons.count
    const vote = sectionVote(prediction, polygons, bright, image.section, settings)
    for (let row = 0, p = 0; row < height; row++)
      for (let x = 0, at = walk.index(section, row); x < width; x++, p++, at += walk.step) {
        probability[at] += vote.probability[p]
        cover[at] += vote.cover[p]
        owner[at] = vote.owner[p]
      }
  }
  writeScratch(task.probability, { ...box, values: probability })
  writeScratch(task.cover, { ...box, values: cover })
  writeScratch(task.owner, { ...box, values: owner })
  all = performance.now() - all
  return { sections: walk.count, polygons: polygonCount, network: network / 1e3, around: (all - network) / 1e3 }
}
