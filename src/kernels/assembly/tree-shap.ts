/**
 * Path-dependent Shapley values of regression trees for a batch of rows.
 *
 * A leaf of value v whose path holds k features gives feature j
 *     v (o_j − z_j) ∫₀¹ Π_{i≠j} (t o_i + (1 − t) z_i) dt,
 * o: whether the row meets every condition of the path on the feature, z: the share of the training rows that do. The
 * integrand has degree k − 1, so that ⌈k/2⌉ Gauss points give it exactly; all factors are positive, so that they can be
 * divided out. Sums over a subtree need one pass over its edges. A tree is cut into blocks (subtrees of few splits):
 * within one, rows that meet the same conditions of the path above and turn alike below share their values.
 */
export { open, openPairs, take } from "./tree-shap/state"
import { at, put, putReal, real } from "./parts/memory"
import { addTo, compileBlock, edgeCount, outCount, pathCount, releaseBlock, splitCount } from "./tree-shap/block"
import { evaluate } from "./tree-shap/evaluate"
import { addPairs, evaluatePairs, placePairs } from "./tree-shap/pairs"
import {
  columns, factorMet, feature, featureCount, keys, left, masks, outFeature, patternBits, patterns, results, right,
  rowCount, share, slotFeature, slotOf, slotShare, splitFeature, splitSlot, splitThreshold, splits, table, tableBits,
  threshold, turnTo, turns, values,
} from "./tree-shap/state"

let slotCount: i32 = 0
let stamp: i32 = 0
let isPairs: bool = false

/**
 * Adds the values of one tree.
 * @param blockSplits most splits of a block; negative: the whole tree is one block, row by row
 * @param nodes       addresses of the tree's nodes
 */
export function explain(
  blockSplits: i32, featureAt: usize, thresholdAt: usize, leftAt: usize, rightAt: usize, valueAt: usize, shareAt: usize,
  splitsAt: usize,
): void {
  turnTo(featureAt, thresholdAt, leftAt, rightAt, valueAt, shareAt, splitsAt)
  isPairs = false
  if (blockSplits < 0) {
    compileBlock(0, 0)
    if (edgeCount > 0) addRows()
    releaseBlock()
  } else walk(0, blockSplits, masks)
}

/**
 * Adds the interactions of different features of one tree, Φ_ij above the diagonal; the nodes as in `explain`.
 * @param isAlone whether the batch is one row, for which paths may hold any number of features
 */
export function explainPairs(
  isAlone: bool, featureAt: usize, thresholdAt: usize, leftAt: usize, rightAt: usize, valueAt: usize, shareAt: usize,
  splitsAt: usize,
): void {
  turnTo(featureAt, thresholdAt, leftAt, rightAt, valueAt, shareAt, splitsAt)
  isPairs = true
  if (isAlone) walkAlone(0)
  else walk(0, 0, masks)
}

/** Goes down to the leaves with one row; `turns` says by slot whether it meets all conditions. */
function walkAlone(node: i32): void {
  const f = at(feature, node)
  if (f < 0) {
    compileBlock(node, slotCount)
    for (let j = 0; j < pathCount; j++) put(factorMet, j, at(turns, j))
    if (pathCount > 1) {
      placePairs()
      evaluatePairs(node, results)
      addPairs(0, results)
    }
    releaseBlock()
    return
  }
  const slot = at(slotOf, f)
  const isNew = slot < 0
  const j = isNew ? slotCount : slot
  const before = isNew ? 1 : real(slotShare, j)
  const metBefore = isNew ? 1 : at(turns, j)
  const goesLeft = i32(real(columns, f * rowCount) <= real(threshold, node))
  if (isNew) {
    put(slotOf, f, j)
    put(slotFeature, j, f)
    slotCount++
  }
  for (let side = 0; side < 2; side++) {
    const child = side == 0 ? at(left, node) : at(right, node)
    putReal(slotShare, j, before * real(share, child))
    put(turns, j, metBefore & (goesLeft ^ side))
    walkAlone(child)
  }
  if (isNew) {
    put(slotOf, f, -1)
    slotCount--
  } else {
    putReal(slotShare, j, before)
    put(turns, j, metBefore)
  }
}

