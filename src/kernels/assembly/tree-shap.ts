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
import { multiplyAdd } from "./parts/simd"
import { at, integers, put, putReal, real, reserve } from "./parts/memory"

/** The longest pattern: conditions of the path above a block and turns within it. */
const patternBits = 31

let rowCount: i32
let columns: usize
let values: usize
let rules: usize
let featureCount: i32

// Nodes of the tree at hand.
let feature: usize
let threshold: usize
let left: usize
let right: usize
let value: usize
let share: usize
let splits: usize

// Features on the path above the node at hand, by the slot that each has taken.
let slotOf: usize
let slotFeature: usize
let slotShare: usize
let slotCount: i32 = 0
let masks: usize

// The block at hand: its splits, and factors: first those of the path, then one for each edge.
let splitFeature: usize
let splitThreshold: usize
let splitSlot: usize
let splitCount: i32
let factorShare: usize
let factorMet: usize
let factors: usize
let edgeSplit: usize
let edgeSide: usize
let edgeNode: usize
let edgeBefore: usize
let edgeOut: usize
let edgeCount: i32
let lastFactor: usize
let outOf: usize
let outFeature: usize
let outCount: i32
let longest: i32
let pathCount: i32
let turns: usize

// Gauss points of the block at hand.
let bytes: usize
let points: usize
let weights: usize
let stack: usize

let keys: usize
let patterns: usize
let table: usize
let tableBits: i32
let stamp: i32 = 0
let results: usize

/** A block of memory for the caller. */
export function take(size: usize): usize {
  return reserve(size)
}

/**
 * Takes what a batch needs; everything below is then the kernel's own.
 * @param columnsAt [feature, row] f64
 * @param valuesAt  [row, feature] f64, added to
 * @param rulesAt   [points] address of t and then w of each rule, padded to pairs
 * @param nodes     most nodes of a tree
 * @param depth     most splits on a path
 * @param most      most points of a rule, even
 */
export function open(
  columnsAt: usize, rows: i32, valuesAt: usize, features: i32, rulesAt: usize, nodes: i32, depth: i32, most: i32,
): void {
  columns = columnsAt
  rowCount = rows
  values = valuesAt
  featureCount = features
  rules = rulesAt
  slotOf = integers(features)
  lastFactor = integers(features)
  outOf = integers(features)
  for (let k = 0; k < features; k++) {
    put(slotOf, k, -1)
    put(lastFactor, k, -1)
    put(outOf, k, -1)
  }
  const slots = min(depth, features) + 1
  slotFeature = integers(slots)
  slotShare = reserve(<usize>slots << 3)
  masks = integers(rows * (depth + 1))
  for (let row = 0; row < rows; row++) put(masks, row, 0)
  splitFeature = integers(nodes)
  splitThreshold = reserve(<usize>nodes << 3)
  splitSlot = integers(nodes)
  turns = integers(nodes)
  const factorCount = nodes + slots
  factorShare = reserve(<usize>factorCount << 3)
  factorMet = integers(factorCount)
  factors = reserve(<usize>factorCount * <usize>most << 5)
  edgeSplit = integers(nodes)
  edgeSide = integers(nodes)
  edgeNode = integers(nodes)
  edgeBefore = integers(nodes)
  edgeOut = integers(nodes)
  outFeature = integers(max(features, patternBits + 1))
  stack = reserve(<usize>(depth + 2) * <usize>most << 4)
  keys = integers(rows)
  patterns = integers(rows)
  tableBits = 4
  while (1 << tableBits < 2 * rows) tableBits++
  table = reserve(8 << tableBits)
  memory.fill(table, 0, 8 << tableBits)
  results = reserve(<usize>max(rows * (patternBits + 1), features) << 3)
}

/**
 * Adds the values of one tree.
 * @param blockSplits most splits of a block; negative: the whole tree is one block, row by row
 * @param nodes       addresses of the tree's nodes
 */
