import type { SizeFunction } from "./sizing.ts"

/**
 * A boundary between two parts of the domain, given far more finely than it will be meshed. Open curves begin and
 * end in junctions, where the coordinates of all curves agree exactly.
 */
export interface Curve {
  /** [point, 2]; a closed curve does not repeat its first point [m] */
  readonly points: Float64Array
  readonly closed: boolean
  /** Wanted edge length along it, Infinity where only the surroundings count [m] */
  readonly length: number
  /** Code of the part on the left and on the right of it: a particle if ≥ 0, −1 where it does not say. */
  readonly left: number
  readonly right: number
  /** Whether chords are shifted so that they keep the area beside the curve; straight curves need no shift. */
  readonly bent: boolean
}

/** Distance along a curve from its first point to each point, and the whole length at the end. [point + 1] [m] */
export const stations = ({ points, closed }: Curve): Float64Array => {
  const count = points.length / 2
  const out = new Float64Array(count + 1)
  for (let k = 1; k <= count; k++) {
    if (k === count && !closed) {
      out[k] = out[k - 1]
      break
    }
    const a = 2 * (k - 1)
    const b = 2 * (k % count)
    out[k] = out[k - 1] + Math.hypot(points[b] - points[a], points[b + 1] - points[a + 1])
  }
  return out
}

/**
 * Distance from every point of every curve to the nearest piece of boundary it faces, no more than `reach`.
 *
 * Neighbours along the same curve do not count (path longer than twice the distance), nor does the other side of a
 * corner of more than about 14°, or of any corner within `reach` of it.
 * @returns [curve][point] [m]
 */
export const clearances = (curves: readonly Curve[], reach: number): Float64Array[] => {
  const along = curves.map(stations)
  const total = curves.reduce((sum, { points }) => sum + points.length / 2, 0)
  const owner = new Int32Array(total)
  const index = new Int32Array(total)
  const position = new Float64Array(2 * total)
  let filled = 0
  curves.forEach(({ points }, c) => {
    position.set(points, 2 * filled)
    for (let k = 0; k < points.length / 2; k++) {
      owner[filled] = c
      index[filled++] = k
    }
  })
  const buckets = bucketsOf(position, reach)
  const out = curves.map(({ points }) => new Float64Array(points.length / 2).fill(reach))
  for (let one = 0; one < total; one++) {
    const [c, k, x, y] = [owner[one], index[one], position[2 * one], position[2 * one + 1]]
    let nearest = reach
    const i = Math.floor((x - buckets.x0) / reach)
    const j = Math.floor((y - buckets.y0) / reach)
    for (let row = Math.max(0, j - 1); row <= Math.min(buckets.rows - 1, j + 1); row++) {
      const from = buckets.start[row * buckets.columns + Math.max(0, i - 1)]
      const to = buckets.start[row * buckets.columns + Math.min(buckets.columns - 1, i + 1) + 1]
      for (let m = from; m < to; m++) {
        const other = buckets.item[m]
        const dx = position[2 * other] - x
        const dy = position[2 * other + 1] - y
        const square = dx * dx + dy * dy
        if (square >= nearest * nearest) continue
        const distance = Math.sqrt(square)
        const d = owner[other]
        const way = path(curves, along, c, k, d, index[other])
        if (d === c ? way > 2 * distance : way > 8 * distance && way > reach) nearest = distance
      }
    }
    out[c][k] = nearest
  }
  return out
}

interface Buckets {
  readonly x0: number
  readonly y0: number
  readonly columns: number
  readonly rows: number
  /** [bucket + 1] first entry of a bucket in `item`; buckets of a row follow each other. */
  readonly start: Int32Array
  readonly item: Int32Array
}

