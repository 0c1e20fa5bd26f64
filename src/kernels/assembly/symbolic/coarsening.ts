import { add, at, fillIntegers, integers, mark as arenaMark, put, release } from "../parts/memory"

/*
 * A graph is a block of addresses, so that levels can be stacked: starts, neighbours, edge weights, node weights.
 */
export const graphFields: i32 = 4

let seed: u32 = 0x2545f491

export function restartRandom(): void {
  seed = 0x2545f491
}

/** A number in [0, bound), the same sequence in every analysis. */
export function random(bound: i32): i32 {
  seed ^= seed << 13
  seed ^= seed >>> 17
  seed ^= seed << 5
  return <i32>(seed % <u32>bound)
}

export let coarseCount: i32 = 0
export let coarseStart: usize = 0
export let coarseGraph: usize = 0
export let coarseEdge: usize = 0
export let coarseWeight: usize = 0
/** [node] its node in the coarser graph */
export let coarseOf: usize = 0

/**
 * Halves a graph by joining nodes across heavy edges.
 * G. Karypis, V. Kumar, SIAM J. Sci. Comput. 20 (1998) 359, §3.1
 * @param limit weight that no node may exceed
 */
export function coarsen(n: i32, start: usize, graph: usize, edge: usize, weight: usize, limit: i32): void {
  const places = at(start, n)
  coarseOf = integers(n)
  coarseStart = integers(n + 1)
  coarseWeight = integers(n)
  coarseGraph = integers(places)
  coarseEdge = integers(places)
  const arena = arenaMark()
  const match = integers(n), first = integers(n)
  fillIntegers(match, n, -1)
  coarseCount = 0
  // Nodes in an order without direction: a stride that has no factor in common with n.
  let stride = <i32>(<f64>n * 0.6180339887) | 1
  while (commonFactor(stride, n) > 1) stride += 2
  let u = n > 1 ? random(n) : 0
  for (let step = 0; step < n; step++) {
    u += stride
    if (u >= n) u -= n
    if (u >= n) u %= n
    if (at(match, u) != -1) continue
    let best = u, heaviest = 0, lightest = i32.MAX_VALUE
    const room = limit - at(weight, u)
    const end = at(start, u + 1)
    for (let p = at(start, u); p < end; p++) {
      const v = at(graph, p)
      if (at(match, v) != -1) continue
      const w = at(weight, v)
      if (w > room) continue
      const e = at(edge, p)
      if (e > heaviest || (e == heaviest && w < lightest)) {
        best = v
        heaviest = e
        lightest = w
      }
    }
    put(match, u, best)
    put(match, best, u)
    put(coarseOf, u, coarseCount)
    put(coarseOf, best, coarseCount)
    put(first, coarseCount, u)
    put(coarseWeight, coarseCount, best == u ? at(weight, u) : at(weight, u) + at(weight, best))
    coarseCount++
  }

  const placeOf = integers(coarseCount)
  fillIntegers(placeOf, coarseCount, -1)
  let count = 0
  for (let c = 0; c < coarseCount; c++) {
    const begin = count
    put(coarseStart, c, begin)
    let member = at(first, c)
    for (let half = 0; half < 2; half++) {
      const end = at(start, member + 1)
      for (let p = at(start, member); p < end; p++) {
        const d = at(coarseOf, at(graph, p))
        if (d == c) continue
        const place = at(placeOf, d)
        if (place >= begin) add(coarseEdge, place, at(edge, p))
        else {
          put(placeOf, d, count)
          put(coarseGraph, count, d)
          put(coarseEdge, count++, at(edge, p))
        }
      }
      const other = at(match, member)
      if (other == member) break
      member = other
    }
  }
  put(coarseStart, coarseCount, count)
  release(arena)
}

function commonFactor(a: i32, b: i32): i32 {
  while (b != 0) {
    const rest = a % b
    a = b
    b = rest
  }
  return a
}
