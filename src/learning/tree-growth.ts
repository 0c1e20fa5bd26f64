import { type Random, seededRandom } from "../array/random.ts"
import * as forestBytes from "../kernels/generated/forest.ts"
import { kernel, Layout, returnMemory, takeMemory } from "../kernels/loader.ts"
import { assertForestSettings, type ForestSettings, featuresDrawn } from "./forest-settings.ts"
import type { RegressionTable } from "./regression-table.ts"
import { joinTrees, type Trees } from "./trees.ts"

interface ForestKernel {
  readonly lay: (...addresses: number[]) => void
  readonly summarise: (list: number, start: number, end: number) => void
  readonly median: (targetList: number, start: number, end: number, weight: number) => number
  readonly split: (
    candidates: number,
    count: number,
    wanted: number,
    start: number,
    end: number,
    least: number,
    weight: number,
    sum: number,
    targetList: number,
  ) => void
  readonly mark: (feature: number, start: number, end: number, count: number) => void
  readonly divide: (from: number, to: number, except: number, start: number, end: number) => void
}

const forestKernel = kernel<ForestKernel>(forestBytes)

/** The streams of the trees [from, to): each tree has its own, whoever grows it. */
const treeStreams = (seed: number, from: number, to: number): Random[] => {
  const random = seededRandom(seed)
  for (let tree = 0; tree < from; tree++) random.split()
  return Array.from({ length: to - from }, () => random.split())
}

const draw = (random: Random, rowCount: number, bootstrap: boolean, counts: Float64Array): void => {
  counts.fill(bootstrap ? 0 : 1)
  if (bootstrap) for (let i = 0; i < rowCount; i++) counts[random.integer(rowCount)]++
}

/**
 * How often each row was drawn for a tree.
 * @returns [tree of the share][row]
 */
export const rowsDrawn = (settings: ForestSettings, rowCount: number, from: number, to: number): Float64Array[] =>
  treeStreams(settings.seed, from, to).map((random) => {
    const counts = new Float64Array(rowCount)
    draw(random, rowCount, settings.bootstrap, counts)
    return counts
  })

/** [row] in rising order of the values; equal ones in the order of the rows. */
const orderOf = (values: Float64Array): Int32Array => {
  // Numbers alone sort ten times faster than rows by their numbers; each row then looks up its place.
  const sorted = values.slice().sort()
  const order = new Int32Array(values.length)
  const taken = new Int32Array(values.length)
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    let low = 0
    let high = values.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (sorted[middle] < value) low = middle + 1
      else high = middle
    }
    order[low + taken[low]++] = row
  }
  return order
}

/** A leaf that could be split. */
interface Opening {
  readonly node: number
  readonly start: number
  readonly end: number
  readonly depth: number
  readonly feature: number
  /** Rows that go left */
  readonly count: number
  readonly threshold: number
  readonly gain: number
}

/**
 * The trees [fromTree, toTree) of a forest, which do not depend on the share in which they are grown: classification
 * and regression trees on all thresholds halfway between neighbouring values, as scikit-learn grows them.
 * @param table usable, as `examine` says
 * @throws RangeError for settings out of range
 * @source L. Breiman, Machine Learning 45 (2001) 5, doi:10.1023/A:1010933404324; presorted columns: J. Shafer et al.,
 * SPRINT, VLDB (1996) 544
 */
