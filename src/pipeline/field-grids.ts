import type { Grid, GridField } from "../formats/vtu.ts"
import type { Mesh } from "../mesh/mesh.ts"
import type { CellFields } from "./simulation.ts"

const integerField = (name: string, values: Int32Array): GridField => ({ name, unit: "", components: 1, values })

/**
 * Cells of the mesh with the fields that live on nodes and cells, and which region and particle each cell is in;
 * particles count from 1, and 0 is none.
 */
export const cellGrid = (mesh: Mesh, { pointData, cellData }: CellFields): Grid => ({
  dimension: mesh.dimension,
  points: mesh.nodes,
  cell: mesh.dimension === 2 ? "triangle" : "tetrahedron",
  cellToPoint: mesh.cellToNode,
  pointData,
  cellData: [
    integerField("region", mesh.cellToRegion),
    integerField(
      "particle",
      mesh.cellToRegion.map((region) => mesh.regions[region].particle + 1),
    ),
    ...cellData,
  ],
})

/** Interface facets with the fields of their corners; every facet has points of its own. */
export const interfaceGrid = (mesh: Mesh, { interfaceData }: CellFields): Grid => {
  const { dimension, nodes, interfaces, cellToRegion, regions } = mesh
  const corners = interfaces.innerNode
  const points = new Float64Array(corners.length * dimension)
  for (const [corner, node] of corners.entries()) {
    for (let axis = 0; axis < dimension; axis++) {
      points[corner * dimension + axis] = nodes[node * dimension + axis]
    }
  }
  return {
    dimension,
    points,
    cell: dimension === 2 ? "line" : "triangle",
    cellToPoint: Int32Array.from(corners.keys()),
    pointData: interfaceData,
    cellData: [
      integerField(
        "particle",
        interfaces.innerCell.map((cell) => regions[cellToRegion[cell]].particle + 1),
      ),
    ],
  }
}
