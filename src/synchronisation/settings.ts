/** What counts as synchronous, as severe, as enough. All of it is choice, and stated with every result. */
export interface SynchronisationSettings {
  /** Share of its peak below which a spread counts as synchronous, 0 … 1 */
  readonly threshold: number
  /** Damage from which on a particle counts as severely damaged, 0 … 1 */
  readonly severeDamage: number
  /** Of the intervals of contraction factors, 0 … 1 */
  readonly confidence: number
  /** Cycles with an end of charge without which there is no verdict, ≥ 4 */
  readonly leastCycles: number
  /** Spread of stoichiometry up to which particles count as equal, > 0: what the discretisation cannot tell apart */
  readonly floor: number
  /** Change per cycle (relative) up to which a spread counts as standing still, > 0 */
  readonly steady: number
}

/** The settings that are used where none are given (choice). */
export const defaultSynchronisationSettings: SynchronisationSettings = {
  threshold: 0.5,
  severeDamage: 0.5,
  confidence: 0.95,
  leastCycles: 4,
  floor: 1e-3,
  steady: 0.02,
}

/** @throws where a setting is outside its range */
export const assertSettings = (settings: SynchronisationSettings): void => {
  const { threshold, severeDamage, confidence, leastCycles, floor, steady } = settings
  if (!(threshold > 0 && threshold < 1)) throw new RangeError(`threshold ${threshold} is not between 0 and 1`)
  if (!(severeDamage > 0 && severeDamage <= 1)) throw new RangeError(`severe damage ${severeDamage} is not in (0, 1]`)
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`confidence ${confidence} is not between 0 and 1`)
  if (!(Number.isInteger(leastCycles) && leastCycles >= 4)) throw new RangeError(`least cycles ${leastCycles}, not ≥ 4`)
  if (!(floor > 0 && Number.isFinite(floor))) throw new RangeError(`floor ${floor} is not above 0`)
  if (!(steady > 0 && steady < 1)) throw new RangeError(`steady ${steady} is not between 0 and 1`)
}
