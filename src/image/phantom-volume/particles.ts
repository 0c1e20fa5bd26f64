import { type Random, seededRandom } from "../../array/random.ts"
import { type Cracks, randomCracks } from "./cracks.ts"
import { type PackingRules, type PlacedShape, relaxedPacking } from "./packing.ts"
import type { PhantomVolumeSettings } from "./settings.ts"
import { randomDirection, randomRotation, randomStarShape, type StarShape, type Vector } from "./star-shape.ts"

/** A particle as it was drawn. */
export interface PhantomParticle extends PlacedShape {
  /** Number of the body it is an image of: the cell of the packing repeats itself */
  readonly body: number
  readonly cracks: Cracks | null
  readonly isFragment: boolean
  /** Mean gray value before blur */
  readonly tone: number
}

/** Where the electrode lies along z [voxel], first inside and first outside, counted in whole voxels. */
export const electrodeOf = ({
  shape,
  voxel,
  collector,
  separator,
}: PhantomVolumeSettings): readonly [number, number] => [
  Math.round(collector / voxel),
  shape[2] - Math.round(separator / voxel),
]

/** Diameters are cut off at this many deviations of their logarithm. */
const cutOff = 2
/** Shapes that particles share, each turned and scaled anew */
const shapeCount = 128

/** A normal number that is drawn again where it lies beyond the cut-off. */
const cutNormal = (random: Random): number => {
  for (;;) {
    const value = random.normal()
    if (Math.abs(value) <= cutOff) return value
  }
}

const isShare = (value: number, most = 1): boolean => value >= 0 && value <= most

/** What is wrong with settings, in words; undefined where they can be used. */
export const settingsFault = (settings: PhantomVolumeSettings): string | undefined => {
  const { shape, voxel, diameter, particleShare, damage } = settings
  const { seed } = settings
  const faults: readonly (readonly [boolean, string, unknown])[] = [
    [Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32, "seed, a whole number from 0", seed],
    [shape.every((n) => Number.isInteger(n) && n >= 1), "shape in whole voxels from 1", shape],
    [voxel > 0 && Number.isFinite(voxel), "voxel above 0", voxel],
    [isShare(particleShare, 0.6) && particleShare > 0, "particleShare in (0, 0.6]", particleShare],
    [diameter >= 4 * voxel && Number.isFinite(diameter), "diameter of at least 4 voxels", diameter],
    [settings.diameterSpread >= 0 && settings.diameterSpread <= 1, "diameterSpread in [0, 1]", settings.diameterSpread],
    [settings.elongation >= 1 && settings.elongation <= 3, "elongation in [1, 3]", settings.elongation],
    [isShare(settings.roughness, 0.3), "roughness in [0, 0.3]", settings.roughness],
    [isShare(settings.contactShare), "contactShare in [0, 1]", settings.contactShare],
    [isShare(settings.contactDepth, 0.5), "contactDepth in [0, 0.5]", settings.contactDepth],
    [isShare(settings.carbonShare), "carbonShare in [0, 1]", settings.carbonShare],
    [settings.domainLength >= voxel, "domainLength of at least a voxel", settings.domainLength],
    [settings.blur >= 0 && settings.blur <= 10, "blur from 0 to 10 voxels", settings.blur],
    [settings.noise >= 0 && Number.isFinite(settings.noise), "noise from 0", settings.noise],
    [isShare(settings.halo?.weight ?? 0), "a halo's weight in [0, 1]", settings.halo],
    [(settings.halo?.width ?? 0) >= 0 && (settings.halo?.width ?? 0) <= 10, "a halo up to 10 voxels", settings.halo],
    [
      (settings.noiseBands ?? []).every(({ share, length }) => isShare(share) && length >= 1 && length <= 100),
      "bands of noise with shares in [0, 1] and lengths from 1 to 100 voxels",
      settings.noiseBands,
    ],
    [isShare(settings.drift), "drift in [0, 1]", settings.drift],
    [isShare(settings.grain / voxel, 4), "grain up to 4 voxels", settings.grain],
    [settings.fragmentShare >= 0 && settings.fragmentShare <= 10, "fragmentShare in [0, 10]", settings.fragmentShare],
    [settings.gap >= 0 && settings.gap <= diameter, "gap up to a diameter", settings.gap],
    [Number.isFinite(settings.affinity), "a finite affinity", settings.affinity],
    [isShare(damage.core) && isShare(damage.openShare), "core and openShare in [0, 1]", damage],
    [Number.isInteger(damage.radialCracks) && isShare(damage.radialCracks, 100), "radialCracks up to 100", damage],
    [isShare(damage.width / diameter), "cracks narrower than the diameter", damage],
    [damage.crackedShare >= 0 && damage.shatteredShare >= 0, "shares of damage from 0", damage],
    [damage.crackedShare + damage.shatteredShare <= 1, "crackedShare + shatteredShare up to 1", damage],
    [electrodeOf(settings)[1] > electrodeOf(settings)[0], "an electrode between the bands", electrodeOf(settings)],
  ]
  const fault = faults.find(([holds]) => !holds)
  return fault === undefined ? undefined : `expected ${fault[1]}; found ${JSON.stringify(fault[2])}`
}

interface Size {
  readonly radius: number
  readonly isFragment: boolean
}

