import { addToBand, bandMatrix, solveBand } from "./band.ts"

/** How smooth a fitted boundary is, in pixels. */
export interface FitOptions {
  /** Bends shorter than this are smoothed unless the pixels insist [pixel] */
  readonly smoothing: number
  /** A boundary may pass a pixel's centre on the wrong side by this much before it is allowed to bend more [pixel] */
  readonly tolerance: number
}

/** The pixel centres beside a boundary, or points on it, in its order. */
export interface Witnesses {
  /** [witness, 2] [pixel] */
  readonly position: Float64Array
  /** [witness] +1 to the right of the boundary, −1 to the left, 0 for a point that lies on it. */
  readonly side: Int8Array
  /** [witness] distance that the boundary is to keep from it [pixel] */
  readonly margin: Float64Array
  /** [witness] standard deviation of a point that lies on the boundary, 0 for a pixel's centre [pixel] */
  readonly spread: Float64Array
}

/** [node, 2] [pixel]; a closed curve does not repeat its first node. */
export interface Polyline {
  readonly points: Float64Array
  readonly closed: boolean
}

/** Softness of a pixel's vote [pixel] */
const softness = 0.05
/** Least standard deviation of a point known to lie on the boundary [pixel] */
const leastSpread = 0.1
/** How many standard deviations such a point may be off before the boundary bends more */
const deviations = 3
const nodeSpacing = 0.6
const smoothingStep = 1.4
const smallestSmoothing = 3
const largestStep = 0.3
/** [1/pixel²] */
const tetherStiffness = 1000

/** A curve under way. */
interface Draft extends Polyline {
  /** [node] longest smoothing length it may have [pixel] */
  readonly limit: Float64Array
  /** [node] where on the reference it belongs, as a share of its pieces */
  readonly home: Float64Array
}

/**
 * The smooth curve that parts the pixel centres on its two sides.
 *
 * Minimises ∫ (L/2π)⁶/τ (dκ/ds)² ds + Σ log(1 + exp(−d/τ)), where d is the distance by which a centre lies on its
 * right side (or ½ (d/spread)² for a point on the curve). Circles cost nothing, so that radius and area are not biased by curvature. L grows in steps up to
 * `smoothing` and shrinks again around centres that end up on the wrong side by more than `tolerance`.
 * Nodes stay within half a pixel and the tolerance of the reference: without that, loops of a circle are free.
 * @param start  polyline near the curve; the ends of an open one are free unless `ends` is given
 * @param reference  middles of the pixel edges that the boundary follows
 * @param ends  fixes both ends, with the longest smoothing allowed at the first and at the last [pixel]
 * @source H. P. Moreton, C. H. Séquin, SIGGRAPH Computer Graphics 26 (1992) 167–176 (minimum-variation curves);
 *   S. F. F. Gibson, MICCAI (1998) 888–898 (surface nets that keep to their side of the voxels)
 */
export const fitCurve = (
  start: Polyline,
  reference: Polyline,
  witnesses: Witnesses,
  options: FitOptions,
  ends?: readonly [number, number],
): Polyline => {
  const given = start.points.length / 2
  let draft = resampled({
    ...start,
    limit: new Float64Array(given).fill(options.smoothing),
    home: Float64Array.from({ length: given }, (_, k) => k / given),
  })
  const tether = { line: reference, reach: 0.5 + options.tolerance }
  const fixedEnds = ends !== undefined
  if (fixedEnds) {
    // A stiffness that is held down at an end comes back as fast as the distance from it grows.
    const last = draft.limit.length - 1
    draft.limit.forEach((limit, k) => {
      draft.limit[k] = Math.min(limit, ends[0] + k * nodeSpacing, ends[1] + (last - k) * nodeSpacing)
    })
  }
  const feet = Float64Array.from(witnesses.side, (_, w) => (w + 0.5) / witnesses.side.length)
  let goal = Math.min(smallestSmoothing, options.smoothing)
  for (;;) {
    for (let round = 0; round < 4; round++) {
      for (let step = 0; step < 4; step++) draft = improved(resampled(draft), witnesses, feet, tether, goal, fixedEnds)
      if (relax(draft, witnesses, feet, goal, options.tolerance) === 0) break
    }
    if (goal >= options.smoothing) break
    goal = Math.min(goal * smoothingStep, options.smoothing)
  }
  for (let step = 0; step < 4; step++) draft = improved(resampled(draft), witnesses, feet, tether, goal, fixedEnds)
  return draft
}

