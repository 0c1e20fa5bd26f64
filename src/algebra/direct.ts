import { assertLength } from "../array/assert.ts"
import { minimumDegreeOrder } from "./minimum-degree.ts"
import type { SparsePattern } from "./pattern.ts"

/** Symbolic analysis, shared by all matrices of one pattern. */
export interface Analysis {
  readonly kind: "symmetric" | "general"
  readonly pattern: SparsePattern
  /** [unknown] position in the elimination */
  readonly position: Int32Array
  /** [front + 1] first eliminated position of each front */
  readonly frontStart: Int32Array
  /** [front] positions below the front's own, ascending */
  readonly below: readonly Int32Array[]
  /** [front] −1 at a root */
  readonly parent: Int32Array
}

export type Warning = { readonly kind: "perturbed pivots"; readonly count: number }

export interface FactorisationReport {
  readonly nonZeros: number
  readonly perturbedPivots: number
  readonly smallestPivot: number
  readonly largestPivot: number
  readonly warnings: readonly Warning[]
}

export interface Factorisation {
  readonly refactorise: (values: Float64Array) => FactorisationReport
  readonly solveInto: (rhs: Float64Array, out: Float64Array, columns?: number) => void
  readonly report: FactorisationReport
  readonly dispose: () => void
}

/** Orders and analyses a square pattern. */
export const analyse = (pattern: SparsePattern, kind: "symmetric" | "general"): Analysis => {
  const n = pattern.rowCount
  const symmetric = symmetrised(pattern)
  let order = minimumDegreeOrder(symmetric)
  let position = inverse(order)
  let tree = eliminationTree(symmetric, order, position)
  const postorder = postOrder(tree)
  order = postorder.map((at) => order[at])
  position = inverse(order)
  tree = eliminationTree(symmetric, order, position)
  const structure: (Int32Array | undefined)[] = new Array(n)
  const children: number[][] = Array.from({ length: n }, () => [])
  for (let j = 0; j < n; j++) if (tree[j] >= 0) children[tree[j]].push(j)
  const mark = new Int32Array(n).fill(-1)
  const starts: number[] = []
  const below: Int32Array[] = []
  const frontOf = new Int32Array(n)
  for (let j = 0; j < n; j++) {
    const own: number[] = []
    mark[j] = j
    const { rowStart, columnIndex } = symmetric
    for (let at = rowStart[order[j]]; at < rowStart[order[j] + 1]; at++) {
      const i = position[columnIndex[at]]
      if (i > j && mark[i] !== j) {
        mark[i] = j
        own.push(i)
      }
    }
    for (const child of children[j]) {
      for (const i of structure[child]!)
        if (mark[i] !== j) {
          mark[i] = j
          own.push(i)
        }
    }
    const merged = Int32Array.from(own).sort()
    structure[j] = merged
    const last = starts.length - 1
    const chained = j > 0 && tree[j - 1] === j
    const extra = chained ? merged.length + 1 - structure[j - 1]!.length : 0
    const width = last >= 0 ? j - starts[last] : 0
    if (chained && (extra === 0 || (width < 24 && extra <= 3)) && children[j].length <= (extra === 0 ? 1e9 : 1)) {
      below[last] = merged
      frontOf[j] = last
    } else {
      starts.push(j)
      below.push(merged)
      frontOf[j] = starts.length - 1
    }
    for (const child of children[j]) if (child !== j - 1) structure[child] = undefined
  }
  starts.push(n)
  const parent = Int32Array.from(below, (list) => (list.length > 0 ? frontOf[list[0]] : -1))
  return { kind, pattern, position, frontStart: Int32Array.from(starts), below, parent }
}

const inverse = (order: Int32Array): Int32Array => {
  const out = new Int32Array(order.length)
  for (let k = 0; k < order.length; k++) out[order[k]] = k
  return out
}

