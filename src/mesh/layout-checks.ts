import { encloses, type Line, type Outline } from "./arrangement.ts"
import type { Layout } from "./layout.ts"
import type { Shape } from "./outlines.ts"
import type { Resolution } from "./parts.ts"
import type { MeshProblem } from "./problem.ts"

/** Gaps below this share of the interface length are not meshed. */
const smallestGapShare = 1 / 100
/** Cuts must meet particle surfaces at more than this angle [rad]: 3°. */
const smallestCutAngle = (3 * Math.PI) / 180

interface Bounds {
  readonly left: number
  readonly right: number
  readonly bottom: number
  readonly top: number
}

const boundsOf = ({ points }: Outline): Bounds => {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let k = 0; k < points.length; k += 2) {
    left = Math.min(left, points[k])
    right = Math.max(right, points[k])
    bottom = Math.min(bottom, points[k + 1])
    top = Math.max(top, points[k + 1])
  }
  return { left, right, bottom, top }
}

/** The first particle that leaves the domain, overlaps another or comes too close. */
export const placementProblem = (
  layout: Layout,
  outlines: readonly Outline[],
  resolution: Resolution,
): MeshProblem | null => {
  const smallestGap = smallestGapShare * resolution.interfaceLength
  const bounds = outlines.map(boundsOf)
  for (let particle = 0; particle < outlines.length; particle++) {
    const { left, right, bottom, top } = bounds[particle]
    if (!(right > left && top > bottom)) {
      return { kind: "bad-value", field: `particles[${particle}]`, value: right - left, expected: "a positive size" }
    }
    const excess = { left: -left, right: right - layout.width, bottom: -bottom, top: top - layout.height }
    for (const edge of ["left", "right", "bottom", "top"] as const) {
      if (excess[edge] > -smallestGap) {
        return { kind: "particle-outside-domain", particle, edge, excess: excess[edge], smallestGap }
      }
    }
  }
  for (let first = 0; first < outlines.length; first++) {
    for (let second = first + 1; second < outlines.length; second++) {
      const [a, b] = [bounds[first], bounds[second]]
      const apart = Math.max(a.left - b.right, b.left - a.right, a.bottom - b.top, b.bottom - a.top)
      if (apart > smallestGap) continue
      const gap = gapBetween(layout.particles[first], layout.particles[second], outlines[first], outlines[second])
      if (gap < 0) return { kind: "particles-overlap", first, second, overlap: -gap }
      if (gap < smallestGap) return { kind: "particles-too-close", first, second, gap, smallestGap }
    }
  }
  return null
}

/** Distance between two surfaces, negative by the depth of an overlap [m] */
const gapBetween = (one: Shape, other: Shape, first: Outline, second: Outline): number => {
  if (one.kind === "circle" && other.kind === "circle") {
    const distance = Math.hypot(one.centre[0] - other.centre[0], one.centre[1] - other.centre[1])
    return distance - one.radius - other.radius
  }
  return Math.min(reach(first, second), reach(second, first))
}

const reach = (from: Outline, to: Outline): number => {
  let nearest = Infinity
  let deepest = 0
  for (let k = 0; k < from.points.length; k += 2) {
    const distance = distanceTo(to.points, from.points[k], from.points[k + 1])
    if (encloses(to.points, from.points[k], from.points[k + 1])) deepest = Math.max(deepest, distance)
    else nearest = Math.min(nearest, distance)
  }
  return deepest > 0 ? -deepest : nearest
}

const distanceTo = (points: Float64Array, x: number, y: number): number => {
  let best = Infinity
  const count = points.length / 2
  for (let k = 0; k < count; k++) {
    const m = (k + 1) % count
    const ux = points[2 * m] - points[2 * k]
    const uy = points[2 * m + 1] - points[2 * k + 1]
    const dx = x - points[2 * k]
    const dy = y - points[2 * k + 1]
    const t = Math.min(1, Math.max(0, (dx * ux + dy * uy) / (ux * ux + uy * uy)))
    best = Math.min(best, Math.hypot(dx - t * ux, dy - t * uy))
  }
  return best
}

/** The first cut that only grazes a particle's surface. */
export const cutAngleProblem = (
  particles: readonly Shape[],
  lines: readonly Line[],
  outlines: readonly Outline[],
  resolution: Resolution,
): MeshProblem | null => {
  const smallestGap = smallestGapShare * resolution.interfaceLength
  for (let cut = 0; cut < lines.length; cut++) {
    const { ax, ay, bx, by } = lines[cut]
    const length = Math.hypot(bx - ax, by - ay)
    for (let particle = 0; particle < particles.length; particle++) {
      let [low, high] = [Infinity, -Infinity]
      const { points } = outlines[particle]
      for (let k = 0; k < points.length; k += 2) {
        const offset = ((bx - ax) * (points[k + 1] - ay) - (by - ay) * (points[k] - ax)) / length
        low = Math.min(low, offset)
        high = Math.max(high, offset)
      }
      // How deep the cut goes into the particle; for a circle of diameter high − low the angle follows.
      const depth = Math.min(high, -low)
      const angle = Math.acos(Math.max(-1, Math.min(1, 1 - (2 * depth) / (high - low))))
      if (depth > -smallestGap && !(angle > smallestCutAngle)) {
        return { kind: "cut-grazes-particle", cut, particle, angle: depth > 0 ? angle : 0 }
      }
    }
  }
  return null
}
