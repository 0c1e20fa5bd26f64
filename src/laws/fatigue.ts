import type { CohesiveLaw } from "./contracts.ts"

/** Whether loadings below the strength wear the bond. */
export const hasFatigue = ({ fatigueLoss }: CohesiveLaw): boolean => fatigueLoss !== undefined && fatigueLoss > 0

/**
 * Largest share that one loading may wear away, 1 − exp(−(1 − s_e)/2). Beyond it a bond near its strength loses more by a
 * small rise of its load than the rise brings, s (s − s_e)/Σ > 1, and breaks at once whatever the step.
 */
export const largestFatigueLoss = (endurance: number): number => -Math.expm1(-(1 - endurance) / 2)

/** Σ: scale of the wear ½⟨s − s_e⟩²/Σ of a loading to s, so that one to the strength takes the stated share of bonds. */
export const wearScale = ({ fatigueLoss = 0, endurance = 0 }: CohesiveLaw): number =>
  (1 - endurance) ** 2 / (-2 * Math.log1p(-fatigueLoss))

/**
 * Adds what a step's loading wears away to the damage after it. With the traction on what still holds relative to the
 * strength, s = min(1, K δ/T_max), bonds break in proportion to how much the load rises and how far it stands above
 * the endurance limit s_e:
 *   d ln(1 − d) = −⟨s − s_e⟩ ds/Σ while s rises, nothing while it falls or rests.
 * Exact for any step in which s rises throughout. Beyond the strength the law itself, not wear, breaks the bond.
 * @param drivingBefore [point] opening δ at the start of the step [m]
 * @param driving       [point] at its end [m]
 * @param damage        [point] raised
 * @param slope         [point] ∂d/∂δ, brought up to date [1/m]
 * @source K. L. Roe, T. Siegmund, Eng. Fract. Mech. 70 (2003) 209, doi:10.1016/S0013-7944(02)00034-6: damage by
 *   increments of load above an endurance limit (there a quarter of the strength); here as a share of what holds
 */
export const addFatigueInto = (
  law: CohesiveLaw,
  drivingBefore: Float64Array,
  driving: Float64Array,
  damage: Float64Array,
  slope: Float64Array,
): void => {
  if (!hasFatigue(law)) return
  const { endurance = 0 } = law
  const onset = law.strength / law.stiffness
  const scale = wearScale(law)
  for (let point = 0; point < damage.length; point++) {
    const load = Math.min(1, driving[point] / onset)
    const excess = load - endurance
    if (excess <= 0) continue
    const before = Math.max(0, Math.min(1, drivingBefore[point] / onset) - endurance)
    if (excess <= before) continue
    const kept = Math.exp(-(excess * excess - before * before) / (2 * scale))
    const intact = (1 - damage[point]) * kept
    damage[point] = 1 - intact
    slope[point] *= kept
    if (load < 1) slope[point] += (intact * excess) / (scale * onset)
  }
}
