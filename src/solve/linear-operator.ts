import { analyse, type Factorisation, factorise } from "../algebra/direct.ts"
import type { SparseMatrix, SparsePattern } from "../algebra/pattern.ts"
import { sparseProduct } from "../algebra/sparse-product.ts"

/** A square matrix whose entries change, with a factorisation that may lag behind them. */
export interface LinearOperator {
  readonly size: number
  /** Product with the current entries. */
  readonly applyInto: (x: Float64Array, out: Float64Array) => void
  /** Factorises the current entries. */
  readonly renew: () => void
  /** Solves with the entries of the last `renew`. */
  readonly solveInto: (rhs: Float64Array, out: Float64Array) => void
  /** Frees the factorisation. */
  readonly forget: () => void
}

/** A sparse matrix in a fixed pattern; write its entries into `matrix.values`. */
export interface SparseOperator extends LinearOperator {
  readonly matrix: SparseMatrix
}

/** Wraps a pattern, analysed once, as an operator. */
export const sparseOperator = (pattern: SparsePattern, kind: "symmetric" | "general"): SparseOperator => {
  const { matrix, applyInto } = sparseProduct(pattern)
  const analysis = analyse(pattern, kind)
  let factorisation: Factorisation | undefined
  return {
    size: pattern.rowCount,
    matrix,
    applyInto,
    renew: () => {
      if (factorisation) factorisation.refactorise(matrix.values)
      else factorisation = factorise(analysis, matrix.values)
    },
    solveInto: (rhs, out) => {
      if (!factorisation) throw new Error("renew comes before solveInto")
      factorisation.solveInto(rhs, out)
    },
    forget: () => {
      factorisation?.dispose()
      factorisation = undefined
    },
  }
}
