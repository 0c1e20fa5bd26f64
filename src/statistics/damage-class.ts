import { type Monoid, struct } from "fp-ts/lib/Monoid.js"
import { MonoidSum } from "fp-ts/lib/number.js"

/** How far a particle is damaged. */
export type DamageClass = "least" | "mild" | "severe"

/** Where one class ends and the next begins: the damage from which on a particle belongs to the higher one. */
export interface DamageThresholds {
  /** 0 < mild < 1 */
  readonly mild: number
  /** mild < severe < 1 */
  readonly severe: number
}

/**
 * From 5 % of a particle's volume in cracks on it counts as mildly, from 15 % on as severely damaged. The classes were
 * published as pictures, without numbers; these are this program's choice and are stated wherever they are used.
 * @source J. Li et al., Science 376 (2022) 517, figs. 1 and 2, doi:10.1126/science.abm8962
 */
export const defaultDamageThresholds: DamageThresholds = { mild: 0.05, severe: 0.15 }

/** How many particles are in each class. */
export interface DamageClasses {
  readonly least: number
  readonly mild: number
  readonly severe: number
  /** Particles whose damage is not known */
  readonly unknown: number
}

/** Counts of classes under addition; exact. */
export const damageClassesMonoid: Monoid<DamageClasses> = struct({
  least: MonoidSum,
  mild: MonoidSum,
  severe: MonoidSum,
  unknown: MonoidSum,
})

/** The class of one particle. */
export const damageClassOf = (damage: number, { mild, severe }: DamageThresholds): DamageClass =>
  damage >= severe ? "severe" : damage >= mild ? "mild" : "least"

/**
 * Counts particles by class.
 * @param damage  [particle] 0 … 1, NaN where it is not known
 */
export const damageClassesOf = (damage: ArrayLike<number>, thresholds: DamageThresholds): DamageClasses => {
  const { mild, severe } = thresholds
  if (!(mild > 0 && mild < severe && severe < 1)) {
    throw new RangeError(`damage classes from ${mild} and from ${severe} on; they must rise between 0 and 1`)
  }
  const counts = { least: 0, mild: 0, severe: 0, unknown: 0 }
  for (let particle = 0; particle < damage.length; particle++) {
    counts[Number.isNaN(damage[particle]) ? "unknown" : damageClassOf(damage[particle], thresholds)]++
  }
  return counts
}
