import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"

/**
 * The network whose nodes are one where an edge between them conducts at least so well: what falls along such edges is
 * left out. The collector stays node 0, a merged node lies where its first one lay; parallel edges are added up.
 * @param conductance [edge], of what the network's shapes stand for [S]
 * @param threshold   [S]
 */
export const mergedConductors = (
  network: ElectrodeNetwork,
  conductance: Float64Array,
  threshold: number,
): ElectrodeNetwork => {
  const { nodeCount, edgeCount, from, to, position, connected, highShape, lowShape } = network.electrons
  const parent = Int32Array.from({ length: nodeCount }, (_, node) => node)
  const rootOf = (node: number): number => {
    let root = node
    while (parent[root] !== root) root = parent[root]
    while (parent[node] !== root) {
      const next = parent[node]
      parent[node] = root
      node = next
    }
    return root
  }
  for (let edge = 0; edge < edgeCount; edge++) {
    if (!(conductance[edge] >= threshold)) continue
    const [a, b] = [rootOf(from[edge]), rootOf(to[edge])]
    // The lower number stays, so that the collector does.
    if (a < b) parent[b] = a
    else parent[a] = b
  }
  const toMerged = new Int32Array(nodeCount)
  const kept: number[] = []
  for (let node = 0; node < nodeCount; node++)
    if (rootOf(node) === node) {
      toMerged[node] = kept.length
      kept.push(node)
    }
  for (let node = 0; node < nodeCount; node++) toMerged[node] = toMerged[rootOf(node)]
  const merged = new Map<number, number>()
  const ends: number[] = []
  const shapes: number[] = []
  for (let edge = 0; edge < edgeCount; edge++) {
    const [a, b] = [toMerged[from[edge]], toMerged[to[edge]]]
    if (a === b) continue
    const key = Math.min(a, b) * kept.length + Math.max(a, b)
    let own = merged.get(key)
    if (own === undefined) {
      own = merged.size
      merged.set(key, own)
      ends.push(Math.min(a, b), Math.max(a, b))
      shapes.push(0, 0)
    }
    shapes[2 * own] += highShape[edge]
    shapes[2 * own + 1] += lowShape[edge]
  }
  return {
    ...network,
    patches: { ...network.patches, node: network.patches.node.map((node) => (node < 0 ? -1 : toMerged[node])) },
    electrons: {
      nodeCount: kept.length,
      position: Float64Array.from(kept.flatMap((node) => [...position.subarray(3 * node, 3 * node + 3)])),
      connected: Uint8Array.from(kept, (node) => connected[node]),
      edgeCount: merged.size,
      from: Int32Array.from({ length: merged.size }, (_, edge) => ends[2 * edge]),
      to: Int32Array.from({ length: merged.size }, (_, edge) => ends[2 * edge + 1]),
      highShape: Float64Array.from({ length: merged.size }, (_, edge) => shapes[2 * edge]),
      lowShape: Float64Array.from({ length: merged.size }, (_, edge) => shapes[2 * edge + 1]),
    },
  }
}
