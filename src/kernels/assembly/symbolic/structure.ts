import { add, at, fillIntegers, integers, mark as arenaMark, put, release, reserve } from "../parts/memory"
import { frontCount, parentFront, parity, pivotStart } from "./fronts"

/** [unknown] its place in the elimination, and [position] the unknown that has it */
export let position: usize = 0
export let unknownAt: usize = 0
/** [front + 1] first place of each front */
export let firstPosition: usize = 0
/** [front + 1] and [row]: places that a front updates, ascending, beyond its own pivots */
export let rowsStart: usize = 0
export let rows: usize = 0
/** [row] place in the parent's front, whose pivots are padded to a multiple of four */
export let relative: usize = 0
/** [front] where its contribution begins, counted in numbers, in one of two stacks by parity */
export let contributionStart: usize = 0
/** [front + 1] where its panels begin, counted in numbers */
export let panelStart: usize = 0
export let contributionSize: i32 = 0
/** Most unknowns of a front, padded; most pivots; most numbers in one panel. */
export let largestFront: i32 = 0
export let largestPivots: i32 = 0
export let largestPanel: i32 = 0
export let nonZeros: f64 = 0

@inline export function padded(count: i32): i32 {
  return (count + 3) & ~3
}

/**
 * Rows of every front and where they go in the parent.
 * Contributions of symmetric fronts are stored in blocks of four rows, each as long as the triangle needs.
 */
export function structureFronts(
  unknowns: i32, n: i32, start: usize, graph: usize, memberStart: usize, member: usize, order: usize, general: i32,
): void {
  position = integers(unknowns)
  unknownAt = integers(unknowns)
  firstPosition = integers(frontCount + 1)
  rowsStart = integers(frontCount + 1)
  contributionStart = integers(frontCount)
  panelStart = integers(frontCount + 1)
  const nodePosition = integers(n), firstOfNode = integers(n + 1)
  let at0 = 0
  for (let k = 0; k < n; k++) {
    const node = at(order, k)
    put(nodePosition, node, k)
    put(firstOfNode, k, at0)
    for (let p = at(memberStart, node); p < at(memberStart, node + 1); p++) {
      put(unknownAt, at0, at(member, p))
      put(position, at(member, p), at0++)
    }
  }
  put(firstOfNode, n, at0)
  for (let f = 0; f <= frontCount; f++) put(firstPosition, f, at(firstOfNode, at(pivotStart, f)))

  // Nodes below each front: its own neighbours and what its children leave. Children precede their parents.
  const below = integers(frontCount + 1), seen = integers(n), head = integers(frontCount), next = integers(frontCount)
  fillIntegers(seen, n, -1)
  fillIntegers(head, frontCount, -1)
  const places = at(start, n)
  let capacity = 4 * places + 4 * n + 1024
  let list = integers(capacity)
  let count = 0
  for (let f = 0; f < frontCount; f++) {
    put(below, f, count)
    const last = at(pivotStart, f + 1)
    let bound = 0
    for (let k = at(pivotStart, f); k < last; k++) {
      const node = at(order, k)
      bound += at(start, node + 1) - at(start, node)
    }
    for (let c = at(head, f); c != -1; c = at(next, c)) bound += at(below, c + 1) - at(below, c)
    if (count + bound > capacity) {
      // The list is the last block, so that it grows in place.
      const more = capacity + bound
      reserve(<usize>more << 2)
      capacity += more
    }
    for (let k = at(pivotStart, f); k < last; k++) {
      const node = at(order, k)
      for (let p = at(start, node); p < at(start, node + 1); p++) {
        const i = at(nodePosition, at(graph, p))
        if (i >= last && at(seen, i) != f) {
          put(seen, i, f)
          put(list, count++, i)
        }
      }
    }
    for (let c = at(head, f); c != -1; c = at(next, c)) {
      const end = at(below, c + 1)
      for (let p = at(below, c); p < end; p++) {
        const i = at(list, p)
        if (i >= last && at(seen, i) != f) {
          put(seen, i, f)
          put(list, count++, i)
        }
      }
    }
    put(below, f + 1, count)
    const up = at(parentFront, f)
    if (up != -1) {
      put(next, f, at(head, up))
      put(head, up, f)
    }
  }

  // Ascending order within all lists at once: transpose twice.
  const frontsOf = integers(n + 1), byNode = integers(count)
  fillIntegers(frontsOf, n + 1, 0)
  for (let p = 0; p < count; p++) add(frontsOf, at(list, p) + 1, 1)
  for (let i = 0; i < n; i++) add(frontsOf, i + 1, at(frontsOf, i))
  const cursor = seen
  for (let i = 0; i < n; i++) put(cursor, i, at(frontsOf, i))
  for (let f = 0; f < frontCount; f++)
    for (let p = at(below, f); p < at(below, f + 1); p++) {
      const i = at(list, p)
      put(byNode, at(cursor, i), f)
      add(cursor, i, 1)
    }
  const filled = head
  for (let f = 0; f < frontCount; f++) put(filled, f, at(below, f))
  for (let i = 0; i < n; i++)
    for (let p = at(frontsOf, i); p < at(frontsOf, i + 1); p++) {
      const f = at(byNode, p)
      put(list, at(filled, f), i)
      add(filled, f, 1)
    }

  // From nodes to unknowns.
  let total = 0
  for (let p = 0; p < count; p++) {
    const i = at(list, p)
    total += at(firstOfNode, i + 1) - at(firstOfNode, i)
  }
  rows = integers(total)
  relative = integers(total)
  total = 0
  for (let f = 0; f < frontCount; f++) {
    put(rowsStart, f, total)
    for (let p = at(below, f); p < at(below, f + 1); p++) {
      const i = at(list, p)
      const end = at(firstOfNode, i + 1)
      for (let u = at(firstOfNode, i); u < end; u++) put(rows, total++, u)
    }
  }
  put(rowsStart, frontCount, total)

  // Both lists ascend, and the child's is contained in the parent's.
  for (let f = 0; f < frontCount; f++) {
    const up = at(parentFront, f)
    if (up == -1) continue
    const first = at(firstPosition, up), beyond = at(firstPosition, up + 1)
    const pad = padded(beyond - first)
    const base = at(rowsStart, up)
    let q = base
    for (let p = at(rowsStart, f); p < at(rowsStart, f + 1); p++) {
      const u = at(rows, p)
      if (u < beyond) put(relative, p, u - first)
      else {
        while (at(rows, q) != u) q++
        put(relative, p, pad + q - base)
      }
    }
  }

  place(general)
}

