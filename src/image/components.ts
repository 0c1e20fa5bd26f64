import * as bytes from "../kernels/generated/components.ts"
import { kernel } from "../kernels/loader.ts"
import {
  assertFills,
  type Connectivity,
  dimensionOf,
  gridOf,
  type Labels,
  type Mask,
  neighbourSteps,
} from "./volume.ts"
import { inWorkspace } from "./workspace.ts"

const componentsKernel = kernel<{
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
}>(bytes)

/**
 * Numbers the connected parts of a mask 1 … count in the order in which a scan meets them (two passes, union–find).
 * @source C. Fiorio, J. Gustedt, Theor. Comput. Sci. 154 (1996) 165–181, doi:10.1016/0304-3975(94)00262-2
 */
export const components = (mask: Mask, connectivity: Connectivity = "face"): Labels => {
  assertFills("mask", mask, mask.values)
  const [nx, ny, nz] = mask.shape
  // A rim of one voxel all round spares the question whether a neighbour is inside.
  const rim = dimensionOf(mask) === 3 ? 1 : 0
  const [wide, high, deep] = [nx + 2, ny + 2, nz + 2 * rim]
  const size = wide * high * deep
  // Only the neighbours that a scan has already seen.
  const steps = neighbourSteps(mask, connectivity).flatMap(([x, y, z]) => {
    const step = x + wide * (y + high * z)
    return step < 0 ? [step] : []
  })
  const values = new Int32Array(mask.values.length)
  const count = inWorkspace(5 * size, (workspace) => {
    const [flags, found, before] = workspace.lay(size, 4 * size, 4 * steps.length)
    const { label, numbered } = workspace.use(componentsKernel)
    workspace.ints(before, steps.length).set(steps)
    const inside = workspace.bytes(flags, size).fill(0)
    const numbers = workspace.ints(found, size)
    const eachRow = (visit: (row: number, wideRow: number) => void): void => {
      for (let z = 0; z < nz; z++)
        for (let y = 0; y < ny; y++) visit(nx * (y + ny * z), 1 + wide * (y + 1 + high * (z + rim)))
    }
    eachRow((row, wideRow) => inside.set(mask.values.subarray(row, row + nx), wideRow))
    const parts = label(flags, wide, high, deep, before, steps.length, found)
    numbered(found, size, 0)
    eachRow((row, wideRow) => values.set(numbers.subarray(wideRow, wideRow + nx), row))
    return parts
  })
  return { ...gridOf(mask), values, count }
}