export const growTrees = (
  table: RegressionTable,
  settings: ForestSettings,
  fromTree: number,
  toTree: number,
): Trees => {
  assertForestSettings(settings)
  if (!(fromTree >= 0 && fromTree < toTree && toTree <= settings.treeCount))
    throw new RangeError(`trees ${fromTree} to ${toTree} of ${settings.treeCount}`)
  const { columns, target } = table
  const rowCount = target.length
  const featureCount = columns.length
  const isAbsolute = settings.criterion.kind === "absolute error"
  const listCount = featureCount + (isAbsolute ? 1 : 0)
  const targetList = isAbsolute ? featureCount : -1

  const layout = new Layout()
  const columnsAt = layout.reserve(8 * featureCount * rowCount)
  const listsAt = layout.reserve(4 * listCount * rowCount)
  const pairsAt = layout.reserve(16 * rowCount)
  const goesLeftAt = layout.reserve(rowCount)
  const spareAt = layout.reserve(4 * rowCount)
  const placeAt = layout.reserve(4 * rowCount)
  const chainAt = layout.reserve(16 * (rowCount + 2))
  const byTargetAt = layout.reserve(16 * (rowCount + 2))
  const errorsAt = layout.reserve(8 * rowCount)
  const foundAt = layout.reserve(64)
  const candidatesAt = layout.reserve(4 * featureCount)
  const memory = takeMemory(layout.bytes)
  const work = forestKernel.instantiate(memory)
  const { buffer } = memory
  const found = new Float64Array(buffer, foundAt, 4)
  const candidates = new Int32Array(buffer, candidatesAt, featureCount)
  const pairs = new Float64Array(buffer, pairsAt, 2 * rowCount)
  for (const [k, column] of columns.entries())
    new Float64Array(buffer, columnsAt + 8 * k * rowCount, rowCount).set(column)

  const { centre, scale, centred } = standardTarget(target)
  const orders = columns.map(orderOf)
  if (isAbsolute) orders.push(orderOf(target))
  const wanted = featuresDrawn(settings.features, featureCount)
  const leastRows = Math.max(settings.leastSplitRows, 2 * settings.leastLeafRows)
  const counts = new Float64Array(rowCount)
  const gainUnit = isAbsolute ? scale : scale * scale

  const growTree = (random: Random): Trees => {
    draw(random, rowCount, settings.bootstrap, counts)
    let drawnCount = 0
    for (let row = 0; row < rowCount; row++) {
      pairs[2 * row] = counts[row]
      pairs[2 * row + 1] = centred[row]
      if (counts[row] > 0) drawnCount++
    }
    for (const [k, order] of orders.entries()) {
      const list = new Int32Array(buffer, listsAt + 4 * k * drawnCount, drawnCount)
      let at = 0
      for (const row of order) if (counts[row] > 0) list[at++] = row
    }
    work.lay(
      ...[columnsAt, rowCount, listsAt, drawnCount, pairsAt, goesLeftAt, spareAt],
      ...[placeAt, chainAt, byTargetAt, errorsAt, foundAt],
    )
    const grown = growNodes(random, drawnCount)
    return { featureCount, ...grown }
  }

  const growNodes = (random: Random, drawnCount: number): Omit<Trees, "featureCount"> => {
    const room = Math.min(2 * drawnCount, 2 * settings.leafLimit)
    const feature = new Int32Array(room).fill(-1)
    const threshold = new Float64Array(room)
    const left = new Int32Array(room).fill(-1)
    const right = new Int32Array(room).fill(-1)
    const value = new Float64Array(room)
    const cover = new Float64Array(room)
    const sums = new Float64Array(room)
    let nodeCount = 0
    // Not as the tree before has left them, which another share of the forest may not hold.
    for (let k = 0; k < featureCount; k++) candidates[k] = k

    /** Adds a node that holds [start, end) of a list; whether it may be split. */
    const addNode = (list: number, start: number, end: number, depth: number): boolean => {
      work.summarise(list, start, end)
      const [weight, sum, least, greatest] = found
      const inside = isAbsolute ? work.median(list, start, end, weight) : sum / weight
      value[nodeCount] = centre + scale * inside
      cover[nodeCount] = weight
      sums[nodeCount] = sum
      nodeCount++
      return depth < settings.depthLimit && end - start >= leastRows && least < greatest
    }

    const openings: Opening[] = []
    const open = (node: number, start: number, end: number, depth: number): void => {
      // Ties between features, the rule in small nodes, are broken by chance.
      for (let i = featureCount - 1; i > 0; i--) {
        const j = random.integer(i + 1)
        const kept = candidates[i]
        candidates[i] = candidates[j]
        candidates[j] = kept
      }
      const least = settings.leastLeafRows
      work.split(candidatesAt, featureCount, wanted, start, end, least, cover[node], sums[node], targetList)
      const [chosen, count, cut, gain] = found
      if (chosen < 0 || (gain * gainUnit) / cover[0] < settings.leastDecrease) return
      const opening = { node, start, end, depth, feature: chosen, count, threshold: cut, gain }
      openings.splice(
        settings.leafLimit === Number.POSITIVE_INFINITY ? openings.length : rankOf(openings, gain),
        0,
        opening,
      )
    }

    if (addNode(isAbsolute ? targetList : 0, 0, drawnCount, 0)) open(0, 0, drawnCount, 0)
    let leafCount = 1
    for (let at = openings.pop(); at !== undefined && leafCount < settings.leafLimit; at = openings.pop()) {
      const { node, start, end, depth } = at
      const middle = start + at.count
      const list = isAbsolute ? targetList : at.feature
      work.mark(at.feature, start, end, at.count)
      if (isAbsolute) work.divide(targetList, listCount, -1, start, end)
      feature[node] = at.feature
      threshold[node] = at.threshold
      left[node] = nodeCount
      right[node] = nodeCount + 1
      const leftOpen = addNode(list, start, middle, depth + 1)
      const rightOpen = addNode(list, middle, end, depth + 1)
      if (leftOpen || rightOpen) work.divide(0, featureCount, at.feature, start, end)
      if (rightOpen) open(right[node], middle, end, depth + 1)
      if (leftOpen) open(left[node], start, middle, depth + 1)
      leafCount++
    }
    return {
      treeStart: Int32Array.of(0, nodeCount),
      feature: feature.slice(0, nodeCount),
      threshold: threshold.slice(0, nodeCount),
      left: left.slice(0, nodeCount),
      right: right.slice(0, nodeCount),
      value: value.slice(0, nodeCount),
      cover: cover.slice(0, nodeCount),
    }
  }

  const trees = joinTrees(treeStreams(settings.seed, fromTree, toTree).map(growTree))
  returnMemory(memory)
  return trees
}

/** Where an opening of some gain goes among others of rising gain: before its equals, which came first. */
const rankOf = (openings: readonly Opening[], gain: number): number => {
  let low = 0
  let high = openings.length
  while (low < high) {
    const between = (low + high) >> 1
    if (openings[between].gain < gain) low = between + 1
    else high = between
  }
  return low
}

/** The target about its mean, in units of a power of two, so that squares neither cancel nor vanish. */
const standardTarget = (
  target: Float64Array,
): { readonly centre: number; readonly scale: number; readonly centred: Float64Array } => {
  let centre = 0
  for (let row = 0; row < target.length; row++) centre += (target[row] - centre) / (row + 1)
  let largest = 0
  for (const value of target) largest = Math.max(largest, Math.abs(value - centre))
  const exponent = largest > 0 ? Math.ceil(Math.log2(largest)) : 0
  const scale = 2 ** Math.min(1023, Math.max(-1022, exponent))
  return { centre, scale, centred: target.map((value) => (value - centre) / scale) }
}
