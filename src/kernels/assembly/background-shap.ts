/** Shapley values of regression trees against the rows of a background (interventional). */
import { at, put, real, putReal } from "./parts/memory"

let feature: usize
let threshold: usize
let left: usize
let right: usize
let value: usize
/** [feature] 0 where both rows go on alike, 1 where the row is followed, 2 where the background is */
let followed: usize
/** [a + b stride] weights of a leaf in which a features are the row's and b the background's, a ≥ 1 */
let weights: usize
let stride: i32
let row: usize
let other: usize
let out: usize

let rowFeatures: i32 = 0
let otherFeatures: i32 = 0
let gain: f64
let loss: f64

/**
 * Leaves below a node that some mixture of the two rows reaches: what each feature of the row gains there, into `gain`,
 * and what each of the background loses, into `loss`.
 */
function visit(start: i32): void {
  let node = start
  let f = at(feature, node)
  while (f >= 0) {
    const cut = real(threshold, node)
    const rowLeft = real(row, f) <= cut
    const otherLeft = real(other, f) <= cut
    const whose = at(followed, f)
    if (whose == 0 && rowLeft != otherLeft) break
    node = (whose == 2 ? otherLeft : rowLeft) ? at(left, node) : at(right, node)
    f = at(feature, node)
  }
  if (f < 0) {
    const inside = real(value, node)
    gain = rowFeatures > 0 ? inside * real(weights, rowFeatures + otherFeatures * stride) : 0
    loss = otherFeatures > 0 ? -inside * real(weights, otherFeatures + rowFeatures * stride) : 0
    return
  }
  const rowLeft = real(row, f) <= real(threshold, node)
  put(followed, f, 1)
  rowFeatures++
  visit(rowLeft ? at(left, node) : at(right, node))
  rowFeatures--
  const gained = gain
  const lost = loss
  put(followed, f, 2)
  otherFeatures++
  visit(rowLeft ? at(right, node) : at(left, node))
  otherFeatures--
  put(followed, f, 0)
  putReal(out, f, real(out, f) + gained + loss)
  gain += gained
  loss += lost
}

/**
 * Adds the values of all rows against all rows of the background for one tree.
 * @param rowsAt       [row, feature] f64
 * @param backgroundAt [row, feature] f64
 * @param outAt        [row, feature] f64, added to
 * @param followedAt   [feature] i32, zeros
 */
export function explain(
  rowsAt: usize, rows: i32, backgroundAt: usize, backgroundRows: i32, features: i32, outAt: usize, followedAt: usize,
  weightsAt: usize, weightStride: i32, featureAt: usize, thresholdAt: usize, leftAt: usize, rightAt: usize,
  valueAt: usize,
): void {
  feature = featureAt
  threshold = thresholdAt
  left = leftAt
  right = rightAt
  value = valueAt
  followed = followedAt
  weights = weightsAt
  stride = weightStride
  const bytes = <usize>features << 3
  for (let i = 0; i < rows; i++) {
    row = rowsAt + <usize>i * bytes
    out = outAt + <usize>i * bytes
    for (let j = 0; j < backgroundRows; j++) {
      other = backgroundAt + <usize>j * bytes
      visit(0)
    }
  }
}
