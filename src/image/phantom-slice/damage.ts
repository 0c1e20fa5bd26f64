import type { Random } from "../../array/random.ts"
import type { Labels } from "../volume.ts"
import { reachToward, type SliceParticle } from "./particles.ts"
import type { SliceDamage } from "./settings.ts"

/** A line drawn by a wandering point. */
interface Stroke {
  readonly x: number
  readonly y: number
  readonly angle: number
  readonly length: number
  /** Width at the start and at the end [pixel] */
  readonly from: number
  readonly to: number
  /** What the middle is wider than the ends [pixel] */
  readonly belly?: number
  /** Share of the contrast, 0 … 1 */
  readonly depth: number
  /** Deviation of the angle from pixel to pixel [rad] */
  readonly wander: number
}

/** Lays a line of soft edges over a plane, over the pixels for which a test holds. */
export const addStroke = (
  plane: Float32Array,
  width: number,
  stroke: Stroke,
  isOpen: (pixel: number) => boolean,
  random: Random,
): void => {
  const height = plane.length / width
  let { x, y, angle } = stroke
  for (let way = 0; way <= stroke.length; way += 0.7) {
    const share = stroke.length > 0 ? way / stroke.length : 0
    // Cracks gape here and there.
    const breadth = stroke.from + (stroke.to - stroke.from) * share + (stroke.belly ?? 0) * Math.sin(Math.PI * share)
    const half = Math.max(0.5, breadth * (0.75 + 0.5 * random.uniform())) / 2
    for (let py = Math.max(0, Math.ceil(y - half - 1)); py <= Math.min(height - 1, y + half + 1); py++)
      for (let px = Math.max(0, Math.ceil(x - half - 1)); px <= Math.min(width - 1, x + half + 1); px++) {
        const pixel = px + width * py
        if (!isOpen(pixel)) continue
        const cover = stroke.depth * Math.min(1, Math.max(0, half + 0.5 - Math.hypot(px - x, py - y)))
        if (cover > plane[pixel]) plane[pixel] = cover
      }
    angle += stroke.wander * random.normal()
    x += 0.7 * Math.cos(angle)
    y += 0.7 * Math.sin(angle)
  }
}

/** Particles smaller than this are neither hollow nor shattered [pixel] */
const leastHollow = 26

/** Particles smaller than this are not broken through [pixel] */
const leastBroken = 16

/**
 * How dark cracks and cores make each pixel: 0 sound, 1 void. Hollow cores are slots and blobs from which fingers and
 * radial cracks go; broken particles have cracks from side to side, shattered ones are plates beside each other.
 * @returns [row, column] 0 … 1
 */
