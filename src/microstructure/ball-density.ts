import type { Triple } from "../image/brick.ts"
import { cubeAround, windowCounter } from "../particles/density-windows.ts"
import type { Packing } from "./packing.ts"

/** Cells across the smallest radius: a ball by itself is off by 2 % at most, many less */
const cellsPerRadius = 10
/** Cells of the lattice at most, beyond which they grow */
const mostCells = 5e7

/**
 * Share of particles in the cube about each particle's centre, between collector and separator: as `particles` counts the
 * voxels of a volume, on a lattice. A packing that repeats itself does so here as well; walls end the cube.
 * Cost by the cells of the lattice; memory is one layer of it.
 * @param edge of the cubes [m]
 */
export const packingDensity = (packing: Packing, edge: number): Float64Array => {
  const { count, width, thickness, isPeriodic, centre, radius } = packing
  if (!isPeriodic) return boxDensity(centre, radius, count, [width, width, thickness], edge)
  // The balls themselves come first, then what repeats them, all moved into a box with half a cube around.
  const around = edge / 2
  const balls: number[] = []
  const radii: number[] = []
  const add = (ball: number, dx: number, dy: number): void => {
    balls.push(centre[3 * ball] + dx + around, centre[3 * ball + 1] + dy + around, centre[3 * ball + 2])
    radii.push(radius[ball])
  }
  for (let ball = 0; ball < count; ball++) add(ball, 0, 0)
  const repeats = Math.ceil((around + radius.reduce((most, own) => Math.max(most, own), 0)) / width)
  for (let i = -repeats; i <= repeats; i++)
    for (let j = -repeats; j <= repeats; j++)
      if (i !== 0 || j !== 0) for (let ball = 0; ball < count; ball++) add(ball, i * width, j * width)
  return boxDensity(balls, radii, count, [width + edge, width + edge, thickness], edge)
}

/** @param count of balls about which to count, the first ones */
const boxDensity = (
  centre: ArrayLike<number>,
  radius: ArrayLike<number>,
  count: number,
  extent: Triple,
  edge: number,
): Float64Array => {
  let smallest = Infinity
  for (let ball = 0; ball < count; ball++) smallest = Math.min(smallest, radius[ball])
  const cell = Math.max(smallest / cellsPerRadius, Math.cbrt((extent[0] * extent[1] * extent[2]) / mostCells))
  const cells = (length: number): number => Math.max(1, Math.round(length / cell))
  const shape: Triple = [cells(extent[0]), cells(extent[1]), cells(extent[2])]
  const spacing: Triple = [extent[0] / shape[0], extent[1] / shape[1], extent[2] / shape[2]]
  const centreOf = (ball: number): Triple => [centre[3 * ball], centre[3 * ball + 1], centre[3 * ball + 2]]
  const boxes = Array.from({ length: count }, (_, ball) => cubeAround(centreOf(ball), edge, spacing))
  const counter = windowCounter({ shape, spacing }, boxes)
  const layer = new Uint8Array(shape[0] * shape[1])
  for (let z = 0; z < shape[2]; z++) {
    layer.fill(0)
    for (let ball = 0; ball < radius.length; ball++)
      addSection(layer, shape, spacing, centreOf(ball), radius[ball], (z + 0.5) * spacing[2])
    counter.addLayer(layer)
  }
  return counter.shares()
}

/** Marks the cells of a layer whose centres lie in a ball. */
const addSection = (
  layer: Uint8Array,
  [nx, ny]: Triple,
  [dx, dy]: Triple,
  [cx, cy, cz]: Triple,
  radius: number,
  height: number,
): void => {
  const square = radius * radius - (height - cz) ** 2
  if (!(square > 0)) return
  const reach = Math.sqrt(square)
  for (let y = Math.max(0, Math.ceil((cy - reach) / dy - 0.5)); y < ny && (y + 0.5) * dy <= cy + reach; y++) {
    const half = Math.sqrt(Math.max(0, square - ((y + 0.5) * dy - cy) ** 2))
    const from = Math.max(0, Math.ceil((cx - half) / dx - 0.5))
    const to = Math.min(nx, Math.floor((cx + half) / dx - 0.5) + 1)
    if (to > from) layer.fill(1, y * nx + from, y * nx + to)
  }
}
