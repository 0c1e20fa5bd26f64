import type { Population } from "../../particles/population.ts"
import { type GradientAngles, isotropicShare } from "../../particles/valence-gradient.ts"
import type { Envelope } from "../../statistics/envelope.ts"
import { standardDeviation } from "../../statistics/moments.ts"
import { meanUncertainty } from "../../statistics/profile.ts"
import { quantile } from "../../statistics/sample.ts"
import type { PhaseShare } from "./layers.ts"

/** A number for JSON, which knows no NaN. */
const known = (value: number): number | null => (Number.isFinite(value) ? value : null)
const list = (values: ArrayLike<number>): readonly (number | null)[] => Array.from(values, known)

const shares = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]

const envelopeRecord = (envelope: Envelope) => ({
  observed: list(envelope.observed),
  mean: list(envelope.mean),
  low: list(envelope.low),
  high: list(envelope.high),
  global_low: list(envelope.globalLow),
  global_high: list(envelope.globalHigh),
  p: envelope.probability,
  simulations: envelope.simulations,
})

const severeRecord = ({ severe }: Population) =>
  severe.kind === "measured"
    ? {
        kind: severe.kind,
        count: severe.count,
        distances_m: list(severe.distances),
        nearest: envelopeRecord(severe.nearest),
        mean_nearest_m: envelopeRecord(severe.meanNearest),
        edges_m: list(severe.edges),
        pair_correlation: envelopeRecord(severe.pairs),
      }
    : severe

const anglesRecord = ({ voxels, gradient, undefined: without }: GradientAngles) => ({
  edges_deg: list(voxels.edges),
  voxels: list(voxels.counts),
  gradient: list(gradient.counts),
  isotropic_share: list(isotropicShare(voxels.edges)),
  without_gradient: without,
})

/** statistics.json: all statistics over the particles; SI, units in the names of what has one. */
export const statisticsRecord = (
  population: Population,
  phases: readonly PhaseShare[],
  angles: GradientAngles | undefined,
) => {
  const { settings, attributes, damage, depth, correlation, subvolumes } = population
  return {
    particles: population.particleCount,
    whole_particles: population.wholeCount,
    phases: Object.fromEntries(phases.map(({ name, share }) => [name, share])),
    settings,
    attributes: attributes.map(({ name, unit, distribution: { moments, sample, histogram, missing } }) => ({
      name,
      unit,
      count: moments.count,
      missing,
      mean: known(moments.count === 0 ? Number.NaN : moments.mean),
      standard_deviation: known(moments.count === 0 ? Number.NaN : standardDeviation(moments)),
      min: known(moments.min),
      max: known(moments.max),
      quantiles: Object.fromEntries(shares.map((share) => [share, known(quantile(sample, share))])),
      histogram: { edges: list(histogram.edges), counts: list(histogram.counts) },
    })),
    damage_classes: damage,
    depth: depth.map(({ name, unit, profile, correlation: { coefficient, count }, interval }) => ({
      name,
      unit,
      edges_m: list(profile.edges),
      bins: profile.bins.map((bin) => ({
        count: bin.count,
        mean: known(bin.count === 0 ? Number.NaN : bin.mean),
        uncertainty: known(meanUncertainty(bin, settings.confidence)),
      })),
      rank_correlation: { coefficient: known(coefficient), count, interval: list(interval) },
    })),
    severe: severeRecord(population),
    pair_correlation: {
      edges_m: list(correlation.edges),
      values: list(correlation.values),
      noise: list(correlation.noise),
    },
    subvolumes: subvolumes.map(({ agreements, edge, ...size }) => ({
      ...size,
      edge_m: edge,
      agreements: agreements.map((each) => ({
        ...each,
        meanError: known(each.meanError),
        distance: known(each.distance),
      })),
    })),
    ...(angles === undefined ? {} : { gradient_angles: anglesRecord(angles) }),
  }
}
