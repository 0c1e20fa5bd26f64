import { add, at, fillIntegers, integers, mark as arenaMark, put, release } from "../parts/memory"

@inline function flip(i: i32): i32 {
  return -i - 2
}

/** Raises the stamp of set differences, starting afresh before it overflows. */
function clearStamps(stamp: i32, largest: i32, stamps: usize, n: i32): i32 {
  if (stamp < 2 || stamp + largest < 0) {
    for (let k = 0; k < n; k++) if (at(stamps, k) != 0) put(stamps, k, 1)
    return 2
  }
  return stamp
}

/** The same random order in every analysis. */
function shuffle(n: i32, list: usize): void {
  let seed: u32 = 0x2545f491
  for (let i = n - 1; i > 0; i--) {
    seed ^= seed << 13
    seed ^= seed >>> 17
    seed ^= seed << 5
    const j = <i32>(seed % <u32>(i + 1))
    const kept = at(list, i)
    put(list, i, at(list, j))
    put(list, j, kept)
  }
}

/**
 * Approximate minimum degree order of a weighted graph: quotient graph, element and aggressive absorption, mass
 * elimination, supervariables found by hashing.
 * P. R. Amestoy, T. A. Davis, I. S. Duff, ACM Trans. Math. Softw. 30 (2004) 381; the in-place form follows
 * T. A. Davis, Direct Methods for Sparse Linear Systems (2006), §7.1
 * @param start  [node + 1]
 * @param graph  [place] both directions of every edge, no loops
 * @param weight [node]
 * @param kept     [node] 1 where the node must come last, or 0 for none
 * @param shuffled whether nodes of equal degree come at random at first: numberings by rows of a mesh mislead the choice
 * @param order    [node] out: nodes in the order of elimination
 */
