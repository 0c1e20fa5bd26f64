import { DenseFactorisation } from "../../algebra/dense.ts"
import type { Blur, NoiseBand, SizeClass, SliceSettings } from "./settings.ts"
import { fittedNoise } from "./spectrum.ts"
import { profileReach, type SliceStatistics } from "./statistics.ts"

/** Integral of a Gaussian of deviation 1 from −∞. @source M. Abramowitz, I. A. Stegun (1964), 26.2.17 */
const normalShare = (x: number): number => {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const tail =
    (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return x > 0 ? 1 - tail : tail
}

/** Widths of the halo and of the fringe around outlines, which are not fitted [pixel] */
const haloWidth = 6
const fringeWidth = 16

/** Gray values on both sides of outlines, and how the tomograph blurs their step. */
export interface EdgeFit {
  readonly particle: number
  readonly matrix: number
  readonly blurs: readonly Blur[]
}

/** The step and its blurs that are nearest to a mean profile across outlines, as of straight edges. */
export const fittedEdge = (profile: Float64Array): EdgeFit => {
  let best: (EdgeFit & { readonly misfit: number }) | undefined
  const equations = new DenseFactorisation(
    4,
    Float64Array.from({ length: 16 }, (_, k) => (k % 5 === 0 ? 1 : 0)),
    "symmetric",
  )
  for (let width = 0.8; width <= 4; width += 0.1) {
    const widths = [width, haloWidth, fringeWidth]
    const rows: { readonly terms: number[]; readonly value: number }[] = []
    profile.forEach((value, k) => {
      if (!Number.isFinite(value)) return
      // Distances are to the nearest pixel of the other side: half a pixel less to the outline.
      const distance = k - profileReach - 0.5 * Math.sign(k - profileReach)
      rows.push({ value, terms: [1, ...widths.map((w) => normalShare(-distance / w))] })
    })
    // A little of the identity, should a profile tell two widths badly apart.
    const matrix = Float64Array.from({ length: 16 }, (_, k) =>
      rows.reduce((sum, { terms }) => sum + terms[k >> 2] * terms[k & 3], k >> 2 === (k & 3) ? 1e-4 : 0),
    )
    const found = Float64Array.from({ length: 4 }, (_, i) =>
      rows.reduce((sum, { terms, value }) => sum + terms[i] * value, 0),
    )
    equations.refactorise(matrix)
    equations.solveInto(found, found)
    const misfit = rows.reduce(
      (sum, { terms, value }) => sum + (value - terms.reduce((s, term, i) => s + term * found[i], 0)) ** 2,
      0,
    )
    if (best !== undefined && misfit >= best.misfit) continue
    const [base, ...steps] = found
    const step = steps.reduce((sum, value) => sum + value, 0)
    const blurs = Array.from(steps, (value, k) => ({ weight: value / step, width: widths[k] }))
    best = { matrix: base, particle: base + step, blurs, misfit }
  }
  equations.dispose()
  if (best === undefined) throw new RangeError("profile is empty")
  return { particle: best.particle, matrix: best.matrix, blurs: best.blurs }
}

/**
 * Two kinds of particles by their diameters: a mixture of two log-normal distributions of greatest likelihood, the larger
 * kind first.
 * @source A. P. Dempster, N. M. Laird, D. B. Rubin, J. R. Stat. Soc. B 39 (1977) 1–38, expectation and maximisation
 */
export const fittedSizes = (diameters: Float64Array): readonly SizeClass[] => {
  const logs = Float64Array.from(diameters, Math.log).sort()
  const quantile = (share: number): number => logs[Math.round(share * (logs.length - 1))]
  let kinds = [quantile(0.75), quantile(0.2)].map((middle) => ({ share: 0.5, middle, spread: 0.3 }))
  for (let round = 0; round < 200; round++) {
    const weights = kinds.map(({ share, middle, spread }) =>
      logs.map((x) => (share / spread) * Math.exp(-0.5 * ((x - middle) / spread) ** 2)),
    )
    const total = logs.map((_, k) => weights.reduce((sum, weight) => sum + weight[k], 1e-300))
    kinds = kinds.map((_, kind) => {
      const own = logs.map((_, k) => weights[kind][k] / total[k])
      const mass = own.reduce((sum, w) => sum + w, 0)
      const middle = own.reduce((sum, w, k) => sum + w * logs[k], 0) / mass
      const variance = own.reduce((sum, w, k) => sum + w * (logs[k] - middle) ** 2, 0) / mass
      return { share: mass / logs.length, middle, spread: Math.max(0.05, Math.sqrt(variance)) }
    })
  }
  return kinds.map(({ share, middle, spread }) => ({ share, diameter: Math.exp(middle), spread }))
}

/** What can be read off a slice of how it is made. */
export interface SliceFit extends Pick<SliceSettings, "sizes" | "particleShare" | "tones" | "deviations"> {
  readonly blurs: readonly Blur[]
  readonly noise: readonly NoiseBand[]
  readonly lean: number
}

const rootOfDifference = (a: number, b: number): number => Math.sqrt(Math.max(0, a - b))

/**
 * Settings of the generator by the statistics of a slice: tones and blurs from the profile across outlines, noise from the
 * spectra, clouds and drift from the variance that the noise leaves, sizes from the diameters. What a slice does not show
 * apart (cracks' tone, padding) stays as given. Each is as if nothing else disturbed it; see `nearerSettings`.
 */
export const fittedSlice = (found: SliceStatistics, given: SliceSettings): SliceFit => {
  const edge = fittedEdge(found.profile)
  // One spectrum for both materials: the geometric mean has the shape of both.
  const shape = found.particlePower.power.map((power, k) => Math.sqrt(power * found.matrixPower.power[k]))
  const { model } = fittedNoise(shape)
  const inParticles = fittedNoise(found.particlePower.power).variance
  const inMatrix = fittedNoise(found.matrixPower.power).variance
  const within = found.particle.deviation ** 2 - found.particleMeans ** 2
  return {
    sizes: fittedSizes(found.diameters),
    particleShare: found.particleShare,
    tones: {
      ...given.tones,
      particle: edge.particle,
      matrix: found.matrix.mean,
      collector: found.collector.mean,
      separator: found.separator.mean,
    },
    deviations: {
      particles: found.particleMeans,
      drift: rootOfDifference(within, inParticles),
      clouds: rootOfDifference(found.matrix.deviation ** 2, inMatrix),
      particleNoise: Math.sqrt(inParticles),
      matrixNoise: Math.sqrt(inMatrix),
      bandNoise: found.separator.deviation,
    },
    blurs: edge.blurs,
    noise: model.bands,
    lean: model.lean,
  }
}

/**
 * Settings moved so that slices made by them are read as the wanted one: by as much as the reading of such a slice misses.
 * Outlines' roughness widens the blur that is read, clouds raise the noise, and so on.
 * @param wanted reading of the slice to be met @param read reading of a slice made with these settings
 */
export const nearerSettings = (settings: SliceSettings, wanted: SliceFit, read: SliceFit): SliceSettings => {
  const moved = <Key extends string>(
    now: Readonly<Record<Key, number>>,
    to: Readonly<Record<Key, number>>,
    from: Readonly<Record<Key, number>>,
  ): Readonly<Record<Key, number>> =>
    Object.fromEntries(
      (Object.keys(now) as Key[]).map((key) => [key, Math.max(0, now[key] + to[key] - from[key])]),
    ) as Record<Key, number>
  const blurs = settings.blurs.map(({ weight, width }, k) => ({
    weight: weight + 0.7 * (wanted.blurs[k].weight - read.blurs[k].weight),
    width:
      k === 0 ? Math.sqrt(Math.max(0.64, width ** 2 + wanted.blurs[0].width ** 2 - read.blurs[0].width ** 2)) : width,
  }))
  const total = blurs.reduce((sum, { weight }) => sum + weight, 0)
  return {
    ...settings,
    tones: moved(settings.tones, wanted.tones, read.tones),
    deviations: moved(settings.deviations, wanted.deviations, read.deviations),
    blurs: blurs.map(({ weight, width }) => ({ weight: weight / total, width })),
  }
}
