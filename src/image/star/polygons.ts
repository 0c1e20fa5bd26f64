import { rayDirection } from "./targets.ts"

/** Star-convex polygons: a centre each, and how far they reach along rays. */
export interface StarPolygons {
  readonly count: number
  readonly rayCount: number
  /** [polygon] [pixel] */
  readonly x: Float64Array
  readonly y: Float64Array
  /** [polygon] */
  readonly probability: Float64Array
  /** [polygon, ray] > 0 [pixel] */
  readonly reach: Float32Array
}

/** Corners of one polygon. */
export interface Corners {
  /** [ray] [pixel] */
  readonly x: Float64Array
  readonly y: Float64Array
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /** [pixel²] */
  readonly area: number
}

const directionsOf = (rayCount: number): Float64Array =>
  Float64Array.from({ length: 2 * rayCount }, (_, k) => rayDirection(k >> 1, rayCount)[k & 1])

/** A function that gives the corners of each of some polygons. */
export const cornersOf = ({ rayCount, x, y, reach }: StarPolygons): ((polygon: number) => Corners) => {
  const directions = directionsOf(rayCount)
  return (polygon) => {
    const px = new Float64Array(rayCount)
    const py = new Float64Array(rayCount)
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
    for (let ray = 0; ray < rayCount; ray++) {
      const way = reach[polygon * rayCount + ray]
      const cx = x[polygon] + way * directions[2 * ray]
      const cy = y[polygon] + way * directions[2 * ray + 1]
      px[ray] = cx
      py[ray] = cy
      left = Math.min(left, cx)
      right = Math.max(right, cx)
      top = Math.min(top, cy)
      bottom = Math.max(bottom, cy)
    }
    let twice = 0
    for (let k = 0, last = rayCount - 1; k < rayCount; last = k++) twice += px[last] * py[k] - px[k] * py[last]
    return { x: px, y: py, left, right, top, bottom, area: Math.abs(twice) / 2 }
  }
}

/**
 * Polygons of an image in the pixels of another one over the same field.
 * @param scale pixels of the first along an edge of a pixel of the second, across and down; nearly the same
 */
export const scaledPolygons = (polygons: StarPolygons, [sx, sy]: readonly [number, number]): StarPolygons => ({
  ...polygons,
  x: polygons.x.map((x) => (x + 0.5) / sx - 0.5),
  y: polygons.y.map((y) => (y + 0.5) / sy - 0.5),
  reach: polygons.reach.map((way) => way / Math.sqrt(sx * sy)),
})

/** ∫ min(of two straight lines) over a stretch where they have the values a0 … a1 and b0 … b1. */
const integralOfLower = (a0: number, a1: number, b0: number, b1: number, length: number): number => {
  const [d0, d1] = [a0 - b0, a1 - b1]
  if (d0 <= 0 && d1 <= 0) return ((a0 + a1) / 2) * length
  if (d0 >= 0 && d1 >= 0) return ((b0 + b1) / 2) * length
  // They cross at t of the stretch.
  const t = d0 / (d0 - d1)
  const middle = a0 + t * (a1 - a0)
  return d0 < 0
    ? ((t * (a0 + middle) + (1 - t) * (middle + b1)) / 2) * length
    : ((t * (b0 + middle) + (1 - t) * (middle + a1)) / 2) * length
}

/** Area that the boxes around two polygons share, at least that of the polygons. @returns [pixel²] */
const sharedBox = (one: Corners, other: Corners): number =>
  Math.max(0, Math.min(one.right, other.right) - Math.max(one.left, other.left)) *
  Math.max(0, Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top))

/**
 * Area that two simple polygons share, exact but for rounding: each is the signed sum of the strips between its edges
 * and a line below both, and two strips share the area under the lower edge. @returns [pixel²]
 */
