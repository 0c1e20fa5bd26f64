import type { Box } from "../../../image/brick.ts"
import { type PairVotes, sectionVotes, VoteSums } from "../../../image/brickwise/pair-votes.ts"
import { votes } from "../../../image/star/section.ts"
import type { Workspace } from "../../../kernels/workspace.ts"
import { readScratch, type ScratchVolume, writeScratch } from "../../../store/scratch-box.ts"
import { sectionOf, type View, walkOf } from "../../fusion/sections.ts"

/** Makes one field of what three views say, and tells where particles are. */
export interface FuseTask {
  readonly kind: "fuse"
  readonly box: Box
  /** Sum of the views' probabilities; becomes their mean, 0 outside of particles */
  readonly probability: ScratchVolume<"float32">
  /** Sum of the views' votes; becomes 1 where there is a particle, else 0 */
  readonly cover: ScratchVolume<"uint8">
  readonly phases: ScratchVolume<"uint8">
  readonly viewCount: number
  /** Views that must agree, and the mean probability from which on one is enough for a bright voxel */
  readonly agreeing: number
  readonly doubtful: number
}

/** Probabilities of 0 would put a voxel outside. */
const leastProbability = 1e-6

export const fuse = (_: Workspace, task: FuseTask): void => {
  const { box, viewCount, agreeing, doubtful } = task
  const probability = readScratch(task.probability, box)
  const cover = readScratch(task.cover, box)
  const phases = readScratch(task.phases, box)
  for (let i = 0; i < cover.length; i++) {
    const [deep, near] = [Math.floor(cover[i] / votes.deep), cover[i] % votes.deep]
    const mean = probability[i] / viewCount
    const isSeen = near >= agreeing || (near > 0 && mean > doubtful)
    const isIn = deep >= agreeing || (isSeen && phases[i] === 1)
    cover[i] = isIn ? 1 : 0
    probability[i] = isIn ? Math.max(leastProbability, mean) : 0
  }
  writeScratch(task.probability, { ...box, values: probability })
  writeScratch(task.cover, { ...box, values: cover })
}

/** Gathers what some sections of a view say of pairs of fragments. */
export interface VoteTask {
  readonly kind: "vote"
  /** Whole sections */
  readonly box: Box
  readonly view: View
  readonly fragments: ScratchVolume<"int32">
  readonly owner: ScratchVolume<"uint16">
}

export const vote = (_: Workspace, { box, view, fragments, owner }: VoteTask): PairVotes => {
  const [numbers, polygons] = [readScratch(fragments, box), readScratch(owner, box)]
  const walk = walkOf(box, view)
  const size = walk.width * walk.height
  const [fragment, polygon] = [new Int32Array(size), new Uint16Array(size)]
  const sums = new VoteSums()
  for (let section = 0; section < walk.count; section++)
    sums.add(
      sectionVotes(
        sectionOf(numbers, walk, section, fragment),
        sectionOf(polygons, walk, section, polygon),
        walk.width,
        walk.height,
      ),
    )
  return sums.all()
}
