import { analyse, factorise } from "../../../src/algebra/direct.ts"
import { assemblyPattern } from "../../../src/algebra/pattern.ts"
import { addConduction } from "../../../src/fem/scalar.ts"
import { simplexGeometry } from "../../../src/fem/simplex.ts"
import { type Mesh, particleCount } from "../../../src/mesh/mesh.ts"

/**
 * [particle] mean potential of each surface while a current density leaves all surfaces, by linear finite elements; 0 at
 * the collector [V].
 * @param conductivity of a matrix by its name [S/m]
 * @param density      [A/m²]
 */
export const surfacePotentials = (
  mesh: Mesh,
  conductivity: (name: string) => number,
  density: number,
): Float64Array => {
  const cells: number[] = []
  mesh.cellToRegion.forEach((region, cell) => {
    if (mesh.regions[region].kind === "matrix") cells.push(cell)
  })
  const grounded = new Set(mesh.boundaries.collector.facetToNode)
  const unknown = new Int32Array(mesh.nodes.length / 2).fill(-1)
  let size = 0
  for (const cell of cells)
    for (let v = 0; v < 3; v++) {
      const node = mesh.cellToNode[3 * cell + v]
      if (unknown[node] < 0 && !grounded.has(node)) unknown[node] = size++
    }
  const dofs = Int32Array.from(cells.flatMap((cell) => [0, 1, 2].map((v) => unknown[mesh.cellToNode[3 * cell + v]])))
  const { pattern, positions } = assemblyPattern(size, [{ dofs, perElement: 3 }])
  const values = new Float64Array(pattern.columnIndex.length)
  addConduction(
    simplexGeometry(2, mesh.nodes, mesh.cellToNode),
    Int32Array.from(cells),
    Float64Array.from(cells, (cell) => conductivity(mesh.regions[mesh.cellToRegion[cell]].name)),
    positions[0],
    values,
  )
  const rhs = new Float64Array(size)
  const facets = (visit: (a: number, b: number, length: number, particle: number) => void): void => {
    const { outerNode, innerCell } = mesh.interfaces
    for (let f = 0; f < innerCell.length; f++) {
      const [a, b] = [outerNode[2 * f], outerNode[2 * f + 1]]
      const length = Math.hypot(mesh.nodes[2 * a] - mesh.nodes[2 * b], mesh.nodes[2 * a + 1] - mesh.nodes[2 * b + 1])
      visit(a, b, length, mesh.regions[mesh.cellToRegion[innerCell[f]]].particle)
    }
  }
  facets((a, b, length) => {
    for (const node of [a, b]) if (unknown[node] >= 0) rhs[unknown[node]] += (density * length) / 2
  })
  const factors = factorise(analyse(pattern, "symmetric"), values)
  factors.solveInto(rhs, rhs)
  factors.dispose()
  const [sum, whole] = [new Float64Array(particleCount(mesh)), new Float64Array(particleCount(mesh))]
  const at = (node: number): number => (unknown[node] >= 0 ? rhs[unknown[node]] : 0)
  facets((a, b, length, particle) => {
    sum[particle] += (length * (at(a) + at(b))) / 2
    whole[particle] += length
  })
  return sum.map((each, particle) => each / whole[particle])
}
