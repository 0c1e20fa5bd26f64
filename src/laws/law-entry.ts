/** Which numbers a parameter takes: > 0, ≥ 0, 0…1 with both ends, or any finite one. */
export type Constraint = "positive" | "non-negative" | "fraction" | "any"

/** One number that a law needs. */
export interface LawParameter {
  /** Coherent SI unit as twins write it, "m^2/s"; "" for a plain number */
  readonly dimension: string
  /** [dimension]; a parameter without one must be given */
  readonly default?: number
  readonly constraint: Constraint
  readonly description: string
}

/** One column of a tabulated law. */
export interface LawColumn {
  /** Coherent SI unit; "" for a plain number */
  readonly dimension: string
  readonly description: string
}

/** One curve that a tabulated law needs. */
export interface LawTable {
  readonly argument: LawColumn
  readonly value: LawColumn
  readonly description: string
}

/** Points of a curve: arguments increase strictly; at least two points; SI. */
export interface LawCurve {
  readonly argument: Float64Array
  readonly value: Float64Array
}

/** What a law takes from its surroundings rather than from its own parameters. */
export interface LawContext {
  /** [K] */
  readonly temperature: number
  /** c_max of the active material [mol/m³] */
  readonly maximumConcentration: number
  /** c_ini/c_max, stress-free */
  readonly initialStoichiometry: number
}

/** A law under its name in a twin: what it is, what it needs, and how it is made. */
export interface LawEntry<Law> {
  readonly summary: string
  readonly source: string
  /** By name in camelCase */
  readonly parameters: Readonly<Record<string, LawParameter>>
  /** By name; none for a law without curves */
  readonly tables: Readonly<Record<string, LawTable>>
  /**
   * @param numbers every parameter, defaults filled in [SI]
   * @param tables  every table
   * @throws RangeError where the numbers do not make a law together
   */
  readonly create: (
    numbers: Readonly<Record<string, number>>,
    tables: Readonly<Record<string, LawCurve>>,
    context: LawContext,
  ) => Law
}

/** Laws of one kind by their names in twins. */
export type LawFamily<Law> = Readonly<Record<string, LawEntry<Law>>>

/** Whether a number keeps a constraint. */
export const satisfies = (value: number, constraint: Constraint): boolean => {
  if (!Number.isFinite(value)) return false
  switch (constraint) {
    case "positive":
      return value > 0
    case "non-negative":
      return value >= 0
    case "fraction":
      return value >= 0 && value <= 1
    case "any":
      return true
  }
}
