import { assertLength } from "../array/assert.ts"
import { analyseSymbolically, type Symbolic } from "./analysis.ts"
import { partners } from "./partners.ts"
import type { SparsePattern } from "./pattern.ts"
import { reordered, reorderInto, transversal } from "./transversal.ts"
import { createWorkspace, type Workspace } from "./workspace.ts"

/** How matrices of one pattern are factorised at first, and once one has shown that it needs interchanges. */
export interface Plans {
  readonly pattern: SparsePattern
  readonly first: Symbolic
  pivoting?: Symbolic
  /** Rows in another order, for matrices whose diagonal is weak throughout */
  reordering?: Reordering
  /** [pair, 2] unknowns that have to be eliminated together */
  pairs: Int32Array
  remediesTried: number
  /** [unknown] 1 where the unknown is not eliminated: these are the last front */
  readonly kept?: Int32Array
}

interface Reordering {
  readonly pattern: SparsePattern
  /** [row] the row as given that stands there */
  readonly rowOf: Int32Array
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

/** Pivots beyond this, in a scaled symmetric matrix, mean that it needs interchanges. */
const tolerableGrowth = 1e4

/** Growth beyond which so few digits may be left that the caller should know. */
const remarkableGrowth = 1e6

/**
 * What is tried against weak pivots before they are replaced, once for all matrices of a plan: unknowns are joined with
 * partners, then rows are put in another order, then joined again.
 */
const remedies = ["join", "join", "reorder", "join", "join"] as const

/** How many of them are tried against pivots that are merely poor: refinement makes up for what remains. */
const remediesForPoor = 2

/** A power of two near the root of the machine precision. */
const replacement = 2 ** -26

/** A factorisation that went through; not usable if the matrix had entries that are no numbers. */
export interface Outcome {
  readonly workspace: Workspace
  readonly symbolic: Symbolic
  readonly report: FactorisationReport
  readonly usable: boolean
}

/** Factorises by the plan that the analysis has come to, and improves on the plan where it fails. */
export const eliminate = (plans: Plans, values: Float64Array, earlier?: Outcome): Outcome => {
  const { pattern } = plans
  const kept = plans.kept && { kept: plans.kept }
  assertLength("values", values, pattern.columnIndex.length)
  let latest = earlier
  const prepared = (symbolic: Symbolic): Workspace => {
    if (latest?.symbolic === symbolic) return latest.workspace
    return createWorkspace(plans.reordering?.pattern ?? pattern, symbolic, latest?.workspace.memory)
  }
  if (!plans.pivoting && !plans.first.general) {
    const symbolic = plans.first
    const workspace = prepared(symbolic)
    workspace.values.set(values)
    if (workspace.kernel.scaleSymmetric() === 0) return notFinite(workspace, symbolic, values)
    workspace.kernel.factorSymmetric(eliminatedFronts(symbolic, plans))
    const report = symmetricReport(workspace, symbolic, eliminatedFronts(symbolic, plans))
    if (report) return { workspace, symbolic, report, usable: true }
    latest = { workspace, symbolic, report: failedReport, usable: false }
    plans.pivoting = analyseSymbolically(pattern, { general: true, ...kept })!
  }
  for (let replaced = false; ; ) {
    const { reordering } = plans
    const symbolic = plans.pivoting ?? plans.first
    const workspace = prepared(symbolic)
    if (reordering) reorderInto(pattern, reordering.rowOf, values, workspace.values)
    else workspace.values.set(values)
    if (workspace.kernel.scaleGeneral() === 0) return notFinite(workspace, symbolic, values)
    workspace.weak.fill(0)
    const fronts = eliminatedFronts(symbolic, plans)
    workspace.kernel.factorGeneral(fronts, replaced ? replacement : 0, workspace.weakAddress)
    latest = { workspace, symbolic, report: generalReport(workspace, symbolic, fronts, replaced), usable: true }
    const isWeak = workspace.kernel.weakPivots.value > 0
    const isPoor = workspace.kernel.poorPivots.value > 0 && plans.remediesTried < remediesForPoor
    if (replaced || !(isWeak || isPoor)) return latest
    if (remedy(plans, workspace, symbolic)) continue
    if (!isWeak) return latest
    replaced = true
  }
}

/** Changes the plan by the next remedy; returns false if there is none left. */
const remedy = (plans: Plans, workspace: Workspace, symbolic: Symbolic): boolean => {
  while (plans.remediesTried < remedies.length)
    if (remedies[plans.remediesTried++] === "join") {
      if (join(plans, workspace, symbolic)) return true
    } else if (reorder(plans, workspace)) return true
  return false
}

/** @returns whether there was anything to join */
const join = (plans: Plans, { values, weak }: Workspace, symbolic: Symbolic): boolean => {
  const pattern = plans.reordering?.pattern ?? plans.pattern
  const rowOf = plans.reordering?.rowOf
  const pairs = partners(pattern, values, symbolic.lists.unknownAt, weak, plans.pairs)
  if (pairs.length === plans.pairs.length) return false
  plans.pairs = pairs
  plans.pivoting = analyseSymbolically(pattern, {
    general: true,
    pairs: plans.pairs,
    ...(plans.kept && { kept: plans.kept }),
    ...(rowOf && { rowOf }),
  })!
  return true
}

/** @returns false where that would part a kept unknown from its equation */
const reorder = (plans: Plans, { values }: Workspace): boolean => {
  if (plans.kept) return false
  const rowOf = transversal(plans.pattern, values)
  const pattern = reordered(plans.pattern, rowOf)
  plans.reordering = { pattern, rowOf }
  plans.pairs = new Int32Array(0)
  plans.pivoting = analyseSymbolically(pattern, { general: true, rowOf })!
  return true
}

/** All, or all but the one of what is kept. */
export const eliminatedFronts = ({ frontCount }: Symbolic, { kept }: Plans): number => frontCount - (kept ? 1 : 0)

/** Right-hand sides that a panel serves while it is in the cache. */
const columnsAtOnce = 4

/** Solves for right-hand sides stored one after the other. @param rhs [column, unknown] @param out may be `rhs` */
export const substitute = (
  { workspace, symbolic, usable }: Omit<Outcome, "report">,
  rhs: Float64Array,
  out: Float64Array,
): void => {
  if (!usable) {
    out.fill(Number.NaN)
    return
  }
  const { kernel, vector, vectorAddress, inverse } = workspace
  const { frontCount, general } = symbolic
  const n = inverse.length
  for (let start = 0; start < rhs.length; start += columnsAtOnce * n) {
    const some = rhs.subarray(start, start + columnsAtOnce * n)
    vector.set(some)
    if (some.length > n) {
      const columns = some.length / n
      kernel.loadMany(vectorAddress, columns)
      kernel.forwardMany(frontCount, general ? 1 : 0)
      kernel.backwardMany(frontCount, general ? 1 : 0)
      kernel.storeMany(vectorAddress, columns)
    } else {
      kernel.loadPermuted(vectorAddress)
      if (general) {
        kernel.forwardGeneral(frontCount)
        kernel.backwardGeneral(frontCount)
      } else {
        kernel.forwardSymmetric(frontCount)
        kernel.backwardSymmetric(frontCount)
      }
      kernel.storePermuted(vectorAddress)
    }
    out.set(vector.subarray(0, some.length), start)
  }
}

/** Solves the transposed system for one right-hand side. @param out may be `rhs` */
export const substituteTransposed = (outcome: Outcome, rhs: Float64Array, out: Float64Array): void => {
  const { workspace, symbolic, usable } = outcome
  if (!(usable && symbolic.general)) {
    substitute(outcome, rhs, out)
    return
  }
  const { kernel, vector, vectorAddress } = workspace
  vector.set(rhs)
  kernel.loadTransposed(vectorAddress)
  kernel.forwardTransposed(symbolic.frontCount)
  kernel.backwardTransposed(symbolic.frontCount)
  kernel.storeTransposed(vectorAddress)
  out.set(vector.subarray(0, rhs.length))
}

/** Unknowns that were left out. */
const leftOut = ({ inverse }: Workspace, { lists }: Symbolic, fronts: number): Int32Array => {
  const found: number[] = []
  const end = lists.firstPosition[fronts]
  for (let p = 0; p < end; p++) if (inverse[p] === 0) found.push(lists.unknownAt[p])
  return Int32Array.from(found)
}

/** Undefined where the factorisation needs interchanges. */
const symmetricReport = (workspace: Workspace, symbolic: Symbolic, fronts: number): FactorisationReport | undefined => {
  const { kernel } = workspace
  const growth = kernel.largestSymmetric.value
  const negativePivots = kernel.negativePivots.value
  if (kernel.failedFront.value !== -1 || (negativePivots > 0 && growth > tolerableGrowth)) return undefined
  const nulls = kernel.nullSymmetric.value
  const warnings: Warning[] = []
  if (nulls > 0) warnings.push({ kind: "singular", unknowns: leftOut(workspace, symbolic, fronts) })
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

const generalReport = (
  workspace: Workspace,
  symbolic: Symbolic,
  fronts: number,
  replaced: boolean,
): FactorisationReport => {
  const { kernel } = workspace
  const nulls = kernel.nullGeneral.value
  const growth = kernel.largestGeneral.value
  const warnings: Warning[] = []
  if (replaced && nulls > 0) warnings.push({ kind: "perturbed pivots", count: nulls })
  else if (nulls > 0) warnings.push({ kind: "singular", unknowns: leftOut(workspace, symbolic, fronts) })
  if (growth > remarkableGrowth) warnings.push({ kind: "growth", growth })
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
