import { type Box, boxShape, type Triple } from "../image/brick.ts"
import type { VoxelArray } from "./volume-source.ts"

/** Values of a box of a volume; x runs fastest. */
export interface BoxOfValues extends Box {
  /** [voxel] */
  readonly values: VoxelArray
}

/** The part that two boxes share, or undefined. */
export const sharedPart = (a: Box, b: Box): Box | undefined => {
  const from = a.from.map((start, axis) => Math.max(start, b.from[axis])) as unknown as Triple
  const to = a.to.map((end, axis) => Math.min(end, b.to[axis])) as unknown as Triple
  return from.every((start, axis) => start < to[axis]) ? { from, to } : undefined
}

/** Copies what two boxes share from one to the other. */
export const copySharedInto = (source: BoxOfValues, out: BoxOfValues): void => {
  const part = sharedPart(source, out)
  if (part !== undefined) copyPartInto(part, source, out)
}

/** Copies a part that lies in both boxes; what lies in one piece in both is copied at once. */
export const copyPartInto = (part: Box, source: BoxOfValues, out: BoxOfValues): void => {
  const [sx, sy] = boxShape(source)
  const [ox, oy] = boxShape(out)
  const [length, height, depth] = boxShape(part)
  const areRowsWhole = length === sx && length === ox
  const arePlanesWhole = areRowsWhole && height === sy && height === oy
  const rows = areRowsWhole ? height : 1
  const planes = arePlanesWhole ? depth : 1
  const run = length * rows * planes
  for (let z = part.from[2]; z < part.to[2]; z += planes)
    for (let y = part.from[1]; y < part.to[1]; y += rows) {
      const at = part.from[0] - source.from[0] + sx * (y - source.from[1] + sy * (z - source.from[2]))
      const to = part.from[0] - out.from[0] + ox * (y - out.from[1] + oy * (z - out.from[2]))
      out.values.set(source.values.subarray(at, at + run), to)
    }
}

/** @throws where a box is empty or reaches out of a grid */
export const assertInside = (shape: Triple, { from, to }: Box): void => {
  for (const axis of [0, 1, 2] as const) {
    const [start, end] = [from[axis], to[axis]]
    if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= shape[axis])) {
      throw new RangeError(`no box of a volume of ${shape.join(" × ")} voxels: ${from.join()} … ${to.join()}`)
    }
  }
}
