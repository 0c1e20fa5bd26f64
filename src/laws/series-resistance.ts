import { faraday, gasConstant } from "./constants.ts"
import type { ChargeTransfer } from "./contracts.ts"

/** Current of a reaction divided by its exchange current, against z = F η/(R T). */
export interface ReducedRate {
  /**
   * Writes I(z), odd in sign and strictly increasing, and dI/dz.
   * @param out [2]
   */
  readonly evaluateInto: (overpotential: number, out: Float64Array) => void
  /**
   * A bound on |z| above which |I| exceeds the given magnitude; may be infinite.
   * @param sign of z, 1 or −1
   */
  readonly bound: (sign: number, magnitude: number) => number
  /**
   * Writes z ≥ 0 with I(z) = magnitude ≥ 0, and dz/dI, where an odd rate has a closed, concave inverse.
   * @param out [2]
   */
  readonly inverseInto?: (magnitude: number, out: Float64Array) => void
}

/**
 * Charge transfer i = i₀ I(F (driving − i R)/(R_g T)) solved for i at every point: with ρ = F R i₀/(R_g T) and
 * v = F driving/(R_g T) it is h(z) = z + ρ I(z) − v = 0. h increases, so the root lies between 0 and v and is found by
 * Newton from the far end of that bracket, bisected where I is not convex. With an inverse it is Newton on the nearly
 * straight, convex z − I⁻¹((v − z)/ρ) instead, which takes half as many steps.
 * The slopes are those of the implicit function: with G = i₀ F I′/(R_g T),
 *   ∂i/∂driving = G/(1 + R G), ∂i/∂i₀ = I/(1 + R G), ∂i/∂R = −i G/(1 + R G).
 * Allocates nothing when evaluated.
 * @param temperature [K]
 * @source contact resistance in the overpotential: Li et al. (2022), Science 376, 517, supplement
 */
export const withSeriesResistance = (rate: ReducedRate, temperature: number): ChargeTransfer => {
  const perVolt = faraday / (gasConstant * temperature)
  const reduced = new Float64Array(2)

  /** |z| at the root, by way of the inverse, monotone from above. */
  const solveInverse = (
    inverseInto: NonNullable<ReducedRate["inverseInto"]>,
    target: number,
    weight: number,
  ): number => {
    let z = Math.min(target, rate.bound(1, target / weight))
    for (let iteration = 0; iteration < 100; iteration++) {
      inverseInto(Math.max(0, target - z) / weight, reduced)
      const change = (z - reduced[0]) / (1 + reduced[1] / weight)
      z -= change
      // Quadratic once steps are small beside z and beside what is left for the resistance; then the next is round-off.
      if (!(Math.abs(change) > 1e-8 * Math.min(z, target - z)) || Math.abs(change) <= 1e-15 * z) break
    }
    return z
  }

  /** Leaves I and I′ at the root in `reduced`. */
  const solve = (target: number, weight: number): void => {
    if (target === 0 || weight === 0) {
      rate.evaluateInto(target, reduced)
      return
    }
    const sign = target > 0 ? 1 : -1
    if (rate.inverseInto) {
      rate.evaluateInto(sign * solveInverse(rate.inverseInto, Math.abs(target), weight), reduced)
      return
    }
    let near = 0
    let far = target
    let z = sign * Math.min(Math.abs(target), rate.bound(sign, Math.abs(target) / weight))
    for (let iteration = 0; iteration < 100; iteration++) {
      rate.evaluateInto(z, reduced)
      const residual = z + weight * reduced[0] - target
      if (residual * sign > 0) far = z
      else near = z
      let next = z - residual / (1 + weight * reduced[1])
      if (!((next - near) * (next - far) < 0)) {
        // Outside the bracket: either round-off at the root, or the reduced rate is not convex here
        if (Math.abs(next - z) <= 1e-15 * Math.abs(z)) return
        next = (near + far) / 2
      }
      const change = Math.abs(next - z)
      z = next
      if (change <= 1e-15 * Math.abs(z)) break
    }
    rate.evaluateInto(z, reduced)
  }

  return {
    evaluateInto: (exchange, driving, resistance, out) => {
      solve(driving * perVolt, exchange * resistance * perVolt)
      const current = exchange * reduced[0]
      const conductance = exchange * perVolt * reduced[1]
      const share = 1 / (1 + resistance * conductance)
      out[0] = current
      out[1] = conductance * share
      out[2] = reduced[0] * share
      out[3] = -current * conductance * share
    },
  }
}
