import { add, at, fillIntegers, integers, mark as arenaMark, put, release } from "../parts/memory"

/**
 * Unknowns whose rows have the same places (the displacements of one node, the fields of one node) become one node
 * of a smaller graph; the weight of a node is how many unknowns it holds.
 * C. Ashcraft, SIAM J. Sci. Comput. 16 (1995) 1404
 */
export let nodeCount: i32 = 0
/** [unknown] its node */
export let nodeOf: usize = 0
/** [node + 1] and [unknown]: the unknowns of each node, ascending */
export let memberStart: usize = 0
export let member: usize = 0
/** [node + 1] and [place]: neighbours of each node, itself excepted */
export let graphStart: usize = 0
export let graph: usize = 0

/** A mixture of the bits of an index, to tell apart sums over lists. */
@inline export function scrambled(i: i32): i32 {
  let z = i * 0x9e3779b1
  z ^= z >>> 15
  z *= 0x85ebca77
  return z ^ (z >>> 13)
}

/**
 * @param apart [unknown] unknowns with different marks never share a node; 0 for none
 * @param pairs [pair, 2] unknowns that have to share a node
 */
export function compress(n: i32, rowStart: usize, column: usize, apart: usize, pairs: usize, pairCount: i32): void {
  nodeOf = integers(n)
  memberStart = integers(n + 1)
  member = integers(n)
  graphStart = integers(n + 1)
  const representative = integers(n)
  let slots = 64
  while (slots < 2 * n) slots <<= 1
  const table = integers(slots)
  fillIntegers(table, slots, -1)
  const hashOf = integers(n)
  nodeCount = 0
  for (let i = 0; i < n; i++) {
    const begin = at(rowStart, i), end = at(rowStart, i + 1)
    let hash = apart ? scrambled(at(apart, i) + 0x5bd1e995) : 0
    for (let p = begin; p < end; p++) hash += scrambled(at(column, p))
    let slot = (hash ^ (hash >>> 16)) & (slots - 1)
    let node = -1
    while (true) {
      node = at(table, slot)
      if (node < 0) break
      if (at(hashOf, node) == hash) {
        const other = at(representative, node)
        const from = at(rowStart, other)
        const bytes = <usize>(end - begin) << 2
        if (
          at(rowStart, other + 1) - from == end - begin &&
          (!apart || at(apart, i) == at(apart, other)) &&
          memory.compare(column + (<usize>from << 2), column + (<usize>begin << 2), bytes) == 0
        )
          break
      }
      slot = (slot + 1) & (slots - 1)
    }
    if (node < 0) {
      node = nodeCount++
      put(table, slot, node)
      put(hashOf, node, hash)
      put(representative, node, i)
    }
    put(nodeOf, i, node)
  }

  // Rows that make up a node: one, or with pairs one for each node joined.
  const nextRow = integers(nodeCount)
  fillIntegers(nextRow, nodeCount, -1)
  if (pairCount > 0) join(n, representative, nextRow, pairs, pairCount, apart)

  fillIntegers(memberStart, nodeCount + 1, 0)
  for (let i = 0; i < n; i++) add(memberStart, at(nodeOf, i) + 1, 1)
  for (let node = 0; node < nodeCount; node++) add(memberStart, node + 1, at(memberStart, node))
  const next = hashOf
  for (let node = 0; node < nodeCount; node++) put(next, node, at(memberStart, node))
  for (let i = 0; i < n; i++) {
    const node = at(nodeOf, i)
    put(member, at(next, node), i)
    add(next, node, 1)
  }

  let places = 0
  for (let node = 0; node < nodeCount; node++)
    for (let c = node; c != -1; c = at(nextRow, c)) {
      const i = at(representative, c)
      places += at(rowStart, i + 1) - at(rowStart, i)
    }
  graph = integers(places)
  const mark = table
  fillIntegers(mark, nodeCount, -1)
  let count = 0
  for (let node = 0; node < nodeCount; node++) {
    put(graphStart, node, count)
    put(mark, node, node)
    for (let c = node; c != -1; c = at(nextRow, c)) {
      const i = at(representative, c)
      for (let p = at(rowStart, i); p < at(rowStart, i + 1); p++) {
        const other = at(nodeOf, at(column, p))
        if (at(mark, other) == node) continue
        put(mark, other, node)
        put(graph, count++, other)
      }
    }
  }
  put(graphStart, nodeCount, count)
}

/**
 * Joins the nodes of pairs. Afterwards node c < nodeCount is made of the rows `representative` of c and of what
 * follows it in `nextRow`.
 */
function join(n: i32, representative: usize, nextRow: usize, pairs: usize, pairCount: i32, apart: usize): void {
  const arena = arenaMark()
  const old = nodeCount
  const root = integers(old), renumbered = integers(old), first = integers(old)
  for (let c = 0; c < old; c++) put(root, c, c)
  for (let q = 0; q < pairCount; q++) {
    const i = at(pairs, 2 * q), j = at(pairs, 2 * q + 1)
    if (apart && at(apart, i) != at(apart, j)) continue
    let a = at(nodeOf, i), b = at(nodeOf, j)
    while (at(root, a) != a) a = at(root, a)
    while (at(root, b) != b) b = at(root, b)
    if (a < b) put(root, b, a)
    else put(root, a, b)
  }
  // A root comes before what it takes in.
  nodeCount = 0
  for (let c = 0; c < old; c++) {
    if (at(root, c) == c) {
      put(first, nodeCount, at(representative, c))
      put(renumbered, c, nodeCount++)
    } else put(renumbered, c, at(renumbered, at(root, c)))
  }
  // Joined rows take the places that renumbering has freed at the end.
  let free = nodeCount
  for (let c = 0; c < old; c++) {
    if (at(root, c) == c) continue
    const node = at(renumbered, c)
    put(first, free, at(representative, c))
    put(nextRow, free, at(nextRow, node))
    put(nextRow, node, free++)
  }
  memory.copy(representative, first, <usize>old << 2)
  for (let i = 0; i < n; i++) put(nodeOf, i, at(renumbered, at(nodeOf, i)))
  release(arena)
}
