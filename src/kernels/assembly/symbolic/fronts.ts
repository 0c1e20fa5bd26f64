import { add, at, fillIntegers, integers, mark as arenaMark, put, release } from "../parts/memory"

/** How many fronts there are; fronts stand in postorder. */
export let frontCount: i32 = 0
/** [front + 1] and [node]: nodes that a front eliminates, in the order of elimination */
export let pivotStart: usize = 0
/** [front] −1 at a root */
export let parentFront: usize = 0
/** [front] even or odd number of steps to the root */
export let parity: usize = 0
/** Of a symmetric factorisation */
export let floatingOperations: f64 = 0

/**
 * Seconds, in units of 0.1 ns, that a front of `m` unknowns of which `k` are eliminated takes: a fixed share, what is
 * assembled and moved, and arithmetic that runs faster the more pivots there are. Fitted to measurements.
 */
@inline function effort(k: f64, m: f64): f64 {
  const r = m - k
  const arithmetic = k * m * m - k * k * m + (k * k * k) / 3
  return 1000 + 10 * m * k + 3 * r * r + arithmetic * (0.45 + 4.0 / (k + 4))
}

/**
 * Gathers columns of equal structure into fronts, and merges fronts with their parents where the zeros that this adds
 * cost less than what it saves; then orders them so that few contributions are stored at a time.
 * C. Ashcraft, R. Grimes, ACM Trans. Math. Softw. 15 (1989) 291; J. W. H. Liu, ibid. 12 (1986) 249
 * @param order [position] in and out: nodes in postorder of the elimination tree
 */