export function minimumDegree(
  n: i32, start: usize, graph: usize, weight: usize, kept: usize, shuffled: bool, order: usize,
): void {
  if (n == 0) return
  const arena = arenaMark()
  let used = at(start, n)
  const capacity = used + used / 5 + 2 * n + 16
  const Ci = integers(capacity)
  let total = 0
  let keptWeight = 0
  for (let i = 0; i < n; i++) {
    total += at(weight, i)
    if (kept && at(kept, i)) keptWeight += at(weight, i)
  }
  const Cp = integers(n + 1), len = integers(n + 1), nv = integers(n + 1), next = integers(n + 1)
  const head = integers(total + 1), elen = integers(n + 1), degree = integers(n + 1)
  const w = integers(n + 1), hhead = integers(n + 1), last = integers(n + 1)
  for (let p = 0; p < used; p++) put(Ci, p, at(graph, p))
  fillIntegers(head, total + 1, -1)
  let mark = 2
  for (let i = 0; i <= n; i++) {
    put(last, i, -1)
    put(next, i, -1)
    put(hhead, i, -1)
    put(w, i, 1)
    put(elen, i, 0)
    if (i == n) break
    put(Cp, i, at(start, i))
    put(len, i, at(start, i + 1) - at(start, i))
    put(nv, i, at(weight, i))
    let d = 0
    for (let p = at(start, i); p < at(start, i + 1); p++) d += at(weight, at(graph, p))
    put(degree, i, d)
  }
  // Node n is the root that takes in whatever comes last.
  put(len, n, 0)
  put(nv, n, 1)
  put(degree, n, 0)
  put(elen, n, -2)
  put(Cp, n, -1)
  put(w, n, 0)
  const roomy = <i32>(10 * Math.sqrt(<f64>total))
  const dense = roomy < 16 ? 16 : roomy
  let eliminated = 0
  let least = total
  let largest = 0
  const first = integers(n)
  for (let i = 0; i < n; i++) put(first, i, i)
  if (shuffled) shuffle(n, first)
  for (let q = 0; q < n; q++) {
    const i = at(first, q)
    if (kept && at(kept, i)) continue
    const d = at(degree, i)
    if (d == 0) {
      put(elen, i, -2)
      eliminated += at(nv, i)
      put(Cp, i, -1)
      put(w, i, 0)
    } else if (d > dense) {
      eliminated += at(nv, i)
      add(nv, n, at(nv, i))
      put(nv, i, 0)
      put(elen, i, -1)
      put(Cp, i, flip(n))
    } else {
      const h = at(head, d)
      if (h != -1) put(last, h, i)
      put(next, i, h)
      put(head, d, i)
      if (d < least) least = d
    }
  }
  const toEliminate = total - keptWeight

  while (eliminated < toEliminate) {
    // Node of least approximate degree.
    while (at(head, least) == -1) least++
    const k = at(head, least)
    const after = at(next, k)
    if (after != -1) put(last, after, -1)
    put(head, least, after)
    const elenk = at(elen, k)
    let nvk = at(nv, k)
    eliminated += nvk

    // Pack what is alive when the new element may not fit.
    if (elenk > 0 && used + least >= capacity) {
      for (let j = 0; j < n; j++) {
        const p = at(Cp, j)
        if (p >= 0) {
          put(Cp, j, at(Ci, p))
          put(Ci, p, flip(j))
        }
      }
      let q = 0
      let p = 0
      while (p < used) {
        const j = flip(at(Ci, p++))
        if (j >= 0) {
          put(Ci, q, at(Cp, j))
          put(Cp, j, q++)
          const rest = at(len, j) - 1
          for (let c = 0; c < rest; c++) put(Ci, q++, at(Ci, p++))
        }
      }
      used = q
    }

    // The new element: neighbours of k, direct and through elements, which it absorbs.
    let dk = 0
    put(nv, k, -nvk)
    let p = at(Cp, k)
    const pk1 = elenk == 0 ? p : used
    let pk2 = pk1
    for (let k1 = 1; k1 <= elenk + 1; k1++) {
      let e = k, pj = p, ln = at(len, k) - elenk
      if (k1 <= elenk) {
        e = at(Ci, p++)
        pj = at(Cp, e)
        ln = at(len, e)
      }
      for (let k2 = 0; k2 < ln; k2++) {
        const i = at(Ci, pj++)
        const nvi = at(nv, i)
        if (nvi <= 0) continue
        dk += nvi
        put(nv, i, -nvi)
        put(Ci, pk2++, i)
        if (kept && at(kept, i)) continue
        const after = at(next, i), before = at(last, i)
        if (after != -1) put(last, after, before)
        if (before != -1) put(next, before, after)
        else put(head, at(degree, i), after)
      }
      if (e != k) {
        put(Cp, e, flip(k))
        put(w, e, 0)
      }
    }
    if (elenk != 0) used = pk2
    put(degree, k, dk)
    put(Cp, k, pk1)
    put(len, k, pk2 - pk1)
    put(elen, k, -2)

    // |element \ new element| for every element around.
    mark = clearStamps(mark, largest, w, n)
    for (let pk = pk1; pk < pk2; pk++) {
      const i = at(Ci, pk)
      const eln = at(elen, i)
      if (eln <= 0) continue
      const nvi = -at(nv, i)
      const fresh = mark - nvi
      const from = at(Cp, i)
      for (let p = from; p < from + eln; p++) {
        const e = at(Ci, p)
        const we = at(w, e)
        if (we >= mark) put(w, e, we - nvi)
        else if (we != 0) put(w, e, at(degree, e) + fresh)
      }
    }

    // New degrees; elements within the new one vanish; nodes with nothing outside it go with k.
    for (let pk = pk1; pk < pk2; pk++) {
      const i = at(Ci, pk)
      const p1 = at(Cp, i)
      const p2 = p1 + at(elen, i)
      let pn = p1
      let h: u32 = 0
      let d = 0
      for (let p = p1; p < p2; p++) {
        const e = at(Ci, p)
        const we = at(w, e)
        if (we == 0) continue
        const outside = we - mark
        if (outside > 0) {
          d += outside
          put(Ci, pn++, e)
          h += <u32>e
        } else {
          put(Cp, e, flip(k))
          put(w, e, 0)
        }
      }
      put(elen, i, pn - p1 + 1)
      const p3 = pn
      const p4 = p1 + at(len, i)
      for (let p = p2; p < p4; p++) {
        const j = at(Ci, p)
        const nvj = at(nv, j)
        if (nvj <= 0) continue
        d += nvj
        put(Ci, pn++, j)
        h += <u32>j
      }
      if (d == 0 && !(kept && at(kept, i))) {
        put(Cp, i, flip(k))
        const nvi = -at(nv, i)
        dk -= nvi
        nvk += nvi
        eliminated += nvi
        put(nv, i, 0)
        put(elen, i, -1)
      } else {
        if (d < at(degree, i)) put(degree, i, d)
        put(Ci, pn, at(Ci, p3))
        put(Ci, p3, at(Ci, p1))
        put(Ci, p1, k)
        put(len, i, pn - p1 + 1)
        const bucket = <i32>(h % <u32>n)
        put(next, i, at(hhead, bucket))
        put(hhead, bucket, i)
        put(last, i, bucket)
      }
    }
    put(degree, k, dk)
    if (dk > largest) largest = dk
    mark = clearStamps(mark + largest, largest, w, n)

    // Nodes that have become indistinguishable.
    for (let pk = pk1; pk < pk2; pk++) {
      let i = at(Ci, pk)
      if (at(nv, i) >= 0) continue
      const bucket = at(last, i)
      i = at(hhead, bucket)
      put(hhead, bucket, -1)
      while (i != -1 && at(next, i) != -1) {
        const ln = at(len, i), eln = at(elen, i), from = at(Cp, i)
        for (let p = from + 1; p < from + ln; p++) put(w, at(Ci, p), mark)
        let previous = i
        let j = at(next, i)
        while (j != -1) {
          let same = at(len, j) == ln && at(elen, j) == eln && (!kept || at(kept, j) == at(kept, i))
          const first = at(Cp, j)
          for (let p = first + 1; same && p < first + ln; p++) if (at(w, at(Ci, p)) != mark) same = false
          const following = at(next, j)
          if (same) {
            put(Cp, j, flip(i))
            add(nv, i, at(nv, j))
            put(nv, j, 0)
            put(elen, j, -1)
            put(next, previous, following)
          } else {
            previous = j
          }
          j = following
        }
        i = at(next, i)
        mark++
      }
    }

    // Back into the lists by degree.
    p = pk1
    for (let pk = pk1; pk < pk2; pk++) {
      const i = at(Ci, pk)
      const nvi = -at(nv, i)
      if (nvi <= 0) continue
      put(nv, i, nvi)
      let d = at(degree, i) + dk - nvi
      const bound = total - eliminated - nvi
      if (d > bound) d = bound
      put(degree, i, d)
      put(Ci, p++, i)
      if (kept && at(kept, i)) {
        put(next, i, -1)
        put(last, i, -1)
        continue
      }
      const h = at(head, d)
      if (h != -1) put(last, h, i)
      put(next, i, h)
      put(last, i, -1)
      put(head, d, i)
      if (d < least) least = d
    }
    put(nv, k, nvk)
    put(len, k, p - pk1)
    if (p == pk1) {
      put(Cp, k, -1)
      put(w, k, 0)
    }
    if (elenk != 0) used = p
  }

  // What was kept hangs below the last root; a merged one stays with its own.
  for (let i = 0; i < n; i++)
    if (kept && at(kept, i) && at(nv, i) > 0) {
      put(nv, i, 0)
      put(Cp, i, flip(n))
    }
  // Elements that still have kept neighbours are roots of their own: their parent was never eliminated.
  for (let i = 0; i < n; i++) if (at(elen, i) == -2 && at(Cp, i) >= 0) put(Cp, i, -1)

  // Postorder of the assembly tree.
  for (let i = 0; i <= n; i++) put(Cp, i, flip(at(Cp, i)))
  put(Cp, n, -1)
  fillIntegers(head, n + 1, -1)
  for (let j = n; j >= 0; j--) {
    if (at(nv, j) > 0) continue
    const parent = at(Cp, j)
    put(next, j, at(head, parent))
    put(head, parent, j)
  }
  for (let e = n; e >= 0; e--) {
    if (at(nv, e) <= 0) continue
    const parent = at(Cp, e)
    if (parent == -1) continue
    put(next, e, at(head, parent))
    put(head, parent, e)
  }
  let count = 0
  const stack = w
  for (let root = 0; root <= n; root++) {
    if (at(Cp, root) != -1) continue
    let depth = 0
    put(stack, 0, root)
    while (depth >= 0) {
      const top = at(stack, depth)
      const child = at(head, top)
      if (child == -1) {
        depth--
        if (top != n) put(order, count++, top)
      } else {
        put(head, top, at(next, child))
        put(stack, ++depth, child)
      }
    }
  }
  release(arena)
}
