import { analyse, factorise } from "../algebra/direct.ts"
import { assemblyPattern } from "../algebra/pattern.ts"
import { assertLength } from "../array/assert.ts"
import type { ElectronNetwork } from "./electrode-network.ts"

/** Potentials of a network and the currents that hold them. */
export interface NetworkConduction {
  /** [node] NaN where no path leads to a held node [V] */
  readonly potential: Float64Array
  /** [node] current that enters from outside: into held nodes what they need, into others what was given [A] */
  readonly current: Float64Array
}

/**
 * Kirchhoff's law on an electron network: Σ G (φ_node − φ_other) = I_node, with G = σ_high shape_high + σ_low shape_low.
 * @param held      [node] potential where it is held, NaN elsewhere [V]
 * @param injected  [node] current fed into nodes that are not held [A]; none when absent
 * @returns potentials of all nodes with a path to a held one
 */
export const conductThroughNetwork = (
  { nodeCount, edgeCount, from, to, highShape, lowShape }: ElectronNetwork,
  conductivity: { readonly high: number; readonly low: number },
  held: Float64Array,
  injected: Float64Array = new Float64Array(nodeCount),
): NetworkConduction => {
  assertLength("held", held, nodeCount)
  assertLength("injected", injected, nodeCount)
  const conductance = highShape.map((high, edge) => high * conductivity.high + lowShape[edge] * conductivity.low)
  const reached = reachedFromHeld(nodeCount, from, to, conductance, held)
  const unknown = new Int32Array(nodeCount).fill(-1)
  let size = 0
  for (let node = 0; node < nodeCount; node++)
    if (Number.isNaN(held[node]) && reached[node] === 1) unknown[node] = size++
  const dofs = new Int32Array(2 * edgeCount)
  for (let edge = 0; edge < edgeCount; edge++) {
    dofs[2 * edge] = unknown[from[edge]]
    dofs[2 * edge + 1] = unknown[to[edge]]
  }
  const potential = held.slice()
  if (size > 0) {
    const { pattern, positions } = assemblyPattern(size, [{ dofs, perElement: 2 }])
    const values = new Float64Array(pattern.columnIndex.length)
    const rhs = new Float64Array(size)
    for (let node = 0; node < nodeCount; node++) if (unknown[node] >= 0) rhs[unknown[node]] = injected[node]
    for (let edge = 0; edge < edgeCount; edge++) {
      const g = conductance[edge]
      const ends = [from[edge], to[edge]]
      for (let e = 0; e < 4; e++) {
        const place = positions[0][4 * edge + e]
        if (place >= 0) values[place] += e % 3 === 0 ? g : -g
      }
      for (let e = 0; e < 2; e++)
        if (unknown[ends[e]] >= 0 && !Number.isNaN(held[ends[1 - e]])) rhs[unknown[ends[e]]] += g * held[ends[1 - e]]
    }
    const factors = factorise(analyse(pattern, "symmetric"), values)
    factors.solveInto(rhs, rhs)
    factors.dispose()
    for (let node = 0; node < nodeCount; node++) if (unknown[node] >= 0) potential[node] = rhs[unknown[node]]
  }
  const current = new Float64Array(nodeCount)
  for (let edge = 0; edge < edgeCount; edge++) {
    if (conductance[edge] === 0 || reached[from[edge]] === 0) continue
    const flow = conductance[edge] * (potential[from[edge]] - potential[to[edge]])
    current[from[edge]] += flow
    current[to[edge]] -= flow
  }
  return { potential, current }
}

const reachedFromHeld = (
  nodeCount: number,
  from: Int32Array,
  to: Int32Array,
  conductance: Float64Array,
  held: Float64Array,
): Uint8Array => {
  const root = new Int32Array(nodeCount + 1).map((_, node) => node)
  const find = (node: number): number => {
    let at = node
    while (root[at] !== at) {
      root[at] = root[root[at]]
      at = root[at]
    }
    return at
  }
  for (let node = 0; node < nodeCount; node++) if (!Number.isNaN(held[node])) root[find(node)] = find(nodeCount)
  for (let edge = 0; edge < from.length; edge++) if (conductance[edge] > 0) root[find(from[edge])] = find(to[edge])
  const reached = new Uint8Array(nodeCount)
  const goal = find(nodeCount)
  for (let node = 0; node < nodeCount; node++) reached[node] = find(node) === goal ? 1 : 0
  return reached
}
