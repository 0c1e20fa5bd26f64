import { type Box, boxShape, boxSize, type Triple } from "../../../image/brick.ts"
import { boxComponents, type Neighbours, touchingAcross } from "../../../image/brickwise/components.ts"
import { rimmed, rowsOf, type Seam } from "../../../image/brickwise/seams.ts"
import type { Workspace } from "../../../kernels/workspace.ts"
import { readScratch, readScratchInto, type ScratchVolume, writeScratch } from "../../../store/scratch-box.ts"

/** Which voxels are joined to parts, and which of them mark the part that they belong to. */
export type PartRule =
  /** Voxels of other value; marked where they lie at the border of the volume. */
  | { readonly kind: "not"; readonly value: number }
  /** Voxels of at least `low`; marked from `high` on. */
  | { readonly kind: "at-least"; readonly low: number; readonly high: number }

/** Numbers the connected parts within a box. */
export interface PartsTask {
  readonly kind: "parts"
  readonly box: Box
  readonly values: ScratchVolume<"uint8">
  readonly rule: PartRule
  readonly neighbours: Neighbours
  readonly numbers: ScratchVolume<"int32">
  /** [1] how many numbers have been given in all boxes so far */
  readonly given: Int32Array
}

/** Layers of a box that are the border of the volume. */
const borderOf = ({ from, to }: Box, whole: Triple): readonly Box[] =>
  ([0, 1, 2] as const).flatMap((axis) => {
    // A plane image is no border all over.
    if (whole[axis] === 1) return []
    const layer = (at: number): Box => {
      const [low, high]: [number[], number[]] = [[...from], [...to]]
      low[axis] = at
      high[axis] = at + 1
      return { from: [low[0], low[1], low[2]], to: [high[0], high[1], high[2]] }
    }
    return [...(from[axis] === 0 ? [layer(0)] : []), ...(to[axis] === whole[axis] ? [layer(to[axis] - 1)] : [])]
  })

export const parts = (work: Workspace, task: PartsTask): { readonly marked: Int32Array } => {
  const { box, rule, neighbours, numbers, given } = task
  const wide = rimmed(box, 1)
  const isIn = Uint8Array.from({ length: 256 }, (_, value) =>
    (rule.kind === "not" ? value !== rule.value : value >= rule.low) ? 1 : 0,
  )
  const values = readScratch(task.values, box)
  const { mask, run, numbered } = boxComponents(work, boxShape(wide), neighbours)
  mask.fill(0)
  let i = 0
  for (const { from, to } of rowsOf(box, wide)) for (let at = from; at < to; at++) mask[at] = isIn[values[i++]]
  const base = Atomics.add(given, 0, run())
  const all = numbered(base)
  writeScratch(numbers, { ...wide, values: all }, box)

  const marked = new Set<number>()
  if (rule.kind === "not") {
    for (const layer of borderOf(box, numbers.shape))
      for (const { from, to } of rowsOf(layer, wide))
        for (let at = from; at < to; at++) if (all[at] !== 0) marked.add(all[at])
  } else {
    i = 0
    for (const { from, to } of rowsOf(box, wide))
      for (let at = from; at < to; at++) if (values[i++] >= rule.high) marked.add(all[at])
  }
  return { marked: Int32Array.from(marked) }
}

/** Finds which parts are one across a plane between boxes. */
export interface JoinTask {
  readonly kind: "join"
  readonly seam: Seam
  readonly neighbours: Neighbours
  readonly numbers: ScratchVolume<"int32">
}

export const join = (_: Workspace, task: JoinTask): { readonly pairs: Int32Array } => {
  const { numbers, neighbours, seam } = task
  // Steps to neighbours may leave the seam sideways.
  const wide = rimmed(seam.box, 1)
  const at = (axis: 0 | 1 | 2): readonly [number, number] =>
    axis === seam.axis ? [seam.box.from[axis], seam.box.to[axis]] : [wide.from[axis], wide.to[axis]]
  const [x, y, z] = [at(0), at(1), at(2)]
  const box: Box = { from: [x[0], y[0], z[0]], to: [x[1], y[1], z[1]] }
  const values = new Int32Array(boxSize(box))
  readScratchInto(numbers, { ...box, values })
  return { pairs: touchingAcross(values, boxShape(box), seam.axis, neighbours) }
}

/** Writes `value` where the part of a voxel is chosen, and `other` or what is there elsewhere. */
export interface ChooseTask {
  readonly kind: "choose"
  readonly box: Box
  readonly numbers: ScratchVolume<"int32">
  /** [number] 1 where chosen */
  readonly chosen: Uint8Array
  readonly values: ScratchVolume<"uint8">
  readonly out: ScratchVolume<"uint8">
  /** [value] what becomes of a voxel outside of chosen parts */
  readonly others: Uint8Array
  readonly value: number
}

export const choose = (work: Workspace, task: ChooseTask): void => {
  const { box, numbers, chosen, values, out, others, value } = task
  const size = boxSize(box)
  const [parts, results] = work.lay(4 * size, size)
  const [number, result] = [work.ints(parts, size), work.bytes(results, size)]
  readScratchInto(numbers, { ...box, values: number })
  readScratchInto(values, { ...box, values: result })
  for (let i = 0; i < size; i++) result[i] = chosen[number[i]] !== 0 ? value : others[result[i]]
  writeScratch(out, { ...box, values: result })
}
