import { assertLength } from "../array/assert.ts"
import type { EnsembleHistory } from "./ensemble.ts"

/** Takes down what is known of each cycle, in any order; the last entry of a kind counts. */
export interface EnsembleLedger {
  /** @param stoichiometry [particle] mean stoichiometry at the end of charge */
  readonly bookCharge: (cycle: number, stoichiometry: Float64Array) => void
  /** @param stoichiometry [particle] mean stoichiometry at the end of discharge */
  readonly bookDischarge: (cycle: number, stoichiometry: Float64Array) => void
  /** @param damage [particle] at the end of the cycle */
  readonly bookDamage: (cycle: number, damage: Float64Array) => void
  /** What was booked so far; NaN where a cycle lacks a kind. */
  readonly history: () => EnsembleHistory
}

/** Formation comes before the first cycle. */
const formation = 0

/**
 * A ledger without entries. Formation (cycle 0) is not taken down.
 * @param weight  [particle] > 0, of any sum
 */
export const openLedger = (weight: Float64Array): EnsembleLedger => {
  const particleCount = weight.length
  const total = weight.reduce((sum, share) => sum + share, 0)
  const kinds = {
    endOfCharge: new Map<number, Float64Array>(),
    endOfDischarge: new Map<number, Float64Array>(),
    damage: new Map<number, Float64Array>(),
  }
  const book =
    (kind: keyof typeof kinds) =>
    (cycle: number, values: Float64Array): void => {
      assertLength(kind, values, particleCount)
      if (cycle !== formation) kinds[kind].set(cycle, values.slice())
    }
  return {
    bookCharge: book("endOfCharge"),
    bookDischarge: book("endOfDischarge"),
    bookDamage: book("damage"),
    history: () => {
      const cycle = Int32Array.from(new Set(Object.values(kinds).flatMap((kind) => [...kind.keys()]))).sort()
      const matrix = (kind: keyof typeof kinds): Float64Array => {
        const out = new Float64Array(cycle.length * particleCount).fill(Number.NaN)
        for (const [index, each] of cycle.entries()) {
          const values = kinds[kind].get(each)
          if (values !== undefined) out.set(values, index * particleCount)
        }
        return out
      }
      return {
        particleCount,
        cycle,
        endOfCharge: matrix("endOfCharge"),
        endOfDischarge: matrix("endOfDischarge"),
        damage: matrix("damage"),
        weight: weight.map((share) => share / total),
      }
    },
  }
}
