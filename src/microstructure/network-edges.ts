import { assertIndices, assertLength } from "../array/assert.ts"
import type { ElectronNetwork } from "./electrode-network.ts"

/** Edges gathered one by one; those between the same two nodes lie side by side and are added up. */
export class EdgeList {
  readonly #nodeCount: number
  #count = 0
  /** [edge, 2] the lower node first */
  #ends = new Int32Array(1024)
  /** [edge, 2] well and poorly conducting */
  #shapes = new Float64Array(1024)

  constructor(nodeCount: number) {
    this.#nodeCount = nodeCount
  }

  /** Adds a path between two different nodes. @param high, low  conductance over conductivity, ≥ 0 [m] */
  add(one: number, other: number, high: number, low: number): void {
    if (one === other || (high === 0 && low === 0)) return
    if (!(high >= 0 && low >= 0 && high + low < Number.POSITIVE_INFINITY))
      throw new RangeError(`the edge between nodes ${one} and ${other} has shapes ${high} and ${low}`)
    const at = 2 * this.#count++
    if (at === this.#ends.length) {
      const [ends, shapes] = [new Int32Array(2 * at), new Float64Array(2 * at)]
      ends.set(this.#ends)
      shapes.set(this.#shapes)
      this.#ends = ends
      this.#shapes = shapes
    }
    this.#ends[at] = Math.min(one, other)
    this.#ends[at + 1] = Math.max(one, other)
    this.#shapes[at] = high
    this.#shapes[at + 1] = low
  }

  /** The network of these edges, sorted by their nodes. @param position [node, 3] node 0 the collector [m] */
  network(position: Float64Array): ElectronNetwork {
    assertLength("position", position, 3 * this.#nodeCount)
    const [ends, shapes] = [this.#ends, this.#shapes]
    const start = new Int32Array(this.#nodeCount + 1)
    for (let edge = 0; edge < this.#count; edge++) start[ends[2 * edge] + 1]++
    for (let node = 0; node < this.#nodeCount; node++) start[node + 1] += start[node]
    const next = start.slice(0, this.#nodeCount)
    const order = new Int32Array(this.#count)
    for (let edge = 0; edge < this.#count; edge++) order[next[ends[2 * edge]]++] = edge
    const from = new Int32Array(this.#count)
    const to = new Int32Array(this.#count)
    const highShape = new Float64Array(this.#count)
    const lowShape = new Float64Array(this.#count)
    let edgeCount = 0
    for (let node = 0; node < this.#nodeCount; node++) {
      // Equal edges stay in the order in which they came, so that sums do not depend on anything else.
      const own = order
        .subarray(start[node], start[node + 1])
        .sort((a, b) => ends[2 * a + 1] - ends[2 * b + 1] || a - b)
      for (const edge of own) {
        const isNew = edgeCount === 0 || from[edgeCount - 1] !== node || to[edgeCount - 1] !== ends[2 * edge + 1]
        if (isNew) edgeCount++
        from[edgeCount - 1] = node
        to[edgeCount - 1] = ends[2 * edge + 1]
        highShape[edgeCount - 1] += shapes[2 * edge]
        lowShape[edgeCount - 1] += shapes[2 * edge + 1]
      }
    }
    const [oneEnd, otherEnd] = [from.slice(0, edgeCount), to.slice(0, edgeCount)]
    return {
      nodeCount: this.#nodeCount,
      position,
      connected: reachableFrom(0, this.#nodeCount, oneEnd, otherEnd),
      edgeCount,
      from: oneEnd,
      to: otherEnd,
      highShape: highShape.slice(0, edgeCount),
      lowShape: lowShape.slice(0, edgeCount),
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
