import { orient2d } from "robust-predicates"

/** A chain of straight pieces; a closed one does not repeat its first point. */
export interface Chainlike {
  /** [point, 2] */
  readonly points: Float64Array
  readonly closed: boolean
}

export interface PolylineCrossing {
  readonly first: number
  readonly second: number
  readonly at: readonly [number, number]
}

interface Pieces {
  /** [piece] */
  readonly owner: number[]
  /** [piece, 4] x and y of both ends */
  readonly ends: number[]
  /** [piece] distance along its line to the piece's middle, and from there to the line's end */
  readonly before: number[]
  readonly after: number[]
  readonly closed: boolean[]
  readonly meanLength: number
}

/**
 * Pairs of polylines (or one with itself) with pieces that cross, or touch other than in a common end point.
 * @param clearance  pieces nearer than this count as well, unless the way along the lines between them is shorter
 *   than eight times that
 */
export const polylineCrossings = (lines: readonly Chainlike[], clearance = 0): PolylineCrossing[] => {
  const pieces = listPieces(lines)
  const { owner, ends } = pieces
  const bounds = [Infinity, Infinity, -Infinity, -Infinity]
  for (let k = 0; k < ends.length; k += 2) {
    bounds[0] = Math.min(bounds[0], ends[k])
    bounds[1] = Math.min(bounds[1], ends[k + 1])
    bounds[2] = Math.max(bounds[2], ends[k])
    bounds[3] = Math.max(bounds[3], ends[k + 1])
  }
  const span = Math.max(bounds[2] - bounds[0], bounds[3] - bounds[1])
  const cell = Math.max(2 * pieces.meanLength, 2 * clearance, span / 4000)
  const columns = Math.ceil(span / cell) + 4
  const slot = (value: number, axis: number): number => Math.floor((value - bounds[axis]) / cell) + 1
  const buckets = new Map<number, number[]>()
  const found = new Map<number, PolylineCrossing>()
  for (let piece = 0; piece < owner.length; piece++) {
    const [ax, ay, bx, by] = [ends[4 * piece], ends[4 * piece + 1], ends[4 * piece + 2], ends[4 * piece + 3]]
    const lastRow = slot(Math.max(ay, by) + clearance, 1)
    const lastColumn = slot(Math.max(ax, bx) + clearance, 0)
    for (let j = slot(Math.min(ay, by) - clearance, 1); j <= lastRow; j++) {
      for (let i = slot(Math.min(ax, bx) - clearance, 0); i <= lastColumn; i++) {
        const list = buckets.get(j * columns + i)
        if (list === undefined) {
          buckets.set(j * columns + i, [piece])
          continue
        }
        for (const other of list) {
          const near = cross(ends, piece, other) || (clearance > 0 && tooNear(pieces, piece, other, clearance))
          if (!near) continue
          const [first, second] = [owner[other], owner[piece]]
          found.set(first * lines.length + second, { first, second, at: [(ax + bx) / 2, (ay + by) / 2] })
        }
        list.push(piece)
      }
    }
  }
  return [...found.values()]
}

const listPieces = (lines: readonly Chainlike[]): Pieces => {
  const out: Pieces = { owner: [], ends: [], before: [], after: [], closed: [], meanLength: 0 }
  let whole = 0
  lines.forEach(({ points, closed }, line) => {
    const count = points.length / 2
    const first = out.owner.length
    let along = 0
    for (let k = 0; k < (closed ? count : count - 1); k++) {
      const m = (k + 1) % count
      const [ax, ay, bx, by] = [points[2 * k], points[2 * k + 1], points[2 * m], points[2 * m + 1]]
      const length = Math.hypot(bx - ax, by - ay)
      out.owner.push(line)
      out.ends.push(ax, ay, bx, by)
      out.before.push(along + length / 2)
      out.closed.push(closed)
      along += length
    }
    for (let piece = first; piece < out.owner.length; piece++) out.after.push(along - out.before[piece])
    whole += along
  })
  return { ...out, meanLength: out.owner.length > 0 ? whole / out.owner.length : 1 }
}

const cross = (ends: readonly number[], one: number, other: number): boolean => {
  const [ax, ay, bx, by] = [ends[4 * one], ends[4 * one + 1], ends[4 * one + 2], ends[4 * one + 3]]
  const [cx, cy, dx, dy] = [ends[4 * other], ends[4 * other + 1], ends[4 * other + 2], ends[4 * other + 3]]
  if (Math.max(ax, bx) < Math.min(cx, dx) || Math.max(cx, dx) < Math.min(ax, bx)) return false
  if (Math.max(ay, by) < Math.min(cy, dy) || Math.max(cy, dy) < Math.min(ay, by)) return false
  const aShared = (ax === cx && ay === cy) || (ax === dx && ay === dy)
  const bShared = (bx === cx && by === cy) || (bx === dx && by === dy)
  if (aShared && bShared) return true
  const c = orient2d(ax, ay, bx, by, cx, cy)
  const d = orient2d(ax, ay, bx, by, dx, dy)
  if (aShared || bShared) {
    // With one common end only an overlap along the same line counts.
    if (c !== 0 || d !== 0) return false
    const [px, py] = aShared ? [ax, ay] : [bx, by]
    const [qx, qy] = aShared ? [bx, by] : [ax, ay]
    const [rx, ry] = cx === px && cy === py ? [dx, dy] : [cx, cy]
    return (qx - px) * (rx - px) + (qy - py) * (ry - py) > 0
  }
  if (c > 0 === d > 0 && c !== 0 && d !== 0) return false
  const a = orient2d(cx, cy, dx, dy, ax, ay)
  const b = orient2d(cx, cy, dx, dy, bx, by)
  return a > 0 !== b > 0 || a === 0 || b === 0
}

const tooNear = (pieces: Pieces, one: number, other: number, clearance: number): boolean => {
  const { ends, owner, before, after, closed } = pieces
  const local = 8 * clearance
  if (owner[one] === owner[other]) {
    const way = Math.abs(before[one] - before[other])
    const whole = before[one] + after[one]
    if (way < local || (closed[one] && whole - way < local)) return false
  } else if (Math.min(before[one], after[one]) + Math.min(before[other], after[other]) < local) {
    // Near a common junction; elsewhere two ends are hardly ever that near.
    return false
  }
  for (const [p, q] of [
    [one, other],
    [other, one],
  ]) {
    for (let end = 0; end < 4; end += 2) {
      if (distance(ends, q, ends[4 * p + end], ends[4 * p + end + 1]) < clearance) return true
    }
  }
  return false
}

const distance = (ends: readonly number[], piece: number, x: number, y: number): number => {
  const [ax, ay] = [ends[4 * piece], ends[4 * piece + 1]]
  const [ux, uy] = [ends[4 * piece + 2] - ax, ends[4 * piece + 3] - ay]
  const t = Math.min(1, Math.max(0, ((x - ax) * ux + (y - ay) * uy) / (ux * ux + uy * uy || 1)))
  return Math.hypot(x - ax - t * ux, y - ay - t * uy)
}
