import { assertLength } from "../array/assert.ts"
import { returnMemory } from "../kernels/loader.ts"
import { analyseSymbolically } from "./analysis.ts"
import {
  eliminate,
  type FactorisationReport,
  type Outcome,
  type Plans,
  substitute,
  substituteTransposed,
} from "./elimination.ts"
import type { SparsePattern } from "./pattern.ts"

export { estimateCondition } from "./condition.ts"
export type { FactorisationReport, Warning } from "./elimination.ts"
export { type RefinementOptions, type RefinementOutcome, solveRefined } from "./refinement.ts"

/** Symbolic analysis, shared by all matrices of one pattern. */
export interface Analysis {
  readonly kind: "symmetric" | "general"
  readonly pattern: SparsePattern
  /** Entries of the factor, and operations to find them */
  readonly nonZeros: number
  readonly flops: number
  readonly plans: Plans
}

/** Numbers of a factorised matrix, ready to solve with. */
export interface Factorisation {
  /** Numeric factorisation of other values in the same pattern and memory. */
  readonly refactorise: (values: Float64Array) => FactorisationReport
  /** Solves for right-hand sides stored one after the other; `out` may be `rhs`. @param columns 1 unless told */
  readonly solveInto: (rhs: Float64Array, out: Float64Array, columns?: number) => void
  /** Solves Aᵀ x = b for one right-hand side; `out` may be `rhs`. */
  readonly solveTransposedInto: (rhs: Float64Array, out: Float64Array) => void
  readonly report: FactorisationReport
  /** Gives the memory back; nothing else may be called afterwards. */
  readonly dispose: () => void
}

/**
 * Fill-reducing order, elimination tree, fronts and maps of a square pattern, by itself: no values enter.
 * @param kind "symmetric": both triangles are stored, LDLᵀ reads one; "general": any pattern, LU on A + Aᵀ
 * @throws RangeError if the pattern is not square, or not symmetric though it has to be
 */
export const analyse = (pattern: SparsePattern, kind: "symmetric" | "general"): Analysis => {
  if (pattern.rowCount !== pattern.columnCount)
    throw new RangeError(`the pattern has ${pattern.rowCount} rows and ${pattern.columnCount} columns`)
  assertLength("rowStart", pattern.rowStart, pattern.rowCount + 1)
  assertLength("columnIndex", pattern.columnIndex, pattern.rowStart[pattern.rowCount])
  const first = analyseSymbolically(pattern, { general: kind === "general" })
  if (!first) throw new RangeError("the pattern is not symmetric, or lacks diagonal places")
  const plans: Plans = { pattern, first, pairs: new Int32Array(0), remediesTried: 0 }
  return { kind, pattern, nonZeros: first.nonZeros, flops: first.flops, plans }
}

/**
 * Multifrontal factorisation: LSLᵀ (S = ±1) of symmetric matrices without interchanges while that is stable, otherwise
 * LU with rows interchanged within fronts. Unknowns whose pivot vanishes within their front (a multiplier before its
 * constraint) are joined with partners and ordered anew; the analysis keeps that order for later matrices.
 * @param values [entry of the pattern]
 * @source J. W. H. Liu, SIAM Review 34 (1992) 82; I. S. Duff, J. K. Reid, ACM Trans. Math. Softw. 9 (1983) 302
 */
export const factorise = (analysis: Analysis, values: Float64Array): Factorisation => {
  let outcome: Outcome | undefined = eliminate(analysis.plans, values)
  const current = (): Outcome => {
    if (!outcome) throw new Error("the factorisation was disposed of")
    return outcome
  }
  return {
    refactorise: (fresh) => {
      outcome = eliminate(analysis.plans, fresh, current())
      return outcome.report
    },
    solveInto: (rhs, out, columns = 1) => {
      const n = analysis.pattern.rowCount
      assertLength("rhs", rhs, n * columns)
      assertLength("out", out, n * columns)
      substitute(current(), rhs, out)
    },
    solveTransposedInto: (rhs, out) => {
      assertLength("rhs", rhs, analysis.pattern.rowCount)
      assertLength("out", out, analysis.pattern.rowCount)
      substituteTransposed(current(), rhs, out)
    },
    get report() {
      return current().report
    },
    dispose: () => {
      if (outcome) returnMemory(outcome.workspace.memory)
      outcome = undefined
    },
  }
}
