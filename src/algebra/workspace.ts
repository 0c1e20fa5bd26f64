import * as numericBytes from "../kernels/generated/numeric.ts"
import { growMemory, kernel, Layout, takeMemory } from "../kernels/loader.ts"
import type { Symbolic, SymbolicLists } from "./analysis.ts"
import type { SparsePattern } from "./pattern.ts"

interface Value {
  readonly value: number
}

/** The numeric kernel; addresses are bytes in its memory. */
export interface NumericKernel {
  readonly configure: (...addresses: number[]) => void
  /** Scale the values in place; whether all are finite. */
  readonly scaleSymmetric: () => number
  readonly scaleGeneral: () => number
  readonly factorSymmetric: (fronts: number) => void
  readonly factorGeneral: (fronts: number, replacement: number, weak: number) => void
  readonly loadPermuted: (rhs: number) => void
  readonly storePermuted: (out: number) => void
  readonly forwardSymmetric: (fronts: number) => void
  readonly backwardSymmetric: (fronts: number) => void
  readonly forwardGeneral: (fronts: number) => void
  readonly backwardGeneral: (fronts: number) => void
  /** The transposed matrix */
  readonly loadTransposed: (rhs: number) => void
  readonly storeTransposed: (out: number) => void
  readonly forwardTransposed: (fronts: number) => void
  readonly backwardTransposed: (fronts: number) => void
  /** Up to four right-hand sides at a time */
  readonly loadMany: (rhs: number, columns: number) => void
  readonly storeMany: (out: number, columns: number) => void
  readonly forwardMany: (fronts: number, general: number) => void
  readonly backwardMany: (fronts: number, general: number) => void
  /** One dense panel */
  readonly packRows: (rows: number, block: number) => void
  readonly factorPanelSymmetric: () => void
  readonly factorPanelGeneral: (weak: number) => void
  readonly failedFront: Value
  readonly negativePivots: Value
  readonly nullSymmetric: Value
  readonly nullGeneral: Value
  readonly weakPivots: Value
  readonly poorPivots: Value
  readonly smallestSymmetric: Value
  readonly largestSymmetric: Value
  readonly smallestGeneral: Value
  readonly largestGeneral: Value
}

const numericKernel = kernel<NumericKernel>(numericBytes)

/** Memory of one factorisation and the kernel that works in it. */
export interface Workspace {
  readonly memory: WebAssembly.Memory
  readonly kernel: NumericKernel
  /** [entry] values of the matrix */
  readonly values: Float64Array
  /** [unknown] by what its row and its column were scaled, powers of two */
  readonly rowScale: Float64Array
  readonly columnScale: Float64Array
  /** All fronts' panels */
  readonly panels: Float64Array
  /** [position] a right-hand side in the order of elimination */
  readonly permuted: Float64Array
  /** [position] 0 where a pivot was nothing */
  readonly inverse: Float64Array
  /** [position] 1 where a pivot was nothing, or poor, though its column was not */
  readonly weak: Int32Array
  readonly weakAddress: number
  /** [column, unknown] up to four right-hand sides or solutions */
  readonly vector: Float64Array
  readonly vectorAddress: number
}

/** Lays out the memory of a factorisation, in memory of an earlier one if there is any. */
export const createWorkspace = (
  { rowStart, columnIndex, rowCount: n }: SparsePattern,
  symbolic: Symbolic,
  earlier?: WebAssembly.Memory,
): Workspace => {
  const layout = new Layout()
  const { lists, frontCount } = symbolic
  const reals = (count: number): number => layout.reserve(8 * count)
  const pattern = [rowStart, columnIndex].map((list) => [layout.reserve(list.byteLength), list] as const)
  const names: readonly (keyof SymbolicLists)[] = [
    "unknownAt",
    "equationAt",
    "firstPosition",
    "rowsStart",
    "rows",
    "relative",
    "parentFront",
    "contributionStart",
    "panelStart",
    "itemStart",
    "item",
    "target",
  ]
  const found = names.map((name) => [layout.reserve(lists[name].byteLength), lists[name]] as const)
  const values = reals(columnIndex.length)
  const scales = [reals(n), reals(n)]
  const children = [layout.reserve(4 * frontCount), layout.reserve(4 * frontCount)]
  const panels = reals(symbolic.panelSize)
  const contributions = reals(symbolic.contributionSize)
  const spare = reals(Math.max(symbolic.largestPanel, 32 * symbolic.largestPivots))
  const inverse = reals(n)
  const weak = layout.reserve(4 * n)
  const pivotRow = layout.reserve(4 * n)
  const permuted = reals(n)
  const gathered = reals(symbolic.largestFront + 4)
  const permutedMany = reals(4 * n)
  const gatheredMany = reals(4 * (symbolic.largestFront + 8))
  const vector = reals(4 * n)

  const memory = earlier ?? takeMemory(layout.bytes)
  growMemory(memory, layout.bytes)
  for (const [address, list] of [...pattern, ...found]) new Int32Array(memory.buffer, address, list.length).set(list)
  const instance = numericKernel.instantiate(memory)
  instance.configure(
    n,
    frontCount,
    ...pattern.map(([address]) => address),
    values,
    ...scales,
    ...found.map(([address]) => address),
    ...children,
    panels,
    contributions,
    spare,
    inverse,
    pivotRow,
    permuted,
    gathered,
    permutedMany,
    gatheredMany,
  )
  return {
    memory,
    kernel: instance,
    values: new Float64Array(memory.buffer, values, columnIndex.length),
    rowScale: new Float64Array(memory.buffer, scales[0], n),
    columnScale: new Float64Array(memory.buffer, scales[1], n),
    panels: new Float64Array(memory.buffer, panels, symbolic.panelSize),
    permuted: new Float64Array(memory.buffer, permuted, n),
    inverse: new Float64Array(memory.buffer, inverse, n),
    weak: new Int32Array(memory.buffer, weak, n),
    weakAddress: weak,
    vector: new Float64Array(memory.buffer, vector, 4 * n),
    vectorAddress: vector,
  }
}
