import type { Random } from "../array/random.ts"
import type { PhantomSettings } from "./phantom.ts"
import { type Grid, gridOf, type Labels } from "./volume.ts"

/** A star-shaped particle: radius(θ) = radius (1 + Σ a_k cos(kθ + φ_k)), k = 2 … 5 [pixel]. */
export interface StarShape {
  readonly x: number
  readonly y: number
  readonly radius: number
  /** [k − 2] */
  readonly amplitude: readonly number[]
  readonly phase: readonly number[]
}

/** Distance from the centre to the outline in a direction [pixel]. */
export const radiusAt = ({ radius, amplitude, phase }: StarShape, angle: number): number => {
  let factor = 1
  for (let k = 0; k < amplitude.length; k++) factor += amplitude[k] * Math.cos((k + 2) * angle + phase[k])
  return radius * factor
}

/** Whether every pixel of a shape, with `gap` pixels around it, passes a test; stops at the first that does not. */
const everyPixel = (shape: StarShape, gap: number, test: (x: number, y: number) => boolean): boolean => {
  const reach = Math.ceil(1.5 * shape.radius + gap)
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      const [px, py] = [Math.round(shape.x) + dx, Math.round(shape.y) + dy]
      const [ox, oy] = [px - shape.x, py - shape.y]
      if (Math.hypot(ox, oy) <= radiusAt(shape, Math.atan2(oy, ox)) + gap && !test(px, py)) return false
    }
  return true
}

/** Free pixels between particles that are not pushed together, and around the electrode's edges. */
const freeGap = 2
const edgeGap = 6
/** Attempts to place one particle before it is made smaller. */
const attempts = 400

/**
 * Particles packed at random, large ones first, until their share is reached; some are then pushed against their
 * nearest neighbour.
 */
export const packedShapes = (
  grid: Grid,
  band: readonly [number, number],
  settings: PhantomSettings,
  random: Random,
): { readonly shapes: readonly StarShape[]; readonly labels: Labels } => {
  const [width, height] = grid.shape
  const values = new Int32Array(width * height)
  const fits = (shape: StarShape, gap: number, self: number): boolean =>
    everyPixel(shape, gap, (x, y) => {
      const inside =
        x >= edgeGap + gap - freeGap &&
        x < width - edgeGap - gap + freeGap &&
        y >= band[0] + edgeGap - freeGap &&
        y < band[1] - edgeGap + freeGap
      return inside && (values[x + width * y] === 0 || values[x + width * y] === self)
    })
  const put = (shape: StarShape, label: number): void => {
    everyPixel(shape, 0, (x, y) => {
      values[x + width * y] = label
      return true
    })
  }

  const wanted = settings.particleShare * width * (band[1] - band[0])
  const radii: number[] = []
  for (let area = 0; area < wanted; ) {
    const radius = (settings.diameter / settings.pixel / 2) * Math.exp(settings.diameterSpread * random.normal())
    radii.push(radius)
    area += Math.PI * radius * radius
  }
  radii.sort((a, b) => b - a)
  const shapes: StarShape[] = []
  for (const wish of radii) {
    let radius = wish
    const amplitude = [2, 3, 4, 5].map((k) => (settings.roughness * random.normal()) / (k - 1) ** 0.7)
    const phase = amplitude.map(() => 2 * Math.PI * random.uniform())
    for (let attempt = 1; ; attempt++) {
      const shape: StarShape = {
        x: width * random.uniform(),
        y: band[0] + (band[1] - band[0]) * random.uniform(),
        radius,
        amplitude,
        phase,
      }
      if (fits(shape, freeGap, 0)) {
        shapes.push(shape)
        put(shape, shapes.length)
        break
      }
      if (attempt % attempts === 0) radius *= 0.93
    }
  }

  shapes.forEach((shape, k) => {
    if (random.uniform() >= settings.contactShare || shapes.length < 2) return
    const distance = (other: StarShape): number => Math.hypot(other.x - shape.x, other.y - shape.y) - other.radius
    const nearest = shapes.filter((other) => other !== shape).sort((a, b) => distance(a) - distance(b))[0]
    const away = Math.hypot(nearest.x - shape.x, nearest.y - shape.y)
    const [ux, uy] = [(nearest.x - shape.x) / away, (nearest.y - shape.y) / away]
    let moved = shape
    for (let step = 1; step < away; step++) {
      const next = { ...shape, x: shape.x + step * ux, y: shape.y + step * uy }
      if (!fits(next, 0, k + 1)) break
      moved = next
    }
    for (let i = 0; i < values.length; i++) if (values[i] === k + 1) values[i] = 0
    shapes[k] = moved
    put(moved, k + 1)
  })
  return { shapes, labels: { ...gridOf(grid), values, count: shapes.length } }
}
