import { hilbertOrder } from "./hilbert.ts"
import type { FacetSet, InterfaceFacets, Mesh, Region } from "./mesh.ts"

/** Triangles with regions before the nodes on particle surfaces are doubled. */
export interface RegionCells {
  /** [vertex, 2] [m] */
  readonly position: Float64Array
  /** [cell, 3] counter-clockwise */
  readonly cellToVertex: Int32Array
  /** [cell] index into `regions` */
  readonly cellToRegion: Int32Array
  readonly regions: readonly Region[]
}

/** Coordinates that name the boundaries [m] */
export interface Edges {
  readonly width: number
  /** Top of the carbon/binder domain, where the separator begins. */
  readonly height: number
  /** Far side of the separator. */
  readonly top: number
}

const sideOf = (region: Region): number => region.particle

/**
 * A mesh with doubled particle surfaces: every vertex becomes one node for each particle that touches it and one for
 * everything else. Cells follow a Hilbert curve, nodes the order in which cells meet them; interface facets are sorted
 * by the particle of their inner side.
 */
export const doubleInterfaces = (cells: RegionCells, edges: Edges): Mesh => {
  const { position, regions } = cells
  const order = hilbertOrder(position, cells.cellToVertex)
  const count = order.length
  const cellToRegion = order.map((cell) => cells.cellToRegion[cell])
  const cellToVertex = new Int32Array(3 * count)
  for (let corner = 0; corner < 3 * count; corner++) {
    cellToVertex[corner] = cells.cellToVertex[3 * order[(corner / 3) | 0] + (corner % 3)]
  }
  const cellToNode = new Int32Array(3 * count)
  // Nodes of a vertex form a chain; few vertices have more than one.
  const firstNode = new Int32Array(position.length / 2).fill(-1)
  const nextNode: number[] = []
  const nodeSide: number[] = []
  const nodeVertex: number[] = []
  for (let corner = 0; corner < 3 * count; corner++) {
    const vertex = cellToVertex[corner]
    const side = sideOf(regions[cellToRegion[(corner / 3) | 0]])
    let node = firstNode[vertex]
    while (node >= 0 && nodeSide[node] !== side) node = nextNode[node]
    if (node < 0) {
      node = nodeSide.length
      nodeSide.push(side)
      nodeVertex.push(vertex)
      nextNode.push(firstNode[vertex])
      firstNode[vertex] = node
    }
    cellToNode[corner] = node
  }
  const nodes = new Float64Array(2 * nodeVertex.length)
  for (let node = 0; node < nodeVertex.length; node++) {
    nodes[2 * node] = position[2 * nodeVertex[node]]
    nodes[2 * node + 1] = position[2 * nodeVertex[node] + 1]
  }
  const mesh = { dimension: 2 as const, nodes, cellToNode, cellToRegion, regions }
  return { ...mesh, ...namedFacets(cellToVertex, cellToNode, nodes, cellToRegion, regions, edges) }
}

const namedFacets = (
  cellToVertex: Int32Array,
  cellToNode: Int32Array,
  nodes: Float64Array,
  cellToRegion: Int32Array,
  regions: readonly Region[],
  edges: Edges,
): Pick<Mesh, "interfaces" | "boundaries"> => {
  const collector = new FacetList()
  const lithium = new FacetList()
  const outer = new FacetList()
  const surface = new PairList()
  const twin = cellTwins(cellToVertex)
  const level = (facet: number, axis: number, value: number): boolean =>
    nodes[2 * cellToNode[facet] + axis] === value && nodes[2 * cellToNode[following(facet)] + axis] === value
  const onParticles: number[] = []
  for (let facet = 0; facet < twin.length; facet++) {
    const cell = (facet / 3) | 0
    const region = regions[cellToRegion[cell]]
    const { kind } = region
    const from = cellToNode[facet]
    const to = cellToNode[following(facet)]
    if (twin[facet] < 0) {
      if (kind === "separator") {
        if (level(facet, 1, edges.top)) lithium.add(from, to, cell)
        continue
      }
      if (level(facet, 1, 0)) collector.add(from, to, cell)
      if (kind !== "void") outer.add(from, to, cell)
      continue
    }
    const otherCell = (twin[facet] / 3) | 0
    const other = regions[cellToRegion[otherCell]]
    if (kind === "matrix" && other.kind === "separator") outer.add(from, to, cell)
    // Taken once, from the particle; between two particles from the lower one.
    if (sideOf(region) < 0 || sideOf(region) === sideOf(other)) continue
    if (sideOf(other) >= 0 && sideOf(other) < sideOf(region)) continue
    onParticles.push(facet)
  }
  const particleAt = (facet: number): number => sideOf(regions[cellToRegion[(facet / 3) | 0]])
  onParticles.sort((one, other) => particleAt(one) - particleAt(other) || one - other)
  for (const facet of onParticles) {
    const inner: readonly [number, number] = [cellToNode[facet], cellToNode[following(facet)]]
    const outer: readonly [number, number] = [cellToNode[following(twin[facet])], cellToNode[twin[facet]]]
    surface.add(inner, outer, (facet / 3) | 0, (twin[facet] / 3) | 0)
  }
  return {
    interfaces: surface.facets(),
    boundaries: { collector: collector.facets(), lithium: lithium.facets(), outer: outer.facets() },
  }
}

const following = (corner: number): number => (corner % 3 === 2 ? corner - 2 : corner + 1)

/** The other cell's facet at every facet (corner k → k + 1 of a cell), −1 on the domain's edge. [cell, 3] */
export const cellTwins = (cellToVertex: Int32Array): Int32Array => {
  const twin = new Int32Array(cellToVertex.length).fill(-1)
  const waiting = new Map<number, number>()
  let vertexCount = 0
  for (const vertex of cellToVertex) vertexCount = Math.max(vertexCount, vertex + 1)
  for (let facet = 0; facet < cellToVertex.length; facet++) {
    const a = cellToVertex[facet]
    const b = cellToVertex[following(facet)]
    const key = Math.min(a, b) * vertexCount + Math.max(a, b)
    const other = waiting.get(key)
    if (other === undefined) {
      waiting.set(key, facet)
      continue
    }
    twin[facet] = other
    twin[other] = facet
    waiting.delete(key)
  }
  return twin
}

class FacetList {
  private readonly nodes: number[] = []
  private readonly cells: number[] = []

  add(from: number, to: number, cell: number): void {
    this.nodes.push(from, to)
    this.cells.push(cell)
  }

  facets(): FacetSet {
    return { facetToNode: Int32Array.from(this.nodes), facetToCell: Int32Array.from(this.cells) }
  }
}

class PairList {
  private readonly inner = new FacetList()
  private readonly outer = new FacetList()

  add(inner: readonly [number, number], outer: readonly [number, number], innerCell: number, outerCell: number): void {
    this.inner.add(inner[0], inner[1], innerCell)
    this.outer.add(outer[0], outer[1], outerCell)
  }

  facets(): InterfaceFacets {
    const inner = this.inner.facets()
    const outer = this.outer.facets()
    return {
      innerNode: inner.facetToNode,
      outerNode: outer.facetToNode,
      innerCell: inner.facetToCell,
      outerCell: outer.facetToCell,
    }
  }
}