/** Nodes at equal distances along the same polyline. */
const resampled = ({ points, closed, limit, home }: Draft): Draft => {
  const count = points.length / 2
  const pieces = closed ? count : count - 1
  const along = new Float64Array(pieces + 1)
  for (let k = 0; k < pieces; k++) {
    const a = 2 * k
    const b = 2 * ((k + 1) % count)
    along[k + 1] = along[k] + Math.hypot(points[b] - points[a], points[b + 1] - points[a + 1])
  }
  const parts = Math.max(closed ? 7 : 2, Math.round(along[pieces] / nodeSpacing))
  const nodes = closed ? parts : parts + 1
  const out = {
    points: new Float64Array(2 * nodes),
    closed,
    limit: new Float64Array(nodes),
    home: new Float64Array(nodes),
  }
  let piece = 0
  for (let k = 0; k < nodes; k++) {
    const wanted = (k / parts) * along[pieces]
    while (piece < pieces - 1 && along[piece + 1] < wanted) piece++
    const share = Math.min(1, (wanted - along[piece]) / (along[piece + 1] - along[piece]))
    const a = piece
    const b = (piece + 1) % count
    for (let axis = 0; axis < 2; axis++) {
      out.points[2 * k + axis] = points[2 * a + axis] + share * (points[2 * b + axis] - points[2 * a + axis])
    }
    out.limit[k] = limit[a] + share * (limit[b] - limit[a])
    out.home[k] = home[share < 0.5 ? a : b]
  }
  return out
}

/** Where a witness meets the curve; one object is reused. */
interface Foot {
  piece: number
  share: number
  /** Distance to the right of the curve, negative to the left [pixel] */
  right: number
  distance: number
  x: number
  y: number
}

const foot: Foot = { piece: 0, share: 0, right: 0, distance: 0, x: 0, y: 0 }

/** What keeps a curve near the pixel edges it came from. */
interface Tether {
  readonly line: Polyline
  /** Distance that costs nothing [pixel] */
  readonly reach: number
}

/** Finds the nearest point of the polyline on the pieces around a guess, and on all pieces if that is far off. */
const findFoot = (line: Polyline, x: number, y: number, guess: number, reach: number): void => {
  const pieces = pieceCount(line)
  foot.distance = Infinity
  if (2 * reach < pieces) searchFoot(line, x, y, Math.floor(guess) - reach, Math.floor(guess) + reach, pieces)
  if (foot.distance > 1.5) searchFoot(line, x, y, 0, pieces - 1, pieces)
}

const pieceCount = ({ points, closed }: Polyline): number => points.length / 2 - (closed ? 0 : 1)

const searchFoot = (line: Polyline, x: number, y: number, from: number, to: number, pieces: number): void => {
  const { points, closed } = line
  const size = points.length
  let nearest = foot.distance * foot.distance
  const [first, last] = closed ? [from, to] : [Math.max(0, from), Math.min(pieces - 1, to)]
  let piece = closed ? (((first % pieces) + pieces) % pieces) - 1 : first - 1
  for (let k = first; k <= last; k++) {
    if (++piece === pieces) piece = 0
    const a = 2 * piece
    const b = a + 2 === size ? 0 : a + 2
    const ux = points[b] - points[a]
    const uy = points[b + 1] - points[a + 1]
    const dx = x - points[a]
    const dy = y - points[a + 1]
    const along = (dx * ux + dy * uy) / (ux * ux + uy * uy)
    const share = along > 0 ? (along < 1 ? along : 1) : 0
    const ex = dx - share * ux
    const ey = dy - share * uy
    const distance2 = ex * ex + ey * ey
    if (distance2 >= nearest) continue
    nearest = distance2
    foot.piece = piece
    foot.share = share
    foot.distance = Math.sqrt(distance2)
    foot.x = points[a] + share * ux
    foot.y = points[a + 1] + share * uy
    foot.right = dx * uy - dy * ux > 0 ? foot.distance : -foot.distance
  }
}

