import type { CrackGrowth } from "../../laws/crack-growth.ts"
import type { HalfCellParameters, Matrix } from "../resolved/parameters.ts"

/** How finely a network follows what goes on inside and between its particles. */
export interface NetworkChoices {
  /** Shells of a particle for which the network names none; 16 unless told */
  readonly shells?: number
  /**
   * Degree of the last surface harmonics by which stoichiometry varies around a particle, 0 for none: the same all round.
   * Unless told 4 in space, 8 in the plane.
   */
  readonly angularModes?: number
  /**
   * Edges of the electron network along which the 5C current of a mean particle falls by less than this are taken for
   * ideal, so that what they join is one node; 1 mV unless told, 0 for none [V]
   */
  readonly negligibleFall?: number
  /** Cracks inside particles; left out where absent */
  readonly cracking?: CrackGrowth
}

/**
 * Everything that the network half-cell needs besides network and protocol; SI. Carbon/binder is of two kinds, the
 * matrices `high` and `low`; the electrode's porosity and tortuosity come with the network's layers.
 */
export interface NetworkCellParameters extends HalfCellParameters, NetworkChoices {
  /** [m] */
  readonly separatorThickness: number
  /** Cells across the separator; 8 unless told */
  readonly separatorCells?: number
}

/** The two kinds of carbon/binder. @throws RangeError where one has no parameters */
export const bothMatrices = ({ matrices }: NetworkCellParameters): { readonly high: Matrix; readonly low: Matrix } => {
  const { high, low } = matrices
  if (high === undefined || low === undefined)
    throw new RangeError(`a network needs the matrices "high" and "low"; found ${Object.keys(matrices).join(", ")}`)
  return { high, low }
}

/** Degree of the last surface harmonics. @throws RangeError where it is no whole number ≥ 0 */
export const angularDegrees = (dimension: 2 | 3, { angularModes }: NetworkCellParameters): number => {
  const degrees = angularModes ?? (dimension === 3 ? 4 : 8)
  if (!(Number.isInteger(degrees) && degrees >= 0))
    throw new RangeError(`angularModes is ${degrees}, expected a whole number from 0 on`)
  return degrees
}
