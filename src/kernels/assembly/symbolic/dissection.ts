import { at, fillIntegers, integers, mark as arenaMark, put, release } from "../parts/memory"
import { restartRandom } from "./coarsening"
import { minimumDegree } from "./minimum-degree"
import { bisect, separator } from "./separator"

/** Parts of up to so many nodes are ordered by minimum degree. */
const leafNodes: i32 = 400

let whole: i32 = 0
let wholeStart: usize = 0
let wholeGraph: usize = 0
let wholeWeight: usize = 0
let shuffled: bool = false
/** [node] number in the part at hand */
let local: usize = 0

/**
 * Nested dissection: a separator comes last, before it the parts that it leaves, each ordered in the same way; small
 * parts by minimum degree that sees the separators around them.
 * A. George, SIAM J. Numer. Anal. 10 (1973) 345
 * @param kept          [node] 1 where the node must come last, or 0 for none
 * @param shuffledParts whether minimum degree does better on a shuffled graph
 * @param order         [node] out
 */
export function nestedDissection(
  n: i32, start: usize, graph: usize, weight: usize, kept: usize, shuffledParts: bool, order: usize,
): void {
  const arena = arenaMark()
  restartRandom()
  whole = n
  wholeStart = start
  wholeGraph = graph
  wholeWeight = weight
  shuffled = shuffledParts
  local = integers(n)
  fillIntegers(local, n, -1)
  const nodes = integers(n)
  let count = 0, last = n
  for (let i = 0; i < n; i++) if (!kept || !at(kept, i)) put(nodes, count++, i)
  for (let i = n - 1; i >= 0; i--) if (kept && at(kept, i)) put(order, --last, i)
  dissect(count, nodes, order)
  release(arena)
}

function dissect(count: i32, nodes: usize, order: usize): void {
  if (count <= leafNodes) {
    orderLeaf(count, nodes, order)
    return
  }
  const arena = arenaMark()
  const side = integers(count)
  const sides = arenaMark()
  // The part's own graph.
  for (let i = 0; i < count; i++) put(local, at(nodes, i), i)
  let places = 0
  for (let i = 0; i < count; i++) {
    const u = at(nodes, i)
    places += at(wholeStart, u + 1) - at(wholeStart, u)
  }
  const start = integers(count + 1), weight = integers(count), graph = integers(places), edge = integers(places)
  let used = 0, total = 0
  for (let i = 0; i < count; i++) {
    const u = at(nodes, i)
    put(start, i, used)
    put(weight, i, at(wholeWeight, u))
    total += at(wholeWeight, u)
    for (let p = at(wholeStart, u); p < at(wholeStart, u + 1); p++) {
      const j = at(local, at(wholeGraph, p))
      if (j == -1) continue
      put(edge, used, 1)
      put(graph, used++, j)
    }
  }
  put(start, count, used)
  for (let i = 0; i < count; i++) put(local, at(nodes, i), -1)
  bisect(count, start, graph, edge, weight, total, side)
  release(sides)

  const left = integers(count), right = integers(count)
  let lefts = 0, rights = 0
  for (let i = 0; i < count; i++) {
    const s = at(side, i)
    if (s == 0) put(left, lefts++, at(nodes, i))
    else if (s == 1) put(right, rights++, at(nodes, i))
  }
  if (lefts == 0 || rights == 0) orderLeaf(count, nodes, order)
  else {
    let last = lefts + rights
    for (let i = 0; i < count; i++) if (at(side, i) == separator) put(order, last++, at(nodes, i))
    dissect(lefts, left, order)
    dissect(rights, right, order + (<usize>lefts << 2))
  }
  release(arena)
}

/** Minimum degree on a part, with its neighbours outside, which are eliminated later, in sight. */
function orderLeaf(count: i32, nodes: usize, order: usize): void {
  const arena = arenaMark()
  let places = 0
  for (let i = 0; i < count; i++) {
    const u = at(nodes, i)
    put(local, u, i)
    places += at(wholeStart, u + 1) - at(wholeStart, u)
  }
  const outside = integers(places)
  let around = count
  for (let i = 0; i < count; i++) {
    const u = at(nodes, i)
    for (let p = at(wholeStart, u); p < at(wholeStart, u + 1); p++) {
      const v = at(wholeGraph, p)
      if (at(local, v) != -1) continue
      put(outside, around - count, v)
      put(local, v, around++)
    }
  }
  const start = integers(around + 1), graph = integers(2 * places), weight = integers(around), kept = integers(around)
  let used = 0
  for (let i = 0; i < around; i++) {
    const u = i < count ? at(nodes, i) : at(outside, i - count)
    put(start, i, used)
    put(weight, i, at(wholeWeight, u))
    put(kept, i, i < count ? 0 : 1)
    // Among those outside, only edges into the part matter.
    for (let p = at(wholeStart, u); p < at(wholeStart, u + 1); p++) {
      const j = at(local, at(wholeGraph, p))
      if (j != -1 && (i < count || j < count)) put(graph, used++, j)
    }
  }
  put(start, around, used)
  for (let i = 0; i < count; i++) put(local, at(nodes, i), -1)
  for (let i = count; i < around; i++) put(local, at(outside, i - count), -1)
  const found = integers(around)
  minimumDegree(around, start, graph, weight, kept, shuffled, found)
  let placed = 0
  for (let k = 0; k < around; k++) {
    const i = at(found, k)
    if (i < count) put(order, placed++, at(nodes, i))
  }
  release(arena)
}
