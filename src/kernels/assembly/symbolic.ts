/**
 * Symbolic analysis of a sparse matrix: compression, fill-reducing order, elimination tree, fronts, their rows and the
 * map from entries to fronts. The caller gives the pattern, then reads the lists at the exported addresses.
 */
import { add, at, integers, mark, put, release } from "./parts/memory"
import { compress, graph, graphStart, member, memberStart, nodeCount, nodeOf } from "./symbolic/compression"
import { nestedDissection } from "./symbolic/dissection"
import { minimumDegree } from "./symbolic/minimum-degree"
import { eliminationTree } from "./symbolic/tree"
import { formFronts } from "./symbolic/fronts"
import { structureFronts } from "./symbolic/structure"
import { mapGeneral, mapSymmetric } from "./symbolic/assembly-map"
import { fullColumn, fullStart, isSymmetric, symmetrise } from "./symbolic/symmetry"

export { mark, release, reserve } from "./parts/memory"
export { nodeCount } from "./symbolic/compression"
export { floatingOperations, frontCount, parentFront } from "./symbolic/fronts"
export {
  contributionSize,
  contributionStart,
  firstPosition,
  largestFront,
  largestPanel,
  largestPivots,
  nonZeros,
  panelStart,
  position,
  relative,
  rows,
  rowsStart,
  unknownAt,
} from "./symbolic/structure"
export { item, itemStart, target } from "./symbolic/assembly-map"

let unknowns: i32 = 0
let rowStart: usize = 0
let column: usize = 0
let wholeStart: usize = 0
let wholeColumn: usize = 0
let weight: usize = 0
let keptOfNode: usize = 0
let keptNodes: i32 = 0
let order: usize = 0
let parent: usize = 0
let count: usize = 0

/** Takes a pattern; returns whether it is structurally symmetric with a full diagonal. */
export function begin(n: i32, starts: usize, columns: usize): bool {
  unknowns = n
  rowStart = wholeStart = starts
  column = wholeColumn = columns
  if (isSymmetric(n, starts, columns)) return true
  symmetrise(n, starts, columns)
  wholeStart = fullStart
  wholeColumn = fullColumn
  return false
}

/*
 * Operations, for each place of the graph, beyond which a further order costs less to try than it may save: a shuffled
 * minimum degree order saves a quarter for finite elements, nested dissection a third for bodies in space.
 */
const worthShuffling: f64 = 2800
const worthDissecting: f64 = 50000

/**
 * Joins unknowns to nodes and orders these by minimum degree, shuffled minimum degree or nested dissection.
 * @param kept  [unknown] 1 where the unknown is not to be eliminated, or 0 for none
 * @param pairs [pair, 2] unknowns that have to be eliminated together
 */
export function orderNodes(kept: usize, pairs: usize, pairCount: i32): void {
  compress(unknowns, wholeStart, wholeColumn, kept, pairs, pairCount)
  weight = integers(nodeCount)
  order = integers(nodeCount)
  parent = integers(nodeCount)
  count = integers(nodeCount)
  keptNodes = 0
  keptOfNode = 0
  for (let i = 0; i < nodeCount; i++) put(weight, i, at(memberStart, i + 1) - at(memberStart, i))
  if (kept) {
    keptOfNode = integers(nodeCount)
    for (let i = 0; i < nodeCount; i++) {
      const flag = at(kept, at(member, at(memberStart, i)))
      put(keptOfNode, i, flag)
      keptNodes += flag
    }
  }
  minimumDegree(nodeCount, graphStart, graph, weight, keptOfNode, false, order)
  if (kept) keptLast(order)
  let least = examine(order, parent, count)
  const places = <f64>at(graphStart, nodeCount)
  if (least < worthShuffling * places) return
  const arena = mark()
  const otherOrder = integers(nodeCount), otherParent = integers(nodeCount), otherCount = integers(nodeCount)
  minimumDegree(nodeCount, graphStart, graph, weight, keptOfNode, true, otherOrder)
  if (kept) keptLast(otherOrder)
  const shuffled = examine(otherOrder, otherParent, otherCount)
  if (shuffled < least) {
    take(otherOrder, otherParent, otherCount)
    least = shuffled
  }
  if (least > worthDissecting * places) {
    nestedDissection(nodeCount, graphStart, graph, weight, keptOfNode, shuffled == least, otherOrder)
    if (examine(otherOrder, otherParent, otherCount) < least) take(otherOrder, otherParent, otherCount)
  }
  release(arena)
}

function take(otherOrder: usize, otherParent: usize, otherCount: usize): void {
  memory.copy(order, otherOrder, <usize>nodeCount << 2)
  memory.copy(parent, otherParent, <usize>nodeCount << 2)
  memory.copy(count, otherCount, <usize>nodeCount << 2)
}

/** Nodes that were too dense for the ordering may have come after kept ones. */
function keptLast(order: usize): void {
  const arena = mark()
  const sorted = integers(nodeCount)
  let eliminated = 0, last = nodeCount - keptNodes
  for (let k = 0; k < nodeCount; k++) {
    const node = at(order, k)
    put(sorted, at(keptOfNode, node) ? last++ : eliminated++, node)
  }
  memory.copy(order, sorted, <usize>nodeCount << 2)
  release(arena)
}

/** Elimination tree of an order, which becomes a postorder; returns the operations that it takes. */
function examine(order: usize, parent: usize, count: usize): f64 {
  eliminationTree(nodeCount, graphStart, graph, weight, keptNodes, order, parent, count)
  let operations: f64 = 0
  for (let j = 0; j < nodeCount - keptNodes; j++) {
    const k = <f64>at(weight, at(order, j)), m = <f64>at(count, j)
    operations += k * m * m - k * k * m + (k * k * k) / 3
  }
  return operations
}

/** Fronts, rows and map of the order found. */
export function finish(general: i32): void {
  formFronts(nodeCount, weight, keptNodes, order, parent, count, general)
  structureFronts(unknowns, nodeCount, graphStart, graph, memberStart, member, order, general)
  if (general) mapGeneral(unknowns, rowStart, column)
  else mapSymmetric(unknowns, rowStart, column)
}
