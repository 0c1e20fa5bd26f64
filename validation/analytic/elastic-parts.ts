import { numberCells } from "../../src/fem/numbering.ts"
import { simplexGeometry } from "../../src/fem/simplex.ts"
import type { IsotropicElasticity } from "../../src/laws/contracts.ts"
import { cellCount, type Mesh, nodeCount } from "../../src/mesh/mesh.ts"
import { type Bodies, createBodies } from "../../src/model/resolved/bodies.ts"
import { createInterfacePairs, type InterfacePairs } from "../../src/model/resolved/interface-pairs.ts"
import type { HalfCellParameters } from "../../src/model/resolved/parameters.ts"
import type { Unknowns } from "../../src/model/resolved/unknowns.ts"

/** The product's bodies and interface pairs of a mesh that is no half-cell. */
export interface ElasticParts {
  readonly bodies: Bodies
  readonly pairs: InterfacePairs
  readonly solid: Unknowns["solid"]
}

/** @param matrix of the region "high" */
export const elasticParts = (mesh: Mesh, particle: IsotropicElasticity, matrix: IsotropicElasticity): ElasticParts => {
  const geometry = simplexGeometry(2, mesh.nodes, mesh.cellToNode)
  const isSolid = (cell: number): boolean => mesh.regions[mesh.cellToRegion[cell]].kind === "particle"
  const solid = numberCells(nodeCount(mesh), mesh.cellToNode, 3, isSolid)
  const solidCells = Int32Array.from(
    Array.from({ length: cellCount(mesh) }, (_, cell) => cell).filter((cell) => isSolid(cell)),
  )
  const parameters = {
    active: { elasticity: particle },
    matrices: { high: { elasticity: matrix } },
  } as unknown as HalfCellParameters
  const bodies = createBodies(mesh, geometry, parameters, { solid, solidCells } as Unknowns)
  return { bodies, pairs: createInterfacePairs(mesh, bodies), solid }
}
