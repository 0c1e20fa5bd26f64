import { gasConstant } from "../../laws/constants.ts"
import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"
import type { BackwardDifference } from "../../solve/bdf.ts"
import { localStressSlope } from "../resolved/solid-diffusion.ts"
import type { NetworkCellParameters } from "./parameters.ts"
import { dofsPerGroup, type ReactingPatches } from "./patch-currents.ts"
import type { RadialGrid } from "./radial-grid.ts"

/**
 * How stoichiometry at a contact departs from the mean over its particle's surface, δ, where lithium passes through some
 * sides of a particle more than through others. Over a step δ = α − β (q − q̄), q the flux at the contact over c_max.
 */
export interface SidewaysDiffusion {
  /** [contact] α */
  readonly alpha: Float64Array
  /** [particle] β ≥ 0 [s/m] */
  readonly beta: Float64Array
  /**
   * Sets an implicit step.
   * @param interior [particle, shell] predicted
   * @param previous [contact] δ at the last accepted time
   * @param older    [contact] δ at the time before it
   */
  readonly setStep: (
    formula: BackwardDifference,
    step: number,
    interior: Float64Array,
    previous: Float64Array,
    older: Float64Array,
  ) => void
  /**
   * δ at the end of the step.
   * @param flux     [contact] q [m/s]
   * @param meanFlux [particle] q̄ [m/s]
   */
  readonly offsets: (flux: Float64Array, meanFlux: Float64Array) => Float64Array
}

/** Waves of this many nodes around a particle and more are left out. */
const mostWaves = 8

/**
 * Surface harmonics of degree l inside a particle answer a steady flux q_l by −(R/D) q_l/l and relax in R²/(D k_l²), k_l
 * the first zero of the derivative of J_l or j_l. All degrees are lumped in one, with the gain γ = Σ P_l/l / Σ P_l of the
 * spectrum P_l of where carbon/binder feeds the particle: 1 if fed from one side, ¼ or less if fed all round in spots.
 * @returns [particle] γ
 * @source M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions (1964), §10.1
 */
export const unevennessGain = (
  { dimension, particles, patches }: ElectrodeNetwork,
  fed: (patch: number) => boolean,
): Float64Array =>
  Float64Array.from({ length: particles.count }, (_, particle) => {
    const [first, last] = [patches.start[particle], patches.start[particle + 1]]
    const feed = (patch: number): number => (fed(patch) ? patches.highShare[patch] + patches.lowShare[patch] / 2 : 0)
    let area = 0
    let sum = 0
    for (let patch = first; patch < last; patch++) {
      area += patches.area[patch]
      sum += patches.area[patch] * feed(patch)
    }
    const departure = (patch: number): number => (patches.area[patch] / area) * (feed(patch) - sum / area)
    let power = 0
    let gained = 0
    for (let a = first; a < last; a++)
      for (let b = first; b < last; b++) {
        const weight = departure(a) * departure(b)
        let cosine = 0
        for (let axis = 0; axis < 3; axis++) cosine += patches.normal[3 * a + axis] * patches.normal[3 * b + axis]
        let [before, own] = [1, cosine]
        for (let l = 1; l <= mostWaves; l++) {
          const part = weight * (dimension === 3 ? 2 * l + 1 : 2) * own
          power += part
          gained += part / l
          // Chebyshev's recurrence gives cos lθ, Legendre's P_l.
          const next = dimension === 3 ? ((2 * l + 1) * cosine * own - l * before) / (l + 1) : 2 * cosine * own - before
          before = own
          own = next
        }
      }
    return power > 1e-12 ? Math.min(1, Math.max(1 / mostWaves, gained / power)) : 1 / mostWaves
  })

/** k_l: first zero of J_l′ by its expansion in l^(1/3), and of j_l′ by the same and 0.27, within 2 %. */
const relaxationRoot = (dimension: 2 | 3, degree: number): number =>
  degree + 0.8086 * Math.cbrt(degree) + (dimension === 3 ? 0.27 : 0)

/**
 * Sideways diffusion of all contacts, with D at the particle's mean.
 * @param gain   [particle] γ
 * @param radius [particle] [m]
 */
export const createSidewaysDiffusion = (
  dimension: 2 | 3,
  grid: RadialGrid,
  radius: Float64Array,
  gain: Float64Array,
  reacting: ReactingPatches,
  { active, temperature }: NetworkCellParameters,
): SidewaysDiffusion => {
  const { groupCount, start, dofs, area } = reacting
  const alpha = new Float64Array(area.length)
  const beta = new Float64Array(radius.length)
  const stress = active.stressCoupling
    ? (localStressSlope(active.elasticity) * active.maximumConcentration) / (gasConstant * temperature)
    : 0
  const kept = new Float64Array(radius.length)
  return {
    alpha,
    beta,
    setStep: (formula, step, interior, previous, older) => {
      for (let particle = 0; particle < radius.length; particle++) {
        let mean = 0
        for (let j = 0; j < grid.shells; j++)
          mean += grid.share[particle * grid.stride + j] * interior[particle * grid.shells + j]
        const omega = active.swelling.slope(mean * active.maximumConcentration)
        const D = active.diffusivity.value(mean) * (1 + stress * omega * omega * Math.max(0, mean))
        const root = relaxationRoot(dimension, 1 / gain[particle])
        const delay = (radius[particle] * radius[particle]) / (D * root * root) / step
        const share = 1 / (1 + delay * formula.newest)
        beta[particle] = (gain[particle] * radius[particle] * share) / D
        kept[particle] = -delay * share
      }
      for (let group = 0; group < groupCount; group++) {
        const own = kept[dofs[group * dofsPerGroup]]
        for (let k = start[group]; k < start[group + 1]; k++)
          alpha[k] = own * (formula.previous * previous[k] + formula.older * older[k])
      }
    },
    offsets: (flux, meanFlux) => {
      const out = new Float64Array(area.length)
      for (let group = 0; group < groupCount; group++) {
        const particle = dofs[group * dofsPerGroup]
        for (let k = start[group]; k < start[group + 1]; k++)
          out[k] = alpha[k] - beta[particle] * (flux[k] - meanFlux[particle])
      }
      return out
    },
  }
}
