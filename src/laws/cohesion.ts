import type { CohesiveLaw } from "./contracts.ts"
import type { LawEntry } from "./law-entry.ts"

/** Largest damage that acts in tractions: a body that has debonded all round keeps this share of its stiffness. */
const remainingStiffness = 1e-7

/** δ₀ = T/K: effective opening at which the traction reaches the strength [m]. */
export const onsetOpening = ({ strength, stiffness }: CohesiveLaw): number => strength / stiffness

/** δ_f = 2 G_c/T: effective opening at which the traction of the bilinear law has fallen to zero [m]. */
export const failureOpening = ({ fractureEnergy, strength }: CohesiveLaw): number => (2 * fractureEnergy) / strength

/**
 * Damage that a rate-independent bilinear law has after its first loading to δ, and its slope:
 * d* = δ_f (δ − δ₀)/(δ (δ_f − δ₀)) between δ₀ and δ_f, 0 before, 1 after. A law with δ_f ≤ δ₀ breaks at once.
 * @param effectiveOpening δ ≥ 0 [m]
 * @returns damage d* ∈ [0, 1] and slope ∂d*∕∂δ [1/m]
 * @source Camanho & Dávila (2002), NASA/TM-2002-211737, for a first loading
 */
export const targetDamage = (law: CohesiveLaw, effectiveOpening: number): { damage: number; slope: number } => {
  const onset = onsetOpening(law)
  const failure = failureOpening(law)
  if (effectiveOpening <= onset) return { damage: 0, slope: 0 }
  if (effectiveOpening >= failure) return { damage: 1, slope: 0 }
  const softening = failure / (failure - onset)
  return {
    damage: softening * (1 - onset / effectiveOpening),
    slope: (softening * onset) / (effectiveOpening * effectiveOpening),
  }
}

/**
 * Energy per area that rate-independent bilinear softening dissipates up to damage d: work done less the energy that
 * unloading gives back, G_c (δ − δ₀)/(δ_f − δ₀) = G_c δ₀ d/(δ_f − d (δ_f − δ₀)). What delayed damage dissipates
 * beyond that is its viscous share.
 * @param damage d ∈ [0, 1]
 * @returns [J/m²], G_c at d = 1
 */
export const fractureDissipation = (law: CohesiveLaw, damage: number): number => {
  const onset = onsetOpening(law)
  const failure = Math.max(failureOpening(law), onset)
  return (law.fractureEnergy * onset * damage) / (failure - damage * (failure - onset))
}

/**
 * δ = sqrt(⟨δ_n⟩² + β²|δ_t|²) of one point [m].
 * @param opening [point, dimension] local frame, component 0 normal [m]
 */
export const effectiveOpening = (law: CohesiveLaw, dimension: 2 | 3, opening: Float64Array, point: number): number => {
  const at = point * dimension
  let square = Math.max(0, opening[at]) ** 2
  for (let k = 1; k < dimension; k++) square += (law.mixity * opening[at + k]) ** 2
  return Math.sqrt(square)
}

/**
 * Delayed, irreversible damage after one step: d_{n+1} = max(d_n, (d_n + r d*(δ))/(1 + r)), r = Δt/τ; for τ = 0
 * max(d_n, d*).
 * @param driving      [point] opening δ ≥ 0 that drives it [m]
 * @param damageBefore [point] at the start of the step; 1 marks contact only
 * @param step         Δt ≥ 0 [s]
 * @param damage       out [point]
 * @param slope        out [point] ∂d/∂δ [1/m]
 * @source Gao & Bower (2004), Modelling Simul. Mater. Sci. Eng. 12, 453 (viscous regularisation of cohesive zones);
 *   Allix & Deü (1997), Eng. Trans. 45, 29 (delayed damage); bilinear law: Li et al. (2022), Science 376, 517
 */