/** Radii [voxel] that together fill a volume, large ones first. */
const sizesOf = (settings: PhantomVolumeSettings, volume: number, random: Random): readonly Size[] => {
  const median = settings.diameter / settings.voxel / 2
  const sizes: Size[] = []
  const wanted = settings.particleShare * volume
  let filled = 0
  const add = (radius: number, isFragment: boolean): void => {
    sizes.push({ radius, isFragment })
    filled += (4 / 3) * Math.PI * radius ** 3
  }
  while (filled < wanted) {
    const radius = median * Math.exp(settings.diameterSpread * cutNormal(random))
    add(radius, false)
    const splinters = Math.floor(settings.fragmentShare + random.uniform())
    for (let k = 0; k < splinters; k++) add(radius * (0.25 + 0.25 * random.uniform()), true)
  }
  // All sizes give way a little, so that the volume is met to the last digit.
  const factor = Math.cbrt(wanted / filled)
  return sizes.map((size) => ({ ...size, radius: factor * size.radius })).sort((a, b) => b.radius - a.radius)
}

const shapesOf = (elongation: number, roughness: number, random: Random): readonly StarShape[] =>
  Array.from({ length: shapeCount }, () => randomStarShape(elongation, roughness, random.split()))

/** Bodies at random places; splinters start at the surface of a particle. */
const scattered = (
  settings: PhantomVolumeSettings,
  cell: Vector,
  low: number,
  random: Random,
): { readonly bodies: readonly PlacedShape[]; readonly sizes: readonly Size[] } => {
  const sizes = sizesOf(settings, cell[0] * cell[1] * cell[2], random.split())
  const round = shapesOf(settings.elongation, settings.roughness, random.split())
  const rough = settings.fragmentShare > 0 ? shapesOf(2.2, 3 * settings.roughness, random.split()) : round
  const bodies: PlacedShape[] = []
  const parents = sizes.findIndex(({ isFragment }) => isFragment)
  for (const { radius, isFragment } of sizes) {
    const shape = (isFragment ? rough : round)[random.integer(shapeCount)]
    let centre: Vector = [random.uniform() * cell[0], random.uniform() * cell[1], low + random.uniform() * cell[2]]
    if (isFragment && parents > 0) {
      const parent = bodies[random.integer(parents)]
      const away = randomDirection(random)
      const distance = parent.radius + radius
      centre = [0, 1, 2].map((axis) => parent.centre[axis] + distance * away[axis]) as unknown as Vector
    }
    bodies.push({ centre, radius, shape, rotation: randomRotation(random) })
  }
  return { bodies, sizes }
}

/** Multiples of a cell's edge by which a body may be moved to meet a window. */
const imageShifts = (centre: number, reach: number, edge: number, length: number, repeats: boolean): number[] => {
  if (!repeats) return centre + reach >= -0.5 && centre - reach <= length - 0.5 ? [0] : []
  const shifts: number[] = []
  const first = Math.ceil((-0.5 - reach - centre) / edge)
  const last = Math.floor((length - 0.5 + reach - centre) / edge)
  for (let n = first; n <= last; n++) shifts.push(n * edge)
  return shifts
}

/** The particles of a volume and the rules they were packed by; label k is entry k − 1. */
export interface PackedParticles {
  readonly particles: readonly PhantomParticle[]
  readonly rules: PackingRules
}

/**
 * Draws the particles of a volume and packs them. The packing repeats itself in a cell that is the volume, or larger
 * where the volume is too small for the largest particles; particles are cut by the volume's border.
 */
export const packedParticles = (settings: PhantomVolumeSettings): PackedParticles => {
  const { shape, voxel, diameter, diameterSpread, damage } = settings
  const random = seededRandom(settings.seed)
  const [low, high] = electrodeOf(settings)
  const walls = settings.collector > 0 || settings.separator > 0 ? ([low - 0.5, high - 0.5] as const) : null
  const largest = (diameter / voxel) * Math.exp(cutOff * diameterSpread)
  const least = 2.2 * Math.sqrt(settings.elongation) * (1 + 2 * settings.roughness) * largest
  const cell: Vector = [
    Math.max(shape[0], least),
    Math.max(shape[1], least),
    walls === null ? Math.max(shape[2], least) : high - low,
  ]
  const { bodies, sizes } = scattered(settings, cell, walls === null ? 0 : low, random.split())
  const rules: PackingRules = {
    seed: random.integer(2 ** 31),
    cell,
    walls,
    contactShare: settings.contactShare,
    contactDepth: settings.contactDepth,
    gap: Math.max(2, settings.gap / voxel),
  }
  const position = relaxedPacking(bodies, rules)
  const damages = random.split()
  const texture = random.split()
  const particles: PhantomParticle[] = []
  bodies.forEach((placed, body) => {
    const { isFragment } = sizes[body]
    const cracks = isFragment ? null : randomCracks(damage, placed.radius, damage.width / voxel, damages.split())
    const tone = settings.tones.particle + settings.tones.particleSpread * texture.normal()
    const reach = placed.radius * placed.shape.largest
    const [xs, ys, zs] = ([0, 1, 2] as const).map((axis) =>
      imageShifts(position[3 * body + axis], reach, cell[axis], shape[axis], axis < 2 || walls === null),
    )
    for (const z of zs)
      for (const y of ys)
        for (const x of xs) {
          const centre: Vector = [position[3 * body] + x, position[3 * body + 1] + y, position[3 * body + 2] + z]
          particles.push({ ...placed, centre, body, cracks, isFragment, tone })
        }
  })
  return { particles, rules }
}
