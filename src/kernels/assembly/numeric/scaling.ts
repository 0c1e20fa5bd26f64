import { at, putReal, real } from "../parts/memory"
import { column, columnScale, rowScale, rowStart, unknowns, values } from "./state"

/** A power of two near 1/√x, so that scaling rounds nothing; x > 0. */
@inline function inverseRoot(x: f64): f64 {
  const exponent = <i32>((reinterpret<u64>(x) >>> 52) & 0x7ff) - 1023
  return reinterpret<f64>(<u64>(1023 - (exponent >> 1)) << 52)
}

/** A power of two near 1/x; x > 0. */
@inline function inverseOf(x: f64): f64 {
  const exponent = <i32>((reinterpret<u64>(x) >>> 52) & 0x7ff) - 1023
  return reinterpret<f64>(<u64>(1023 - exponent) << 52)
}

/** Numbers outside this range are scaled as if they were nothing, so that scales stay finite. */
const least: f64 = 1e-290

/** Largest magnitude of the entries as given. */
export let largestEntry: f64 = 0

/**
 * Scales a symmetric matrix to a diagonal near ±1; rows without a usable diagonal to a largest entry near 1.
 * @returns whether all entries are finite
 */
export function scaleSymmetric(): bool {
  for (let i = 0; i < unknowns; i++) {
    let diagonal: f64 = 0
    let low = at(rowStart, i), high = at(rowStart, i + 1)
    while (low < high) {
      const middle = (low + high) >> 1
      const j = at(column, middle)
      if (j == i) {
        diagonal = Math.abs(real(values, middle))
        break
      }
      if (j < i) low = middle + 1
      else high = middle
    }
    putReal(rowScale, i, diagonal > least && diagonal < 1 / least ? inverseRoot(diagonal) : 0)
  }
  let check: f64 = 0
  largestEntry = 0
  let uneven = false
  for (let i = 0; i < unknowns; i++) {
    let largest: f64 = 0
    const end = at(rowStart, i + 1)
    for (let p = at(rowStart, i); p < end; p++) {
      const v = real(values, p)
      check += v * 0
      const magnitude = Math.abs(v)
      if (magnitude > largestEntry) largestEntry = magnitude
      const scaled = magnitude * real(rowScale, at(column, p))
      if (scaled > largest) largest = scaled
    }
    // A definite matrix has no entry beyond the geometric mean of two diagonal ones (and scales are off by up to 2).
    const own = real(rowScale, i)
    if (own == 0 || largest * own > 8) {
      uneven = true
      putReal(columnScale, i, largest > least ? -largest : -1)
    } else putReal(columnScale, i, own)
  }
  if (check != 0) return false
  if (uneven) {
    for (let i = 0; i < unknowns; i++) {
      const own = real(columnScale, i)
      putReal(rowScale, i, own < 0 ? inverseOf(-own) : own)
    }
  }
  for (let i = 0; i < unknowns; i++) {
    const own = real(rowScale, i), end = at(rowStart, i + 1)
    putReal(columnScale, i, own)
    for (let p = at(rowStart, i); p < end; p++)
      putReal(values, p, real(values, p) * own * real(rowScale, at(column, p)))
  }
  return true
}

/** Scales every row, then every column, to a largest entry near 1. @returns whether all entries are finite */
export function scaleGeneral(): bool {
  let check: f64 = 0
  largestEntry = 0
  for (let i = 0; i < unknowns; i++) putReal(columnScale, i, 0)
  for (let i = 0; i < unknowns; i++) {
    let largest: f64 = 0
    const begin = at(rowStart, i), end = at(rowStart, i + 1)
    for (let p = begin; p < end; p++) {
      const v = real(values, p)
      check += v * 0
      const magnitude = Math.abs(v)
      if (magnitude > largest) largest = magnitude
    }
    if (largest > largestEntry) largestEntry = largest
    const own = largest > least && largest < 1 / least ? inverseOf(largest) : 1
    putReal(rowScale, i, own)
    for (let p = begin; p < end; p++) {
      const scaled = Math.abs(real(values, p)) * own
      const j = at(column, p)
      if (scaled > real(columnScale, j)) putReal(columnScale, j, scaled)
    }
  }
  if (check != 0) return false
  for (let j = 0; j < unknowns; j++) {
    const largest = real(columnScale, j)
    putReal(columnScale, j, largest > least ? inverseOf(largest) : 1)
  }
  for (let i = 0; i < unknowns; i++) {
    const own = real(rowScale, i), end = at(rowStart, i + 1)
    for (let p = at(rowStart, i); p < end; p++)
      putReal(values, p, real(values, p) * own * real(columnScale, at(column, p)))
  }
  return true
}
