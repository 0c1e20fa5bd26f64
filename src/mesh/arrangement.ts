import type { Curve } from "./curves.ts"

/** A straight boundary from a to b [m]; border lines lie exactly on the edge of the domain. */
export interface Line {
  readonly ax: number
  readonly ay: number
  readonly bx: number
  readonly by: number
  /** Whether it shows even inside particles, as the axis of a mirrored mesh does. */
  readonly throughParticles?: boolean
}

/** A closed particle surface, counter-clockwise and fine; `corners` are points that must stay. */
export interface Outline {
  /** [point, 2] [m] */
  readonly points: Float64Array
  readonly corners: readonly number[]
  readonly particle: number
  /** Wanted edge length along it [m] */
  readonly length: number
}

interface Knot {
  readonly x: number
  readonly y: number
  /** Place along the line (0–1) or outline (point index and fraction). */
  readonly at: number
}

/**
 * Curves of an arrangement in which particle surfaces hide the straight lines inside them: lines are cut where they
 * meet each other or a particle, and all curves that meet share the point exactly.
 * @param spacing  of the points on the straight curves [m]
 */
export const arrange = (lines: readonly Line[], outlines: readonly Outline[], spacing: number): Curve[] => {
  const lineKnots: Knot[][] = lines.map((line) => [
    { x: line.ax, y: line.ay, at: 0 },
    { x: line.bx, y: line.by, at: 1 },
  ])
  for (let i = 0; i < lines.length; i++) {
    for (let j = i + 1; j < lines.length; j++) meet(lines[i], lines[j], lineKnots[i], lineKnots[j])
  }
  const curves: Curve[] = []
  for (const outline of outlines) {
    const knots: Knot[] = outline.corners.map((k) => ({
      x: outline.points[2 * k],
      y: outline.points[2 * k + 1],
      at: k,
    }))
    lines.forEach((line, i) => {
      for (const crossing of crossings(outline, line)) {
        knots.push({ x: crossing.x, y: crossing.y, at: crossing.along })
        lineKnots[i].push({ x: crossing.x, y: crossing.y, at: crossing.share })
      }
    })
    curves.push(...splitOutline(outline, knots))
  }
  const taken = new Set<string>()
  lineKnots.forEach((unordered, i) => {
    const knots = ordered(unordered)
    for (let k = 0; k + 1 < knots.length; k++) {
      const [a, b] = [knots[k], knots[k + 1]]
      const hidden = lines[i].throughParticles !== true
      if (hidden && outlines.some((outline) => encloses(outline.points, (a.x + b.x) / 2, (a.y + b.y) / 2))) continue
      // Edges of boxes may lie on one another or on the border.
      const forward = a.x < b.x || (a.x === b.x && a.y < b.y)
      const name = forward ? `${a.x},${a.y},${b.x},${b.y}` : `${b.x},${b.y},${a.x},${a.y}`
      if (taken.has(name)) continue
      taken.add(name)
      curves.push({
        points: straight(a, b, spacing),
        closed: false,
        length: Infinity,
        left: -1,
        right: -1,
        bent: false,
      })
    }
  })
  return curves
}

/** Notes where two lines cross or touch; the first one's coordinates count, axis-parallel lines keep theirs. */
const meet = (one: Line, other: Line, oneKnots: Knot[], otherKnots: Knot[]): void => {
  const ux = one.bx - one.ax
  const uy = one.by - one.ay
  const vx = other.bx - other.ax
  const vy = other.by - other.ay
  const cross = ux * vy - uy * vx
  const scale = Math.hypot(ux, uy) * Math.hypot(vx, vy)
  if (Math.abs(cross) < 1e-12 * scale) {
    for (const knot of otherKnots.slice(0, 2)) touch(one, knot, oneKnots)
    for (const knot of oneKnots.slice(0, 2)) touch(other, knot, otherKnots)
    return
  }
  const s = ((other.ax - one.ax) * vy - (other.ay - one.ay) * vx) / cross
  const t = ((other.ax - one.ax) * uy - (other.ay - one.ay) * ux) / cross
  const slack = 1e-9
  if (s < -slack || s > 1 + slack || t < -slack || t > 1 + slack) return
  const ends = [...oneKnots.slice(0, 2), ...otherKnots.slice(0, 2)]
  const near = [s < slack, s > 1 - slack, t < slack, t > 1 - slack].indexOf(true)
  const x = near >= 0 ? ends[near].x : ux === 0 ? one.ax : vx === 0 ? other.ax : one.ax + s * ux
  const y = near >= 0 ? ends[near].y : uy === 0 ? one.ay : vy === 0 ? other.ay : one.ay + s * uy
  oneKnots.push({ x, y, at: s })
  otherKnots.push({ x, y, at: t })
}