export function formFronts(
  n: i32, weight: usize, kept: i32, order: usize, parent: usize, count: usize, general: i32,
): void {
  // Results live below the working memory of this function.
  pivotStart = integers(n + 1)
  parentFront = integers(n)
  parity = integers(n)
  const arena = arenaMark()
  const firstKept = n - kept
  const chainOf = integers(n)
  const pivots = integers(n), size = integers(n), up = integers(n), lastOf = integers(n)
  let chains = 0
  for (let j = 0; j < n; j++) {
    const w = at(weight, at(order, j))
    const joins =
      j > 0 && at(parent, j - 1) == j && j != firstKept &&
      at(count, j - 1) - at(weight, at(order, j - 1)) == at(count, j)
    if (!joins) {
      put(size, chains, at(count, j))
      put(pivots, chains, 0)
      chains++
    }
    put(chainOf, j, chains - 1)
    add(pivots, chains - 1, w)
    put(lastOf, chains - 1, j)
  }
  for (let c = 0; c < chains; c++) {
    const above = at(parent, at(lastOf, c))
    put(up, c, above == -1 ? -1 : at(chainOf, above))
  }
  const keptChain = kept > 0 ? at(chainOf, firstKept) : -1

  // Merge from the leaves up, the child that shares most with its parent first.
  const into = integers(chains), head = integers(chains), next = integers(chains)
  fillIntegers(head, chains, -1)
  for (let c = 0; c < chains; c++) put(into, c, c)
  const list = integers(chains)
  for (let p = 0; p < chains; p++) {
    let children = 0
    for (let c = at(head, p); c != -1; c = at(next, c)) put(list, children++, c)
    put(head, p, -1)
    for (let a = 1; a < children; a++) {
      const c = at(list, a)
      const rest = at(size, c) - at(pivots, c)
      let b = a - 1
      while (b >= 0 && at(size, at(list, b)) - at(pivots, at(list, b)) < rest) {
        put(list, b + 1, at(list, b))
        b--
      }
      put(list, b + 1, c)
    }
    if (p != keptChain) {
      for (let a = 0; a < children; a++) {
        const c = at(list, a)
        const kc = <f64>at(pivots, c), mc = <f64>at(size, c)
        const kp = <f64>at(pivots, p), mp = <f64>at(size, p)
        if (effort(kc + kp, kc + mp) > effort(kc, mc) + effort(kp, mp)) continue
        put(into, c, p)
        add(pivots, p, at(pivots, c))
        add(size, p, at(pivots, c))
      }
    }
    const above = at(up, p)
    if (above != -1) {
      put(next, p, at(head, above))
      put(head, above, p)
    }
  }
  // Roots of merged groups, and the tree of groups.
  for (let c = chains - 1; c >= 0; c--) if (at(into, c) != c) put(into, c, at(into, at(into, c)))
  fillIntegers(head, chains, -1)
  for (let c = 0; c < chains; c++) {
    if (at(into, c) != c) continue
    const above = at(up, c)
    const group = above == -1 ? -1 : at(into, above)
    put(up, c, group)
    if (group != -1) {
      put(next, c, at(head, group))
      put(head, group, c)
    }
  }

  // Children that need most beyond what they leave behind come first.
  const peak = reserveReals(chains), left = reserveReals(chains)
  for (let p = 0; p < chains; p++) {
    if (at(into, p) != p) continue
    let children = 0
    for (let c = at(head, p); c != -1; c = at(next, c)) put(list, children++, c)
    for (let a = 1; a < children; a++) {
      const c = at(list, a)
      const need = load<f64>(peak + (<usize>c << 3)) - load<f64>(left + (<usize>c << 3))
      let b = a - 1
      while (b >= 0) {
        const d = at(list, b)
        if (load<f64>(peak + (<usize>d << 3)) - load<f64>(left + (<usize>d << 3)) >= need) break
        put(list, b + 1, d)
        b--
      }
      put(list, b + 1, c)
    }
    put(head, p, -1)
    let held: f64 = 0, most: f64 = 0
    for (let a = 0; a < children; a++) {
      const c = at(list, a)
      const wanted = held + load<f64>(peak + (<usize>c << 3))
      if (wanted > most) most = wanted
      held += load<f64>(left + (<usize>c << 3))
    }
    for (let a = children - 1; a >= 0; a--) {
      const c = at(list, a)
      put(next, c, at(head, p))
      put(head, p, c)
    }
    const r = <f64>(at(size, p) - at(pivots, p))
    const own = general ? r * r : r * r * 0.5
    if (held + own > most) most = held + own
    store<f64>(peak + (<usize>p << 3), most)
    store<f64>(left + (<usize>p << 3), own)
  }

  // Postorder of the groups.
  const number = list
  const stack = integers(chains), depthOf = integers(chains)
  frontCount = 0
  floatingOperations = 0
  for (let root = 0; root < chains; root++) {
    if (at(into, root) != root || at(up, root) != -1) continue
    let depth = 0
    put(stack, 0, root)
    while (depth >= 0) {
      const top = at(stack, depth)
      const child = at(head, top)
      if (child == -1) {
        put(parity, frontCount, depth & 1)
        put(number, top, frontCount++)
        depth--
        const k = <f64>at(pivots, top), m = <f64>at(size, top)
        floatingOperations += k * m * m - k * k * m + (k * k * k) / 3
      } else {
        put(head, top, at(next, child))
        put(stack, ++depth, child)
      }
    }
  }
  for (let c = 0; c < chains; c++) {
    if (at(into, c) != c) continue
    put(parentFront, at(number, c), at(up, c) == -1 ? -1 : at(number, at(up, c)))
  }
  // Nodes of a front keep their relative order: what a child eliminates comes before its parent's.
  fillIntegers(pivotStart, frontCount + 1, 0)
  for (let j = 0; j < n; j++) add(pivotStart, at(number, at(into, at(chainOf, j))) + 1, 1)
  for (let f = 0; f < frontCount; f++) add(pivotStart, f + 1, at(pivotStart, f))
  const cursor = stack, sorted = integers(n)
  for (let f = 0; f < frontCount; f++) put(cursor, f, at(pivotStart, f))
  for (let j = 0; j < n; j++) {
    const f = at(number, at(into, at(chainOf, j)))
    put(sorted, at(cursor, f), at(order, j))
    add(cursor, f, 1)
  }
  memory.copy(order, sorted, <usize>n << 2)
  release(arena)
}

function reserveReals(count: i32): usize {
  return integers(2 * count)
}
