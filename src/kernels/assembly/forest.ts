/**
 * Splits of regression trees on presorted columns.
 *
 * A list names the drawn rows in rising order of one column; one more list, in rising order of the target, follows those
 * of the columns. A node is the same range [start, end) of every list. No sum is fused, so that every engine grows the
 * same trees.
 */

let columns: usize
let rowCount: usize
let lists: usize
let drawnCount: usize
let pairs: usize
let goesLeft: usize
let spare: usize
let place: usize
let chain: usize
let byTarget: usize
let leftErrors: usize
let found: usize

/**
 * Says where everything lies.
 * @param columnsAt    [feature, row] f64
 * @param listsAt      [feature + 1, drawn] i32
 * @param pairsAt      [row, 2] f64: weight, target
 * @param goesLeftAt   [row] u8
 * @param spareAt      [drawn] i32
 * @param placeAt      [row] i32, place in the node's order of targets
 * @param chainAt      [2, drawn + 2, 2] i32, the chain of targets and its copy
 * @param byTargetAt   [drawn + 2, 2] f64, weight and target in the node's order of targets
 * @param leftErrorsAt [drawn] f64
 * @param foundAt      8 f64 of results
 */
export function lay(
  columnsAt: usize, rows: i32, listsAt: usize, drawn: i32, pairsAt: usize, goesLeftAt: usize, spareAt: usize,
  placeAt: usize, chainAt: usize, byTargetAt: usize, leftErrorsAt: usize, foundAt: usize,
): void {
  columns = columnsAt
  rowCount = rows
  lists = listsAt
  drawnCount = drawn
  pairs = pairsAt
  goesLeft = goesLeftAt
  spare = spareAt
  place = placeAt
  chain = chainAt
  byTarget = byTargetAt
  leftErrors = leftErrorsAt
  found = foundAt
}

@inline function listOf(feature: i32, start: i32): usize {
  return lists + ((<usize>feature * drawnCount + <usize>start) << 2)
}

@inline function rowAt(list: usize, i: i32): usize {
  return <usize>load<u32>(list + (<usize>i << 2))
}

@inline function weightOf(row: usize): f64 {
  return load<f64>(pairs + (row << 4))
}

@inline function targetOf(row: usize): f64 {
  return load<f64>(pairs + (row << 4), 8)
}

/** Weight, weighted sum, least and greatest target of the rows of a node, into `found`. */
export function summarise(list: i32, start: i32, end: i32): void {
  const at = listOf(list, start)
  let weight: f64 = 0
  let sum: f64 = 0
  let least: f64 = Infinity
  let greatest: f64 = -Infinity
  for (let i = 0; i < end - start; i++) {
    const row = rowAt(at, i)
    const w = weightOf(row)
    const y = targetOf(row)
    weight += w
    sum += w * y
    least = min(least, y)
    greatest = max(greatest, y)
  }
  store<f64>(found, weight)
  store<f64>(found, sum, 8)
  store<f64>(found, least, 16)
  store<f64>(found, greatest, 24)
}

/** Weighted median of the targets of a node; halfway between two that both are. */
export function median(targetList: i32, start: i32, end: i32, weight: f64): f64 {
  const at = listOf(targetList, start)
  const half = weight / 2
  let below: f64 = 0
  for (let i = 0; i < end - start; i++) {
    const row = rowAt(at, i)
    below += weightOf(row)
    if (below < half) continue
    const y = targetOf(row)
    if (below > half || i + 1 == end - start) return y
    const next = rowAt(at, i + 1)
    return y / 2 + targetOf(next) / 2
  }
  return NaN
}

let bestGain: f64
let bestFeature: i32
let bestCount: i32

