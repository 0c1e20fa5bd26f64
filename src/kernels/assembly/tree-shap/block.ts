/** Blocks of a tree: their splits, edges and factors. */
import { at, put, putReal, real } from "../parts/memory"
import { multiplyAdd } from "../parts/simd"
import {
  edgeBefore, edgeNode, edgeOut, edgeSide, edgeSplit, factorShare, factors, feature, lastFactor, left, outFeature,
  outOf, right, rules, share, slotFeature, slotOf, slotShare, splitFeature, splitSlot, splitThreshold, splits,
  threshold,
} from "./state"

// Counts of the block at hand, and its Gauss points.
export let splitCount: i32 = 0
export let edgeCount: i32 = 0
export let outCount: i32 = 0
export let longest: i32 = 0
export let pathCount: i32 = 0
export let bytes: usize = 0
export let points: usize = 0
export let weights: usize = 0

/** Lists the splits, edges and factors of a block, and the factors at the Gauss points. */
export function compileBlock(node: i32, slotCount: i32): void {
  pathCount = slotCount
  outCount = slotCount
  splitCount = 0
  edgeCount = 0
  longest = 1
  for (let j = 0; j < slotCount; j++) {
    const f = at(slotFeature, j)
    put(outOf, f, j)
    put(outFeature, j, f)
    put(lastFactor, f, j)
    putReal(factorShare, j, real(slotShare, j))
  }
  compileNode(node, slotCount)
  const count = (longest + 1) >> 1
  bytes = <usize>((count + 1) & ~1) << 3
  points = <usize>at(rules, count)
  weights = points + bytes
  for (let k = 0; k < pathCount + edgeCount; k++) layFactor(k)
}

function compileNode(node: i32, features: i32): void {
  const f = at(feature, node)
  if (f < 0) {
    longest = max(longest, features)
    return
  }
  const split = splitCount++
  put(splitFeature, split, f)
  putReal(splitThreshold, split, real(threshold, node))
  put(splitSlot, split, at(slotOf, f))
  if (at(outOf, f) < 0) {
    put(outOf, f, outCount)
    put(outFeature, outCount, f)
    outCount++
  }
  const before = at(lastFactor, f)
  for (let side = 0; side < 2; side++) {
    const child = side == 0 ? at(left, node) : at(right, node)
    const edge = edgeCount++
    put(edgeSplit, edge, split)
    put(edgeSide, edge, side)
    put(edgeNode, edge, child)
    put(edgeBefore, edge, before)
    put(edgeOut, edge, at(outOf, f))
    putReal(factorShare, pathCount + edge, (before < 0 ? 1 : real(factorShare, before)) * real(share, child))
    put(lastFactor, f, pathCount + edge)
    compileNode(child, features + i32(before < 0))
  }
  put(lastFactor, f, before)
}

export function releaseBlock(): void {
  for (let k = 0; k < outCount; k++) {
    put(outOf, at(outFeature, k), -1)
    put(lastFactor, at(outFeature, k), -1)
  }
}

/** A factor where it is not met and where it is, and their reciprocals, at all points. */
function layFactor(k: i32): void {
  const z = real(factorShare, k)
  const home = factors + (<usize>k * bytes << 2)
  for (let q: usize = 0; q < bytes; q += 8) {
    const t = load<f64>(points + q)
    const unmet = (1 - t) * z
    store<f64>(home + q, unmet)
    store<f64>(home + q + bytes, t + unmet)
    store<f64>(home + q + 2 * bytes, 1 / unmet)
    store<f64>(home + q + 3 * bytes, 1 / (t + unmet))
  }
}

@inline export function factorAt(k: i32, met: i32): usize {
  return factors + ((<usize>k << 2) + <usize>met) * bytes
}

@inline export function sumOf(lanes: v128): f64 {
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1)
}

@inline export function addTo(list: usize, k: i32, what: f64): void {
  putReal(list, k, real(list, k) + what)
}

/** Σ over the points of a vector times the reciprocal of a factor. */
@inline export function without(vector: usize, k: i32, met: i32): f64 {
  const inverse = factorAt(k, met + 2)
  let sum = f64x2.splat(0)
  for (let q: usize = 0; q < bytes; q += 16) sum = multiplyAdd(v128.load(vector + q), v128.load(inverse + q), sum)
  return sumOf(sum)
}
