import { addToBand, bandMatrix, solveBand } from "./band.ts"

/** How smooth a fitted boundary is, in pixels. */
export interface FitOptions {
  /** Bends shorter than this are smoothed unless the pixels insist [pixel] */
  readonly smoothing: number
  /** A boundary may pass a pixel's centre on the wrong side by this much before it is allowed to bend more [pixel] */
  readonly tolerance: number
}

/** The pixel centres beside a boundary, in its order. */
export interface Witnesses {
  /** [witness, 2] [pixel] */
  readonly position: Float64Array
  /** [witness] +1 to the right of the boundary, −1 to the left. */
  readonly side: Int8Array
  /** [witness] distance that the boundary is to keep from it [pixel] */
  readonly margin: Float64Array
}

/** [node, 2] [pixel]; a closed curve does not repeat its first node. */
export interface Polyline {
  readonly points: Float64Array
  readonly closed: boolean
}

/** Softness of a pixel's vote [pixel] */
const softness = 0.05
const nodeSpacing = 0.6
const smoothingStep = 1.4
const smallestSmoothing = 3
const largestStep = 0.3

/** A curve under way, with the longest smoothing length each node may have [pixel]. */
interface Draft extends Polyline {
  readonly limit: Float64Array
}

/**
 * The smooth curve that parts the pixel centres on its two sides.
 *
 * Minimises ∫ (L/2π)⁶/τ (dκ/ds)² ds + Σ log(1 + exp(−d/τ)), where d is the distance by which a centre lies on its
 * right side. Circles cost nothing, so that radius and area are not biased by curvature. L grows in steps up to
 * `smoothing` and shrinks again around centres that end up on the wrong side by more than `tolerance`.
 * @param start  polyline near the curve; the ends of an open one are free, or fixed with `fixedEnds`
 * @source H. P. Moreton, C. H. Séquin, SIGGRAPH Computer Graphics 26 (1992) 167–176 (minimum-variation curves);
 *   S. F. F. Gibson, MICCAI (1998) 888–898 (surface nets that keep to their side of the voxels)
 */
export const fitCurve = (start: Polyline, witnesses: Witnesses, options: FitOptions, fixedEnds: boolean): Polyline => {
  let draft = resampled({ ...start, limit: new Float64Array(start.points.length / 2).fill(options.smoothing) })
  const feet = new Float64Array(witnesses.side.length).fill(-1)
  let goal = Math.min(smallestSmoothing, options.smoothing)
  for (;;) {
    for (let round = 0; round < 4; round++) {
      for (let step = 0; step < 4; step++) draft = improved(resampled(draft), witnesses, feet, goal, fixedEnds)
      if (relax(draft, witnesses, feet, goal, options.tolerance) === 0) break
    }
    if (goal >= options.smoothing) break
    goal = Math.min(goal * smoothingStep, options.smoothing)
  }
  for (let step = 0; step < 4; step++) draft = improved(resampled(draft), witnesses, feet, goal, fixedEnds)
  return draft
}

/** Nodes at equal distances along the same polyline. */
const resampled = ({ points, closed, limit }: Draft): Draft => {
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
  const out = { points: new Float64Array(2 * nodes), closed, limit: new Float64Array(nodes) }
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
  }
  return out
}

/** Nearest point of the polyline to a witness: piece + share, signed distance to the right, searched around a guess. */
const footOf = ({ points, closed }: Polyline, x: number, y: number, guess: number, reach: number): Foot => {
  const count = points.length / 2
  const pieces = closed ? count : count - 1
  let best: Foot = { piece: 0, share: 0, right: 0, nx: 0, ny: 0 }
  let nearest = Infinity
  const centre = Math.floor(guess)
  for (let offset = -reach; offset <= reach; offset++) {
    let piece = centre + offset
    if (closed) piece = ((piece % pieces) + pieces) % pieces
    else if (piece < 0 || piece >= pieces) continue
    const a = 2 * piece
    const b = 2 * ((piece + 1) % count)
    const ux = points[b] - points[a]
    const uy = points[b + 1] - points[a + 1]
    const length2 = ux * ux + uy * uy
    const dx = x - points[a]
    const dy = y - points[a + 1]
    const share = Math.min(1, Math.max(0, (dx * ux + dy * uy) / length2))
    const distance = Math.hypot(dx - share * ux, dy - share * uy)
    if (distance >= nearest) continue
    nearest = distance
    const length = Math.sqrt(length2)
    best = { piece, share, right: dx * uy - dy * ux > 0 ? distance : -distance, nx: uy / length, ny: -ux / length }
  }
  return best
}

interface Foot {
  readonly piece: number
  readonly share: number
  /** Distance to the right of the curve, negative to the left. */
  readonly right: number
  readonly nx: number
  readonly ny: number
}

/** One damped Newton step along the normals. */
const improved = (
  draft: Draft,
  { position, side, margin }: Witnesses,
  feet: Float64Array,
  goal: number,
  fixedEnds: boolean,
): Draft => {
  const { points, closed, limit } = draft
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
    const known = feet[w] >= 0
    const guess = known ? feet[w] * pieces : ((w + 0.5) / witnessCount) * pieces
    const foot = footOf(draft, position[2 * w], position[2 * w + 1], guess, known ? 8 : pieces)
    feet[w] = (foot.piece + 0.5) / pieces
    const a = foot.piece
    const b = closed ? (a + 1) % count : a + 1
    const vote = Math.max(-40, Math.min(40, (side[w] * foot.right - margin[w]) / softness))
    const wrong = 1 / (1 + Math.exp(vote))
    const pull = (side[w] * wrong) / softness
    const curve = (wrong * (1 - wrong)) / (softness * softness)
    // Moving a node right by d makes the witness lie d less to the right.
    const p = 1 - foot.share
    const q = foot.share
    right[slot(a)] -= pull * p
    right[slot(b)] -= pull * q
    addToBand(matrix, slot(a), slot(a), curve * p * p)
    addToBand(matrix, slot(b), slot(b), curve * q * q)
    addToBand(matrix, slot(a), slot(b), curve * p * q)
  }
  for (let k = 0; k < count; k++) {
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
  return { points: out, closed, limit }
}

/** Shortens the smoothing around witnesses on the wrong side; the number of those that could still be helped. */
const relax = (
  draft: Draft,
  { position, side, margin }: Witnesses,
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
    const foot = footOf(draft, position[2 * w], position[2 * w + 1], feet[w] * pieces, 8)
    if (side[w] * foot.right > Math.min(margin[w], 0.1) - (margin[w] > 0 ? 0 : tolerance)) continue
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