const touch = (line: Line, knot: Knot, knots: Knot[]): void => {
  const ux = line.bx - line.ax
  const uy = line.by - line.ay
  const length2 = ux * ux + uy * uy
  const at = ((knot.x - line.ax) * ux + (knot.y - line.ay) * uy) / length2
  const off = Math.abs((knot.x - line.ax) * uy - (knot.y - line.ay) * ux)
  if (at > 1e-9 && at < 1 - 1e-9 && off < 1e-12 * length2) knots.push({ x: knot.x, y: knot.y, at })
}

const ordered = (knots: readonly Knot[]): Knot[] => {
  const sorted = [...knots].sort((one, other) => one.at - other.at)
  return sorted.filter((knot, k) => k === 0 || knot.x !== sorted[k - 1].x || knot.y !== sorted[k - 1].y)
}

interface Crossing {
  readonly x: number
  readonly y: number
  readonly along: number
  readonly share: number
}

const crossings = (outline: Outline, line: Line): Crossing[] => {
  const { points } = outline
  const count = points.length / 2
  const ux = line.bx - line.ax
  const uy = line.by - line.ay
  const offset = (k: number): number => ux * (points[2 * k + 1] - line.ay) - uy * (points[2 * k] - line.ax)
  const found: Crossing[] = []
  let here = offset(0)
  for (let k = 0; k < count; k++) {
    const m = (k + 1) % count
    const there = offset(m)
    if (here > 0 !== there > 0) {
      const t = here / (here - there)
      // A crossing at a point is that point: it may be a corner.
      const near = t < 1e-9 ? k : t > 1 - 1e-9 ? m : -1
      const x = near >= 0 ? points[2 * near] : points[2 * k] + t * (points[2 * m] - points[2 * k])
      const y = near >= 0 ? points[2 * near + 1] : points[2 * k + 1] + t * (points[2 * m + 1] - points[2 * k + 1])
      const share = ((x - line.ax) * ux + (y - line.ay) * uy) / (ux * ux + uy * uy)
      if (share > 0 && share < 1) {
        // Axis-parallel lines keep their coordinate.
        found.push({ x: ux === 0 ? line.ax : x, y: uy === 0 ? line.ay : y, along: k + t, share })
      }
    }
    here = there
  }
  return found
}

const splitOutline = (outline: Outline, unsorted: readonly Knot[]): Curve[] => {
  const { points, particle, length } = outline
  const sides = { left: particle, right: -1, length, bent: true }
  const count = points.length / 2
  if (unsorted.length === 0) return [{ points, closed: true, ...sides }]
  const knots = ordered(unsorted)
  return knots.map((from, k) => {
    const to = knots[(k + 1) % knots.length]
    const end = k + 1 < knots.length ? to.at : to.at + count
    const out = [from.x, from.y]
    for (let m = Math.floor(from.at) + 1; m < end; m++) {
      // Points that coincide with a knot.
      if (m - from.at < 1e-6 || end - m < 1e-6) continue
      out.push(points[2 * (m % count)], points[2 * (m % count) + 1])
    }
    out.push(to.x, to.y)
    return { points: Float64Array.from(out), closed: false, ...sides }
  })
}

const straight = (a: Knot, b: Knot, spacing: number): Float64Array => {
  const parts = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / spacing))
  const out = new Float64Array(2 * (parts + 1))
  for (let k = 0; k <= parts; k++) {
    out[2 * k] = k === parts || a.x === b.x ? b.x : a.x + (k / parts) * (b.x - a.x)
    out[2 * k + 1] = k === parts || a.y === b.y ? b.y : a.y + (k / parts) * (b.y - a.y)
  }
  return out
}

/** Whether a closed polygon encloses a point (even–odd rule). */
export const encloses = (points: Float64Array, x: number, y: number): boolean => {
  let inside = false
  const count = points.length / 2
  for (let k = 0, m = count - 1; k < count; m = k++) {
    const [xk, yk, xm, ym] = [points[2 * k], points[2 * k + 1], points[2 * m], points[2 * m + 1]]
    if (yk > y !== ym > y && x < ((xm - xk) * (y - yk)) / (ym - yk) + xk) inside = !inside
  }
  return inside
}