const symmetrised = ({ rowCount: n, rowStart, columnIndex }: SparsePattern): SparsePattern => {
  const counts = new Int32Array(n + 1)
  for (let i = 0; i < n; i++)
    for (let at = rowStart[i]; at < rowStart[i + 1]; at++) {
      counts[i + 1]++
      counts[columnIndex[at] + 1]++
    }
  for (let i = 0; i < n; i++) counts[i + 1] += counts[i]
  const raw = new Int32Array(counts[n])
  const next = counts.slice(0, n)
  for (let i = 0; i < n; i++)
    for (let at = rowStart[i]; at < rowStart[i + 1]; at++) {
      raw[next[i]++] = columnIndex[at]
      raw[next[columnIndex[at]]++] = i
    }
  const start = new Int32Array(n + 1)
  let count = 0
  for (let i = 0; i < n; i++) {
    const row = raw.subarray(counts[i], counts[i + 1]).sort()
    let last = -1
    for (const j of row)
      if (j !== last) {
        raw[count++] = j
        last = j
      }
    start[i + 1] = count
  }
  return { rowCount: n, columnCount: n, rowStart: start, columnIndex: raw.slice(0, count) }
}

const eliminationTree = (pattern: SparsePattern, order: Int32Array, position: Int32Array): Int32Array => {
  const n = pattern.rowCount
  const parent = new Int32Array(n).fill(-1)
  const ancestor = new Int32Array(n).fill(-1)
  for (let j = 0; j < n; j++)
    for (let at = pattern.rowStart[order[j]]; at < pattern.rowStart[order[j] + 1]; at++) {
      let i = position[pattern.columnIndex[at]]
      while (i >= 0 && i < j) {
        const up = ancestor[i]
        ancestor[i] = j
        if (up < 0) parent[i] = j
        i = up
      }
    }
  return parent
}

const postOrder = (parent: Int32Array): Int32Array => {
  const n = parent.length
  const head = new Int32Array(n).fill(-1)
  const next = new Int32Array(n).fill(-1)
  const roots: number[] = []
  for (let j = n - 1; j >= 0; j--) {
    if (parent[j] < 0) {
      roots.push(j)
      continue
    }
    next[j] = head[parent[j]]
    head[parent[j]] = j
  }
  const out = new Int32Array(n)
  let count = 0
  const stack: number[] = []
  for (const root of roots.reverse()) {
    stack.push(root)
    while (stack.length > 0) {
      const top = stack[stack.length - 1]
      const child = head[top]
      if (child >= 0) {
        head[top] = next[child]
        stack.push(child)
      } else {
        out[count++] = top
        stack.pop()
      }
    }
  }
  return out
}

/**
 * Multifrontal LU on the symmetrised pattern without pivoting across rows: tiny pivots are replaced and reported.
 * @source J. W. H. Liu, SIAM Review 34 (1992) 82
 */