export function explain(
  blockSplits: i32, featureAt: usize, thresholdAt: usize, leftAt: usize, rightAt: usize, valueAt: usize, shareAt: usize,
  splitsAt: usize,
): void {
  feature = featureAt
  threshold = thresholdAt
  left = leftAt
  right = rightAt
  value = valueAt
  share = shareAt
  splits = splitsAt
  if (blockSplits < 0) {
    compileBlock(0)
    if (edgeCount > 0) addRows()
    releaseBlock()
  } else walk(0, blockSplits, masks)
}

/** Goes down to the blocks, with the masks of the rows: bit j says whether a row meets all conditions on slot j. */
function walk(node: i32, blockSplits: i32, mask: usize): void {
  const inside = at(splits, node)
  if (inside <= blockSplits && slotCount + inside <= patternBits) {
    compileBlock(node)
    if (pathCount + edgeCount > 0) addPatterns(node, mask)
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

/** Lists the splits, edges and factors of a block, and the factors at the Gauss points. */
function compileBlock(node: i32): void {
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

function releaseBlock(): void {
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

@inline function factorAt(k: i32, met: i32): usize {
  return factors + ((<usize>k << 2) + <usize>met) * bytes
}

@inline function sumOf(lanes: v128): f64 {
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1)
}

@inline function addTo(list: usize, k: i32, what: f64): void {
  putReal(list, k, real(list, k) + what)
}

/** Σ over the points of a vector times the reciprocal of a factor. */
@inline function without(vector: usize, k: i32, met: i32): f64 {
  const inverse = factorAt(k, met + 2)
  let sum = f64x2.splat(0)
  for (let q: usize = 0; q < bytes; q += 16) sum = multiplyAdd(v128.load(vector + q), v128.load(inverse + q), sum)
  return sumOf(sum)
}

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
      store128(mine + q, f64x2.mul(leafValue, f64x2.mul(v128.load(p + q), v128.load(home + q))))
    }
  } else {
    const old = factorAt(before, metBefore + 2)
    for (let q: usize = 0; q < bytes; q += 16) {
      const product = f64x2.mul(v128.load(p + q), f64x2.mul(v128.load(home + q), v128.load(old + q)))
      store128(mine + q, f64x2.mul(leafValue, product))
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
    store128(g + q, f64x2.add(v128.load(g + q), sum))
  }
  let gain = (<f64>met - real(factorShare, k)) * sumOf(dot)
  if (before >= 0) gain -= (<f64>metBefore - real(factorShare, before)) * without(from, before, metBefore)
  addTo(out, at(edgeOut, edge), gain)
  return next
}

@inline function store128(place: usize, vector: v128): void {
  v128.store(place, vector)
}

/** Values of one pattern: `factorMet` of the path and `turns` are set. */
function evaluate(node: i32, out: usize): void {
  const p = stack
  const g = stack + bytes
  for (let k = 0; k < outCount; k++) putReal(out, k, 0)
  memory.copy(p, weights, bytes)
  for (let j = 0; j < pathCount; j++) {
    const home = factorAt(j, at(factorMet, j))
    for (let q: usize = 0; q < bytes; q += 16) store128(p + q, f64x2.mul(v128.load(p + q), v128.load(home + q)))
  }
  if (edgeCount == 0) {
    const leafValue = f64x2.splat(real(value, node))
    for (let q: usize = 0; q < bytes; q += 16) store128(g + q, f64x2.mul(v128.load(p + q), leafValue))
  } else {
    memory.fill(g, 0, bytes)
    run(run(0, p, g, out), p, g, out)
  }
  for (let j = 0; j < pathCount; j++) {
    const met = at(factorMet, j)
    addTo(out, j, (<f64>met - real(factorShare, j)) * without(g, j, met))
  }
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
  stamp++
  const shift = 32 - tableBits
  const isDirect = pathCount + splitCount <= tableBits
  const wrap = (1 << tableBits) - 1
  const stride = <usize>outCount << 3
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
      evaluate(node, results + <usize>found * stride)
    }
    addRow(row, results + <usize>found * stride)
  }
}
