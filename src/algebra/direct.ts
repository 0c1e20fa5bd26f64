import { assertLength } from "../array/assert.ts"
import { returnMemory } from "../kernels/loader.ts"
import { analyseSymbolically, type Symbolic } from "./analysis.ts"
import { partners } from "./partners.ts"
import type { SparsePattern } from "./pattern.ts"
import { createWorkspace, type Workspace } from "./workspace.ts"

export { type RefinementOptions, type RefinementOutcome, solveRefined } from "./refinement.ts"

/** Symbolic analysis, shared by all matrices of one pattern. */
export interface Analysis {
  readonly kind: "symmetric" | "general"
  readonly pattern: SparsePattern
  /** Entries of the factor, and operations to find them */
  readonly nonZeros: number
  readonly flops: number
  /** How matrices are factorised at first, and once a matrix of this pattern has shown that it needs interchanges. */
  readonly plans: { first: Symbolic; pivoting?: Symbolic; pairs: Int32Array }
}

/** What a caller may want to know about a factorisation that went through. */
export type Warning =
  /** The matrix has entries that are no numbers: every solution will be NaN. */
  | { readonly kind: "not finite"; readonly count: number }
  /** These unknowns do not matter to any equation that is left: they are set to zero. */
  | { readonly kind: "singular"; readonly unknowns: Int32Array }
  /** Pivots that were nothing though their columns were not, replaced: refine the solution. */
  | { readonly kind: "perturbed pivots"; readonly count: number }
  /** Pivots have grown so much that digits are lost: refine the solution. */
  | { readonly kind: "growth"; readonly growth: number }

export interface FactorisationReport {
  /** Entries of the factor, and operations to find them (a multiplication and an addition count as two) */
  readonly nonZeros: number
  readonly flops: number
  /** Whether rows were interchanged within fronts */
  readonly pivoting: boolean
  /** Of a symmetric matrix without interchanges: how many eigenvalues are negative (Sylvester) */
  readonly negativePivots: number
  /** Pivots replaced or left out */
  readonly perturbedPivots: number
  /** Magnitudes in the matrix scaled to a diagonal, or largest entries, near 1; 0 if singular */
  readonly smallestPivot: number
  readonly largestPivot: number
  /** Largest pivot over the largest scaled entry */
  readonly growth: number
  readonly warnings: readonly Warning[]
}

export interface Factorisation {
  /** Numeric factorisation of other values in the same pattern and memory. */
  readonly refactorise: (values: Float64Array) => FactorisationReport
  /** Solves for right-hand sides stored one after the other; `out` may be `rhs`. @param columns 1 unless told */
  readonly solveInto: (rhs: Float64Array, out: Float64Array, columns?: number) => void
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
  return { kind, pattern, nonZeros: first.nonZeros, flops: first.flops, plans: { first, pairs: new Int32Array(0) } }
}

/** Pivots beyond this, in a scaled symmetric matrix, mean that it needs interchanges. */
const tolerableGrowth = 1e6

/** How often unknowns with a weak pivot are joined with partners before weak pivots are replaced. */
const joiningRounds = 4

/** A power of two near the root of the machine precision. */
const replacement = 2 ** -26

interface Outcome {
  readonly workspace: Workspace
  readonly symbolic: Symbolic
  readonly report: FactorisationReport
  readonly usable: boolean
}

/**
 * Multifrontal factorisation: LSLᵀ (S = ±1) of symmetric matrices without interchanges while that is stable, otherwise
 * LU with rows interchanged within fronts. Unknowns whose pivot vanishes within their front (a multiplier before its
 * constraint) are joined with partners and ordered anew; the analysis keeps that order for later matrices.
 * @param values [entry of the pattern]
 * @source J. W. H. Liu, SIAM Review 34 (1992) 82; I. S. Duff, J. K. Reid, ACM Trans. Math. Softw. 9 (1983) 302
 */
