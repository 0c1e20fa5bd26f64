import { assertLength } from "../array/assert.ts"
import * as denseBytes from "../kernels/generated/dense.ts"
import { growMemory, kernel, Layout, returnMemory, takeMemory } from "../kernels/loader.ts"

export { DenseFactorisation, type DenseReport } from "./dense-factorisation.ts"

interface DenseKernel {
  readonly multiplyVector: (a: number, rows: number, columns: number, stride: number, x: number, out: number) => void
  readonly multiplyTransposed: (
    a: number,
    rows: number,
    columns: number,
    stride: number,
    x: number,
    out: number,
  ) => void
  readonly multiply: (...operands: number[]) => void
}

const denseKernel = kernel<DenseKernel>(denseBytes)

/** Whole blocks of four. */
const padded = (count: number): number => Math.ceil(count / 4) * 4

/**
 * A dense matrix that stays in the memory of the kernels, so that products copy vectors alone. Call `dispose` when
 * done; the memory also goes with the last reference.
 */
export class DenseMatrix {
  readonly rowCount: number
  readonly columnCount: number
  readonly #kernel: DenseKernel
  readonly #stride: number
  readonly #data: number
  readonly #x: number
  readonly #out: number
  readonly #end: number
  #memory: WebAssembly.Memory | undefined

  /** @param entries [row, column] row by row */
  constructor(rowCount: number, columnCount: number, entries: Float64Array) {
    assertLength("entries", entries, rowCount * columnCount)
    this.rowCount = rowCount
    this.columnCount = columnCount
    this.#stride = 8 * padded(columnCount)
    const layout = new Layout()
    this.#data = layout.reserve(this.#stride * padded(rowCount))
    const longest = 8 * padded(Math.max(rowCount, columnCount))
    this.#x = layout.reserve(longest)
    this.#out = layout.reserve(longest)
    this.#end = layout.bytes
    this.#memory = takeMemory(layout.bytes)
    this.#kernel = denseKernel.instantiate(this.#memory)
    this.write(entries)
  }

  /** Overwrites the entries. @param entries [row, column] row by row */
  write(entries: Float64Array): void {
    const { rowCount, columnCount } = this
    assertLength("entries", entries, rowCount * columnCount)
    const width = padded(columnCount)
    const data = this.#view(this.#data, padded(rowCount) * width)
    if (width !== columnCount) data.fill(0)
    for (let i = 0; i < rowCount; i++) data.set(entries.subarray(i * columnCount, (i + 1) * columnCount), i * width)
  }

  /** out = A x. @param x [column] @param out [row] */
  multiplyInto(x: Float64Array, out: Float64Array): void {
    assertLength("x", x, this.columnCount)
    assertLength("out", out, this.rowCount)
    this.#view(this.#x, x.length).set(x)
    this.#kernel.multiplyVector(this.#data, this.rowCount, this.columnCount, this.#stride, this.#x, this.#out)
    out.set(this.#view(this.#out, out.length))
  }

  /** out = Aᵀ x. @param x [row] @param out [column] */
  multiplyTransposedInto(x: Float64Array, out: Float64Array): void {
    assertLength("x", x, this.rowCount)
    assertLength("out", out, this.columnCount)
    this.#view(this.#x, x.length).set(x)
    this.#kernel.multiplyTransposed(this.#data, this.rowCount, this.columnCount, this.#stride, this.#x, this.#out)
    out.set(this.#view(this.#out, out.length))
  }

  /**
   * out = A B.
   * @param b       [column of A, columns] row by row
   * @param columns of B
   * @param out     [row of A, columns] row by row
   */
  multiplyMatrixInto(b: Float64Array, columns: number, out: Float64Array): void {
    const { rowCount: m, columnCount: k } = this
    assertLength("b", b, k * columns)
    assertLength("out", out, m * columns)
    const width = padded(columns)
    const right = this.#end
    const product = right + 8 * width * k
    const scratch = product + 8 * width * padded(m)
    growMemory(this.#held(), scratch + 8 * 256 * (padded(m) + width))
    const given = this.#view(right, width * k)
    for (let i = 0; i < k; i++) given.set(b.subarray(i * columns, (i + 1) * columns), i * width)
    const strides = [this.#stride, 8 * width, 8 * width]
    this.#kernel.multiply(this.#data, right, product, m, k, columns, ...strides, scratch)
    const found = this.#view(product, width * m)
    for (let i = 0; i < m; i++) out.set(found.subarray(i * width, i * width + columns), i * columns)
  }

  /** Gives the memory back; nothing else may be called afterwards. */
  dispose(): void {
    if (this.#memory) returnMemory(this.#memory)
    this.#memory = undefined
  }

  #held(): WebAssembly.Memory {
    if (!this.#memory) throw new Error("the matrix was disposed of")
    return this.#memory
  }

  #view(address: number, count: number): Float64Array {
    return new Float64Array(this.#held().buffer, address, count)
  }
}
