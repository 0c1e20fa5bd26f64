import { assertLength } from "../array/assert.ts"
import { returnMemory } from "../kernels/loader.ts"
import type { Symbolic } from "./analysis.ts"
import { type Outcome, substitute } from "./elimination.ts"
import { createWorkspace, type Workspace } from "./workspace.ts"

export interface DenseReport {
  /** Rows were interchanged (LU); otherwise L S Lᵀ, S = ±1 */
  readonly pivoting: boolean
  /** Pivots that were nothing: their unknowns are set to zero */
  readonly nullPivots: number
  /** Magnitudes in the scaled matrix */
  readonly smallestPivot: number
  readonly largestPivot: number
  /** Every entry is a number; otherwise solutions are NaN */
  readonly finite: boolean
}

/** Beyond this growth a symmetric matrix that is not definite is factorised with interchanges. */
const tolerableGrowth = 1e4

/**
 * A factorised dense matrix that stays in the memory of the kernels: solving copies right-hand sides alone. Symmetric
 * matrices are factorised as L S Lᵀ (S = ±1) where that is stable, otherwise, like general ones, as P A = L U with
 * rows interchanged throughout.
 * @source G. H. Golub, C. F. Van Loan, Matrix Computations (2013), §3.4, §4.2
 */
export class DenseFactorisation {
  readonly size: number
  readonly kind: "symmetric" | "general"
  readonly #symbolic: Symbolic
  #workspace: Workspace | undefined
  #report: DenseReport

  /**
   * @param entries [size, size] row by row; of symmetric matrices both triangles, though the upper one is read only
   *                where interchanges are needed
   */
  constructor(size: number, entries: Float64Array, kind: "symmetric" | "general") {
    this.size = size
    this.kind = kind
    this.#symbolic = singleFront(size)
    const noEntries = {
      rowCount: size,
      columnCount: size,
      rowStart: new Int32Array(size + 1),
      columnIndex: new Int32Array(0),
    }
    this.#workspace = createWorkspace(noEntries, this.#symbolic)
    this.#report = this.#factorise(entries)
  }

  get report(): DenseReport {
    return this.#report
  }

  /** Factorises another matrix of the same size in the same memory. */
  refactorise(entries: Float64Array): DenseReport {
    this.#report = this.#factorise(entries)
    return this.#report
  }

  /** Solves for right-hand sides stored one after the other. @param rhs [column, size] @param out may be `rhs` */
  solveInto(rhs: Float64Array, out: Float64Array, columns = 1): void {
    assertLength("rhs", rhs, this.size * columns)
    assertLength("out", out, this.size * columns)
    const { pivoting, finite } = this.#report
    const outcome: Omit<Outcome, "report"> = {
      workspace: this.#held(),
      symbolic: { ...this.#symbolic, general: pivoting },
      usable: finite,
    }
    substitute(outcome, rhs, out)
  }

  /** Gives the memory back; nothing else may be called afterwards. */
  dispose(): void {
    if (this.#workspace) returnMemory(this.#workspace.memory)
    this.#workspace = undefined
  }

  #held(): Workspace {
    if (!this.#workspace) throw new Error("the factorisation was disposed of")
    return this.#workspace
  }

  #factorise(entries: Float64Array): DenseReport {
    const { size: n } = this
    assertLength("entries", entries, n * n)
    const workspace = this.#held()
    const { kernel } = workspace
    if (this.kind === "symmetric") {
      const finite = scaleByDiagonal(n, entries, workspace)
      pack(n, entries, workspace)
      kernel.factorPanelSymmetric()
      const largestPivot = kernel.largestSymmetric.value
      const failed = kernel.failedFront.value !== -1
      const grown = kernel.negativePivots.value > 0 && largestPivot > tolerableGrowth
      if (!finite || !(failed || grown)) {
        const nullPivots = kernel.nullSymmetric.value
        return { pivoting: false, nullPivots, smallestPivot: kernel.smallestSymmetric.value, largestPivot, finite }
      }
    }
    const finite = scaleByRowsAndColumns(n, entries, workspace)
    pack(n, entries, workspace)
    workspace.weak.fill(0)
    kernel.factorPanelGeneral(workspace.weakAddress)
    return {
      pivoting: true,
      nullPivots: kernel.nullGeneral.value,
      smallestPivot: kernel.smallestGeneral.value,
      largestPivot: kernel.largestGeneral.value,
      finite,
    }
  }
}

/** One front that eliminates everything. */
const singleFront = (size: number): Symbolic => {
  const padded = (size + 3) & ~3
  const none = new Int32Array(0)
  const unknownAt = Int32Array.from({ length: size }, (_, i) => i)
  return {
    general: true,
    frontCount: 1,
    lists: {
      unknownAt,
      equationAt: unknownAt,
      firstPosition: Int32Array.of(0, size),
      rowsStart: Int32Array.of(0, 0),
      rows: none,
      relative: none,
      parentFront: Int32Array.of(-1),
      contributionStart: Int32Array.of(0),
      panelStart: Int32Array.of(0, padded * padded),
      itemStart: Int32Array.of(0, 0),
      item: none,
      target: none,
    },
    panelSize: padded * padded,
    contributionSize: 0,
    largestPanel: padded * padded,
    largestFront: padded,
    largestPivots: padded,
    nonZeros: size * size,
    flops: (2 / 3) * size ** 3,
  }
}

/** A power of two near 1/x, or 1 where there is none. */
const inverseOf = (x: number): number => (x > 1e-290 && x < 1e290 ? 2 ** -Math.round(Math.log2(x)) : 1)

/** Scales to a diagonal near ±1. @returns whether all entries of the lower triangle are numbers */
const scaleByDiagonal = (n: number, entries: Float64Array, { rowScale, columnScale }: Workspace): boolean => {
  let check = 0
  for (let i = 0; i < n; i++) {
    for (let p = i * n; p <= i * n + i; p++) check += entries[p] * 0
    rowScale[i] = inverseOf(Math.sqrt(Math.abs(entries[i * n + i])))
  }
  columnScale.set(rowScale)
  return check === 0
}

/** Scales every row, then every column, to a largest entry near 1. @returns whether all entries are numbers */
const scaleByRowsAndColumns = (n: number, entries: Float64Array, { rowScale, columnScale }: Workspace): boolean => {
  let check = 0
  columnScale.fill(0)
  for (let i = 0; i < n; i++) {
    let largest = 0
    for (let p = i * n; p < (i + 1) * n; p++) {
      check += entries[p] * 0
      const magnitude = Math.abs(entries[p])
      if (magnitude > largest) largest = magnitude
    }
    rowScale[i] = inverseOf(largest)
    for (let j = 0; j < n; j++) {
      const scaled = Math.abs(entries[i * n + j]) * rowScale[i]
      if (scaled > columnScale[j]) columnScale[j] = scaled
    }
  }
  for (let j = 0; j < n; j++) columnScale[j] = inverseOf(columnScale[j])
  return check === 0
}

/** Copies four rows at a time into the panel; the vector's place serves as the landing. */
const pack = (n: number, entries: Float64Array, { kernel, vector, vectorAddress }: Workspace): void => {
  for (let row = 0; row < n; row += 4) {
    vector.set(entries.subarray(row * n, Math.min(row + 4, n) * n))
    kernel.packRows(vectorAddress, row >> 2)
  }
}
