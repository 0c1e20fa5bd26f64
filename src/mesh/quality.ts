import type { Mesh } from "./mesh.ts"
import { inputAngles, verticesOf } from "./topology.ts"

/** Shape and size of the cells of a triangle mesh. */
export interface MeshQuality {
  readonly cells: number
  readonly nodes: number
  readonly interfaces: number
  /** [rad] */
  readonly smallestAngle: number
  readonly largestAngle: number
  /** Mean over the cells of their smallest angle [rad] */
  readonly meanSmallestAngle: number
  /** Cells by smallest angle, in bins of 5° from 0 to 60°. */
  readonly histogram: Int32Array
  /** Cells with an angle below the limit, */
  readonly thinCells: number
  /** and those of them that no sharp corner of the input excuses. */
  readonly unexcusedCells: number
  /** Corners of the input (between boundaries) below 1.5 times the limit, */
  readonly sharpCorners: number
  /** and the sharpest angle between boundaries anywhere [rad] */
  readonly sharpestCorner: number
  /** Edge lengths [m] */
  readonly shortestEdge: number
  readonly longestEdge: number
  /** Mean and shortest facet length on the interfaces, 0 without any [m] */
  readonly meanInterfaceEdge: number
  readonly shortestInterfaceEdge: number
  /** Of all cells [m²] */
  readonly area: number
}

const binWidth = Math.PI / 36

/** Smallest and largest angle of each cell. [cell] [rad] */
export const cellAngles = ({
  nodes,
  cellToNode,
  cellToRegion,
}: Mesh): { smallest: Float64Array; largest: Float64Array } => {
  const smallest = new Float64Array(cellToRegion.length).fill(Math.PI)
  const largest = new Float64Array(cellToRegion.length)
  for (let cell = 0; cell < cellToRegion.length; cell++) {
    for (let k = 0; k < 3; k++) {
      const a = 2 * cellToNode[3 * cell + k]
      const b = 2 * cellToNode[3 * cell + ((k + 1) % 3)]
      const c = 2 * cellToNode[3 * cell + ((k + 2) % 3)]
      const ux = nodes[b] - nodes[a]
      const uy = nodes[b + 1] - nodes[a + 1]
      const vx = nodes[c] - nodes[a]
      const vy = nodes[c + 1] - nodes[a + 1]
      const angle = Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)
      smallest[cell] = Math.min(smallest[cell], angle)
      largest[cell] = Math.max(largest[cell], angle)
    }
  }
  return { smallest, largest }
}

/**
 * Angles, sizes and their spread. A cell below `limit` counts as excused within three rings of cells around a corner
 * of the input sharper than 1.5 × limit: next to an angle φ of the input nothing above atan(sin φ/(2 − cos φ)) can be
 * promised.
 * @param limit  wanted smallest angle [rad], 20° by default
 * @source J. R. Shewchuk, Comput. Geom. 22 (2002) 21–74, §4 (angles next to small input angles)
 */
export const measureQuality = (mesh: Mesh, limit = Math.PI / 9): MeshQuality => {
  const { nodes, cellToNode, cellToRegion, interfaces } = mesh
  const vertices = verticesOf(mesh)
  const corners = inputAngles(mesh, vertices)
  const { smallest, largest } = cellAngles(mesh)
  const histogram = new Int32Array(12)
  for (const angle of smallest) histogram[Math.min(11, Math.max(0, Math.floor(angle / binWidth)))]++

  let sharpCorners = 0
  const near = new Uint8Array(vertices.count)
  for (let vertex = 0; vertex < vertices.count; vertex++) {
    if (corners[vertex] >= 1.5 * limit) continue
    sharpCorners++
    near[vertex] = 1
  }
  for (let ring = 1; ring < 3; ring++) spread(near, vertices.cellToVertex)
  let thinCells = 0
  let unexcusedCells = 0
  for (let cell = 0; cell < smallest.length; cell++) {
    if (smallest[cell] >= limit) continue
    thinCells++
    if (![0, 1, 2].some((k) => near[vertices.cellToVertex[3 * cell + k]] !== 0)) unexcusedCells++
  }

  let [shortestEdge, longestEdge, area] = [Infinity, 0, 0]
  for (let cell = 0; cell < cellToRegion.length; cell++) {
    const [a, b, c] = [0, 1, 2].map((k) => 2 * cellToNode[3 * cell + k])
    for (const [p, q] of [
      [a, b],
      [b, c],
      [c, a],
    ]) {
      const length = Math.hypot(nodes[q] - nodes[p], nodes[q + 1] - nodes[p + 1])
      shortestEdge = Math.min(shortestEdge, length)
      longestEdge = Math.max(longestEdge, length)
    }
    area +=
      ((nodes[b] - nodes[a]) * (nodes[c + 1] - nodes[a + 1]) - (nodes[c] - nodes[a]) * (nodes[b + 1] - nodes[a + 1])) /
      2
  }
  let [total, shortestInterfaceEdge] = [0, Infinity]
  const facets = interfaces.innerCell.length
  for (let facet = 0; facet < facets; facet++) {
    const [a, b] = [2 * interfaces.innerNode[2 * facet], 2 * interfaces.innerNode[2 * facet + 1]]
    const length = Math.hypot(nodes[b] - nodes[a], nodes[b + 1] - nodes[a + 1])
    total += length
    shortestInterfaceEdge = Math.min(shortestInterfaceEdge, length)
  }
  return {
    cells: cellToRegion.length,
    nodes: nodes.length / 2,
    interfaces: facets,
    smallestAngle: smallest.reduce((least, angle) => Math.min(least, angle), Math.PI),
    largestAngle: largest.reduce((most, angle) => Math.max(most, angle), 0),
    meanSmallestAngle: smallest.reduce((sum, angle) => sum + angle, 0) / smallest.length,
    histogram,
    thinCells,
    unexcusedCells,
    sharpCorners,
    sharpestCorner: corners.reduce((least, angle) => Math.min(least, angle), 2 * Math.PI),
    shortestEdge,
    longestEdge,
    meanInterfaceEdge: facets > 0 ? total / facets : 0,
    shortestInterfaceEdge: facets > 0 ? shortestInterfaceEdge : 0,
    area,
  }
}

/** Adds one ring of vertices around the marked ones. */
const spread = (near: Uint8Array, cellToVertex: Int32Array): void => {
  const before = near.slice()
  for (let cell = 0; 3 * cell < cellToVertex.length; cell++) {
    const corners = [0, 1, 2].map((k) => cellToVertex[3 * cell + k])
    if (corners.some((vertex) => before[vertex] !== 0)) for (const vertex of corners) near[vertex] = 1
  }
}

/** A few lines for people. */
export const describeQuality = (quality: MeshQuality): string => {
  const degree = (angle: number): string => `${((angle * 180) / Math.PI).toFixed(1)}°`
  const um = (length: number): string => `${(length * 1e6).toPrecision(3)} µm`
  const { cells, nodes, interfaces, histogram } = quality
  return [
    `${cells} cells, ${nodes} nodes, ${interfaces} interface facets`,
    `angles ${degree(quality.smallestAngle)} to ${degree(quality.largestAngle)}, smallest of a cell ${degree(quality.meanSmallestAngle)} on average`,
    `${quality.thinCells} cells below the wanted angle, ${quality.unexcusedCells} of them away from ${quality.sharpCorners} sharp corners`,
    `edges ${um(quality.shortestEdge)} to ${um(quality.longestEdge)}, on interfaces ${um(quality.meanInterfaceEdge)} on average`,
    `cells by smallest angle, 5° each: ${[...histogram].join(" ")}`,
  ].join("\n")
}
