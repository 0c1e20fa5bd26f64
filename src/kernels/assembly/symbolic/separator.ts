import { add, at, fillIntegers, integers, mark as arenaMark, put, release } from "../parts/memory"
import {
  coarseCount, coarseEdge, coarseGraph, coarseOf, coarseStart, coarseWeight, coarsen, random,
} from "./coarsening"

/** Sides of a bisection, and what separates them. */
export const separator: i32 = 2

const coarsest: i32 = 100
const trials: i32 = 6
const passes: i32 = 4

/** Weights of the two sides and of the separator. */
let weight0: i32 = 0
let weight1: i32 = 0
let weight2: i32 = 0

@inline function sideWeight(side: i32): i32 {
  return side == 0 ? weight0 : side == 1 ? weight1 : weight2
}

@inline function addWeight(side: i32, w: i32): void {
  if (side == 0) weight0 += w
  else if (side == 1) weight1 += w
  else weight2 += w
}

/** Less is better: the separator, and sides that are too uneven. */
function badness(): f64 {
  const most = <f64>max(weight0, weight1), total = <f64>(weight0 + weight1 + weight2)
  const uneven = most / total - 0.5
  return <f64>weight2 * (1 + (uneven > 0.03 ? 1.5 * (uneven - 0.03) : 0)) + (weight0 == 0 || weight1 == 0 ? total : 0)
}

/**
 * Finds a small set of nodes whose removal leaves two parts of similar weight: multilevel, with vertex moves of
 * Fiduccia and Mattheyses on each level.
 * G. Karypis, V. Kumar, SIAM J. Sci. Comput. 20 (1998) 359; C. Ashcraft, J. W. H. Liu, SIAM J. Matrix Anal. Appl. 19
 * (1998) 325
 * @param side [node] out: 0, 1, or 2 in the separator
 */
export function bisect(n: i32, start: usize, graph: usize, edge: usize, weight: usize, total: i32, side: usize): void {
  const arena = arenaMark()
  if (n <= coarsest) grow(n, start, graph, weight, total, side)
  else {
    coarsen(n, start, graph, edge, weight, max(1, <i32>(1.5 * <f64>total / <f64>coarsest)))
    const map = coarseOf, count = coarseCount
    if (<f64>count > 0.95 * <f64>n) grow(n, start, graph, weight, total, side)
    else {
      const coarseSide = integers(count)
      bisect(count, coarseStart, coarseGraph, coarseEdge, coarseWeight, total, coarseSide)
      for (let i = 0; i < n; i++) put(side, i, at(coarseSide, at(map, i)))
    }
  }
  improve(n, start, graph, weight, total, side)
  release(arena)
}

/** The best of some separators around regions grown from a node. */
function grow(n: i32, start: usize, graph: usize, weight: usize, total: i32, side: usize): void {
  const queue = integers(n), trial = integers(n), seen = integers(n)
  let least = Infinity
  for (let t = 0; t < trials; t++) {
    fillIntegers(trial, n, 1)
    fillIntegers(seen, n, 0)
    weight0 = 0
    let head = 0, tail = 0
    // From a node far from a random one, breadth first, until half the weight is reached.
    let origin = random(n)
    for (let sweep = 0; sweep < 2; sweep++) {
      fillIntegers(seen, n, 0)
      head = 0
      tail = 0
      put(queue, tail++, origin)
      put(seen, origin, 1)
      while (head < tail) {
        const u = at(queue, head++)
        for (let p = at(start, u); p < at(start, u + 1); p++) {
          const v = at(graph, p)
          if (at(seen, v)) continue
          put(seen, v, 1)
          put(queue, tail++, v)
        }
      }
      if (sweep == 0 && t % 2 == 0) origin = at(queue, tail - 1)
      else break
    }
    fillIntegers(seen, n, 0)
    let next = 0
    head = 0
    tail = 0
    put(queue, tail++, origin)
    put(seen, origin, 1)
    while (2 * weight0 < total) {
      if (head == tail) {
        // Another component.
        while (next < n && at(seen, next)) next++
        if (next == n) break
        put(seen, next, 1)
        put(queue, tail++, next)
      }
      const u = at(queue, head++)
      put(trial, u, 0)
      weight0 += at(weight, u)
      for (let p = at(start, u); p < at(start, u + 1); p++) {
        const v = at(graph, p)
        if (at(seen, v)) continue
        put(seen, v, 1)
        put(queue, tail++, v)
      }
    }
    // What the region touches separates it.
    for (let u = 0; u < n; u++) {
      if (at(trial, u) != 1) continue
      for (let p = at(start, u); p < at(start, u + 1); p++)
        if (at(trial, at(graph, p)) == 0) {
          put(trial, u, separator)
          break
        }
    }
    improve(n, start, graph, weight, total, trial)
    const bad = badness()
    if (bad < least) {
      least = bad
      memory.copy(side, trial, <usize>n << 2)
    }
  }
}

