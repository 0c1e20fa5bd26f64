import { type Random, seededRandom } from "../array/random.ts"
import type { GivenColumn } from "./learning-table.ts"

/** How much one attribute counts for damage. */
export interface Influence {
  readonly attribute: string
  /** Of the attribute's normal score; negative where damage falls with it */
  readonly weight: number
}

/** What rows are drawn from. */
export interface PlantedModel {
  readonly rowCount: number
  /** None for damage that nothing tells of */
  readonly influences: readonly Influence[]
  /** Share of the variance of damage's score that no attribute explains, 0 … 1 */
  readonly noise: number
  readonly seed: number
}

/** Early damage: a particle's own attributes. They are hardly correlated with each other. */
export const ownInfluences: readonly Influence[] = [
  { attribute: "Z", weight: 1 },
  { attribute: "Elongation", weight: 0.65 },
  { attribute: "EDensity", weight: -0.45 },
]

/** Late damage: the attributes of a particle's neighbourhood. */
export const neighbourInfluences: readonly Influence[] = [
  { attribute: "Contact", weight: -1 },
  { attribute: "OrienIso", weight: 0.65 },
  { attribute: "VolumeStd", weight: 0.45 },
]

const box = [200e-6, 200e-6, 60e-6] as const

/** 1 / (1 + e⁻ᶻ) */
const logistic = (z: number): number => 1 / (1 + Math.exp(-z))

/** A smooth field of about mean 0 and variance 1: waves some 50 µm long. */
const waves = (random: Random): ((x: number, y: number, z: number) => number) => {
  const parts = Array.from({ length: 8 }, () => ({
    along: [random.normal(), random.normal(), random.normal()].map((k) => (2 * Math.PI * k) / 100e-6),
    phase: 2 * Math.PI * random.uniform(),
  }))
  return (x, y, z) =>
    parts.reduce((sum, { along, phase }) => sum + Math.cos(along[0] * x + along[1] * y + along[2] * z + phase), 0) / 2
}

/** One particle by name of attribute, SI; angles in degrees. */
const drawParticle = (random: Random, crowding: (x: number, y: number, z: number) => number) => {
  const [X, Y, Z] = box.map((edge) => edge * random.uniform())
  const { normal } = random
  const [crowd, size, long, rough] = [crowding(X, Y, Z), normal(), normal(), normal()]
  const diameter = 8e-6 * Math.exp(0.35 * size)
  const Volume = (Math.PI / 6) * diameter ** 3
  const Sphericity = 0.3 + 0.7 * logistic(0.9 - 0.35 * long - 0.25 * rough + 0.6 * normal())
  const SurfaceOuter = Math.cbrt((36 * Math.PI * Volume ** 2) / Sphericity)
  const scatter = (spread: number): number => Math.exp(spread * normal())
  return {
    X,
    Y,
    Z,
    Yaw: 180 * random.uniform() - 90,
    Pitch: (180 / Math.PI) * Math.asin(2 * random.uniform() - 1),
    Roll: 180 * random.uniform() - 90,
    EDensity: 1.2e30 * (1 + 0.02 * normal()),
    Homogeneity: 2e-29 * scatter(0.3),
    SurfaceInner: 0.3 * SurfaceOuter * scatter(0.5),
    SurfaceOuter,
    Volume,
    Elongation: 1 + 0.35 * Math.exp(0.5 * long),
    Sphericity,
    VSratio: (Math.cbrt(Volume) / Math.sqrt(SurfaceOuter)) * (1 + 0.01 * normal()),
    RoughInner: 60e-9 * scatter(0.3),
    RoughOuter: 80e-9 * Math.exp(0.3 * rough) * Math.cbrt(diameter / 8e-6),
    SphericityStd: 0.06 * scatter(0.35),
    Contact: 0.6 * logistic(-0.8 + 0.4 * crowd + 0.8 * normal()),
    PDensity: 0.3 + 0.4 * logistic(0.8 * crowd + 0.4 * normal()),
    DistNearest: 1.2e-6 * Math.exp(-0.45 * crowd) * scatter(0.4),
    ElongStd: 0.15 * scatter(0.4),
    VolumeStd: 1.5e-16 * scatter(0.5),
    OrienIso: logistic(-0.3 + 0.8 * normal()),
  }
}

const units: Readonly<Record<string, string>> = {
  X: "m",
  Y: "m",
  Z: "m",
  Yaw: "deg",
  Pitch: "deg",
  Roll: "deg",
  EDensity: "1/m^3",
  Homogeneity: "m^3",
  SurfaceInner: "m^2",
  SurfaceOuter: "m^2",
  Volume: "m^3",
  RoughInner: "m",
  RoughOuter: "m",
  DistNearest: "m",
  VolumeStd: "m^3",
}

/**
 * Standard normal numbers in the order of some values: how far into its distribution each lies. Winitzki's closed form of
 * the inverse error function, to 2e-3, is enough: the scores define the model.
 */
const normalScores = (values: Float64Array): Float64Array => {
  const order = Int32Array.from(values, (_, row) => row).sort((a, b) => values[a] - values[b])
  const out = new Float64Array(values.length)
  for (const [place, row] of order.entries()) {
    const x = (2 * (place + 0.5)) / values.length - 1
    const log = Math.log(1 - x * x)
    const half = 2 / (Math.PI * 0.147) + log / 2
    out[row] = Math.SQRT2 * Math.sign(x) * Math.sqrt(Math.sqrt(half * half - log / 0.147) - half)
  }
  return out
}

/**
 * Rows of the attributes of particles and their damage, drawn from a stated model. Attributes: log-normal sizes, shapes and
 * roughnesses that follow each other, and a crowding that varies over some 50 µm and stands behind Contact, PDensity and
 * DistNearest. SurfaceInner and RoughInner follow size and chance alone, so that nothing tells of damage but what is
 * planted: damage = 0.4 / (1 + e^(1.5 − 0.9 s)), s = √(1 − noise) Σ w z / |w| + √noise e, with the normal score z of
 * each planted attribute. The true importances are in the ratio of the weights' sizes, as far as the planted attributes
 * are independent.
 */
export const plantedColumns = ({ rowCount, influences, noise, seed }: PlantedModel): readonly GivenColumn[] => {
  if (!(noise >= 0 && noise <= 1)) throw new RangeError(`noise of ${noise}, not from 0 to 1`)
  const random = seededRandom(seed)
  const crowding = waves(random)
  const particles = Array.from({ length: rowCount }, () => drawParticle(random, crowding))
  const names = Object.keys(particles[0] ?? {}) as (keyof (typeof particles)[number])[]
  const columns = names.map((name) => ({
    name,
    unit: units[name] ?? "",
    values: Float64Array.from(particles, (particle) => particle[name]),
  }))
  const score = new Float64Array(rowCount)
  for (const { attribute, weight } of influences) {
    const column = columns.find(({ name }) => name === attribute)
    if (column === undefined) throw new RangeError(`no attribute ${attribute}; there are ${names.join(", ")}`)
    const scores = normalScores(column.values)
    for (let row = 0; row < rowCount; row++) score[row] += weight * scores[row]
  }
  const length = Math.hypot(...influences.map(({ weight }) => weight))
  const share = influences.length === 0 ? 1 : noise
  const values = score.map((value) => {
    const told = length > 0 ? (Math.sqrt(1 - share) * value) / length : 0
    return 0.4 * logistic(-1.5 + 0.9 * (told + Math.sqrt(share) * random.normal()))
  })
  return [...columns, { name: "Damage", unit: "", values }]
}