/** Places panels one after the other and contributions in two stacks, from which parents take them. */
function place(general: i32): void {
  let even: i32 = 0, odd: i32 = 0, mostEven: i32 = 0, mostOdd: i32 = 0
  let panels: i32 = 0
  largestFront = 0
  largestPivots = 0
  largestPanel = 0
  nonZeros = 0
  const arena = arenaMark()
  const held = integers(frontCount)
  fillIntegers(held, frontCount, 0)
  for (let f = 0; f < frontCount; f++) {
    const k = at(firstPosition, f + 1) - at(firstPosition, f)
    const r = at(rowsStart, f + 1) - at(rowsStart, f)
    const kp = padded(k), rp = padded(r)
    const own = general ? rp * rp : (rp * (rp + 4)) >> 1
    put(panelStart, f, panels)
    const panel = kp * (kp + rp)
    panels += general ? panel + kp * rp : panel
    if (panel > largestPanel) largestPanel = panel
    if (kp + rp > largestFront) largestFront = kp + rp
    if (kp > largestPivots) largestPivots = kp
    const block = <f64>k * <f64>(k + 1) * 0.5 + <f64>k * <f64>r
    nonZeros += general ? 2 * block - <f64>k : block
    const up = at(parentFront, f)
    if (up != -1) add(held, up, own)
    if (at(parity, f) == 0) {
      put(contributionStart, f, even)
      even += own
      if (even > mostEven) mostEven = even
      odd -= at(held, f)
    } else {
      put(contributionStart, f, odd)
      odd += own
      if (odd > mostOdd) mostOdd = odd
      even -= at(held, f)
    }
  }
  put(panelStart, frontCount, panels)
  for (let f = 0; f < frontCount; f++)
    if (at(parity, f)) add(contributionStart, f, mostEven)
  contributionSize = mostEven + mostOdd
  release(arena)
}