export const factorise = (analysis: Analysis, values: Float64Array): Factorisation => {
  let outcome: Outcome | undefined = factoriseWith(analysis, values)
  const current = (): Outcome => {
    if (!outcome) throw new Error("the factorisation was disposed of")
    return outcome
  }
  return {
    refactorise: (fresh) => {
      outcome = factoriseWith(analysis, fresh, current())
      return outcome.report
    },
    solveInto: (rhs, out, columns = 1) => {
      const n = analysis.pattern.rowCount
      assertLength("rhs", rhs, n * columns)
      assertLength("out", out, n * columns)
      const { workspace, symbolic, usable } = current()
      if (!usable) {
        out.fill(Number.NaN)
        return
      }
      const { kernel, vector, vectorAddress } = workspace
      for (let column = 0; column < columns; column++) {
        vector.set(rhs.subarray(column * n, (column + 1) * n))
        kernel.loadPermuted(vectorAddress)
        if (symbolic.general) {
          kernel.forwardGeneral(symbolic.frontCount)
          kernel.backwardGeneral(symbolic.frontCount)
        } else {
          kernel.forwardSymmetric(symbolic.frontCount)
          kernel.backwardSymmetric(symbolic.frontCount)
        }
        kernel.storePermuted(vectorAddress)
        out.set(vector, column * n)
      }
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

/** Factorises by the plan that the analysis has come to, and improves on the plan where it fails. */
const factoriseWith = (analysis: Analysis, values: Float64Array, earlier?: Outcome): Outcome => {
  const { pattern, plans } = analysis
  assertLength("values", values, pattern.columnIndex.length)
  let kept = earlier
  const prepared = (symbolic: Symbolic): Workspace => {
    if (kept?.symbolic === symbolic) return kept.workspace
    return createWorkspace(pattern, symbolic, kept?.workspace.memory)
  }
  if (!plans.pivoting && !plans.first.general) {
    const symbolic = plans.first
    const workspace = prepared(symbolic)
    workspace.values.set(values)
    if (workspace.kernel.scaleSymmetric() === 0) return notFinite(workspace, symbolic, values)
    workspace.kernel.factorSymmetric(symbolic.frontCount)
    const report = symmetricReport(workspace, symbolic)
    if (report) return { workspace, symbolic, report, usable: true }
    kept = { workspace, symbolic, report: failedReport, usable: false }
    plans.pivoting = analyseSymbolically(pattern, { general: true })!
  }
  for (let round = 0; ; round++) {
    const symbolic = plans.pivoting ?? plans.first
    const workspace = prepared(symbolic)
    workspace.values.set(values)
    if (workspace.kernel.scaleGeneral() === 0) return notFinite(workspace, symbolic, values)
    workspace.weak.fill(0)
    const last = round === joiningRounds
    workspace.kernel.factorGeneral(symbolic.frontCount, last ? replacement : 0, workspace.weakAddress)
    const weakCount = workspace.kernel.weakPivots.value
    kept = { workspace, symbolic, report: generalReport(workspace, symbolic, last), usable: true }
    if (weakCount === 0 || last) return kept
    const pairs = partners(pattern, workspace.values, symbolic.lists.unknownAt, workspace.weak, plans.pairs)
    plans.pairs = pairs
    plans.pivoting = analyseSymbolically(pattern, { general: true, pairs })!
  }
}

const positionsWhere = ({ inverse }: Workspace, { lists }: Symbolic): Int32Array => {
  const found: number[] = []
  for (let p = 0; p < inverse.length; p++) if (inverse[p] === 0) found.push(lists.unknownAt[p])
  return Int32Array.from(found)
}

/** Undefined where the factorisation needs interchanges. */
const symmetricReport = (workspace: Workspace, symbolic: Symbolic): FactorisationReport | undefined => {
  const { kernel } = workspace
  const growth = kernel.largestSymmetric.value
  const negativePivots = kernel.negativePivots.value
  if (kernel.failedFront.value !== -1 || (negativePivots > 0 && growth > tolerableGrowth)) return undefined
  const nulls = kernel.nullSymmetric.value
  const warnings: Warning[] = []
  if (nulls > 0) warnings.push({ kind: "singular", unknowns: positionsWhere(workspace, symbolic) })
  return {
    nonZeros: symbolic.nonZeros,
    flops: symbolic.flops,
    pivoting: false,
    negativePivots,
    perturbedPivots: nulls,
    smallestPivot: kernel.smallestSymmetric.value,
    largestPivot: growth,
    growth,
    warnings,
  }
}

const generalReport = (workspace: Workspace, symbolic: Symbolic, replaced: boolean): FactorisationReport => {
  const { kernel } = workspace
  const nulls = kernel.nullGeneral.value
  const growth = kernel.largestGeneral.value
  const warnings: Warning[] = []
  if (replaced && nulls > 0) warnings.push({ kind: "perturbed pivots", count: nulls })
  else if (nulls > 0) warnings.push({ kind: "singular", unknowns: positionsWhere(workspace, symbolic) })
  if (growth > tolerableGrowth) warnings.push({ kind: "growth", growth })
  return {
    nonZeros: symbolic.nonZeros,
    flops: symbolic.flops,
    pivoting: true,
    negativePivots: 0,
    perturbedPivots: nulls,
    smallestPivot: kernel.smallestGeneral.value,
    largestPivot: growth,
    growth,
    warnings,
  }
}

const failedReport: FactorisationReport = {
  nonZeros: 0,
  flops: 0,
  pivoting: false,
  negativePivots: 0,
  perturbedPivots: 0,
  smallestPivot: 0,
  largestPivot: 0,
  growth: 0,
  warnings: [],
}

const notFinite = (workspace: Workspace, symbolic: Symbolic, values: Float64Array): Outcome => {
  let count = 0
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) count++
  return { workspace, symbolic, usable: false, report: { ...failedReport, warnings: [{ kind: "not finite", count }] } }
}
