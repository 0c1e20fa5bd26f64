/** Addresses that all parts of the kernel share. */
import { integers, put, reserve } from "../parts/memory"

/** The longest pattern: conditions of the path above a block and turns within it. */
export const patternBits = 31

export let rowCount: i32 = 0
export let columns: usize = 0
export let values: usize = 0
export let rules: usize = 0
export let featureCount: i32 = 0

// Nodes of the tree at hand.
export let feature: usize = 0
export let threshold: usize = 0
export let left: usize = 0
export let right: usize = 0
export let value: usize = 0
export let share: usize = 0
export let splits: usize = 0

// Features on the path above the node at hand, by the slot that each has taken.
export let slotOf: usize = 0
export let slotFeature: usize = 0
export let slotShare: usize = 0
export let masks: usize = 0

// The block at hand: its splits, and factors: first those of the path, then one for each edge.
export let splitFeature: usize = 0
export let splitThreshold: usize = 0
export let splitSlot: usize = 0
export let factorShare: usize = 0
export let factorMet: usize = 0
export let factors: usize = 0
export let edgeSplit: usize = 0
export let edgeSide: usize = 0
export let edgeNode: usize = 0
export let edgeBefore: usize = 0
export let edgeOut: usize = 0
export let lastFactor: usize = 0
export let outOf: usize = 0
export let outFeature: usize = 0
export let turns: usize = 0

/** [level] products and sums at the points */
export let stack: usize = 0

export let keys: usize = 0
export let patterns: usize = 0
export let table: usize = 0
export let tableBits: i32 = 0
export let results: usize = 0

// For interactions: where pairs of features of a path go, and the vectors of its features.
export let pairPlace: usize = 0
export let pairVectors: usize = 0

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
 * Takes what interactions need on top, `values` being [row, feature, feature] then.
 * @param path most different features on a path
 * @param most most points of a rule, even
 */
export function openPairs(path: i32, most: i32): void {
  const pairCount = path * (path - 1) / 2
  pairPlace = integers(max(1, pairCount))
  pairVectors = reserve(<usize>(path + 1) * <usize>most << 3)
  results = reserve(<usize>rowCount * <usize>max(1, pairCount) << 3)
}

/** Turns to another tree. */
export function turnTo(
  featureAt: usize, thresholdAt: usize, leftAt: usize, rightAt: usize, valueAt: usize, shareAt: usize, splitsAt: usize,
): void {
  feature = featureAt
  threshold = thresholdAt
  left = leftAt
  right = rightAt
  value = valueAt
  share = shareAt
  splits = splitsAt
}