/** Sorts points into square buckets. */
const bucketsOf = (position: Float64Array, side: number): Buckets => {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let k = 0; k < position.length; k += 2) {
    x0 = Math.min(x0, position[k])
    x1 = Math.max(x1, position[k])
    y0 = Math.min(y0, position[k + 1])
    y1 = Math.max(y1, position[k + 1])
  }
  const columns = Math.floor((x1 - x0) / side) + 1
  const rows = Math.floor((y1 - y0) / side) + 1
  const start = new Int32Array(columns * rows + 1)
  const bucket = new Int32Array(position.length / 2)
  for (let k = 0; k < bucket.length; k++) {
    bucket[k] = Math.floor((position[2 * k + 1] - y0) / side) * columns + Math.floor((position[2 * k] - x0) / side)
    start[bucket[k] + 1]++
  }
  for (let b = 0; b < columns * rows; b++) start[b + 1] += start[b]
  const next = start.slice()
  const item = new Int32Array(bucket.length)
  for (let k = 0; k < bucket.length; k++) item[next[bucket[k]]++] = k
  return { x0, y0, columns, rows, start, item }
}

/** Shortest way along the boundaries from one point to another, over one shared junction at most. */
const path = (
  curves: readonly Curve[],
  along: readonly Float64Array[],
  c: number,
  k: number,
  d: number,
  m: number,
): number => {
  const total = along[c][along[c].length - 1]
  if (c === d) {
    const direct = Math.abs(along[c][k] - along[c][m])
    return curves[c].closed ? Math.min(direct, total - direct) : direct
  }
  if (curves[c].closed || curves[d].closed) return Infinity
  const p = curves[c].points
  const q = curves[d].points
  const end = along[d][along[d].length - 1]
  let shortest = Infinity
  for (const [pi, toP] of [
    [0, along[c][k]],
    [p.length - 2, total - along[c][k]],
  ]) {
    for (const [qi, toQ] of [
      [0, along[d][m]],
      [q.length - 2, end - along[d][m]],
    ]) {
      if (p[pi] === q[qi] && p[pi + 1] === q[qi + 1]) shortest = Math.min(shortest, toP + toQ)
    }
  }
  return shortest
}

/**
 * Edge length that spans a share of the radius of curvature, no less than `floor` × the curve's usual length and no
 * more than that; curvature is taken over that length, so that small wiggles count little.
 * @returns [point], Infinity on straight curves [m]
 */
export const bendLengths = (curve: Curve, usual: number, share: number, floor: number): Float64Array => {
  const { points, closed } = curve
  const count = points.length / 2
  const out = new Float64Array(count).fill(Infinity)
  if (!curve.bent) return out
  const along = stations(curve)
  const total = along[count]
  // Windows of half the usual length on either side, in points: these are nearly evenly spaced.
  const step = Math.max(1, Math.round((usual / 2 / total) * count))
  for (let k = 0; k < count; k++) {
    if (!closed && (k < step || k + step >= count)) continue
    const a = 2 * ((k + count - step) % count)
    const b = 2 * ((k + step) % count)
    const ux = points[2 * k] - points[a]
    const uy = points[2 * k + 1] - points[a + 1]
    const vx = points[b] - points[2 * k]
    const vy = points[b + 1] - points[2 * k + 1]
    const turn = Math.abs(Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy))
    const radius = (Math.hypot(ux, uy) + Math.hypot(vx, vy)) / 2 / turn
    if (share * radius < usual) out[k] = Math.max(floor * usual, share * radius)
  }
  return out
}

/**
 * Points along a curve at the spacing a size function asks for; ends and closure are kept. Where the curve is bent,
 * inner points are moved along their normals so that the polygon encloses exactly the area of the fine curve.
 * @param fineness  multiplies the number of points
 * @returns [point, 2]; an open curve keeps both ends [m]
 */
