import * as bytes from "../../kernels/generated/components.ts"
import { kernel } from "../../kernels/loader.ts"
import type { Workspace } from "../../kernels/workspace.ts"
import type { Triple } from "../brick.ts"

interface Exports {
  readonly label: (
    mask: number,
    nx: number,
    ny: number,
    nz: number,
    steps: number,
    count: number,
    out: number,
  ) => number
  readonly numbered: (values: number, count: number, base: number) => void
}

const componentsKernel = kernel<Exports>(bytes)

/** Neighbours that are connected: over faces; faces and edges; faces, edges and corners. */
export type Neighbours = 6 | 18 | 26

/** How many axes a step to a neighbour may change. */
const axesOf: Readonly<Record<Neighbours, number>> = { 6: 1, 18: 2, 26: 3 }

/** Steps to the neighbours that a scan has met before. */
export const stepsBefore = (neighbours: Neighbours): readonly Triple[] => {
  const steps: Triple[] = []
  for (let z = -1; z <= 0; z++)
    for (let y = -1; y <= 1; y++)
      for (let x = -1; x <= 1; x++) {
        const isBefore = z < 0 || y < 0 || (y === 0 && x < 0)
        const axes = Math.abs(x) + Math.abs(y) + Math.abs(z)
        if (isBefore && axes <= axesOf[neighbours]) steps.push([x, y, z])
      }
  return steps
}

/** Bytes a voxel that `componentsBy` lays out. */
export const componentBytes = 5

/**
 * Connected parts within one box.
 * @param shape voxels along x, y and z with a rim of one voxel on every side; a plane needs none along z
 * @param before steps to the neighbours that a scan has met before
 * @returns `mask` [voxel] 0 or 1, to be filled, 0 on the rim; `run` tells how many parts there are; `numbered` gives
 *   [voxel] their numbers in scan order, from `base` + 1, valid until the workspace is used again
 * @source C. Fiorio, J. Gustedt, Theor. Comput. Sci. 154 (1996) 165–181, doi:10.1016/0304-3975(94)00262-2
 */
export const componentsBy = (work: Workspace, shape: Triple, before: readonly Triple[]) => {
  const [nx, ny, nz] = shape
  const size = nx * ny * nz
  const [mask, out, steps] = work.lay(size, 4 * size, 4 * before.length)
  const { label, numbered } = work.use(componentsKernel)
  return {
    mask: work.bytes(mask, size),
    run: (): number => {
      work.ints(steps, before.length).set(before.map(([x, y, z]) => x + nx * (y + ny * z)))
      return label(mask, nx, ny, nz, steps, before.length, out)
    },
    numbered: (base: number): Int32Array => {
      numbered(out, size, base)
      return work.ints(out, size)
    },
  }
}

/** As `componentsBy`, with the neighbours by their number. @param shape with a rim of one voxel on every side */
export const boxComponents = (work: Workspace, shape: Triple, neighbours: Neighbours) =>
  componentsBy(work, shape, stepsBefore(neighbours))

/**
 * Pairs of numbers that touch across the plane between two boxes; a pair may come more than once.
 * @param numbers [voxel] two voxels thick along `axis`; 0 is nothing
 * @param shape   voxels along x, y and z
 * @returns [pair, 2] number before the plane, number behind it
 */
export const touchingAcross = (
  numbers: Int32Array,
  shape: Triple,
  axis: 0 | 1 | 2,
  neighbours: Neighbours,
): Int32Array => {
  const stride: Triple = [1, shape[0], shape[0] * shape[1]]
  const [u, v] = [0, 1, 2].filter((other) => other !== axis)
  const pairs: number[] = []
  for (let dv = -1; dv <= 1; dv++)
    for (let du = -1; du <= 1; du++) {
      if (1 + Math.abs(du) + Math.abs(dv) > axesOf[neighbours]) continue
      const offset = stride[axis] + du * stride[u] + dv * stride[v]
      for (let b = Math.max(0, -dv); b < shape[v] - Math.max(0, dv); b++) {
        let [lastOne, lastOther] = [0, 0]
        for (let a = Math.max(0, -du); a < shape[u] - Math.max(0, du); a++) {
          const at = a * stride[u] + b * stride[v]
          const [one, other] = [numbers[at], numbers[at + offset]]
          if (one === 0 || other === 0 || (one === lastOne && other === lastOther)) continue
          lastOne = one
          lastOther = other
          pairs.push(one, other)
        }
      }
    }
  return Int32Array.from(pairs)
}