/** Best gain Σ w (y − ȳ)² of the node minus that of its sides = d² W / (w_l w_r), d = Σ_left w (y − ȳ). */
function scanSquared(feature: i32, start: i32, end: i32, least: i32, weight: f64, mean: f64): void {
  const list = listOf(feature, start)
  const column = columns + ((<usize>feature * rowCount) << 3)
  const last = end - start - least
  let left: f64 = 0
  let deviation: f64 = 0
  let row = rowAt(list, 0)
  for (let i = 1; i < least; i++) {
    const w = weightOf(row)
    left += w
    deviation += w * (targetOf(row) - mean)
    row = rowAt(list, i)
  }
  let here = load<f64>(column + (row << 3))
  let best = bestGain
  for (let i = least; i <= last; i++) {
    const w = weightOf(row)
    left += w
    deviation += w * (targetOf(row) - mean)
    row = rowAt(list, i)
    const next = load<f64>(column + (row << 3))
    if (next > here) {
      const square = deviation * deviation * weight
      const product = left * (weight - left)
      if (square > best * product) {
        best = square / product
        bestFeature = feature
        bestCount = i
      }
    }
    here = next
  }
  bestGain = best
}

let present: f64
let total: f64
let below: f64
let belowSum: f64
let middle: i32

@inline function linkBefore(i: i32): i32 {
  return load<i32>(chain + (<usize>i << 3))
}

@inline function linkAfter(i: i32): i32 {
  return load<i32>(chain + (<usize>i << 3), 4)
}

@inline function weightAt(i: i32): f64 {
  return load<f64>(byTarget + (<usize>i << 4))
}

@inline function targetAt(i: i32): f64 {
  return load<f64>(byTarget + (<usize>i << 4), 8)
}

/** Moves the middle to where neither side holds more than half of the weight. */
function settle(): void {
  while (below > present / 2) {
    middle = linkBefore(middle)
    below -= weightAt(middle)
    belowSum -= weightAt(middle) * targetAt(middle)
  }
  while (below + weightAt(middle) < present / 2) {
    below += weightAt(middle)
    belowSum += weightAt(middle) * targetAt(middle)
    middle = linkAfter(middle)
  }
}

/** Puts every row of the node back into the chain; entry 0 and count + 1 are its ends. */
function refill(count: i32, weight: f64, sum: f64): void {
  memory.copy(chain, chain + (<usize>(drawnCount + 2) << 3), <usize>(count + 2) << 3)
  present = weight
  total = sum
  below = 0
  belowSum = 0
  middle = 1
  settle()
}

/** Takes one entry out of the chain; at least one other is left. */
function remove(i: i32): void {
  const w = weightAt(i)
  const y = targetAt(i)
  const before = linkBefore(i)
  const after = linkAfter(i)
  store<i32>(chain + (<usize>before << 3), after, 4)
  store<i32>(chain + (<usize>after << 3), before)
  present -= w
  total -= w * y
  if (i < middle) {
    below -= w
    belowSum -= w * y
  } else if (i == middle) {
    middle = after
    if (weightAt(after) == 0) {
      middle = before
      below -= weightAt(before)
      belowSum -= weightAt(before) * targetAt(before)
    }
  }
  settle()
}

/** Σ w |y − median| of what the chain holds. */
function absoluteError(): f64 {
  const y = targetAt(middle)
  const w = weightAt(middle)
  const above = present - below - w
  return max(0, y * (below - above) - belowSum + (total - belowSum - w * y))
}

let nodeError: f64

/** Lays out the targets of a node in their order; the ends of the chain weigh nothing. */
function layTargets(targetList: i32, start: i32, end: i32, weight: f64, sum: f64): void {
  const list = listOf(targetList, start)
  const count = end - start
  const copy = chain + (<usize>(drawnCount + 2) << 3)
  for (let i = 0; i <= count + 1; i++) {
    const link = copy + (<usize>i << 3)
    store<i32>(link, i - 1)
    store<i32>(link, i + 1, 4)
    const entry = byTarget + (<usize>i << 4)
    if (i == 0 || i > count) {
      store<f64>(entry, 0)
      store<f64>(entry, 0, 8)
      continue
    }
    const row = rowAt(list, i - 1)
    store<i32>(place + (row << 2), i)
    store<f64>(entry, weightOf(row))
    store<f64>(entry, targetOf(row), 8)
  }
  refill(count, weight, sum)
  nodeError = absoluteError()
}

/**
 * Best gain Σ w |y − median| of the node minus that of its sides. Rows leave a chain of sorted targets one by one, and
 * the median moves by a few links each time: linear in the rows.
 */
