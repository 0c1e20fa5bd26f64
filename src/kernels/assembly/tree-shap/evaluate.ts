/** Values of the features of a block for one pattern. */
import { at, put, putReal, real } from "../parts/memory"
import { multiplyAdd } from "../parts/simd"
import { addTo, bytes, edgeCount, factorAt, outCount, pathCount, sumOf, weights, without } from "./block"
import {
  edgeBefore, edgeNode, edgeOut, edgeSide, edgeSplit, factorMet, factorShare, factors, feature, stack, turns, value,
} from "./state"

/**
 * One edge and all below it: the products of the factors come down in `p`, the sums over leaves go up into `g`.
 * @returns the edge after those below
 */
function run(edge: i32, p: usize, g: usize, out: usize): i32 {
  const k = pathCount + edge
  const node = at(edgeNode, edge)
  const before = at(edgeBefore, edge)
  const turned = at(turns, at(edgeSplit, edge)) ^ at(edgeSide, edge)
  const metBefore = before < 0 ? 1 : at(factorMet, before)
  const met = metBefore & turned
  put(factorMet, k, met)
  const home = factorAt(k, met)
  const mine = p + 2 * bytes
  const sums = mine + bytes
  const isLeaf = at(feature, node) < 0
  const leafValue = f64x2.splat(isLeaf ? real(value, node) : 1)
  let next = edge + 1
  if (before < 0) {
    for (let q: usize = 0; q < bytes; q += 16) {
      v128.store(mine + q, f64x2.mul(leafValue, f64x2.mul(v128.load(p + q), v128.load(home + q))))
    }
  } else {
    const old = factorAt(before, metBefore + 2)
    for (let q: usize = 0; q < bytes; q += 16) {
      const product = f64x2.mul(v128.load(p + q), f64x2.mul(v128.load(home + q), v128.load(old + q)))
      v128.store(mine + q, f64x2.mul(leafValue, product))
    }
  }
  let from = mine
  if (!isLeaf) {
    from = sums
    memory.fill(sums, 0, bytes)
    next = run(next, mine, sums, out)
    next = run(next, mine, sums, out)
  }
  const inverse = factorAt(k, met + 2)
  let dot = f64x2.splat(0)
  for (let q: usize = 0; q < bytes; q += 16) {
    const sum = v128.load(from + q)
    dot = multiplyAdd(sum, v128.load(inverse + q), dot)
    v128.store(g + q, f64x2.add(v128.load(g + q), sum))
  }
  let gain = (<f64>met - real(factorShare, k)) * sumOf(dot)
  if (before >= 0) gain -= (<f64>metBefore - real(factorShare, before)) * without(from, before, metBefore)
  addTo(out, at(edgeOut, edge), gain)
  return next
}

/** Values of one pattern: `factorMet` of the path and `turns` are set. */
export function evaluate(node: i32, out: usize): void {
  const p = stack
  const g = stack + bytes
  for (let k = 0; k < outCount; k++) putReal(out, k, 0)
  memory.copy(p, weights, bytes)
  for (let j = 0; j < pathCount; j++) {
    const home = factorAt(j, at(factorMet, j))
    for (let q: usize = 0; q < bytes; q += 16) v128.store(p + q, f64x2.mul(v128.load(p + q), v128.load(home + q)))
  }
  if (edgeCount == 0) {
    const leafValue = f64x2.splat(real(value, node))
    for (let q: usize = 0; q < bytes; q += 16) v128.store(g + q, f64x2.mul(v128.load(p + q), leafValue))
  } else {
    memory.fill(g, 0, bytes)
    run(run(0, p, g, out), p, g, out)
  }
  for (let j = 0; j < pathCount; j++) {
    const met = at(factorMet, j)
    addTo(out, j, (<f64>met - real(factorShare, j)) * without(g, j, met))
  }
}
