import { type Box, boxShape, boxSize } from "../../../image/brick.ts"
import { boxBasins, boxSaddles, type Saddles } from "../../../image/brickwise/basins.ts"
import { rimmed, type Seam } from "../../../image/brickwise/seams.ts"
import type { Grid } from "../../../image/volume.ts"
import type { Workspace } from "../../../kernels/workspace.ts"
import { readScratch, readScratchInto, type ScratchVolume, writeScratch } from "../../../store/scratch-box.ts"
import type { Part } from "./balls.ts"

/** Follows the steepest paths within a box and numbers where they end. */
export interface AscendTask {
  readonly kind: "ascend"
  readonly box: Box
  readonly field: ScratchVolume<"float32">
  readonly numbers: ScratchVolume<"int32">
  readonly grid: Grid
  /** [1] how many numbers have been given in all boxes so far */
  readonly given: Int32Array
}

/** Ends of paths that are peaks; the others lie in the next box. */
export interface PeaksFound {
  /** [peak] its number */
  readonly number: Int32Array
  /** [peak] its value */
  readonly height: Float32Array
  /** [peak] its voxel in the volume */
  readonly place: Float64Array
  /** First of the numbers that were given in this box, and how many */
  readonly first: number
  readonly count: number
}

export const ascend = (work: Workspace, { box, field, numbers, grid, given }: AscendTask): PeaksFound => {
  const wide = rimmed(box, 1)
  const [wx, wy, wz] = boxShape(wide)
  const stage = boxBasins(work, [wx, wy, wz], grid.spacing)
  stage.field.fill(0)
  readScratchInto(field, { ...wide, values: stage.field })
  const { at, count } = stage.run()
  const base = Atomics.add(given, 0, count)
  const number = new Int32Array(count)
  const height = new Float32Array(count)
  const place = new Float64Array(count)
  let peaks = 0
  for (let end = 0; end < count; end++) {
    const [x, rest] = [at[end] % wx, Math.floor(at[end] / wx)]
    const [y, z] = [rest % wy, Math.floor(rest / wy)]
    if (x === 0 || y === 0 || z === 0 || x === wx - 1 || y === wy - 1 || z === wz - 1) continue
    number[peaks] = base + end + 1
    height[peaks] = stage.field[at[end]]
    place[peaks++] = x + wide.from[0] + grid.shape[0] * (y + wide.from[1] + grid.shape[1] * (z + wide.from[2]))
  }
  writeScratch(numbers, { ...wide, values: stage.numbered(base) }, box)
  return {
    number: number.slice(0, peaks),
    height: height.slice(0, peaks),
    place: place.slice(0, peaks),
    first: base + 1,
    count,
  }
}

/** Finds where paths go on that cross a plane between boxes. */
export interface CrossTask {
  readonly kind: "cross"
  readonly seam: Seam
  readonly field: ScratchVolume<"float32">
  readonly numbers: ScratchVolume<"int32">
  readonly grid: Grid
  /** [number] the number in the next box of the voxel that a path leads to; written where paths cross */
  readonly next: Int32Array
}

export const cross = (work: Workspace, { seam, field, numbers, grid, next }: CrossTask): void => {
  const wide = rimmed(seam.box, 1)
  const shape = boxShape(wide)
  const [wx, wy, wz] = shape
  const stage = boxBasins(work, shape, grid.spacing)
  stage.field.fill(0)
  readScratchInto(field, { ...wide, values: stage.field })
  const number = new Int32Array(boxSize(wide))
  readScratchInto(numbers, { ...wide, values: number })
  const pointers = stage.pointers()
  const stride = [1, wx, wx * wy][seam.axis]
  const layerOf = (voxel: number): number => Math.floor(voxel / stride) % shape[seam.axis]
  for (let z = 1; z < wz - 1; z++)
    for (let y = 1; y < wy - 1; y++)
      for (let x = 1; x < wx - 1; x++) {
        const here = x + wx * (y + wy * z)
        const there = pointers[here]
        if (there === here) continue
        // Layers 1 and 2 are the two sides of the plane.
        const [from, to] = [layerOf(here), layerOf(there)]
        if (from + to === 3) next[number[here]] = number[there]
      }
}

/** Finds the highest passes between basins, and what belongs to each. */
export interface PassTask {
  readonly kind: "pass"
  readonly box: Box
  readonly field: ScratchVolume<"float32">
  readonly numbers: ScratchVolume<"int32">
  readonly grid: Grid
  /** [number] basin, from 1 */
  readonly basinOf: Int32Array
  /** Voxels that count */
  readonly solid: Part
}

/** What a box holds of basins. */
export interface PassesFound {
  readonly saddles: Saddles
  readonly basin: Int32Array
  /** [of basin] solid voxels */
  readonly size: Float64Array
  /** [of basin] first of them in scan order */
  readonly first: Float64Array
}

export const pass = (work: Workspace, task: PassTask): PassesFound => {
  const { box, field, numbers, grid, basinOf, solid } = task
  const wide = rimmed(box, 1)
  const stage = boxSaddles(work, wide, grid)
  const { basins } = stage
  basins.fill(0)
  readScratchInto(numbers, { ...wide, values: basins })
  for (let i = 0; i < basins.length; i++) if (basins[i] !== 0) basins[i] = basinOf[basins[i]]
  stage.field.fill(0)
  readScratchInto(field, { ...wide, values: stage.field })

  const known = new Map<number, number>()
  const basin: number[] = []
  const size: number[] = []
  const first: number[] = []
  const phase = readScratch(solid.volume, box)
  const [nx, ny, nz] = boxShape(box)
  const [wx, wy] = boxShape(wide)
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) {
      const row = 1 + wx * (y + 1 + wy * (z + 1))
      const place = box.from[0] + grid.shape[0] * (box.from[1] + y + grid.shape[1] * (box.from[2] + z))
      let last = 0
      let slot = -1
      for (let x = 0; x < nx; x++, i++) {
        const here = basins[row + x]
        if (here === 0 || phase[i] !== solid.value) continue
        if (here !== last) {
          last = here
          slot = known.get(here) ?? -1
          if (slot < 0) {
            slot = basin.length
            known.set(here, slot)
            basin.push(here)
            size.push(0)
            first.push(place + x)
          }
        }
        size[slot]++
      }
    }
  return {
    saddles: stage.run(),
    basin: Int32Array.from(basin),
    size: Float64Array.from(size),
    first: Float64Array.from(first),
  }
}