export const delayedDamageInto = (
  law: CohesiveLaw,
  driving: Float64Array,
  damageBefore: Float64Array,
  step: number,
  damage: Float64Array,
  slope: Float64Array,
): void => {
  const onset = onsetOpening(law)
  const failure = failureOpening(law)
  const softening = failure > onset ? failure / (failure - onset) : 0
  /** Share of the way to d* that one step goes */
  const approach = law.delay > 0 ? step / (law.delay + step) : 1
  for (let point = 0; point < damageBefore.length; point++) {
    const opening = driving[point]
    const before = damageBefore[point]
    damage[point] = before
    slope[point] = 0
    if (opening <= onset) continue
    const target = opening < failure ? softening * (1 - onset / opening) : 1
    if (target <= before) continue
    damage[point] = before + approach * (target - before)
    if (opening < failure) slope[point] = (approach * softening * onset) / (opening * opening)
  }
}

/** Target of the damage of a bond drawn out to an opening: from 0 at δ_f to 1 at 2 δ_f. @param own effective opening [m] */
export const overstretchTarget = (law: CohesiveLaw, own: number): number =>
  Math.max(0, Math.min(1, own / failureOpening(law) - 1))

/**
 * Adds the damage of bonds that are driven by the load around them and have themselves been drawn out beyond the failure
 * opening: their target rises from 0 at δ_f to 1 at 2 δ_f, with the delay of all damage. Without it a last thousandth of
 * a bond would go on pulling across a gap that nothing spans.
 * @param opening      [point, dimension] local frame, component 0 normal [m]
 * @param damageBefore [point] at the start of the step
 * @param damage       [point] raised
 * @param slope        [point] ∂d/∂driving, 0 where the own opening has taken over [1/m]
 * @param ownSlope     out [point] ∂d/∂(own effective opening) [1/m]
 */
export const addOverstretchInto = (
  law: CohesiveLaw,
  dimension: 2 | 3,
  opening: Float64Array,
  damageBefore: Float64Array,
  step: number,
  damage: Float64Array,
  slope: Float64Array,
  ownSlope: Float64Array,
): void => {
  const failure = failureOpening(law)
  const approach = law.delay > 0 ? step / (law.delay + step) : 1
  for (let point = 0; point < damage.length; point++) {
    ownSlope[point] = 0
    if (damage[point] >= 1) continue
    const own = effectiveOpening(law, dimension, opening, point)
    const target = overstretchTarget(law, own)
    const reached = damageBefore[point] + approach * (target - damageBefore[point])
    if (reached <= damage[point]) continue
    damage[point] = reached
    slope[point] = 0
    if (target < 1) ownSlope[point] = approach / failure
  }
}

/** Writes the effective opening of every point [m]. @param opening [point, dimension] @param out [point] */
export const effectiveOpeningsInto = (
  law: CohesiveLaw,
  dimension: 2 | 3,
  opening: Float64Array,
  out: Float64Array,
): void => {
  for (let point = 0; point < out.length; point++) out[point] = effectiveOpening(law, dimension, opening, point)
}

/**
 * Tractions and tangents at given damage:
 *   t_n = (1 − d) K ⟨δ_n⟩ − K ⟨−δ_n⟩, t_t = (1 − d) K β² δ_t.
 * Contact carries load undamaged. In tractions and tangents d is capped at 1 − 1e-7: a body that has debonded all round
 * keeps a vanishing stiffness (10⁻⁷ K) and the system stays regular. The tangent is symmetric; where damage grows with
 * the point's own opening it is indefinite. Allocates nothing.
 * @param opening  [point, dimension] local frame, component 0 normal [m]
 * @param damage   [point]
 * @param slope    [point] ∂d/∂δ by the point's own effective opening, 0 where damage depends on something else [1/m]
 * @param traction out [point, dimension] [Pa]
 * @param tangent  out [point, dimension, dimension] ∂t/∂δ [Pa/m]
 */