export const damaged = (
  particles: readonly SliceParticle[],
  labels: Labels,
  damage: SliceDamage,
  random: Random,
): Float32Array => {
  const [width, height] = labels.shape
  const out = new Float32Array(width * height)
  particles.forEach((particle, k) => {
    const { x, y, radius } = particle
    const isOwn = (pixel: number): boolean => labels.values[pixel] === k + 1
    const between = (low: number, high: number): number => low + (high - low) * random.uniform()
    const draw = (stroke: Omit<Stroke, "wander"> & { readonly wander?: number }): void =>
      addStroke(out, width, { wander: 0.12, ...stroke }, isOwn, random)
    /** A gap along a direction, some way aside of the middle, wide between its ends. */
    const gap = (angle: number, aside: number, along: number, length: number, belly: number, depth: number): void => {
      const [ux, uy] = [Math.cos(angle), Math.sin(angle)]
      const start = along - length / 2
      draw({
        x: x + start * ux - aside * uy,
        y: y + start * uy + aside * ux,
        angle,
        length,
        from: 1,
        to: 1,
        belly,
        depth,
        wander: 0.07,
      })
    }
    const isHollow = radius > leastHollow && random.uniform() < damage.hollowShare
    let [cx, cy, core] = [x, y, 0]
    if (isHollow) {
      cx += 0.08 * radius * random.normal()
      cy += 0.08 * radius * random.normal()
      core = radius * damage.core * between(0.25, 1)
      // Slots lie beside each other, more or less along one direction.
      const lie = 2 * Math.PI * random.uniform()
      const slots = 1 + random.integer(4)
      const blobs = 2 + random.integer(4)
      for (let b = 0; b < blobs; b++) {
        const [bx, by] = [cx + 0.35 * core * random.normal(), cy + 0.35 * core * random.normal()]
        const breadth = core * between(0.3, 0.9)
        const angle = lie + 0.5 * random.normal()
        const length = core * between(0.1, 0.6)
        draw({ x: bx, y: by, angle, length, from: breadth, to: 0.4 * breadth, depth: between(0.75, 1), wander: 0.3 })
      }
      for (let s = 0; s < slots; s++) {
        const aside = (s - (slots - 1) / 2) * 0.55 * core * between(0.6, 1.3)
        const angle = lie + 0.25 * random.normal()
        const length = core * between(0.5, 1.5)
        const breadth = core * between(0.15, 0.55)
        const [sx, sy] = [cx - aside * Math.sin(lie), cy + aside * Math.cos(lie)]
        const depth = between(0.7, 1)
        for (const way of [angle, angle + Math.PI])
          draw({ x: sx, y: sy, angle: way, length: length / 2, from: breadth, to: 0.25 * breadth, depth, wander: 0.2 })
      }
      const fingers = 3 + random.integer(8)
      for (let f = 0; f < fingers; f++) {
        const angle = 2 * Math.PI * random.uniform()
        const away = 0.4 * core * random.uniform()
        draw({
          x: cx + away * Math.cos(angle),
          y: cy + away * Math.sin(angle),
          angle,
          length: core * between(0.4, 1.5),
          from: between(1.5, 3.5),
          to: 0.8,
          depth: between(0.3, 0.95),
        })
      }
    }
    const radial = random.integer(damage.radialCracks + 1)
    for (let c = 0; c < radial; c++) {
      const angle = 2 * Math.PI * random.uniform()
      const reach = reachToward(particle, Math.cos(angle), Math.sin(angle))
      const isOpen = random.uniform() < 0.35
      // Some start at the core, some at the surface.
      const isInward = random.uniform() < 0.4
      const start = isInward ? reach : 0.5 * core
      draw({
        x: (isInward ? x : cx) + start * Math.cos(angle),
        y: (isInward ? y : cy) + start * Math.sin(angle),
        angle: isInward ? angle + Math.PI : angle,
        length: isOpen && !isInward ? reach : reach * between(0.2, 0.6),
        from: between(1, 2.4),
        to: between(0.6, 1.6),
        depth: between(damage.faintest, 0.9),
        wander: 0.09,
      })
    }
    if (radius > leastBroken && random.uniform() < damage.brokenShare) {
      const angle = Math.PI * random.uniform()
      const count = 1 + random.integer(3)
      for (let c = 0; c < count; c++) {
        const isThrough = random.uniform() < 0.5
        const length = radius * (isThrough ? 2.6 : between(0.7, 1.6))
        const along = isThrough ? 0 : 0.4 * radius * random.normal()
        const belly = radius * between(0.02, 0.09)
        gap(angle + 0.5 * random.normal(), 0.35 * radius * random.normal(), along, length, belly, between(0.5, 1))
      }
    }
    if (radius > leastHollow && random.uniform() < damage.shatteredShare) {
      const angle = 2 * Math.PI * random.uniform()
      const spacing = radius * between(0.14, 0.24)
      for (let aside = -0.85 * radius; aside < 0.85 * radius; aside += spacing * between(0.6, 1.4)) {
        const chord = 2 * Math.sqrt(radius ** 2 - aside ** 2)
        const pieces = 1 + random.integer(3)
        for (let p = 0; p < pieces; p++) {
          const length = (chord * between(0.5, 1.3)) / pieces
          const along = chord * ((p + 0.5) / pieces - 0.5 + 0.1 * random.normal())
          gap(angle + 0.2 * random.normal(), aside, along, length, radius * between(0.03, 0.14), between(0.6, 1))
        }
      }
    }
  })
  return out
}
