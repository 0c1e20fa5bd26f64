import { assertLength } from "../array/assert.ts"
import * as sparseBytes from "../kernels/generated/sparse.ts"
import { kernel, Layout, takeMemory } from "../kernels/loader.ts"
import type { SparseMatrix, SparsePattern } from "./pattern.ts"

interface SparseKernel {
  readonly multiply: (rows: number, rowStart: number, column: number, values: number, x: number, out: number) => void
}

const sparseKernel = kernel<SparseKernel>(sparseBytes)

/** A sparse matrix whose entries lie in the memory of the kernels, so that products copy vectors alone. */
export interface SparseProduct {
  /** Its `values` may be written at any time. */
  readonly matrix: SparseMatrix
  /** out = A x. @param x [columnCount] @param out [rowCount], may be `x` */
  readonly applyInto: (x: Float64Array, out: Float64Array) => void
}

/**
 * A matrix of zeros in a pattern, ready for many products; its memory goes with the last reference.
 * @throws RangeError beyond 4 GiB
 */
export const sparseProduct = (pattern: SparsePattern): SparseProduct => {
  const { rowCount, columnCount, rowStart, columnIndex } = pattern
  assertLength("rowStart", rowStart, rowCount + 1)
  assertLength("columnIndex", columnIndex, rowStart[rowCount])
  const layout = new Layout()
  const startAddress = layout.reserve(rowStart.byteLength)
  const columnAddress = layout.reserve(columnIndex.byteLength)
  const valueAddress = layout.reserve(8 * columnIndex.length)
  const xAddress = layout.reserve(8 * columnCount)
  const outAddress = layout.reserve(8 * rowCount)
  const memory = takeMemory(layout.bytes)
  const { multiply } = sparseKernel.instantiate(memory)
  new Int32Array(memory.buffer, startAddress, rowStart.length).set(rowStart)
  new Int32Array(memory.buffer, columnAddress, columnIndex.length).set(columnIndex)
  const values = new Float64Array(memory.buffer, valueAddress, columnIndex.length).fill(0)
  const argument = new Float64Array(memory.buffer, xAddress, columnCount)
  const result = new Float64Array(memory.buffer, outAddress, rowCount)
  return {
    matrix: { pattern, values },
    applyInto: (x, out) => {
      assertLength("x", x, columnCount)
      assertLength("out", out, rowCount)
      argument.set(x)
      multiply(rowCount, startAddress, columnAddress, valueAddress, xAddress, outAddress)
      out.set(result)
    },
  }
}