export const cohesiveResponseInto = (
  law: CohesiveLaw,
  dimension: 2 | 3,
  opening: Float64Array,
  damage: Float64Array,
  slope: Float64Array,
  traction: Float64Array,
  tangent: Float64Array,
): void => {
  const { stiffness } = law
  const tangential = law.mixity * law.mixity
  for (let point = 0; point < damage.length; point++) {
    const at = point * dimension
    const matrix = at * dimension
    const normal = opening[at]
    const gap = normal > 0 ? normal : 0
    const integrity = integrityOf(damage[point])
    const intact = integrity * stiffness
    // ∂t/∂δ = (1 − d) K diag(1, β², …) − K (∂d/∂δ)/δ q⊗q with q = (⟨δ_n⟩, β² δ_t)
    const grows = slope[point] > 0 && integrity > remainingStiffness
    const loss = grows ? (stiffness * slope[point]) / effectiveOpening(law, dimension, opening, point) : 0
    for (let row = 0; row < dimension; row++) {
      const pull = row === 0 ? gap : tangential * opening[at + row]
      traction[at + row] = intact * pull
      for (let column = 0; column < dimension; column++) {
        const other = column === 0 ? gap : tangential * opening[at + column]
        tangent[matrix + row * dimension + column] = -loss * pull * other
      }
      if (row > 0) tangent[matrix + row * dimension + row] += intact * tangential
    }
    if (normal > 0) tangent[matrix] += intact
    else {
      traction[at] = stiffness * normal
      tangent[matrix] = stiffness
    }
  }
}

/** Share of the stiffness that is left, 1 − d, never less than 1e-7. */
export const integrityOf = (damage: number): number => Math.max(remainingStiffness, 1 - damage)

/**
 * Damage, tractions and consistent tangents after one step in which every point's own opening drives its damage:
 * `delayedDamageInto` and `cohesiveResponseInto` in one.
 */
export const cohesiveUpdateInto = (
  law: CohesiveLaw,
  dimension: 2 | 3,
  opening: Float64Array,
  damageBefore: Float64Array,
  step: number,
  traction: Float64Array,
  tangent: Float64Array,
  damage: Float64Array,
): void => {
  const driving = new Float64Array(damageBefore.length)
  const slope = new Float64Array(damageBefore.length)
  effectiveOpeningsInto(law, dimension, opening, driving)
  delayedDamageInto(law, driving, damageBefore, step, damage, slope)
  cohesiveResponseInto(law, dimension, opening, damage, slope, traction, tangent)
}

/** Register entry of the bilinear law. */
export const bilinearEntry: LawEntry<CohesiveLaw> = {
  summary: "Bilinear traction–separation law, irreversible damage that may lag behind its target, undamaged contact",
  source: "Li et al. (2022), Science 376, 517; delay: Gao & Bower (2004), Modelling Simul. Mater. Sci. Eng. 12, 453",
  parameters: {
    stiffness: { dimension: "Pa/m", constraint: "positive", description: "Initial stiffness K of the interface" },
    strength: { dimension: "Pa", constraint: "positive", description: "Largest traction T_max" },
    fractureEnergy: { dimension: "J/m^2", constraint: "positive", description: "Work of separation G_c" },
    mixity: {
      dimension: "",
      default: 1,
      constraint: "non-negative",
      description: "Weight β of the tangential opening",
    },
    delay: {
      dimension: "s",
      default: 20,
      constraint: "positive",
      description:
        "Time τ by which damage lags (choice); without a delay so brittle a bond tears in jumps that no time step follows",
    },
    processZone: {
      dimension: "m",
      default: 0,
      constraint: "non-negative",
      description:
        "Reach over which the traction that damages is averaged (choice), a few edges of the mesh; 0: every point by " +
        "itself, and tears depend on the mesh",
    },
    fatigueLoss: {
      dimension: "",
      default: 0,
      constraint: "fraction",
      description: "Share of what still holds that one loading to the strength wears away (choice); 0: no fatigue",
    },
    endurance: {
      dimension: "",
      default: 0.65,
      constraint: "fraction",
      description: "Share of the strength up to which loading wears nothing",
    },
  },
  tables: {},
  create: ({ stiffness, strength, fractureEnergy, mixity, delay, ...more }) => {
    const { processZone, fatigueLoss, endurance } = more
    const law = { stiffness, strength, fractureEnergy, mixity, delay, processZone, fatigueLoss, endurance }
    if (endurance >= 1) throw new RangeError(`the cohesive law's endurance is ${endurance}; expected less than 1`)
    if (fatigueLoss >= 1)
      throw new RangeError(`the cohesive law's fatigue-loss is ${fatigueLoss}; expected less than 1`)
    if (failureOpening(law) <= onsetOpening(law))
      throw new RangeError(
        `The cohesive law snaps back: stiffness ${stiffness} Pa/m must exceed strength²/(2 fracture energy) = ${
          (strength * strength) / (2 * fractureEnergy)
        } Pa/m`,
      )
    return law
  },
}
