import { type Random, seededRandom } from "../array/random.ts"

/** Where fingers of carbon/binder sit on a particle. */
export type FingerPlace =
  /** Where the next particle or wall is nearest: bridges */
  | { readonly kind: "bridges" }
  /** Around one direction, drawn anew for each particle */
  | { readonly kind: "random" }
  /** Around one direction, the same for all particles; any length but 0 */
  | { readonly kind: "aligned"; readonly direction: readonly [number, number, number] }

/** How well-conducting carbon/binder lies on the particles of a packing. */
export interface ConductorLayout {
  /** Mean over particles of the share of the surface that it covers, in (0, 1) */
  readonly coverage: number
  /** Standard deviation of that share between particles, 0 for none */
  readonly coverageScatter: number
  /** How much more it covers at the separator than at the collector, linear in depth */
  readonly coverageGradient: number
  /** From 0, a film that covers every patch alike, to 1, fingers that cover whole patches and leave others bare */
  readonly morphology: number
  readonly fingers: FingerPlace
  /** Share of the remaining surface that lies on pore; the rest is on poorly conducting carbon/binder */
  readonly poreShare: number
  readonly seed: number
}

/** Patches of particles, as far as a layout must know them; those of a particle side by side. */
export interface LayoutPatches {
  /** [particle + 1] */
  readonly start: Int32Array
  /** [patch] [m²] */
  readonly area: Float64Array
  /** [patch, 3] */
  readonly normal: Float64Array
  /** [patch] [m] */
  readonly ligament: Float64Array
  /** [particle] height over the collector as a share of the thickness */
  readonly depth: Float64Array
}

/** [patch] shares of the area, which sum to one */
export interface PatchShares {
  readonly highShare: Float64Array
  readonly lowShare: Float64Array
  readonly poreShare: Float64Array
}

/** Gamma deviate of a shape > 0. @source G. Marsaglia, W. W. Tsang, ACM Trans. Math. Softw. 26 (2000) 363 */
const gamma = (random: Random, shape: number): number => {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random.uniform()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = random.normal()
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Deviate in (0, 1) of given mean and standard deviation: a beta distribution. */
const betaDeviate = (random: Random, mean: number, deviation: number): number => {
  if (deviation === 0) return mean
  const sum = (mean * (1 - mean)) / deviation ** 2 - 1
  const [a, b] = [gamma(random, mean * sum), gamma(random, (1 - mean) * sum)]
  return a + b > 0 ? a / (a + b) : mean
}

const assertLayout = (layout: ConductorLayout): void => {
  const { coverage, coverageScatter, coverageGradient, morphology, poreShare } = layout
  const refuse = (name: string, found: number, wanted: string): never => {
    throw new RangeError(`${name} of a layout is ${found}, ${wanted} expected`)
  }
  if (!(coverage > 0 && coverage < 1)) refuse("coverage", coverage, "a share between 0 and 1")
  if (!(morphology >= 0 && morphology <= 1)) refuse("morphology", morphology, "a number from 0 to 1")
  if (!(poreShare >= 0 && poreShare <= 1)) refuse("poreShare", poreShare, "a share")
  const ends = [coverage - coverageGradient / 2, coverage + coverageGradient / 2]
  for (const end of ends)
    if (!(end > 0 && end < 1))
      refuse("coverageGradient", coverageGradient, "one that keeps the coverage between 0 and 1")
  const widest = Math.sqrt(Math.min(...ends.map((mean) => mean * (1 - mean))))
  if (!(coverageScatter >= 0 && coverageScatter < widest))
    refuse("coverageScatter", coverageScatter, `from 0 to less than ${widest}`)
  if (layout.fingers.kind === "aligned") {
    const length = Math.hypot(...layout.fingers.direction)
    if (!(length > 0 && length < Infinity)) refuse("the direction of fingers", length, "a length")
  }
}

/** [patch of the particle] the higher, the sooner a finger covers it */
const preferences = (layout: ConductorLayout, patches: LayoutPatches, particle: number, random: Random): number[] => {
  const [first, end] = [patches.start[particle], patches.start[particle + 1]]
  const each = (prefer: (patch: number) => number): number[] =>
    Array.from({ length: end - first }, (_, k) => prefer(first + k))
  const towards = ([x, y, z]: readonly [number, number, number]): number[] => {
    const { normal } = patches
    return each((patch) => normal[3 * patch] * x + normal[3 * patch + 1] * y + normal[3 * patch + 2] * z)
  }
  switch (layout.fingers.kind) {
    case "bridges":
      return each((patch) => -patches.ligament[patch])
    case "random":
      return towards([random.normal(), random.normal(), random.normal()])
    case "aligned":
      return towards(layout.fingers.direction)
  }
}

/**
 * Shares of the patches on well and poorly conducting carbon/binder and on pore.
 *
 * Each particle draws its coverage c from a beta distribution. A film covers the share c of every patch; fingers cover
 * whole patches, the preferred ones first, until the share c of the surface is reached. In between, at morphology m, a
 * patch has (1 − m) c + m f, f its share under fingers: the coverage of a particle is c whatever the morphology.
 * @source the morphology number between film-like and finger-like deposits: A. N. Mistry, K. Smith, P. P. Mukherjee, ACS
 *   Appl. Mater. Interfaces 10 (2018) 6317, doi:10.1021/acsami.7b17771
 */
export const laidOut = (layout: ConductorLayout, patches: LayoutPatches): PatchShares => {
  assertLayout(layout)
  const { coverage, coverageScatter, coverageGradient, morphology } = layout
  const count = patches.area.length
  const highShare = new Float64Array(count)
  const random = seededRandom(layout.seed)
  for (let particle = 0; particle + 1 < patches.start.length; particle++) {
    // A stream for each particle: its coverage does not depend on how many others there are.
    const own = random.split()
    const mean = coverage + coverageGradient * (patches.depth[particle] - 0.5)
    const covered = betaDeviate(own, mean, coverageScatter)
    const prefer = preferences(layout, patches, particle, own)
    const [first, end] = [patches.start[particle], patches.start[particle + 1]]
    let rest = 0
    for (let patch = first; patch < end; patch++) rest += covered * patches.area[patch]
    const order = prefer.map((_, k) => k).sort((a, b) => prefer[b] - prefer[a] || a - b)
    for (const k of order) {
      const area = patches.area[first + k]
      const finger = Math.min(1, Math.max(0, rest / area))
      rest -= finger * area
      highShare[first + k] = (1 - morphology) * covered + morphology * finger
    }
  }
  const poreShare = highShare.map((high) => (1 - high) * layout.poreShare)
  return { highShare, poreShare, lowShare: highShare.map((high, k) => Math.max(0, 1 - high - poreShare[k])) }
}