export const factorise = (analysis: Analysis, values: Float64Array): Factorisation => {
  const { pattern, position, frontStart, below, parent } = analysis
  const fronts = below.length
  const n = pattern.rowCount
  const frontOf = new Int32Array(n)
  for (let f = 0; f < fronts; f++) frontOf.fill(f, frontStart[f], frontStart[f + 1])
  // Entries sorted by the front that eliminates them.
  const entryStart = new Int32Array(fronts + 1)
  const rows = new Int32Array(pattern.columnIndex.length)
  for (let i = 0; i < n; i++)
    for (let at = pattern.rowStart[i]; at < pattern.rowStart[i + 1]; at++) {
      rows[at] = i
      entryStart[frontOf[Math.min(position[i], position[pattern.columnIndex[at]])] + 1]++
    }
  for (let f = 0; f < fronts; f++) entryStart[f + 1] += entryStart[f]
  const entries = new Int32Array(rows.length)
  const cursor = entryStart.slice(0, fronts)
  for (let at = 0; at < rows.length; at++)
    entries[cursor[frontOf[Math.min(position[rows[at]], position[pattern.columnIndex[at]])]]++] = at
  const children: number[][] = Array.from({ length: fronts }, () => [])
  for (let f = 0; f < fronts; f++) if (parent[f] >= 0) children[parent[f]].push(f)
  const panels: Float64Array[] = new Array(fronts)
  const place = new Int32Array(n)
  let report: FactorisationReport

  const refactorise = (fresh: Float64Array): FactorisationReport => {
    assertLength("values", fresh, pattern.columnIndex.length)
    const updates: (Float64Array | undefined)[] = new Array(fronts)
    let nonZeros = 0
    let perturbedPivots = 0
    let smallestPivot = Number.POSITIVE_INFINITY
    let largestPivot = 0
    for (let f = 0; f < fronts; f++) {
      const first = frontStart[f]
      const width = frontStart[f + 1] - first
      const rest = below[f]
      const size = width + rest.length
      const front = new Float64Array(size * size)
      for (let k = 0; k < width; k++) place[first + k] = k
      for (let k = 0; k < rest.length; k++) place[rest[k]] = width + k
      for (let e = entryStart[f]; e < entryStart[f + 1]; e++) {
        const at = entries[e]
        front[place[position[rows[at]]] * size + place[position[pattern.columnIndex[at]]]] += fresh[at]
      }
      for (const child of children[f]) {
        const update = updates[child]!
        const list = below[child]
        const m = list.length
        for (let i = 0; i < m; i++) {
          const row = place[list[i]] * size
          for (let j = 0; j < m; j++) front[row + place[list[j]]] += update[i * m + j]
        }
        updates[child] = undefined
      }
      for (let k = 0; k < width; k++) {
        let pivot = front[k * size + k]
        const magnitude = Math.abs(pivot)
        if (!(magnitude > 1e-300)) {
          pivot = 1e-10
          front[k * size + k] = pivot
          perturbedPivots++
        }
        smallestPivot = Math.min(smallestPivot, magnitude)
        largestPivot = Math.max(largestPivot, magnitude)
        const own = k * size
        for (let i = k + 1; i < size; i++) {
          const row = i * size
          const factor = front[row + k] / pivot
          if (factor === 0) continue
          front[row + k] = factor
          for (let j = k + 1; j < size; j++) front[row + j] -= factor * front[own + j]
        }
      }
      const m = rest.length
      const update = new Float64Array(m * m)
      for (let i = 0; i < m; i++) update.set(front.subarray((width + i) * size + width, (width + i + 1) * size), i * m)
      updates[f] = update
      const panel = new Float64Array(size * width + width * m)
      // Rows of the own block whole, then the lower panel.
      panel.set(front.subarray(0, width * size))
      for (let i = 0; i < m; i++)
        panel.set(front.subarray((width + i) * size, (width + i) * size + width), width * size + i * width)
      panels[f] = panel
      nonZeros += panel.length
    }
    const warnings: Warning[] = perturbedPivots > 0 ? [{ kind: "perturbed pivots", count: perturbedPivots }] : []
    report = { nonZeros, perturbedPivots, smallestPivot, largestPivot, warnings }
    return report
  }
  report = refactorise(values)

  const work = new Float64Array(n)
  const solveOne = (rhs: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < n; i++) work[position[i]] = rhs[i]
    for (let f = 0; f < fronts; f++) {
      const first = frontStart[f]
      const width = frontStart[f + 1] - first
      const rest = below[f]
      const size = width + rest.length
      const panel = panels[f]
      for (let i = 1; i < width; i++) {
        let sum = 0
        for (let k = 0; k < i; k++) sum += panel[i * size + k] * work[first + k]
        work[first + i] -= sum
      }
      for (let i = 0; i < rest.length; i++) {
        let sum = 0
        const at = width * size + i * width
        for (let k = 0; k < width; k++) sum += panel[at + k] * work[first + k]
        work[rest[i]] -= sum
      }
    }
    for (let f = fronts - 1; f >= 0; f--) {
      const first = frontStart[f]
      const width = frontStart[f + 1] - first
      const rest = below[f]
      const size = width + rest.length
      const panel = panels[f]
      for (let i = width - 1; i >= 0; i--) {
        let sum = work[first + i]
        for (let k = i + 1; k < width; k++) sum -= panel[i * size + k] * work[first + k]
        for (let k = 0; k < rest.length; k++) sum -= panel[i * size + width + k] * work[rest[k]]
        work[first + i] = sum / panel[i * size + i]
      }
    }
    for (let i = 0; i < n; i++) out[i] = work[position[i]]
  }
  return {
    refactorise,
    get report() {
      return report
    },
    solveInto: (rhs, out, columns = 1) => {
      assertLength("rhs", rhs, n * columns)
      assertLength("out", out, n * columns)
      for (let c = 0; c < columns; c++) solveOne(rhs.subarray(c * n, (c + 1) * n), out.subarray(c * n, (c + 1) * n))
    },
    dispose: () => {
      panels.length = 0
    },
  }
}