export const resample = (curve: Curve, size: SizeFunction, fineness = 1): Float64Array => {
  const { points, closed } = curve
  const count = points.length / 2
  const pieces = closed ? count : count - 1
  const cost = new Float64Array(pieces + 1)
  for (let k = 0; k < pieces; k++) {
    const a = 2 * k
    const b = 2 * ((k + 1) % count)
    const length = Math.hypot(points[b] - points[a], points[b + 1] - points[a + 1])
    cost[k + 1] = cost[k] + length / size((points[a] + points[b]) / 2, (points[a + 1] + points[b + 1]) / 2)
  }
  const whole = cost[pieces]
  const loop = points[0] === points[points.length - 2] && points[1] === points[points.length - 1]
  const parts = Math.max(closed || loop ? 6 : curve.bent ? 2 : 1, Math.round(fineness * whole))
  const out = new Float64Array(2 * (closed ? parts : parts + 1))
  out[0] = points[0]
  out[1] = points[1]
  let piece = 0
  for (let k = 1; k < parts; k++) {
    const wanted = (k * whole) / parts
    while (piece < pieces - 1 && cost[piece + 1] < wanted) piece++
    const share = (wanted - cost[piece]) / (cost[piece + 1] - cost[piece])
    const a = 2 * piece
    const b = 2 * ((piece + 1) % count)
    out[2 * k] = points[a] === points[b] ? points[a] : points[a] + share * (points[b] - points[a])
    out[2 * k + 1] =
      points[a + 1] === points[b + 1] ? points[a + 1] : points[a + 1] + share * (points[b + 1] - points[a + 1])
  }
  if (!closed) {
    out[2 * parts] = points[points.length - 2]
    out[2 * parts + 1] = points[points.length - 1]
  }
  if (curve.bent) keepArea(out, points, closed)
  return out
}

/** Area swept by a polyline as seen from a point; for a closed one its enclosed area [m²]. */
const swept = (points: Float64Array, closed: boolean, x: number, y: number): number => {
  const count = points.length / 2
  let sum = 0
  for (let k = 0; k < (closed ? count : count - 1); k++) {
    const a = 2 * k
    const b = 2 * ((k + 1) % count)
    sum += (points[a] - x) * (points[b + 1] - y) - (points[b] - x) * (points[a + 1] - y)
  }
  return sum / 2
}

/**
 * Moves the inner points of chords so that they sweep the area of the fine curve: first by a twelfth of
 * curvature × length², which makes every chord right by itself, then by the small rest in proportion to length².
 */
const keepArea = (coarse: Float64Array, fine: Float64Array, closed: boolean): void => {
  const count = coarse.length / 2
  const [x, y] = fine
  const target = swept(fine, closed, x, y)
  const first = closed ? 0 : 1
  const last = closed ? count : count - 1
  const shift = new Float64Array(coarse.length)
  const push = new Float64Array(coarse.length)
  for (let k = first; k < last; k++) {
    const a = 2 * ((k + count - 1) % count)
    const b = 2 * ((k + 1) % count)
    const ux = coarse[2 * k] - coarse[a]
    const uy = coarse[2 * k + 1] - coarse[a + 1]
    const vx = coarse[b] - coarse[2 * k]
    const vy = coarse[b + 1] - coarse[2 * k + 1]
    const chord = Math.hypot(ux + vx, uy + vy) || 1
    const square = (ux * ux + uy * uy + vx * vx + vy * vy) / 2
    const turn = Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)
    const bend = (turn / Math.sqrt(square)) * (square / 12)
    shift[2 * k] = ((vy + uy) / chord) * bend
    shift[2 * k + 1] = (-(vx + ux) / chord) * bend
    push[2 * k] = ((vy + uy) / chord) * square
    push[2 * k + 1] = (-(vx + ux) / chord) * square
  }
  for (let k = 0; k < coarse.length; k++) coarse[k] += shift[k]
  // The area is a quadratic of the rest; a few Newton steps end at round-off.
  for (let step = 0; step < 4; step++) {
    let slope = 0
    for (let k = first; k < last; k++) {
      const a = 2 * ((k + count - 1) % count)
      const b = 2 * ((k + 1) % count)
      slope += (push[2 * k] * (coarse[b + 1] - coarse[a + 1]) - push[2 * k + 1] * (coarse[b] - coarse[a])) / 2
    }
    if (!(slope > 0)) return
    const factor = (target - swept(coarse, closed, x, y)) / slope
    for (let k = 0; k < coarse.length; k++) coarse[k] += factor * push[k]
  }
}
