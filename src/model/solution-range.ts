/** Where the concentrations of a half-cell stand in its vector of unknowns. */
export interface ConcentrationRange {
  /** Stoichiometries stand from 0 up to here */
  readonly solidEnd: number
  /** c_l/c_l0 stand from here … */
  readonly saltStart: number
  /** … up to here */
  readonly saltEnd: number
}

/**
 * ≥ 0 once the current has emptied (charge) or filled (discharge) a surface to within `margin` of what the material holds,
 * or run electrolyte dry; the other end of the range is no hindrance to it.
 */
export const exhaustion = (
  x: Float64Array,
  { solidEnd, saltStart, saltEnd }: ConcentrationRange,
  current: number,
  margin: number,
): number => {
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < solidEnd; i++) {
    const left = current > 0 ? x[i] : 1 - x[i]
    if (margin - left > most) most = margin - left
  }
  const dry = Math.max(0, margin)
  for (let i = saltStart; i < saltEnd; i++) if (dry - x[i] > most) most = dry - x[i]
  return most
}

/** Takes a prediction back to where it can be: the salt's range may be overshot; stoichiometry may leave 0…1 a little. */
export const keepInRange = (x: Float64Array, { solidEnd, saltStart, saltEnd }: ConcentrationRange): void => {
  for (let i = 0; i < solidEnd; i++) x[i] = Math.min(1.05, Math.max(-0.05, x[i]))
  for (let i = saltStart; i < saltEnd; i++) x[i] = Math.max(1e-3, x[i])
}
