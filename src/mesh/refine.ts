import type { FacetSet, InterfaceFacets, Mesh } from "./mesh.ts"

/** Puts the middle of an interface edge of a particle back on its true surface [m] */
export type SurfaceProjection = (particle: number, x: number, y: number) => readonly [number, number]

/** Projection onto circles: `centres` [particle, 2] [m], `radii` [particle] [m] */
export const ontoCircles =
  (centres: Float64Array, radii: Float64Array): SurfaceProjection =>
  (particle, x, y) => {
    const [cx, cy] = [centres[2 * particle], centres[2 * particle + 1]]
    const scale = radii[particle] / Math.hypot(x - cx, y - cy)
    return [cx + scale * (x - cx), cy + scale * (y - cy)]
  }

/**
 * A triangle mesh with every cell cut in four at the middles of its edges. Children of cell c are 4c … 4c + 3 (three
 * corners, then the middle); old nodes keep their numbers; facets f become 2f and 2f + 1; node pairs stay matched.
 * @param project  moves new nodes on interfaces; a move that would turn a cell over is not made
 * @source R. E. Bank, A. H. Sherman, A. Weiser, Scientific Computing (1983) 3–17 (regular refinement)
 */
export const refined = (mesh: Mesh, project?: SurfaceProjection): Mesh => {
  if (mesh.dimension !== 2) throw new RangeError("only triangles can be refined")
  const { nodes, cellToNode, cellToRegion, regions } = mesh
  const cells = cellToRegion.length
  const old = nodes.length / 2
  const middleOf = new Map<number, number>()
  const added: number[] = []
  const middle = (a: number, b: number): number => {
    const key = Math.min(a, b) * old + Math.max(a, b)
    const known = middleOf.get(key)
    if (known !== undefined) return known
    const node = old + added.length / 2
    middleOf.set(key, node)
    added.push((nodes[2 * a] + nodes[2 * b]) / 2, (nodes[2 * a + 1] + nodes[2 * b + 1]) / 2)
    return node
  }
  const outCells = new Int32Array(12 * cells)
  for (let cell = 0; cell < cells; cell++) {
    const [a, b, c] = [0, 1, 2].map((k) => cellToNode[3 * cell + k])
    const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)]
    outCells.set([a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca], 12 * cell)
  }
  /** The child of a cell at one of its corners. */
  const childAt = (cell: number, node: number): number => 4 * cell + cellToNode.indexOf(node, 3 * cell) - 3 * cell
  const halves = (facetToNode: Int32Array, facetToCell: Int32Array): FacetSet => {
    const outNode = new Int32Array(2 * facetToNode.length)
    const outCell = new Int32Array(2 * facetToCell.length)
    facetToCell.forEach((cell, facet) => {
      const [a, b] = [facetToNode[2 * facet], facetToNode[2 * facet + 1]]
      outNode.set([a, middle(a, b), middle(a, b), b], 4 * facet)
      outCell.set([childAt(cell, a), childAt(cell, b)], 2 * facet)
    })
    return { facetToNode: outNode, facetToCell: outCell }
  }
  const { interfaces, boundaries } = mesh
  const inner = halves(interfaces.innerNode, interfaces.innerCell)
  const outer = halves(interfaces.outerNode, interfaces.outerCell)
  const pairs: InterfaceFacets = {
    innerNode: inner.facetToNode,
    outerNode: outer.facetToNode,
    innerCell: inner.facetToCell,
    outerCell: outer.facetToCell,
  }
  const position = new Float64Array(nodes.length + added.length)
  position.set(nodes)
  position.set(added, nodes.length)
  const out: Mesh = {
    dimension: 2,
    nodes: position,
    cellToNode: outCells,
    cellToRegion: Int32Array.from({ length: 4 * cells }, (_, child) => cellToRegion[child >> 2]),
    regions,
    interfaces: pairs,
    boundaries: {
      collector: halves(boundaries.collector.facetToNode, boundaries.collector.facetToCell),
      lithium: halves(boundaries.lithium.facetToNode, boundaries.lithium.facetToCell),
      outer: halves(boundaries.outer.facetToNode, boundaries.outer.facetToCell),
    },
  }
  if (project !== undefined) projectMiddles(out, project)
  return out
}

/** Moves both nodes in the middle of every interface edge, unless one of the eight cells beside would turn over. */
const projectMiddles = (mesh: Mesh, project: SurfaceProjection): void => {
  const { nodes, cellToNode, cellToRegion, regions, interfaces } = mesh
  for (let facet = 0; facet < interfaces.innerCell.length; facet += 2) {
    const inner = interfaces.innerNode[2 * facet + 1]
    const outer = interfaces.outerNode[2 * facet + 1]
    const { particle } = regions[cellToRegion[interfaces.innerCell[facet]]]
    const [oldX, oldY] = [nodes[2 * inner], nodes[2 * inner + 1]]
    const [x, y] = project(particle, oldX, oldY)
    const place = (px: number, py: number): void => {
      nodes[2 * inner] = px
      nodes[2 * inner + 1] = py
      nodes[2 * outer] = px
      nodes[2 * outer + 1] = py
    }
    place(x, y)
    const beside = [interfaces.innerCell[facet] >> 2, interfaces.outerCell[facet] >> 2]
    const turned = beside.some((parent) =>
      [0, 1, 2, 3].some((child) => doubleArea(nodes, cellToNode, 4 * parent + child) <= 0),
    )
    if (turned) place(oldX, oldY)
  }
}

const doubleArea = (nodes: Float64Array, cellToNode: Int32Array, cell: number): number => {
  const a = 2 * cellToNode[3 * cell]
  const b = 2 * cellToNode[3 * cell + 1]
  const c = 2 * cellToNode[3 * cell + 2]
  return (nodes[b] - nodes[a]) * (nodes[c + 1] - nodes[a + 1]) - (nodes[c] - nodes[a]) * (nodes[b + 1] - nodes[a + 1])
}
