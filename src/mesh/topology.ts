import { cellTwins } from "./doubling.ts"
import type { Mesh } from "./mesh.ts"

/** Vertices of the plane: nodes that interfaces hold together are one vertex. */
export interface Vertices {
  readonly count: number
  /** [node] */
  readonly nodeToVertex: Int32Array
  /** [cell, 3] */
  readonly cellToVertex: Int32Array
}

/** Numbers the vertices in the order of their first nodes. */
export const verticesOf = ({ nodes, cellToNode, interfaces }: Mesh): Vertices => {
  const root = Int32Array.from({ length: nodes.length / 2 }, (_, node) => node)
  const find = (node: number): number => {
    let top = node
    while (root[top] !== top) {
      root[top] = root[root[top]]
      top = root[top]
    }
    return top
  }
  for (let k = 0; k < interfaces.innerNode.length; k++) {
    const a = find(interfaces.innerNode[k])
    const b = find(interfaces.outerNode[k])
    root[Math.max(a, b)] = Math.min(a, b)
  }
  const nodeToVertex = new Int32Array(root.length).fill(-1)
  let count = 0
  for (let node = 0; node < root.length; node++) {
    const top = find(node)
    nodeToVertex[node] = top === node ? count++ : nodeToVertex[top]
  }
  return { count, nodeToVertex, cellToVertex: cellToNode.map((node) => nodeToVertex[node]) }
}

/** Sharpest angle between boundaries (of regions or of the domain) at each vertex, 2π away from them. [vertex] [rad] */
export const inputAngles = (mesh: Mesh, { count, cellToVertex }: Vertices): Float64Array => {
  const { nodes, cellToNode, cellToRegion } = mesh
  const twin = cellTwins(cellToVertex)
  const directions = new Map<number, number[]>()
  const note = (vertex: number, angle: number): void => {
    const list = directions.get(vertex)
    if (list === undefined) directions.set(vertex, [angle])
    else list.push(angle)
  }
  for (let facet = 0; facet < twin.length; facet++) {
    const other = twin[facet]
    if (other > facet) continue
    const cell = (facet / 3) | 0
    if (other >= 0 && cellToRegion[cell] === cellToRegion[(other / 3) | 0]) continue
    const end = facet % 3 === 2 ? facet - 2 : facet + 1
    const [a, b] = [2 * cellToNode[facet], 2 * cellToNode[end]]
    const angle = Math.atan2(nodes[b + 1] - nodes[a + 1], nodes[b] - nodes[a])
    note(cellToVertex[facet], angle)
    note(cellToVertex[end], angle > 0 ? angle - Math.PI : angle + Math.PI)
  }
  const sharpest = new Float64Array(count).fill(2 * Math.PI)
  for (const [vertex, angles] of directions) {
    angles.sort((one, other) => one - other)
    for (let k = 0; k < angles.length; k++) {
      const gap = k + 1 < angles.length ? angles[k + 1] - angles[k] : angles[0] + 2 * Math.PI - angles[k]
      sharpest[vertex] = Math.min(sharpest[vertex], gap)
    }
  }
  return sharpest
}
