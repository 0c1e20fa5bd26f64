import { type Numbering, numberCells } from "../../fem/numbering.ts"
import { cellCount, type Mesh, nodeCount, particleCount, type RegionKind } from "../../mesh/mesh.ts"
import type { ConcentrationRange } from "../solution-range.ts"
import type { ParticleConduction } from "./parameters.ts"

/** Fluxes and sources may cross this facet of a particle's surface. */
export interface FacetAccess {
  /** [facet] 1 where the facet touches electrolyte that reaches the lithium electrode */
  readonly ionic: Uint8Array
  /** [facet] 1 where it touches carbon/binder that reaches the collector */
  readonly electronic: Uint8Array
}

/**
 * Where each field's unknowns sit in the one vector of the electrochemical problem:
 * stoichiometry c/c_max | V, then φ_s − V [V] | c_l/c_l0 | φ_l [V] | particle potentials [V] (equipotential only).
 * All nodes of the collector share one φ_s, the cell voltage V. Carbon/binder conducts so well that φ_s itself would
 * lose the charge balance in rounding (100 S/m × 4 V × 1e-16 is 1e-9 of the current); differences to V do not.
 */
export interface Unknowns {
  readonly count: number
  readonly solid: Numbering
  readonly electronic: Numbering
  readonly electrolyte: Numbering
  readonly electronicOffset: number
  readonly electrolyteOffset: number
  readonly ionicOffset: number
  /** −1 when particles have no potential of their own */
  readonly particleOffset: number
  /** Unknown that holds the cell voltage */
  readonly voltage: number
  readonly solidCells: Int32Array
  readonly electronicCells: Int32Array
  readonly electrolyteCells: Int32Array
  readonly access: FacetAccess
  /** Unknowns of potentials that nothing fixes: islands without a path to collector or lithium. */
  readonly floating: Int32Array
}

const cellsOf = (mesh: Mesh, kinds: readonly RegionKind[]): Int32Array => {
  const wanted = mesh.regions.map((region) => kinds.includes(region.kind))
  const out: number[] = []
  for (let cell = 0; cell < cellCount(mesh); cell++) if (wanted[mesh.cellToRegion[cell]]) out.push(cell)
  return Int32Array.from(out)
}

/** Connected parts of the chosen cells: a label for every unknown, and one unknown of each part. */
const parts = (mesh: Mesh, cells: Int32Array, nodeToUnknown: Int32Array, count: number): Int32Array => {
  const parent = Int32Array.from({ length: count }, (_, unknown) => unknown)
  const root = (unknown: number): number => {
    let at = unknown
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]]
      at = parent[at]
    }
    return at
  }
  const vertices = mesh.dimension + 1
  for (const cell of cells) {
    const first = root(nodeToUnknown[mesh.cellToNode[cell * vertices]])
    for (let v = 1; v < vertices; v++) parent[root(nodeToUnknown[mesh.cellToNode[cell * vertices + v]])] = first
  }
  return parent.map((_, unknown) => root(unknown))
}

/** Numbers all unknowns of a mesh. @throws when the mesh has no collector, lithium electrode or particle */
export const numberUnknowns = (mesh: Mesh, conduction: ParticleConduction): Unknowns => {
  const nodes = nodeCount(mesh)
  const vertices = mesh.dimension + 1
  const solidCells = cellsOf(mesh, ["particle"])
  const electronicCells = cellsOf(mesh, ["matrix"])
  const electrolyteCells = cellsOf(mesh, ["matrix", "separator", "void"])
  const numbering = (cells: Int32Array): Numbering => {
    const chosen = new Uint8Array(cellCount(mesh))
    for (const cell of cells) chosen[cell] = 1
    return numberCells(nodes, mesh.cellToNode, vertices, (cell) => chosen[cell] === 1)
  }
  const solid = numbering(solidCells)
  const electrolyte = numbering(electrolyteCells)
  const electronic = mergeNodes(numbering(electronicCells), mesh.boundaries.collector.facetToNode)
  if (solid.count === 0) throw new RangeError("the mesh has no particle")
  if (mesh.boundaries.lithium.facetToCell.length === 0) throw new RangeError("the mesh has no lithium electrode")

  const electronicPart = parts(mesh, electronicCells, electronic.nodeToUnknown, electronic.count)
  const electrolytePart = parts(mesh, electrolyteCells, electrolyte.nodeToUnknown, electrolyte.count)
  const collectorPart = electronicPart[0]
  const lithiumPart = electrolytePart[electrolyte.nodeToUnknown[mesh.boundaries.lithium.facetToNode[0]]]
  const { outerNode, outerCell } = mesh.interfaces
  const ionic = new Uint8Array(outerCell.length)
  const electronicAccess = new Uint8Array(outerCell.length)
  for (let facet = 0; facet < outerCell.length; facet++) {
    const node = outerNode[facet * mesh.dimension]
    const kind = mesh.regions[mesh.cellToRegion[outerCell[facet]]].kind
    if (kind === "particle") continue
    ionic[facet] = electrolytePart[electrolyte.nodeToUnknown[node]] === lithiumPart ? 1 : 0
    if (kind === "matrix")
      electronicAccess[facet] = electronicPart[electronic.nodeToUnknown[node]] === collectorPart ? 1 : 0
  }

  const electronicOffset = solid.count
  const electrolyteOffset = electronicOffset + electronic.count
  const ionicOffset = electrolyteOffset + electrolyte.count
  const particleOffset = conduction === "equipotential" ? ionicOffset + electrolyte.count : -1
  const count = ionicOffset + electrolyte.count + (particleOffset < 0 ? 0 : particleCount(mesh))
  const floating: number[] = []
  electronicPart.forEach((part, unknown) => {
    if (part === unknown && part !== collectorPart) floating.push(electronicOffset + unknown)
  })
  electrolytePart.forEach((part, unknown) => {
    if (part === unknown && part !== lithiumPart) floating.push(ionicOffset + unknown)
  })
  return {
    count,
    solid,
    electronic,
    electrolyte,
    electronicOffset,
    electrolyteOffset,
    ionicOffset,
    particleOffset,
    voltage: electronicOffset,
    solidCells,
    electronicCells,
    electrolyteCells,
    access: { ionic, electronic: electronicAccess },
    floating: Int32Array.from(floating),
  }
}

/** Gives all the listed nodes unknown 0 and renumbers the others after it. @throws when none of them carries the field */
const mergeNodes = (numbering: Numbering, merged: Int32Array): Numbering => {
  const shared = new Uint8Array(numbering.nodeToUnknown.length)
  for (const node of merged) if (numbering.nodeToUnknown[node] >= 0) shared[node] = 1
  const first = shared.indexOf(1)
  if (first < 0) throw new RangeError("no carbon/binder touches the collector")
  const nodeToUnknown = new Int32Array(shared.length).fill(-1)
  const unknownToNode = [first]
  for (const node of numbering.unknownToNode) {
    if (shared[node]) nodeToUnknown[node] = 0
    else nodeToUnknown[node] = unknownToNode.push(node) - 1
  }
  return { count: unknownToNode.length, nodeToUnknown, unknownToNode: Int32Array.from(unknownToNode) }
}

/** Where its concentrations stand. */
export const concentrationRange = ({
  electronicOffset,
  electrolyteOffset,
  ionicOffset,
}: Unknowns): ConcentrationRange => ({
  solidEnd: electronicOffset,
  saltStart: electrolyteOffset,
  saltEnd: ionicOffset,
})
