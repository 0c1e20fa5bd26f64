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

/** Pairs of polylines (or one with itself) with pieces that cross or touch other than in a common end point. */
export const polylineCrossings = (lines: readonly Chainlike[]): PolylineCrossing[] => {
  const owner: number[] = []
  const ends: number[] = []
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity]
  let total = 0
  lines.forEach(({ points, closed }, line) => {
    const count = points.length / 2
    for (let k = 0; k < (closed ? count : count - 1); k++) {
      const m = (k + 1) % count
      const [ax, ay, bx, by] = [points[2 * k], points[2 * k + 1], points[2 * m], points[2 * m + 1]]
      owner.push(line)
      ends.push(ax, ay, bx, by)
      total += Math.hypot(bx - ax, by - ay)
      x0 = Math.min(x0, ax)
      y0 = Math.min(y0, ay)
      x1 = Math.max(x1, ax)
      y1 = Math.max(y1, ay)
    }
  })
  const span = Math.max(x1 - x0, y1 - y0)
  const cell = Math.max((2 * total) / owner.length, span / 4000)
  const columns = Math.ceil(span / cell) + 2
  const buckets = new Map<number, number[]>()
  const found = new Map<string, PolylineCrossing>()
  for (let piece = 0; piece < owner.length; piece++) {
    const [ax, ay, bx, by] = [ends[4 * piece], ends[4 * piece + 1], ends[4 * piece + 2], ends[4 * piece + 3]]
    const column = (x: number): number => Math.floor((x - x0) / cell)
    for (let j = Math.floor((Math.min(ay, by) - y0) / cell); j <= Math.floor((Math.max(ay, by) - y0) / cell); j++) {
      for (let i = column(Math.min(ax, bx)); i <= column(Math.max(ax, bx)); i++) {
        const list = buckets.get(j * columns + i)
        if (list === undefined) {
          buckets.set(j * columns + i, [piece])
          continue
        }
        for (const other of list) {
          if (!cross(ends, piece, other)) continue
          const [first, second] = [owner[other], owner[piece]]
          found.set(`${first},${second}`, { first, second, at: [(ax + bx) / 2, (ay + by) / 2] })
        }
        list.push(piece)
      }
    }
  }
  return [...found.values()]
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
  const a = orient2d(cx, cy, dx, dy, ax, ay)
  const b = orient2d(cx, cy, dx, dy, bx, by)
  if (aShared || bShared) {
    // With one common end only an overlap along the same line counts.
    if (c !== 0 || d !== 0) return false
    const [px, py] = aShared ? [ax, ay] : [bx, by]
    const [qx, qy] = aShared ? [bx, by] : [ax, ay]
    const [rx, ry] = cx === px && cy === py ? [dx, dy] : [cx, cy]
    return (qx - px) * (rx - px) + (qy - py) * (ry - py) > 0
  }
  return c > 0 !== d > 0 || c === 0 || d === 0 ? a > 0 !== b > 0 || a === 0 || b === 0 : false
}