function scanAbsolute(feature: i32, start: i32, end: i32, least: i32, weight: f64, sum: f64): void {
  const list = listOf(feature, start)
  const column = columns + ((<usize>feature * rowCount) << 3)
  const count = end - start
  refill(count, weight, sum)
  for (let i = count - 1; i >= 1; i--) {
    remove(load<i32>(place + (rowAt(list, i) << 2)))
    store<f64>(leftErrors + (<usize>i << 3), absoluteError())
  }
  refill(count, weight, sum)
  let row = rowAt(list, 0)
  let here = load<f64>(column + (row << 3))
  for (let i = 1; i <= count - least; i++) {
    remove(load<i32>(place + (row << 2)))
    row = rowAt(list, i)
    const next = load<f64>(column + (row << 3))
    if (i >= least && next > here) {
      const gain = nodeError - load<f64>(leftErrors + (<usize>i << 3)) - absoluteError()
      if (gain > bestGain) {
        bestGain = gain
        bestFeature = feature
        bestCount = i
      }
    }
    here = next
  }
}

/**
 * The best split of a node among candidates, into `found`: feature or −1, rows that go left, threshold, gain.
 * Candidates are tried until `wanted` are, and one of them was not constant.
 * @param candidates [count] i32
 * @param least      rows that either side keeps, ≥ 1
 */
export function split(
  candidates: usize, count: i32, wanted: i32, start: i32, end: i32, least: i32, weight: f64, sum: f64, targetList: i32,
): void {
  bestGain = -Infinity
  bestFeature = -1
  bestCount = 0
  const isAbsolute = targetList >= 0
  if (isAbsolute) layTargets(targetList, start, end, weight, sum)
  let varying = 0
  for (let k = 0; k < count; k++) {
    if (k >= wanted && varying > 0) break
    const feature = load<i32>(candidates + (<usize>k << 2))
    const list = listOf(feature, start)
    const column = columns + ((<usize>feature * rowCount) << 3)
    const low = load<f64>(column + (rowAt(list, 0) << 3))
    if (!(load<f64>(column + (rowAt(list, end - start - 1) << 3)) > low)) continue
    varying++
    if (isAbsolute) scanAbsolute(feature, start, end, least, weight, sum)
    else scanSquared(feature, start, end, least, weight, sum / weight)
  }
  store<f64>(found, bestFeature)
  if (bestFeature < 0) return
  const list = listOf(bestFeature, start)
  const column = columns + ((<usize>bestFeature * rowCount) << 3)
  const low = load<f64>(column + (rowAt(list, bestCount - 1) << 3))
  const high = load<f64>(column + (rowAt(list, bestCount) << 3))
  const halfway = low / 2 + high / 2
  store<f64>(found, bestCount, 8)
  // Between neighbouring numbers there is no other: the lower one, which goes left, is the threshold then.
  store<f64>(found, halfway >= low && halfway < high ? halfway : low, 16)
  store<f64>(found, max(0, bestGain), 24)
}

/** Notes which rows of a node go left: the first `count` of a feature's list. */
export function mark(feature: i32, start: i32, end: i32, count: i32): void {
  const list = listOf(feature, start)
  for (let i = 0; i < end - start; i++) store<u8>(goesLeft + rowAt(list, i), i < count ? 1 : 0)
}

/** Puts the rows that go left before the others in the lists [from, to), orders kept. */
export function divide(from: i32, to: i32, except: i32, start: i32, end: i32): void {
  const bytes = <usize>(end - start) << 2
  for (let feature = from; feature < to; feature++) {
    if (feature == except) continue
    const list = listOf(feature, start)
    let left = list
    let right = spare
    for (let at = list; at < list + bytes; at += 4) {
      const row = load<u32>(at)
      const bit = <usize>load<u8>(goesLeft + <usize>row)
      // Written to both; the place that was not meant is overwritten by the next.
      store<u32>(left, row)
      store<u32>(right, row)
      left += bit << 2
      right += (1 - bit) << 2
    }
    memory.copy(left, spare, right - spare)
  }
}
