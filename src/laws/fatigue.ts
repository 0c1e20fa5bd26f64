import type { CohesiveLaw } from "./contracts.ts"

/** Whether loadings below the strength wear the bond. */
export const hasFatigue = ({ fatigueLoss }: CohesiveLaw): boolean => fatigueLoss !== undefined && fatigueLoss > 0

/** Load on what still holds of a bond relative to its strength, s = min(1, K δ/T_max). */
const loadOf = ({ strength, stiffness }: CohesiveLaw, driving: number): number =>
  Math.min(1, (stiffness * driving) / strength)

/** Σ: scale of the wear ⟨s − s_e⟩/Σ of a loading to s, so that one to the strength takes the stated share of bonds. */
export const wearScale = ({ fatigueLoss = 0, endurance = 0 }: CohesiveLaw): number =>
  (1 - endurance) / -Math.log1p(-fatigueLoss)

/**
 * Load that wear feels after a time at the rate it had at the start, s̃ + (s − s̃) Δt/τ: the explicit part of a step.
 * @param felt    [point] s̃ at the start
 * @param driving [point] opening δ at the start [m]
 * @param time    Δt < τ [s]
 */
export const feltAtRate = (law: CohesiveLaw, felt: Float64Array, driving: Float64Array, time: number): Float64Array =>
  law.delay === 0 || !hasFatigue(law)
    ? felt
    : felt.map((before, point) => before + (time / law.delay) * (loadOf(law, driving[point]) - before))

/**
 * Load that wear feels after a step: it follows the load with the delay of all damage, ds̃/dt = (s − s̃)/τ, and goes
 * 1 − 1/(1 + Δt/τ) of the way in an implicit step. Without the delay a bond that loses more by a small rise of its load
 * than the rise brings, s/Σ > 1, would break at once whatever the step.
 * @param feltBefore [point] s̃ at the start of the step
 * @param driving    [point] opening δ that drives damage, at its end [m]
 * @param step       Δt [s]
 * @param felt       out [point]
 */
export const feltLoadInto = (
  law: CohesiveLaw,
  feltBefore: Float64Array,
  driving: Float64Array,
  step: number,
  felt: Float64Array,
): void => {
  const approach = law.delay > 0 ? step / (law.delay + step) : 1
  for (let point = 0; point < felt.length; point++)
    felt[point] = feltBefore[point] + approach * (loadOf(law, driving[point]) - feltBefore[point])
}

/**
 * Adds what a step's loading wears away to the damage after it. Bonds break in proportion to how much the felt load
 * rises above the endurance limit s_e:
 *   d ln(1 − d) = −ds̃/Σ while s̃ > s_e rises, nothing while it falls or rests.
 * Exact for any step in which s̃ rises throughout.
 * @param feltBefore [point] s̃ at the start of the step
 * @param felt       [point] s̃ at its end
 * @param driving    [point] opening δ at its end [m]
 * @param step       Δt by which `feltLoadInto` went on [s]
 * @param damage     [point] raised
 * @param slope      [point] ∂d/∂δ, brought up to date [1/m]
 * @source S. Maiti, P. H. Geubelle, Eng. Fract. Mech. 72 (2005) 691, doi:10.1016/j.engfracmech.2004.06.005: stiffness
 *   of what holds falls in proportion to the rise of the opening; endurance limit: K. L. Roe, T. Siegmund, Eng. Fract.
 *   Mech. 70 (2003) 209, doi:10.1016/S0013-7944(02)00034-6
 */
export const addFatigueInto = (
  law: CohesiveLaw,
  feltBefore: Float64Array,
  felt: Float64Array,
  driving: Float64Array,
  step: number,
  damage: Float64Array,
  slope: Float64Array,
): void => {
  if (!hasFatigue(law)) return
  const { endurance = 0 } = law
  const scale = wearScale(law)
  const approach = law.delay > 0 ? step / (law.delay + step) : 1
  const perOpening = (approach * law.stiffness) / (law.strength * scale)
  for (let point = 0; point < damage.length; point++) {
    if (felt[point] <= endurance || felt[point] <= feltBefore[point]) continue
    const kept = Math.exp((Math.max(endurance, feltBefore[point]) - felt[point]) / scale)
    const intact = (1 - damage[point]) * kept
    damage[point] = 1 - intact
    slope[point] *= kept
    if (loadOf(law, driving[point]) < 1) slope[point] += intact * perOpening
  }
}