export const sharedArea = (one: Corners, other: Corners): number => {
  const left = Math.max(one.left, other.left)
  const right = Math.min(one.right, other.right)
  if (left >= right || one.top >= other.bottom || other.top >= one.bottom) return 0
  const base = Math.min(one.top, other.top)
  let sum = 0
  const [n, m] = [one.x.length, other.x.length]
  const { x: px, y: py } = other
  // What every edge of the first asks of the second's, once: there are as many pairs as takes nearly all of the time.
  const edges = new Float64Array(5 * m)
  for (let j = 0, last = m - 1, e = 0; j < m; last = j++, e += 5) {
    const v0 = py[last] - base
    edges[e] = Math.min(px[last], px[j])
    edges[e + 1] = Math.max(px[last], px[j])
    edges[e + 2] = px[last]
    edges[e + 3] = v0
    edges[e + 4] = (py[j] - base - v0) / (px[j] - px[last])
  }
  for (let i = 0, before = n - 1; i < n; before = i++) {
    const [x0, x1] = [one.x[before], one.x[i]]
    const from = Math.max(Math.min(x0, x1), left)
    const to = Math.min(Math.max(x0, x1), right)
    if (from >= to) continue
    const y0 = one.y[before] - base
    const slope = (one.y[i] - base - y0) / (x1 - x0)
    let part = 0
    for (let e = 0; e < 5 * m; e += 5) {
      const low = edges[e] > from ? edges[e] : from
      const high = edges[e + 1] < to ? edges[e + 1] : to
      if (low >= high) continue
      const u0 = edges[e + 2]
      const v0 = edges[e + 3]
      const rise = edges[e + 4]
      const area = integralOfLower(
        y0 + slope * (low - x0),
        y0 + slope * (high - x0),
        v0 + rise * (low - u0),
        v0 + rise * (high - u0),
        high - low,
      )
      part += u0 < edges[e + 1] ? area : -area
    }
    sum += x0 < x1 ? part : -part
  }
  return Math.max(0, sum)
}

/**
 * The polygons that stay when, from the most probable down, each takes out all that share more than a part of the
 * smaller of both with it.
 * @param most tolerated share, 0 … 1
 * @returns    their numbers, the most probable first; of equal ones the first
 * @source U. Schmidt et al., MICCAI (2018) 265–273, doi:10.1007/978-3-030-00934-2_30, non-maximum suppression
 */
export const suppressed = (polygons: StarPolygons, most: number): readonly number[] => {
  const { count, probability, x, y } = polygons
  const order = Array.from({ length: count }, (_, k) => k).sort((a, b) => probability[b] - probability[a] || a - b)
  const corners = Array.from({ length: count }, (_, k) => k).map(cornersOf(polygons))
  // Polygons by the square in which their centre lies; those of others can only meet within the longest reach.
  const reach = corners.map((one, k) => Math.max(one.right - x[k], x[k] - one.left, one.bottom - y[k], y[k] - one.top))
  const longest = reach.reduce((so, value) => Math.max(so, value), 1)
  const edge = Math.max(1, longest / 4)
  const cells = new Map<number, number[]>()
  const cellOf = (px: number, py: number): number => Math.floor(px / edge) + 2 ** 20 * Math.floor(py / edge)
  for (let k = 0; k < count; k++) {
    const cell = cellOf(x[k], y[k])
    const list = cells.get(cell)
    if (list === undefined) cells.set(cell, [k])
    else list.push(k)
  }
  const isOut = new Uint8Array(count)
  const kept: number[] = []
  for (const k of order) {
    if (isOut[k] !== 0) continue
    kept.push(k)
    isOut[k] = 1
    const wide = Math.ceil((reach[k] + longest) / edge)
    const [cx, cy] = [Math.floor(x[k] / edge), Math.floor(y[k] / edge)]
    for (let row = cy - wide; row <= cy + wide; row++)
      for (let column = cx - wide; column <= cx + wide; column++) {
        const list = cells.get(column + 2 ** 20 * row)
        if (list === undefined) continue
        for (const other of list) {
          if (isOut[other] !== 0) continue
          const limit = most * Math.min(corners[k].area, corners[other].area)
          // Where even their boxes share less, with room for round-off, there is nothing to compute.
          if (sharedBox(corners[k], corners[other]) < (1 - 1e-9) * limit) continue
          if (sharedArea(corners[k], corners[other]) > limit) isOut[other] = 1
        }
      }
  }
  return kept
}
