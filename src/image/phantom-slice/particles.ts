import type { Random } from "../../array/random.ts"
import { gridOf, type Labels, planeGrid } from "../volume.ts"
import type { SizeClass, SliceSettings } from "./settings.ts"

/** Directions in which an outline is tabulated */
const directions = 256

/** A particle of a slice: its place and its outline. */
export interface SliceParticle {
  readonly x: number
  readonly y: number
  /** Of the disc of about the same area [pixel] */
  readonly radius: number
  /** [direction] from the centre to the outline [pixel] */
  readonly outline: Float32Array
  readonly largest: number
  readonly isSplinter: boolean
}

/** A diameter of one of the classes [m]; those beyond two deviations are drawn again. */
const drawnDiameter = (sizes: readonly SizeClass[], random: Random): number => {
  let at = random.uniform() * sizes.reduce((sum, { share }) => sum + share, 0)
  let kind = 0
  while (kind < sizes.length - 1 && at >= sizes[kind].share) at -= sizes[kind++].share
  const size = sizes[kind]
  for (;;) {
    const deviation = random.normal()
    if (Math.abs(deviation) < 2) return size.diameter * Math.exp(size.spread * deviation)
  }
}

/** Harmonics of the lobes of an outline */
const lobeHarmonics = [2, 3, 4, 5, 6, 7]

/** An outline about the origin: an ellipse with lobes and grains. @param grain deviation of the roughness [pixel] */
const drawnOutline = (
  radius: number,
  oblongness: number,
  lobes: number,
  grain: number,
  random: Random,
): Float32Array => {
  const stretch = Math.exp(Math.min(0.35, Math.abs(oblongness * random.normal())))
  const turn = Math.PI * random.uniform()
  const [long, short] = [Math.sqrt(stretch), 1 / Math.sqrt(stretch)]
  const waves = lobeHarmonics.map((k) => ({
    k,
    amplitude: (lobes * random.normal()) / (k - 1) ** 0.8,
    phase: 2 * Math.PI * random.uniform(),
  }))
  // Grains of some four pixels, and of some ten.
  const rough = [4, 10].map((length) => {
    const count = Math.max(5, Math.round((2 * Math.PI * radius) / length))
    return Float64Array.from({ length: count }, () => grain * random.normal())
  })
  return Float32Array.from({ length: directions }, (_, d) => {
    const angle = (2 * Math.PI * d) / directions
    const ellipse = 1 / Math.hypot(Math.cos(angle - turn) / long, Math.sin(angle - turn) / short)
    const lobe = waves.reduce((sum, { k, amplitude, phase }) => sum + amplitude * Math.cos(k * angle + phase), 0)
    const fine = rough.reduce((sum, nodes) => {
      const at = (d / directions) * nodes.length
      const [low, t] = [Math.floor(at), at % 1]
      return sum + (1 - t) * nodes[low] + t * nodes[(low + 1) % nodes.length]
    }, 0)
    return Math.max(0.3 * radius, radius * ellipse * Math.max(0.5, 1 + lobe) + fine)
  })
}

/** Distance from a particle's centre to its outline towards a point [pixel]. */
export const reachToward = ({ outline }: Pick<SliceParticle, "outline">, dx: number, dy: number): number => {
  const at = (Math.atan2(dy, dx) / (2 * Math.PI) + 1) * directions
  const low = Math.floor(at)
  const t = at - low
  return (1 - t) * outline[low % directions] + t * outline[(low + 1) % directions]
}

/** Calls `visit` for every pixel of an image inside a particle. */
export const eachPixel = (
  { x, y, largest, outline }: SliceParticle,
  width: number,
  height: number,
  visit: (pixel: number, dx: number, dy: number) => void,
): void => {
  const [x0, x1] = [Math.max(0, Math.ceil(x - largest)), Math.min(width - 1, Math.floor(x + largest))]
  const [y0, y1] = [Math.max(0, Math.ceil(y - largest)), Math.min(height - 1, Math.floor(y + largest))]
  const least = outline.reduce((so, value) => Math.min(so, value), Infinity) ** 2
  for (let py = y0; py <= y1; py++)
    for (let px = x0; px <= x1; px++) {
      const [dx, dy] = [px - x, py - y]
      const squared = dx * dx + dy * dy
      if (squared <= least || Math.sqrt(squared) <= reachToward({ outline }, dx, dy)) visit(px + width * py, dx, dy)
    }
}

/** Tries to find room for a particle before it is made smaller */
const attempts = 60

/** Free pixels around particles that are not pushed together */
const freeGap = 2.5

/** Rings along which room is looked for, relative to the outline, and directions that are skipped from one to the next */
const rings = [1, 0.6, 0.25]
const skip = 4

/** Particles in a slice and the labels that they give. */
export interface Arrangement {
  readonly particles: readonly SliceParticle[]
  readonly labels: Labels
  /** Rows of the electrode: the first, and the first beyond */
  readonly rows: readonly [number, number]
}

/**
 * Particles put at random, large ones first, until their share is reached; some are pushed against their nearest
 * neighbour and a little into it. Those at the left and right border are cut.
 */
