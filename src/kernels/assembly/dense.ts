/** Products of dense matrices stored row by row. Rows of matrices begin at multiples of 16 bytes: even strides. */
import { multiplyAdd } from "./parts/simd"
import { subtractRows } from "./numeric/tile"

/** out = A x. @param stride bytes from row to row */
export function multiplyVector(a: usize, rows: i32, columns: i32, stride: usize, x: usize, out: usize): void {
  const even = <usize>(columns & ~1) << 3
  for (let i = 0; i < rows; i++) {
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0
    let p = a, q = x
    const four = a + (even & ~63)
    while (p < four) {
      s0 = multiplyAdd(v128.load(p), v128.load(q), s0)
      s1 = multiplyAdd(v128.load(p, 16), v128.load(q, 16), s1)
      s2 = multiplyAdd(v128.load(p, 32), v128.load(q, 32), s2)
      s3 = multiplyAdd(v128.load(p, 48), v128.load(q, 48), s3)
      p += 64
      q += 64
    }
    while (p < a + even) {
      s0 = multiplyAdd(v128.load(p), v128.load(q), s0)
      p += 16
      q += 16
    }
    s0 = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))
    let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1)
    if (columns & 1) sum += load<f64>(p) * load<f64>(q)
    store<f64>(out, sum)
    out += 8
    a += stride
  }
}

/** out = Aᵀ x. @param out even number of places, those beyond `columns` are used */
export function multiplyTransposed(a: usize, rows: i32, columns: i32, stride: usize, x: usize, out: usize): void {
  const bytes = <usize>((columns + 1) & ~1) << 3
  memory.fill(out, 0, bytes)
  for (let i = 0; i < rows; i += 4) {
    const count = min(4, rows - i)
    const s0 = v128.load64_splat(x)
    const s1 = count > 1 ? v128.load64_splat(x, 8) : f64x2.splat(0)
    const s2 = count > 2 ? v128.load64_splat(x, 16) : f64x2.splat(0)
    const s3 = count > 3 ? v128.load64_splat(x, 24) : f64x2.splat(0)
    const a1 = count > 1 ? a + stride : a, a2 = count > 2 ? a1 + stride : a, a3 = count > 3 ? a2 + stride : a
    for (let p: usize = 0; p < bytes; p += 16) {
      const low = multiplyAdd(s1, v128.load(a1 + p), multiplyAdd(s0, v128.load(a + p), v128.load(out + p)))
      v128.store(out + p, multiplyAdd(s3, v128.load(a3 + p), multiplyAdd(s2, v128.load(a2 + p), low)))
    }
    a = a3 + stride
    x += 32
  }
}

/** Blocks of four rows, within a block column after column, times `factor`; rows beyond the last are zero. */
function packRowBlocks(a: usize, rows: i32, from: i32, count: i32, stride: usize, to: usize, factor: f64): void {
  for (let i = 0; i < rows; i += 4) {
    for (let r = 0; r < 4; r++) {
      let p = a + <usize>(i + r) * stride + (<usize>from << 3)
      let q = to + (<usize>r << 3)
      for (let j = 0; j < count; j++) {
        store<f64>(q, i + r < rows ? load<f64>(p) * factor : 0)
        p += 8
        q += 32
      }
    }
    to += <usize>count << 5
  }
}

/** Blocks of four columns, within a block row after row; columns beyond the last are zero. */
function packColumnBlocks(b: usize, columns: i32, from: i32, count: i32, stride: usize, to: usize): void {
  for (let j = 0; j < columns; j += 4) {
    let p = b + <usize>from * stride + (<usize>j << 3)
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < 4; c++) store<f64>(to + (<usize>c << 3), j + c < columns ? load<f64>(p + (<usize>c << 3)) : 0)
      p += stride
      to += 32
    }
  }
}

const depth: i32 = 256
const width: i32 = 32

/**
 * C = A B with A [m, k], B [k, n], C [m, n], each padded to whole blocks of four rows and columns.
 * @param scratch m + n (padded) times 256 numbers
 */
export function multiply(
  a: usize, b: usize, c: usize, m: i32, k: i32, n: i32, strideA: usize, strideB: usize, strideC: usize, scratch: usize,
): void {
  const rowBlocks = (m + 3) >> 2, columnBlocks = (n + 3) >> 2
  if (k == 0) for (let i = 0; i < m; i++) memory.fill(c + <usize>i * strideC, 0, <usize>n << 3)
  for (let pass = 0; pass < k; pass += depth) {
    const count = min(depth, k - pass)
    const left = scratch
    const right = scratch + (<usize>(rowBlocks * count) << 5)
    packRowBlocks(a, m, pass, count, strideA, left, -1)
    packColumnBlocks(b, n, pass, count, strideB, right)
    for (let from = 0; from < columnBlocks; from += width) {
      const last = min(from + width, columnBlocks)
      for (let i = 0; i < rowBlocks; i++) {
        const x = left + (<usize>(i * count) << 5)
        const row = c + (<usize>i << 2) * strideC
        for (let j = from; j < last; j++)
          subtractRows(row + (<usize>j << 5), strideC, x, right + (<usize>(j * count) << 5), count, pass > 0)
      }
    }
  }
}
