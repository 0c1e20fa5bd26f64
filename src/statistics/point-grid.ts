/** Points of space sorted into equal cells, so that near ones are found without looking at all. */
export interface PointGrid {
  /** [point, 3] [m] */
  readonly points: Float64Array
  /** Corner of the first cell [m] */
  readonly origin: readonly [number, number, number]
  /** Edge of a cell [m] */
  readonly cell: number
  /** Cells along x, y and z */
  readonly shape: readonly [number, number, number]
  /** [cell + 1] where the points of a cell begin in `order` */
  readonly start: Int32Array
  /** [point] sorted by cell, in rising order within each */
  readonly order: Int32Array
}

const cellAlong = ({ origin, cell, shape }: PointGrid, axis: 0 | 1 | 2, at: number): number =>
  Math.min(shape[axis] - 1, Math.max(0, Math.floor((at - origin[axis]) / cell)))

/** Lowest corner and extents of the box around some points [m]. */
const boundsOf = (points: Float64Array): { readonly low: number[]; readonly extent: number[] } => {
  const [low, extent] = [
    [0, 0, 0],
    [0, 0, 0],
  ]
  if (points.length === 0) return { low, extent }
  for (let axis = 0; axis < 3; axis++) {
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let at = axis; at < points.length; at += 3) {
      if (!Number.isFinite(points[at])) throw new RangeError(`point ${(at - axis) / 3} is not finite`)
      min = Math.min(min, points[at])
      max = Math.max(max, points[at])
    }
    low[axis] = min
    extent[axis] = max - min
  }
  return { low, extent }
}

/**
 * Sorts points into cells.
 * @param points  [point, 3] finite [m]
 * @param cell    wished edge of a cell, > 0; larger where there would be many more cells than points [m]
 */
export const pointGrid = (points: Float64Array, cell: number): PointGrid => {
  if (!(cell > 0)) throw new RangeError(`a cell has an edge of ${cell} m`)
  const count = points.length / 3
  const { low, extent } = boundsOf(points)
  let edge = cell
  const along = (axis: number): number => Math.floor(extent[axis] / edge) + 1
  while (along(0) * along(1) * along(2) > 4 * count + 64) edge *= 1.25
  const shape = [along(0), along(1), along(2)] as const
  const grid: PointGrid = {
    points,
    origin: [low[0], low[1], low[2]],
    cell: edge,
    shape,
    start: new Int32Array(shape[0] * shape[1] * shape[2] + 1),
    order: new Int32Array(count),
  }
  const cellOf = Int32Array.from({ length: count }, (_, point) => {
    const [x, y, z] = ([0, 1, 2] as const).map((axis) => cellAlong(grid, axis, points[3 * point + axis]))
    return x + shape[0] * (y + shape[1] * z)
  })
  for (const at of cellOf) grid.start[at + 1]++
  for (let at = 1; at < grid.start.length; at++) grid.start[at] += grid.start[at - 1]
  const next = grid.start.slice()
  for (let point = 0; point < count; point++) grid.order[next[cellOf[point]]++] = point
  return grid
}

const squaredBetween = (points: Float64Array, a: number, b: number): number =>
  (points[3 * a] - points[3 * b]) ** 2 +
  (points[3 * a + 1] - points[3 * b + 1]) ** 2 +
  (points[3 * a + 2] - points[3 * b + 2]) ** 2

/** Calls `visit` with every other point no further than `radius` from a point, and the squared distance. */
export const eachWithin = (
  grid: PointGrid,
  point: number,
  radius: number,
  visit: (other: number, squared: number) => void,
): void => {
  const { points, shape, start, order } = grid
  const range = ([0, 1, 2] as const).map((axis) => {
    const at = points[3 * point + axis]
    return [cellAlong(grid, axis, at - radius), cellAlong(grid, axis, at + radius)] as const
  })
  const limit = radius * radius
  for (let z = range[2][0]; z <= range[2][1]; z++)
    for (let y = range[1][0]; y <= range[1][1]; y++) {
      const row = shape[0] * (y + shape[1] * z)
      const end = start[row + range[0][1] + 1]
      for (let place = start[row + range[0][0]]; place < end; place++) {
        const other = order[place]
        if (other === point) continue
        const squared = squaredBetween(points, point, other)
        if (squared <= limit) visit(other, squared)
      }
    }
}

/**
 * [point] distance to the nearest other point; +∞ of a single one [m].
 * @param points  [point, 3] finite [m]
 */
export const nearestDistances = (points: Float64Array): Float64Array => {
  const count = points.length / 3
  const out = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  if (count < 2) return out
  const { extent } = boundsOf(points)
  const wide = extent.filter((length) => length > 0)
  const size = wide.reduce((product, length) => product * length, 1)
  const grid = pointGrid(points, wide.length === 0 ? 1 : (size / count) ** (1 / wide.length) || Math.max(...wide))
  const farthest = Math.hypot(...extent)
  for (let point = 0; point < count; point++) {
    let least = Number.POSITIVE_INFINITY
    for (let radius = grid.cell; ; radius *= 2) {
      eachWithin(grid, point, radius, (_, squared) => {
        if (squared < least) least = squared
      })
      if (least < Number.POSITIVE_INFINITY || radius > farthest) break
    }
    out[point] = Math.sqrt(least)
  }
  return out
}
