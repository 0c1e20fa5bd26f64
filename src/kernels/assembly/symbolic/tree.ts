import { add, at, fillIntegers, integers, mark as arenaMark, put, release } from "../parts/memory"

/**
 * Postorders an elimination order and finds, in the new order, the parent of each node in the elimination tree and
 * the weight of its column of the factor.
 * J. W. H. Liu, SIAM J. Matrix Anal. Appl. 11 (1990) 134; J. R. Gilbert, E. G. Ng, B. W. Peyton, ibid. 15 (1994) 1075
 * @param kept   how many nodes at the end of the order are to stay together as one dense block
 * @param order  [position] in and out
 * @param parent [position] out, −1 at a root
 * @param count  [position] out: weight of the node and of what lies below it in its column
 */
export function eliminationTree(
  n: i32, start: usize, graph: usize, weight: usize, kept: i32, order: usize, parent: usize, count: usize,
): void {
  const arena = arenaMark()
  const position = integers(n), raw = integers(n), ancestor = integers(n), first = integers(n)
  for (let k = 0; k < n; k++) put(position, at(order, k), k)
  const firstKept = n - kept
  fillIntegers(raw, n, -1)
  fillIntegers(ancestor, n, -1)
  for (let k = 0; k < n; k++) {
    const node = at(order, k)
    for (let p = at(start, node); p < at(start, node + 1); p++) {
      let i = at(position, at(graph, p))
      while (i != -1 && i < k) {
        const up = at(ancestor, i)
        put(ancestor, i, k)
        if (up == -1) put(raw, i, k)
        i = up
      }
    }
  }
  if (kept > 0) {
    for (let k = 0; k < firstKept; k++) if (at(raw, k) >= firstKept) put(raw, k, firstKept)
    for (let k = firstKept; k < n; k++) put(raw, k, k + 1 < n ? k + 1 : -1)
  }

  // Postorder: children in ascending order.
  const head = first, next = ancestor, moved = integers(n), stack = count
  fillIntegers(head, n, -1)
  for (let k = n - 1; k >= 0; k--) {
    const up = at(raw, k)
    if (up == -1) continue
    put(next, k, at(head, up))
    put(head, up, k)
  }
  let done = 0
  for (let root = 0; root < n; root++) {
    if (at(raw, root) != -1) continue
    let depth = 0
    put(stack, 0, root)
    while (depth >= 0) {
      const top = at(stack, depth)
      const child = at(head, top)
      if (child == -1) {
        depth--
        put(moved, top, done++)
      } else {
        put(head, top, at(next, child))
        put(stack, ++depth, child)
      }
    }
  }
  const before = stack
  memory.copy(before, order, <usize>n << 2)
  for (let k = 0; k < n; k++) {
    const to = at(moved, k)
    put(order, to, at(before, k))
    put(parent, to, at(raw, k) == -1 ? -1 : at(moved, at(raw, k)))
  }
  for (let k = 0; k < n; k++) put(position, at(order, k), k)

  // Weights of columns from the skeleton of the matrix.
  const furthest = raw, previous = moved
  fillIntegers(first, n, -1)
  for (let k = 0; k < n; k++) {
    put(count, k, at(first, k) == -1 ? at(weight, at(order, k)) : 0)
    let j = k
    while (j != -1 && at(first, j) == -1) {
      put(first, j, k)
      j = at(parent, j)
    }
  }
  fillIntegers(furthest, n, -1)
  fillIntegers(previous, n, -1)
  for (let k = 0; k < n; k++) put(ancestor, k, k)
  for (let j = 0; j < n; j++) {
    const node = at(order, j)
    const up = at(parent, j)
    if (up != -1) add(count, up, -at(weight, node))
    const from = at(first, j)
    for (let p = at(start, node); p < at(start, node + 1); p++) {
      const i = at(position, at(graph, p))
      if (i <= j || from <= at(furthest, i)) continue
      put(furthest, i, from)
      const w = at(weight, at(graph, p))
      add(count, j, w)
      const leaf = at(previous, i)
      put(previous, i, j)
      if (leaf == -1) continue
      let q = leaf
      while (q != at(ancestor, q)) q = at(ancestor, q)
      let s = leaf
      while (s != q) {
        const above = at(ancestor, s)
        put(ancestor, s, q)
        s = above
      }
      add(count, q, -w)
    }
    if (up != -1) put(ancestor, j, up)
  }
  for (let j = 0; j < n; j++) if (at(parent, j) != -1) add(count, at(parent, j), at(count, j))
  let rest = 0
  for (let j = n - 1; j >= firstKept; j--) {
    rest += at(weight, at(order, j))
    put(count, j, rest)
  }
  release(arena)
}
