import { componentBytes, componentsBy } from "./brickwise/components.ts"
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

/** Numbers the connected parts of a mask 1 … count in the order in which a scan meets them. */
export const components = (mask: Mask, connectivity: Connectivity = "face"): Labels => {
  assertFills("mask", mask, mask.values)
  const [nx, ny, nz] = mask.shape
  // A rim of one voxel all round spares the question whether a neighbour is inside.
  const rim = dimensionOf(mask) === 3 ? 1 : 0
  const wide = [nx + 2, ny + 2, nz + 2 * rim] as const
  const before = neighbourSteps(mask, connectivity).filter(
    ([x, y, z]) => z < 0 || (z === 0 && (y < 0 || (y === 0 && x < 0))),
  )
  const values = new Int32Array(mask.values.length)
  const eachRow = (visit: (row: number, wideRow: number) => void): void => {
    for (let z = 0; z < nz; z++)
      for (let y = 0; y < ny; y++) visit(nx * (y + ny * z), 1 + wide[0] * (y + 1 + wide[1] * (z + rim)))
  }
  const count = inWorkspace(componentBytes * wide[0] * wide[1] * wide[2], (workspace) => {
    const { mask: inside, run, numbered } = componentsBy(workspace, wide, before)
    inside.fill(0)
    eachRow((row, wideRow) => inside.set(mask.values.subarray(row, row + nx), wideRow))
    const parts = run()
    const numbers = numbered(0)
    eachRow((row, wideRow) => values.set(numbers.subarray(wideRow, wideRow + nx), row))
    return parts
  })
  return { ...gridOf(mask), values, count }
}