/*
 * Separator nodes in two heaps, by what the separator would lose if they moved to that side.
 */
let heapCount0: i32 = 0
let heapCount1: i32 = 0
let heap0: usize = 0
let heap1: usize = 0
let gain0: usize = 0
let gain1: usize = 0
let place0: usize = 0
let place1: usize = 0

@inline function heapOf(to: i32): usize {
  return to == 0 ? heap0 : heap1
}
@inline function gainOf(to: i32): usize {
  return to == 0 ? gain0 : gain1
}
@inline function placesOf(to: i32): usize {
  return to == 0 ? place0 : place1
}

function siftUp(to: i32, from: i32): void {
  const heap = heapOf(to), gain = gainOf(to), place = placesOf(to)
  const u = at(heap, from), g = at(gain, u)
  let i = from
  while (i > 0) {
    const up = (i - 1) >> 1
    const v = at(heap, up)
    if (at(gain, v) >= g) break
    put(heap, i, v)
    put(place, v, i)
    i = up
  }
  put(heap, i, u)
  put(place, u, i)
}

function siftDown(to: i32, from: i32): void {
  const heap = heapOf(to), gain = gainOf(to), place = placesOf(to)
  const count = to == 0 ? heapCount0 : heapCount1
  const u = at(heap, from), g = at(gain, u)
  let i = from
  while (true) {
    let down = 2 * i + 1
    if (down >= count) break
    if (down + 1 < count && at(gain, at(heap, down + 1)) > at(gain, at(heap, down))) down++
    const v = at(heap, down)
    if (at(gain, v) <= g) break
    put(heap, i, v)
    put(place, v, i)
    i = down
  }
  put(heap, i, u)
  put(place, u, i)
}

function insert(to: i32, u: i32): void {
  const count = to == 0 ? heapCount0++ : heapCount1++
  put(heapOf(to), count, u)
  put(placesOf(to), u, count)
  siftUp(to, count)
}

function remove(to: i32, u: i32): void {
  const place = placesOf(to)
  const i = at(place, u)
  if (i == -1) return
  put(place, u, -1)
  const count = to == 0 ? --heapCount0 : --heapCount1
  if (i == count) return
  const moved = at(heapOf(to), count)
  put(heapOf(to), i, moved)
  put(place, moved, i)
  siftUp(to, i)
  siftDown(to, at(place, moved))
}

@inline function changeGain(to: i32, u: i32, change: i32): void {
  add(gainOf(to), u, change)
  const i = at(placesOf(to), u)
  if (i == -1) return
  if (change > 0) siftUp(to, i)
  else siftDown(to, i)
}

