import { gasConstant } from "../../laws/constants.ts"
import type { BackwardDifference } from "../../solve/bdf.ts"
import type { ActiveMaterial } from "../resolved/parameters.ts"
import { localStressSlope } from "../resolved/solid-diffusion.ts"
import { ownFloats, type SharedFloats } from "./crew.ts"
import type { RadialGrid } from "./radial-grid.ts"

/** Lithium inside particles whose surfaces are given. */
export interface ParticleDiffusion {
  /** [particle, shell] stoichiometry, as of the last solve */
  readonly interior: Float64Array
  /** [particle] what leaves through the surface, over the particle's volume and c_max [1/s] */
  readonly outflow: Float64Array
  /** [particle] ∂outflow/∂(surface stoichiometry) [1/s] */
  readonly slope: Float64Array
  /**
   * Sets an implicit step.
   * @param previous [particle, shell] at the last accepted time
   * @param older    [particle, shell] at the time before it
   * @param start    [particle, shell] first guess
   * @param from     first particle, 0 unless told
   * @param to       after the last one, all unless told
   */
  readonly setStep: (
    formula: BackwardDifference,
    step: number,
    previous: Float64Array,
    older: Float64Array,
    start: Float64Array,
    from?: number,
    to?: number,
  ) => void
  /** Solves the interiors. @param surface [particle …] stoichiometry at the surfaces, first of a longer list */
  readonly solve: (surface: Float64Array, from?: number, to?: number) => void
}

/** A Newton step below this leaves an error of about its square. */
const smallStep = 1e-7
const mostIterations = 12

/**
 * Finite volumes on the shells of each particle, implicit in time:
 *   share_j (w₀ x_j + w₁ x_j^n + w₂ x_j^{n−1})/Δt + (g_j D_j (x_j − x_{j+1}) − g_{j−1} D_{j−1} (x_{j−1} − x_j))/R² = 0,
 * D = D(x)(1 + Θ x) at the mean of the neighbours. Θ is that of a free sphere, and of a free cylinder in plane strain,
 * whose hydrostatic stress follows the local swelling by the same 2E/(9(1 − ν)). Elimination runs from the centre
 * outwards, so that x of the outermost shell, and with it the outflow, becomes a function of the surface alone.
 * @param radius [particle] [m]
 * @source X. Zhang, W. Shyy, A. M. Sastry, J. Electrochem. Soc. 154 (2007) A910, eq. 18, for Θ
 */
export const createParticleDiffusion = (
  grid: RadialGrid,
  radius: Float64Array,
  active: ActiveMaterial,
  temperature: number,
  floats: SharedFloats = ownFloats,
): ParticleDiffusion => {
  const { shells, stride, share, conductance } = grid
  const { diffusivity, swelling, stressCoupling, maximumConcentration } = active
  const interior = floats(radius.length * shells)
  const outflow = floats(radius.length)
  const slope = floats(radius.length)
  /** Elimination: x_j = offset_j + factor_j x_{j+1} */
  const offset = new Float64Array(shells)
  const factor = new Float64Array(shells)
  const history = floats(radius.length * shells)
  const stress = stressCoupling
    ? (localStressSlope(active.elasticity) * maximumConcentration) / (gasConstant * temperature)
    : 0
  /** Weight of the newest value over Δt, the same for all */
  const rate = floats(1)

  const solveOne = (particle: number, surface: number): void => {
    const at = particle * shells
    const own = particle * stride
    const perSquare = 1 / (radius[particle] * radius[particle])
    const last = shells - 1
    for (let iteration = 0; iteration < mostIterations; iteration++) {
      let x = interior[at]
      // Flow through the inner face, linearised: flow + towardsInner δx_{j−1} + towardsOwn δx_j
      let innerFlow = 0
      let innerByInner = 0
      let innerByOwn = 0
      for (let j = 0; j < shells; j++) {
        const next = j === last ? surface : interior[at + j + 1]
        const mean = (x + next) / 2
        const omega = stress === 0 ? 0 : swelling.slope(mean * maximumConcentration)
        const theta = stress * omega * omega
        const D = diffusivity.value(mean)
        const g = perSquare * conductance[own + j]
        const coefficient = g * D * (1 + theta * mean)
        const half = (g * (diffusivity.slope(mean) * (1 + theta * mean) + D * theta) * (x - next)) / 2
        const flow = coefficient * (x - next)
        const byOwn = coefficient + half
        const byNext = half - coefficient
        const weight = rate[0] * share[own + j]
        // Row: weight x + history + flow − innerFlow = 0 at x + δx
        const residual = weight * x + history[at + j] + flow - innerFlow
        let pivot = weight + byOwn - innerByOwn
        let rhs = -residual
        if (j > 0) {
          pivot -= innerByInner * factor[j - 1]
          rhs += innerByInner * offset[j - 1]
        }
        offset[j] = rhs / pivot
        factor[j] = -byNext / pivot
        innerFlow = flow
        innerByInner = byOwn
        innerByOwn = byNext
        x = next
      }
      outflow[particle] = innerFlow + innerByInner * offset[last]
      slope[particle] = innerByOwn + innerByInner * factor[last]
      let change = 0
      let largest = 0
      for (let j = last; j >= 0; j--) {
        change = offset[j] + (j === last ? 0 : factor[j] * change)
        interior[at + j] += change
        const size = change < 0 ? -change : change
        if (size > largest) largest = size
      }
      if (largest <= smallStep) return
    }
    // No solution: whoever adds it up sees it.
    outflow[particle] = Number.NaN
  }

  return {
    interior,
    outflow,
    slope,
    setStep: (formula, step, previous, older, start, from = 0, to = radius.length) => {
      rate[0] = formula.newest / step
      for (let particle = from; particle < to; particle++)
        for (let j = 0; j < shells; j++) {
          const at = particle * shells + j
          history[at] =
            (share[particle * stride + j] * (formula.previous * previous[at] + formula.older * older[at])) / step
        }
      interior.set(start.subarray(from * shells, to * shells), from * shells)
    },
    solve: (surface, from = 0, to = radius.length) => {
      for (let particle = from; particle < to; particle++) solveOne(particle, surface[particle])
    },
  }
}
