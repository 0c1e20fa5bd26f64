import { assertIndices, assertLength } from "../array/assert.ts"
import { returnMemory } from "../kernels/loader.ts"
import { analyseSymbolically } from "./analysis.ts"
import { eliminate, eliminatedFronts, type FactorisationReport, type Outcome, type Plans } from "./elimination.ts"
import type { SparseMatrix } from "./pattern.ts"

/**
 * A symmetric matrix condensed onto some of its unknowns, with x = (x_i, x_k) and blocks K_ii, K_ik, K_ki, K_kk:
 * S = K_kk − K_ki K_ii⁻¹ K_ik, and S x_k = g is what is left of K x = f once x_i is eliminated.
 */
export interface Condensation {
  /** [kept, kept] S, row by row, in the order in which the kept unknowns were given */
  readonly schur: Float64Array
  /** g = f_k − K_ki K_ii⁻¹ f_i. @param rhs [unknown] f @param reduced [kept] g */
  readonly reduceInto: (rhs: Float64Array, reduced: Float64Array) => void
  /**
   * x with x_i = K_ii⁻¹ (f_i − K_ik x_k).
   * @param solution [kept] x_k
   * @param rhs      [unknown] f
   * @param out      [unknown], may be `rhs`
   */
  readonly expandInto: (solution: Float64Array, rhs: Float64Array, out: Float64Array) => void
  /** Of K_ii */
  readonly report: FactorisationReport
  /** Condenses other values of the same pattern: `schur` is overwritten. */
  readonly renew: (values: Float64Array) => FactorisationReport
  /** Gives the memory back; `schur` stays, nothing else may be called afterwards. */
  readonly dispose: () => void
}

/**
 * Static condensation by a factorisation that orders the kept unknowns last and stops before them: the front of the
 * kept unknowns then is the Schur complement.
 * @param kept [kept] unknowns, each once
 * @throws RangeError if the pattern is not symmetric, or kept unknowns repeat or do not exist
 * @source R. J. Guyan, AIAA J. 3 (1965) 380; J. W. H. Liu, SIAM Review 34 (1992) 82
 */
export const condense = ({ pattern, values }: SparseMatrix, kept: Int32Array): Condensation => {
  const n = pattern.rowCount
  const count = kept.length
  assertIndices("kept", kept, n)
  const isKept = new Int32Array(n)
  for (const i of kept) isKept[i] = 1
  if (isKept.reduce((sum, flag) => sum + flag, 0) !== count) throw new RangeError("an unknown is kept twice")
  const options = count > 0 ? { kept: isKept } : {}
  const first = analyseSymbolically(pattern, { general: false, ...options })
  if (!first) throw new RangeError("the pattern is not symmetric, or lacks diagonal places")
  const plans: Plans = { pattern, first, pairs: new Int32Array(0), remediesTried: 0, ...options }

  const schur = new Float64Array(count * count)
  let outcome: Outcome | undefined = eliminate(plans, values)
  if (count > 0) readSchur(outcome, kept, schur)
  const current = (): Outcome => {
    if (!outcome) throw new Error("the condensation was disposed of")
    return outcome
  }

  /** f_i forwards, which leaves g, scaled, in the kept positions. */
  const forward = (rhs: Float64Array): Outcome => {
    assertLength("rhs", rhs, n)
    const result = current()
    const { kernel, vector, vectorAddress } = result.workspace
    const fronts = eliminatedFronts(result.symbolic, plans)
    vector.set(rhs)
    kernel.loadPermuted(vectorAddress)
    if (result.symbolic.general) kernel.forwardGeneral(fronts)
    else kernel.forwardSymmetric(fronts)
    return result
  }

  return {
    schur,
    reduceInto: (rhs, reduced) => {
      assertLength("reduced", reduced, count)
      const { workspace, symbolic, usable } = forward(rhs)
      const place = places(symbolic.lists.unknownAt, count)
      for (let a = 0; a < count; a++)
        reduced[a] = usable ? workspace.permuted[n - count + place[kept[a]]] / workspace.rowScale[kept[a]] : Number.NaN
    },
    expandInto: (solution, rhs, out) => {
      assertLength("solution", solution, count)
      assertLength("out", out, n)
      const { workspace, symbolic, usable } = forward(rhs)
      if (!usable) {
        out.fill(Number.NaN)
        return
      }
      const { kernel, permuted, columnScale, vector, vectorAddress } = workspace
      const place = places(symbolic.lists.unknownAt, count)
      for (let a = 0; a < count; a++) permuted[n - count + place[kept[a]]] = solution[a] / columnScale[kept[a]]
      const fronts = eliminatedFronts(symbolic, plans)
      if (symbolic.general) kernel.backwardGeneral(fronts)
      else kernel.backwardSymmetric(fronts)
      kernel.storePermuted(vectorAddress)
      out.set(vector.subarray(0, n))
    },
    get report() {
      return current().report
    },
    renew: (fresh) => {
      outcome = eliminate(plans, fresh, current())
      if (count > 0) readSchur(outcome, kept, schur)
      return outcome.report
    },
    dispose: () => {
      if (outcome) returnMemory(outcome.workspace.memory)
      outcome = undefined
    },
  }
}

/** Where the last front has each kept unknown. */
const places = (unknownAt: Int32Array, count: number): Int32Array => {
  const n = unknownAt.length
  const place = new Int32Array(n)
  for (let t = 0; t < count; t++) place[unknownAt[n - count + t]] = t
  return place
}

/** Reads S from the panel of the last front: blocks of four rows, within a block column after column. */
const readSchur = ({ workspace, symbolic, usable }: Outcome, kept: Int32Array, schur: Float64Array): void => {
  if (!usable) {
    schur.fill(Number.NaN)
    return
  }
  const count = kept.length
  const padded = (count + 3) & ~3
  const { rowScale, columnScale } = workspace
  const panel = workspace.panels.subarray(symbolic.lists.panelStart[symbolic.frontCount - 1])
  const place = places(symbolic.lists.unknownAt, count)
  for (let a = 0; a < count; a++) {
    const i = place[kept[a]]
    const scale = 1 / rowScale[kept[a]]
    for (let b = 0; b < count; b++) {
      const j = place[kept[b]]
      // Of symmetric fronts, one triangle is there.
      const [row, column] = symbolic.general || i >= j ? [i, j] : [j, i]
      const value = panel[((row >> 2) * padded + column) * 4 + (row & 3)]
      schur[a * count + b] = (value * scale) / columnScale[kept[b]]
    }
  }
}
