import { assertIndices, assertLength } from "../array/assert.ts"
import type { ElectronNetwork } from "./electrode-network.ts"

/** Edges gathered one by one; those between the same two nodes lie side by side and are added up. */
export class EdgeList {
  readonly #nodeCount: number
  readonly #at = new Map<number, number>()
  readonly #from: number[] = []
  readonly #to: number[] = []
  readonly #high: number[] = []
  readonly #low: number[] = []

  constructor(nodeCount: number) {
    this.#nodeCount = nodeCount
  }

  /** Adds a path between two different nodes. @param high, low  conductance over conductivity, ≥ 0 [m] */
  add(one: number, other: number, high: number, low: number): void {
    if (one === other || (high === 0 && low === 0)) return
    if (!(high >= 0 && low >= 0 && high + low < Number.POSITIVE_INFINITY))
      throw new RangeError(`the edge between nodes ${one} and ${other} has shapes ${high} and ${low}`)
    const [from, to] = one < other ? [one, other] : [other, one]
    const key = from * this.#nodeCount + to
    const known = this.#at.get(key)
    if (known !== undefined) {
      this.#high[known] += high
      this.#low[known] += low
      return
    }
    this.#at.set(key, this.#from.length)
    this.#from.push(from)
    this.#to.push(to)
    this.#high.push(high)
    this.#low.push(low)
  }

  /** The network of these edges, sorted by their nodes. @param position [node, 3] node 0 the collector [m] */
  network(position: Float64Array): ElectronNetwork {
    assertLength("position", position, 3 * this.#nodeCount)
    const order = Uint32Array.from(this.#from, (_, edge) => edge).sort(
      (a, b) => this.#from[a] - this.#from[b] || this.#to[a] - this.#to[b],
    )
    const from = Int32Array.from(order, (edge) => this.#from[edge])
    const to = Int32Array.from(order, (edge) => this.#to[edge])
    return {
      nodeCount: this.#nodeCount,
      position,
      connected: reachableFrom(0, this.#nodeCount, from, to),
      edgeCount: from.length,
      from,
      to,
      highShape: Float64Array.from(order, (edge) => this.#high[edge]),
      lowShape: Float64Array.from(order, (edge) => this.#low[edge]),
    }
  }
}

/** [node] 1 where edges lead from a node to it. @param from, to [edge] node */
export const reachableFrom = (root: number, nodeCount: number, from: Int32Array, to: Int32Array): Uint8Array => {
  assertLength("to", to, from.length)
  assertIndices("from", from, nodeCount)
  assertIndices("to", to, nodeCount)
  const start = new Int32Array(nodeCount + 1)
  for (let edge = 0; edge < from.length; edge++) {
    start[from[edge] + 1]++
    start[to[edge] + 1]++
  }
  for (let node = 0; node < nodeCount; node++) start[node + 1] += start[node]
  const next = start.slice(0, nodeCount)
  const other = new Int32Array(2 * from.length)
  for (let edge = 0; edge < from.length; edge++) {
    other[next[from[edge]]++] = to[edge]
    other[next[to[edge]]++] = from[edge]
  }
  const reached = new Uint8Array(nodeCount)
  const queue = new Int32Array(nodeCount)
  let end = 0
  queue[end++] = root
  reached[root] = 1
  for (let at = 0; at < end; at++)
    for (let k = start[queue[at]]; k < start[queue[at] + 1]; k++)
      if (reached[other[k]] === 0) {
        reached[other[k]] = 1
        queue[end++] = other[k]
      }
  return reached
}
