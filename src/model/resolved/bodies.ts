import { analyse, factorise } from "../../algebra/direct.ts"
import { assemblyPattern, type SparseMatrix } from "../../algebra/pattern.ts"
import { sparseProduct } from "../../algebra/sparse-product.ts"
import { addStiffness, divergenceCoupling } from "../../fem/elasticity.ts"
import { quadraticElement } from "../../fem/element.ts"
import { type QuadraticNodes, quadraticNodes } from "../../fem/numbering.ts"
import { addMass, cellUnknowns } from "../../fem/scalar.ts"
import type { SimplexGeometry } from "../../fem/simplex.ts"
import { type Moduli, moduli } from "../../laws/elasticity.ts"
import { cellCount, type Mesh } from "../../mesh/mesh.ts"
import type { HalfCellParameters } from "./parameters.ts"
import type { Unknowns } from "./unknowns.ts"

/** The elastic solids of the cell, without their interfaces: all of it constant during a run. */
export interface Bodies {
  readonly dimension: 2 | 3
  readonly nodes: QuadraticNodes
  /** [elastic cell] cell of the mesh: particles and carbon/binder */
  readonly cells: Int32Array
  /** [elastic cell] */
  readonly cellModuli: readonly Moduli[]
  /** [quadratic node, dimension] unknown, −1 where fixed or without stiffness */
  readonly nodeToUnknown: Int32Array
  readonly unknownCount: number
  /** Stiffness of all bodies, interfaces left open [N/m], per metre of depth in 2-D */
  readonly stiffness: SparseMatrix
  /** Writes the stiffness times a displacement [unknown] [N]. */
  readonly forceInto: (displacement: Float64Array, out: Float64Array) => void
  /** [elastic cell, node, dimension] displacement unknown, −1 where fixed */
  readonly elementDofs: Int32Array
  /** Writes the load of a volume change. @param volumeChange [unknown of the solid] @param out [unknown] [N] */
  readonly swellingLoadInto: (volumeChange: Float64Array, out: Float64Array) => void
  /**
   * Writes K tr ε projected on linear functions of the particles (consistent mass).
   * @param displacement [unknown] [m]  @param out [unknown of the solid] [Pa]
   */
  readonly pressureInto: (displacement: Float64Array, out: Float64Array) => void
  /** Writes the consistent mass times a nodal field of the solid. */
  readonly massInto: (field: Float64Array, out: Float64Array) => void
}

/**
 * Quadratic displacements on particles and carbon/binder, plane strain in 2-D, u = 0 on the outer edges.
 * Quadratic displacements with a linear projection of the pressure keep surface stresses second-order.
 */