/** Goes down to the blocks, with the masks of the rows: bit j says whether a row meets all conditions on slot j. */
function walk(node: i32, blockSplits: i32, mask: usize): void {
  const inside = at(splits, node)
  if (inside <= blockSplits && slotCount + inside <= patternBits) {
    compileBlock(node, slotCount)
    if (pathCount + edgeCount > i32(isPairs)) addPatterns(node, mask)
    releaseBlock()
    return
  }
  const f = at(feature, node)
  const slot = at(slotOf, f)
  const isNew = slot < 0
  const j = isNew ? slotCount : slot
  const before = isNew ? 1 : real(slotShare, j)
  const column = columns + ((<usize>f * rowCount) << 3)
  const cut = real(threshold, node)
  const below = mask + (<usize>rowCount << 2)
  const bit: u32 = 1 << j
  if (isNew) {
    put(slotOf, f, j)
    put(slotFeature, j, f)
    slotCount++
  }
  for (let side = 0; side < 2; side++) {
    const child = side == 0 ? at(left, node) : at(right, node)
    putReal(slotShare, j, before * real(share, child))
    for (let row = 0; row < rowCount; row++) {
      const met = <u32>(real(column, row) <= cut) ^ <u32>side
      const old = load<u32>(mask + (<usize>row << 2))
      store<u32>(below + (<usize>row << 2), isNew ? old | (met << j) : old & ~((met ^ 1) << j))
    }
    walk(child, blockSplits, below)
  }
  if (isNew) {
    put(slotOf, f, -1)
    slotCount--
  } else putReal(slotShare, j, before)
}

/** Adds the values of every row, each evaluated by itself. */
function addRows(): void {
  for (let row = 0; row < rowCount; row++) {
    for (let i = 0; i < splitCount; i++) {
      const x = real(columns + ((<usize>at(splitFeature, i) * rowCount) << 3), row)
      put(turns, i, i32(x <= real(splitThreshold, i)))
    }
    evaluate(0, results)
    addRow(row, results)
  }
}

@inline function addRow(row: i32, from: usize): void {
  const to = values + ((<usize>row * featureCount) << 3)
  for (let k = 0; k < outCount; k++) addTo(to, at(outFeature, k), real(from, k))
}

/** Adds the values of every row; each pattern is evaluated once. */
function addPatterns(node: i32, mask: usize): void {
  memory.copy(keys, mask, <usize>rowCount << 2)
  for (let i = 0; i < splitCount; i++) {
    const column = columns + ((<usize>at(splitFeature, i) * rowCount) << 3)
    const cut = real(splitThreshold, i)
    const slot = at(splitSlot, i)
    const place = pathCount + i
    for (let row = 0; row < rowCount; row++) {
      const key = at(keys, row)
      // Where the path is not met for this feature already, the turn makes no difference.
      const counts = slot < 0 ? 1 : (key >> slot) & 1
      put(keys, row, key | ((i32(real(column, row) <= cut) & counts) << place))
    }
  }
  if (isPairs) placePairs()
  stamp++
  const shift = 32 - tableBits
  const isDirect = pathCount + splitCount <= tableBits
  const wrap = (1 << tableBits) - 1
  const stride = <usize>(isPairs ? pathCount * (pathCount - 1) / 2 : outCount) << 3
  let patternCount = 0
  for (let row = 0; row < rowCount; row++) {
    const key = at(keys, row)
    let home = isDirect ? key : <i32>((<u32>key * 0x9e3779b1) >>> shift)
    let found = -1
    while (true) {
      const entry = table + (<usize>home << 3)
      if (load<i32>(entry) != stamp) break
      const known = load<i32>(entry, 4)
      if (at(patterns, known) == key) {
        found = known
        break
      }
      home = (home + 1) & wrap
    }
    if (found < 0) {
      found = patternCount++
      put(patterns, found, key)
      const entry = table + (<usize>home << 3)
      store<i32>(entry, stamp)
      store<i32>(entry, found, 4)
      for (let j = 0; j < pathCount; j++) put(factorMet, j, (key >> j) & 1)
      for (let i = 0; i < splitCount; i++) put(turns, i, (key >> (pathCount + i)) & 1)
      if (isPairs) evaluatePairs(node, results + <usize>found * stride)
      else evaluate(node, results + <usize>found * stride)
    }
    if (isPairs) addPairs(row, results + <usize>found * stride)
    else addRow(row, results + <usize>found * stride)
  }
}
