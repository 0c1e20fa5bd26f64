/** Interactions of the features of a path for one pattern. */
import { at, put, real } from "../parts/memory"
import { multiplyAdd } from "../parts/simd"
import { addTo, bytes, factorAt, pathCount, points, sumOf, weights } from "./block"
import {
  factorMet, factorShare, factors, feature, featureCount, pairPlace, pairVectors, slotFeature, stack, value, values,
} from "./state"

/**
 * Interactions of the features of a path at its leaf, Φ_ij = v/2 (o_i − z_i)(o_j − z_j) ∫ Π of all other factors:
 * Gauss points still give it exactly.
 */
export function evaluatePairs(node: i32, out: usize): void {
  const p = stack
  const scaled = pairVectors + <usize>pathCount * bytes
  memory.copy(p, weights, bytes)
  for (let j = 0; j < pathCount; j++) {
    const met = at(factorMet, j)
    const home = factorAt(j, met)
    const inverse = factorAt(j, met + 2)
    const vector = pairVectors + <usize>j * bytes
    const gap = f64x2.splat(<f64>met - real(factorShare, j))
    for (let q: usize = 0; q < bytes; q += 16) {
      v128.store(p + q, f64x2.mul(v128.load(p + q), v128.load(home + q)))
      v128.store(vector + q, f64x2.mul(gap, v128.load(inverse + q)))
    }
  }
  const half = f64x2.splat(real(value, node) / 2)
  let pair = out
  for (let i = 0; i < pathCount; i++) {
    const mine = pairVectors + <usize>i * bytes
    for (let q: usize = 0; q < bytes; q += 16) {
      v128.store(scaled + q, f64x2.mul(half, f64x2.mul(v128.load(p + q), v128.load(mine + q))))
    }
    for (let j = i + 1; j < pathCount; j++) {
      const theirs = pairVectors + <usize>j * bytes
      let sum = f64x2.splat(0)
      for (let q: usize = 0; q < bytes; q += 16) sum = multiplyAdd(v128.load(scaled + q), v128.load(theirs + q), sum)
      store<f64>(pair, sumOf(sum))
      pair += 8
    }
  }
}

/** Where the pairs of the path go, the lower feature first. */
export function placePairs(): void {
  let pair = 0
  for (let i = 0; i < pathCount; i++) {
    for (let j = i + 1; j < pathCount; j++) {
      const a = at(slotFeature, i)
      const b = at(slotFeature, j)
      put(pairPlace, pair++, min(a, b) * featureCount + max(a, b))
    }
  }
}

@inline export function addPairs(row: i32, from: usize): void {
  const to = values + ((<usize>row * featureCount * featureCount) << 3)
  const count = pathCount * (pathCount - 1) / 2
  for (let k = 0; k < count; k++) addTo(to, at(pairPlace, k), real(from, k))
}