/** One damped Newton step along the normals. */
const improved = (
  draft: Draft,
  { position, side, margin, spread }: Witnesses,
  feet: Float64Array,
  tether: Tether,
  goal: number,
  fixedEnds: boolean,
): Draft => {
  const { points, closed, limit, home } = draft
  const count = points.length / 2
  const pieces = closed ? count : count - 1
  const at = (k: number): number => 2 * (closed ? (k + count) % count : k)
  const normal = new Float64Array(2 * count)
  const curvature = new Float64Array(count)
  let spacing = 0
  for (let k = 0; k < pieces; k++) {
    spacing += Math.hypot(points[at(k + 1)] - points[2 * k], points[at(k + 1) + 1] - points[2 * k + 1]) / pieces
  }
  for (let k = 0; k < count; k++) {
    const a = closed || k > 0 ? at(k - 1) : 2 * k
    const b = closed || k < count - 1 ? at(k + 1) : 2 * k
    const tx = points[b] - points[a]
    const ty = points[b + 1] - points[a + 1]
    const length = Math.hypot(tx, ty) || 1
    normal[2 * k] = ty / length
    normal[2 * k + 1] = -tx / length
    if (a === 2 * k || b === 2 * k) continue
    const ux = points[2 * k] - points[a]
    const uy = points[2 * k + 1] - points[a + 1]
    const vx = points[b] - points[2 * k]
    const vy = points[b + 1] - points[2 * k + 1]
    curvature[k] = Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy) / spacing
  }
  // Folding a closed curve keeps its matrix banded.
  const slot = (k: number): number => (closed ? (2 * k < count ? 2 * k : 2 * (count - 1 - k) + 1) : k)
  const matrix = bandMatrix(count, closed ? 7 : 3)
  const right = new Float64Array(count)
  const second = 1 / (spacing * spacing)
  const node = [0, 0, 0, 0]
  const weight = [0, 0, 0, 0]
  for (let k = closed ? 0 : 1; k < (closed ? count : count - 2); k++) {
    for (let m = 0; m < 4; m++) node[m] = at(k - 1 + m) / 2
    const [, one, other] = node
    // Change of (κ_{k+1} − κ_k)/h with the four displacements, δκ = −d″ − κ²d.
    weight[0] = second / spacing
    weight[1] = (-3 * second + curvature[one] ** 2) / spacing
    weight[2] = (3 * second - curvature[other] ** 2) / spacing
    weight[3] = -second / spacing
    const variation = (curvature[other] - curvature[one]) / spacing
    const scale = Math.min(goal, (limit[one] + limit[other]) / 2)
    const stiffness = (spacing * (scale / (2 * Math.PI)) ** 6) / softness
    for (let m = 0; m < 4; m++) {
      right[slot(node[m])] -= stiffness * variation * weight[m]
      for (let n = 0; n <= m; n++) {
        addToBand(matrix, slot(node[m]), slot(node[n]), stiffness * weight[m] * weight[n])
      }
    }
  }
  const witnessCount = side.length
  for (let w = 0; w < witnessCount; w++) {
    findFoot(draft, position[2 * w], position[2 * w + 1], feet[w] * pieces, 4)
    feet[w] = (foot.piece + 0.5) / pieces
    const a = foot.piece
    const b = closed ? (a + 1) % count : a + 1
    const onCurve = side[w] === 0
    const vote = Math.max(-40, Math.min(40, (side[w] * foot.right - margin[w]) / softness))
    const wrong = 1 / (1 + Math.exp(vote))
    const certainty = 1 / Math.max(leastSpread, spread[w]) ** 2
    const pull = onCurve ? -foot.right * certainty : (side[w] * wrong) / softness
    const curve = onCurve ? certainty : (wrong * (1 - wrong)) / (softness * softness)
    // Moving a node right by d makes the witness lie d less to the right.
    const p = 1 - foot.share
    const q = foot.share
    right[slot(a)] -= pull * p
    right[slot(b)] -= pull * q
    addToBand(matrix, slot(a), slot(a), curve * p * p)
    addToBand(matrix, slot(b), slot(b), curve * q * q)
    addToBand(matrix, slot(a), slot(b), curve * p * q)
  }
  const homes = pieceCount(tether.line)
  for (let k = 0; k < count; k++) {
    findFoot(tether.line, points[2 * k], points[2 * k + 1], home[k] * homes, 4)
    home[k] = (foot.piece + 0.5) / homes
    const excess = foot.distance - tether.reach
    if (excess > 0) {
      const along =
        ((points[2 * k] - foot.x) * normal[2 * k] + (points[2 * k + 1] - foot.y) * normal[2 * k + 1]) / foot.distance
      right[slot(k)] -= tetherStiffness * excess * along
      addToBand(matrix, slot(k), slot(k), tetherStiffness * along * along)
    }
    const pinned = !closed && fixedEnds && (k === 0 || k === count - 1)
    addToBand(matrix, slot(k), slot(k), pinned ? 1e12 : 0.5)
  }
  solveBand(matrix, right)
  const out = new Float64Array(points)
  for (let k = 0; k < count; k++) {
    const pinned = !closed && fixedEnds && (k === 0 || k === count - 1)
    const shift = pinned ? 0 : Math.max(-largestStep, Math.min(largestStep, right[slot(k)]))
    out[2 * k] += shift * normal[2 * k]
    out[2 * k + 1] += shift * normal[2 * k + 1]
  }
  return { points: out, closed, limit, home }
}

/** Shortens the smoothing around witnesses on the wrong side; the number of those that could still be helped. */
const relax = (
  draft: Draft,
  { position, side, margin, spread }: Witnesses,
  feet: Float64Array,
  goal: number,
  tolerance: number,
): number => {
  const { points, closed, limit } = draft
  const count = points.length / 2
  const pieces = closed ? count : count - 1
  const reach = Math.ceil(goal / 2 / nodeSpacing)
  const lowered = Float64Array.from(limit)
  let helped = 0
  for (let w = 0; w < side.length; w++) {
    findFoot(draft, position[2 * w], position[2 * w + 1], feet[w] * pieces, 4)
    const kept = margin[w] > 0 ? margin[w] - 0.05 : -tolerance
    if (side[w] === 0 ? foot.distance < Math.max(tolerance, deviations * spread[w]) : side[w] * foot.right > kept)
      continue
    let stiff = false
    for (let offset = -reach; offset <= reach; offset++) {
      let k = foot.piece + offset
      if (closed) k = ((k % count) + count) % count
      else if (k < 0 || k >= count) continue
      const now = Math.min(goal, limit[k])
      if (now > smallestSmoothing) stiff = true
      lowered[k] = Math.min(lowered[k], Math.max(smallestSmoothing, now / smoothingStep))
    }
    if (stiff) helped++
  }
  limit.set(lowered)
  return helped
}