export const arranged = (settings: SliceSettings, random: Random): Arrangement => {
  const { width, height, pixel, isSeparatorBelow } = settings
  const [above, below] = (isSeparatorBelow ? ["collector", "separator"] : ["separator", "collector"]) as (
    | "collector"
    | "separator"
  )[]
  const top = Math.round(settings[above] / pixel)
  const end = height - Math.round(settings[below] / pixel)
  const values = new Int32Array(width * height)
  // Where a band ends, particles stay within; where the image ends, they are cut.
  const low = top > 0 ? top + 1 : -Infinity
  const high = end < height ? end - 2 : Infinity
  const isFree = (x: number, y: number, outline: Float32Array, gap: number): boolean => {
    for (const ring of rings)
      for (let d = 0; d < directions; d += skip) {
        const angle = (2 * Math.PI * d) / directions
        const way = ring * (outline[d] + gap)
        const [px, py] = [Math.round(x + way * Math.cos(angle)), Math.round(y + way * Math.sin(angle))]
        if (py < low || py > high) return false
        if (px >= 0 && py >= 0 && px < width && py < height && values[px + width * py] !== 0) return false
      }
    return true
  }
  const particles: SliceParticle[] = []
  let covered = 0
  const put = (x: number, y: number, radius: number, outline: Float32Array, isSplinter: boolean): void => {
    const largest = outline.reduce((so, value) => Math.max(so, value), 0)
    const particle = { x, y, radius, outline, largest, isSplinter }
    particles.push(particle)
    eachPixel(particle, width, height, (p) => {
      if (values[p] !== 0) return
      values[p] = particles.length
      covered++
    })
  }
  /** Pushes along the way to the nearest other until it is met. */
  const pushed = (x: number, y: number, outline: Float32Array, radius: number): readonly [number, number] => {
    let nearest: SliceParticle | undefined
    let least = Number.POSITIVE_INFINITY
    for (const other of particles) {
      const away = Math.hypot(other.x - x, other.y - y) - other.radius
      if (away < least) [least, nearest] = [away, other]
    }
    if (nearest === undefined) return [x, y]
    const away = Math.hypot(nearest.x - x, nearest.y - y)
    const [ux, uy] = [(nearest.x - x) / away, (nearest.y - y) / away]
    let way = 0
    while (way < away - nearest.radius && isFree(x + (way + 1) * ux, y + (way + 1) * uy, outline, 0)) way++
    way += Math.min(3, 0.05 * radius) * random.uniform()
    return [x + way * ux, y + way * uy]
  }
  /** Borders cut particles as often as the inside holds them. */
  const anywhere = (radius: number): readonly [number, number] => {
    const [first, last] = [top > 0 ? top : -0.5 * radius, end < height ? end : height + 0.5 * radius]
    return [-0.5 * radius + (width + radius) * random.uniform(), first + (last - first) * random.uniform()]
  }
  /** Splinters lie beside particles, many beside other splinters. */
  const besideOne = (radius: number): readonly [number, number] => {
    const recent = Math.min(particles.length, 6)
    const which =
      random.uniform() < 0.6 ? particles.length - 1 - random.integer(recent) : random.integer(particles.length)
    const { x, y, largest } = particles[which]
    const angle = 2 * Math.PI * random.uniform()
    const away = largest + radius * (1 + random.uniform())
    return [x + away * Math.cos(angle), y + away * Math.sin(angle)]
  }
  const place = (wish: number, rough: number, isSplinter: boolean): void => {
    let radius = wish
    const oblong = settings.oblongness * (isSplinter ? 2 : 1)
    let outline = drawnOutline(radius, oblong, settings.lobes * rough, settings.grain / pixel, random)
    for (let attempt = 1; attempt <= 12 * attempts; attempt++) {
      const [x, y] = isSplinter ? besideOne(radius) : anywhere(radius)
      if (isFree(x, y, outline, freeGap)) {
        const [px, py] = random.uniform() < settings.contactShare ? pushed(x, y, outline, radius) : [x, y]
        put(px, py, radius, outline, isSplinter)
        return
      }
      if (attempt % attempts === 0) {
        radius *= 0.92
        outline = outline.map((way) => way * 0.92)
      }
    }
  }
  const room = 0.42 * Math.min(width, end - top)
  const wanted = settings.particleShare * width * (end - top)
  const radii: number[] = []
  for (let area = 0; area < wanted; ) {
    const radius = Math.min(room, drawnDiameter(settings.sizes, random) / (2 * pixel))
    radii.push(radius)
    area += Math.PI * radius * radius
  }
  radii.sort((a, b) => b - a)
  for (const radius of radii) if (covered < wanted) place(radius, 1, false)
  const splinters = Math.round(settings.splinters * particles.length)
  const typical = Math.min(room, settings.sizes[0].diameter / (2 * pixel))
  for (let k = 0; k < splinters && particles.length > 0; k++)
    place(typical * (0.16 + 0.2 * random.uniform()), 2.5, true)
  const grid = planeGrid(width, height, pixel)
  return { particles, labels: { ...gridOf(grid), values, count: particles.length }, rows: [top, end] }
}