export const createBodies = (
  mesh: Mesh,
  geometry: SimplexGeometry,
  parameters: HalfCellParameters,
  unknowns: Unknowns,
): Bodies => {
  const { dimension } = mesh
  const element = quadraticElement(dimension)
  const { nodesPerCell } = element
  const vertices = dimension + 1
  const nodes = quadraticNodes(mesh)
  const elastic: number[] = []
  for (let cell = 0; cell < cellCount(mesh); cell++) {
    const { kind } = mesh.regions[mesh.cellToRegion[cell]]
    if (kind === "particle" || kind === "matrix") elastic.push(cell)
  }
  const cells = Int32Array.from(elastic)
  const cellModuli = Array.from(cells, (cell) => {
    const region = mesh.regions[mesh.cellToRegion[cell]]
    return moduli(
      region.kind === "particle" ? parameters.active.elasticity : parameters.matrices[region.name].elasticity,
    )
  })

  const { nodeToUnknown, unknownCount } = numberDisplacements(mesh, nodes, cells, nodesPerCell)
  const size = nodesPerCell * dimension
  const elementDofs = new Int32Array(cells.length * size)
  for (let k = 0; k < cells.length; k++)
    for (let a = 0; a < nodesPerCell; a++)
      for (let axis = 0; axis < dimension; axis++)
        elementDofs[k * size + a * dimension + axis] =
          nodeToUnknown[nodes.cellToNode[cells[k] * nodesPerCell + a] * dimension + axis]
  const { pattern, positions } = assemblyPattern(unknownCount, [{ dofs: elementDofs, perElement: size }])
  const { matrix: stiffness, applyInto: forceInto } = sparseProduct(pattern)
  addStiffness(geometry, element, cells, (k) => cellModuli[k], positions[0], stiffness.values)

  const solidCells = unknowns.solidCells
  const activeModuli = moduli(parameters.active.elasticity)
  const coupling = divergenceCoupling(geometry, element, solidCells, () => activeModuli.bulk)
  const solidDofs = cellUnknowns(mesh.cellToNode, vertices, solidCells, unknowns.solid.nodeToUnknown)
  const displacementDofs = new Int32Array(solidCells.length * size)
  for (let k = 0; k < solidCells.length; k++)
    for (let a = 0; a < nodesPerCell; a++)
      for (let axis = 0; axis < dimension; axis++)
        displacementDofs[k * size + a * dimension + axis] =
          nodeToUnknown[nodes.cellToNode[solidCells[k] * nodesPerCell + a] * dimension + axis]
  const massAssembly = assemblyPattern(unknowns.solid.count, [{ dofs: solidDofs, perElement: vertices }])
  const mass: SparseMatrix = {
    pattern: massAssembly.pattern,
    values: new Float64Array(massAssembly.pattern.columnIndex.length),
  }
  addMass(geometry, solidCells, massAssembly.positions[0], mass.values)
  const massFactor = factorise(analyse(mass.pattern, "symmetric"), mass.values)

  return {
    dimension,
    nodes,
    cells,
    cellModuli,
    nodeToUnknown,
    unknownCount,
    stiffness,
    forceInto,
    elementDofs,
    swellingLoadInto: (volumeChange, out) => {
      out.fill(0)
      for (let k = 0; k < solidCells.length; k++)
        for (let row = 0; row < size; row++) {
          const unknown = displacementDofs[k * size + row]
          if (unknown < 0) continue
          let sum = 0
          for (let v = 0; v < vertices; v++)
            sum += coupling[(k * size + row) * vertices + v] * volumeChange[solidDofs[k * vertices + v]]
          out[unknown] += sum
        }
    },
    pressureInto: (displacement, out) => {
      out.fill(0)
      for (let k = 0; k < solidCells.length; k++)
        for (let row = 0; row < size; row++) {
          const unknown = displacementDofs[k * size + row]
          if (unknown < 0) continue
          const u = displacement[unknown]
          for (let v = 0; v < vertices; v++)
            out[solidDofs[k * vertices + v]] += coupling[(k * size + row) * vertices + v] * u
        }
      massFactor.solveInto(out, out)
    },
    massInto: (field, out) => {
      out.fill(0)
      const scale = 1 / (vertices * (vertices + 1))
      for (let k = 0; k < solidCells.length; k++) {
        const share = geometry.volume[solidCells[k]] * scale
        let sum = 0
        for (let v = 0; v < vertices; v++) sum += field[solidDofs[k * vertices + v]]
        for (let v = 0; v < vertices; v++)
          out[solidDofs[k * vertices + v]] += share * (sum + field[solidDofs[k * vertices + v]])
      }
    },
  }
}

/** Unknowns of all nodes of the elastic cells, apart from those fixed on the outer edges. */
const numberDisplacements = (
  mesh: Mesh,
  nodes: QuadraticNodes,
  cells: Int32Array,
  nodesPerCell: number,
): { nodeToUnknown: Int32Array; unknownCount: number } => {
  const { dimension } = mesh
  const state = new Uint8Array(nodes.nodeCount)
  for (const cell of cells) for (let a = 0; a < nodesPerCell; a++) state[nodes.cellToNode[cell * nodesPerCell + a]] = 1
  const { facetToNode, facetToCell } = mesh.boundaries.outer
  for (let facet = 0; facet < facetToCell.length; facet++)
    for (let v = 0; v < dimension; v++) {
      const a = facetToNode[facet * dimension + v]
      const b = facetToNode[facet * dimension + ((v + 1) % dimension)]
      state[a] = 0
      const middle = nodes.between(a, b)
      if (middle >= 0) state[middle] = 0
    }
  const nodeToUnknown = new Int32Array(nodes.nodeCount * dimension).fill(-1)
  let unknownCount = 0
  for (let node = 0; node < nodes.nodeCount; node++)
    if (state[node])
      for (let axis = 0; axis < dimension; axis++) nodeToUnknown[node * dimension + axis] = unknownCount++
  return { nodeToUnknown, unknownCount }
}