/** Moves separator nodes to either side, what they touch on the other taking their place, as long as that pays. */
function improve(n: i32, start: usize, graph: usize, weight: usize, total: i32, side: usize): void {
  const arena = arenaMark()
  heap0 = integers(n)
  heap1 = integers(n)
  gain0 = integers(n)
  gain1 = integers(n)
  place0 = integers(n)
  place1 = integers(n)
  const locked = integers(n)
  // What was moved: node and the side it came from, so that moves can be taken back.
  const log = integers(4 * n + 16)
  const logCapacity = 2 * n
  weight0 = weight1 = weight2 = 0
  for (let u = 0; u < n; u++) addWeight(at(side, u), at(weight, u))
  fillIntegers(place0, n, -1)
  fillIntegers(place1, n, -1)
  fillIntegers(locked, n, -1)
  let limit = <i32>(0.6 * <f64>total)
  for (let pass = 0; pass < passes; pass++) {
    heapCount0 = heapCount1 = 0
    let boundary = 0
    for (let u = 0; u < n; u++) {
      if (at(side, u) != separator) continue
      boundary++
      enter(u, start, graph, weight, side)
    }
    if (boundary == 0) break
    let best = badness()
    const initial = best
    let logged = 0, kept = 0, fruitless = 0
    const patience = max(25, min(150, boundary))
    while ((heapCount0 > 0 || heapCount1 > 0) && fruitless < patience && logged + 64 < logCapacity) {
      // The better of both tops; the lighter side where they are equal or the other is full.
      const top0 = heapCount0 > 0 ? at(heap0, 0) : -1, top1 = heapCount1 > 0 ? at(heap1, 0) : -1
      let to = weight0 <= weight1 ? 0 : 1
      if (top0 == -1) to = 1
      else if (top1 == -1) to = 0
      else {
        const g0 = at(gain0, top0), g1 = at(gain1, top1)
        if (g0 > g1) to = 0
        else if (g1 > g0) to = 1
      }
      const u0 = to == 0 ? top0 : top1
      if (sideWeight(to) + at(weight, u0) > limit && sideWeight(1 - to) < sideWeight(to)) {
        const other = to == 0 ? top1 : top0
        if (other == -1) {
          remove(to, u0)
          continue
        }
        to = 1 - to
      }
      const u = to == 0 ? top0 : top1
      remove(0, u)
      remove(1, u)
      put(locked, u, pass)
      const w = at(weight, u)
      put(side, u, to)
      addWeight(to, w)
      weight2 -= w
      put(log, 2 * logged, u)
      put(log, 2 * logged + 1, separator)
      logged++
      const end = at(start, u + 1)
      for (let p = at(start, u); p < end; p++) {
        const v = at(graph, p)
        const s = at(side, v)
        if (s == separator) changeGain(1 - to, v, -w)
        else if (s != to) {
          // Pulled into the separator: its neighbours there would no longer have to pull it.
          const wv = at(weight, v)
          put(side, v, separator)
          addWeight(s, -wv)
          weight2 += wv
          put(log, 2 * logged, v)
          put(log, 2 * logged + 1, s)
          logged++
          const vEnd = at(start, v + 1)
          let pull0 = 0, pull1 = 0
          for (let q = at(start, v); q < vEnd; q++) {
            const x = at(graph, q)
            const sx = at(side, x)
            if (sx == separator) changeGain(to, x, wv)
            else if (sx == 0) pull1 += at(weight, x)
            else pull0 += at(weight, x)
          }
          put(gain0, v, wv - pull0)
          put(gain1, v, wv - pull1)
          if (at(locked, v) != pass) {
            insert(0, v)
            insert(1, v)
          }
        }
      }
      const bad = badness()
      if (bad < best) {
        best = bad
        kept = logged
        fruitless = 0
      } else fruitless++
    }
    // Back to the best state.
    while (logged > kept) {
      logged--
      const u = at(log, 2 * logged), s = at(log, 2 * logged + 1)
      addWeight(at(side, u), -at(weight, u))
      put(side, u, s)
      addWeight(s, at(weight, u))
    }
    while (heapCount0 > 0) put(place0, at(heap0, --heapCount0), -1)
    while (heapCount1 > 0) put(place1, at(heap1, --heapCount1), -1)
    if (!(best < initial)) break
  }
  release(arena)
}

/** Puts a separator node into both heaps. */
function enter(u: i32, start: usize, graph: usize, weight: usize, side: usize): void {
  let pull0 = 0, pull1 = 0
  for (let p = at(start, u); p < at(start, u + 1); p++) {
    const v = at(graph, p)
    const s = at(side, v)
    if (s == 0) pull1 += at(weight, v)
    else if (s == 1) pull0 += at(weight, v)
  }
  put(gain0, u, at(weight, u) - pull0)
  put(gain1, u, at(weight, u) - pull1)
  insert(0, u)
  insert(1, u)
}
