import { cellCount, interfaceCount, nodeCount } from "../../mesh/mesh.ts"
import type { HalfCell } from "./half-cell.ts"
import { stressSource } from "./observe.ts"
import type { CellState } from "./state.ts"
import { cellStress } from "./stress.ts"

/** One field: `components` values for each node, cell or interface corner; NaN where the field does not live. */
export interface Field {
  readonly name: string
  readonly unit: string
  readonly components: number
  readonly values: Float64Array
}

/** All fields of one state, on the nodes, cells and interface facets of the mesh. */
export interface CellFields {
  readonly time: number
  /** [node, components] */
  readonly pointData: readonly Field[]
  /** [cell, components] */
  readonly cellData: readonly Field[]
  /** [interface facet, corner] */
  readonly interfaceData: readonly Field[]
}

/** Collects the fields of a state for pictures and ParaView. */
export const fieldsOf = (cell: HalfCell, state: CellState): CellFields => {
  const { mesh, electrochemistry, parameters, solids } = cell
  const { unknowns } = electrochemistry
  const nodes = nodeCount(mesh)
  const nodal = (name: string, unit: string, nodeToUnknown: Int32Array, value: (unknown: number) => number): Field => {
    const values = new Float64Array(nodes).fill(Number.NaN)
    for (let node = 0; node < nodes; node++) if (nodeToUnknown[node] >= 0) values[node] = value(nodeToUnknown[node])
    return { name, unit, components: 1, values }
  }
  const { solid, electronic, electrolyte } = unknowns
  const pointData: Field[] = [
    nodal("stoichiometry", "1", solid.nodeToUnknown, (i) => state.x[i]),
    nodal("potential_solid", "V", electronic.nodeToUnknown, (i) =>
      i === 0 ? state.x[unknowns.voltage] : state.x[unknowns.voltage] + state.x[unknowns.electronicOffset + i],
    ),
    nodal(
      "electrolyte_concentration",
      "mol/m^3",
      electrolyte.nodeToUnknown,
      (i) => state.x[unknowns.electrolyteOffset + i] * parameters.initialElectrolyte,
    ),
    nodal("potential_electrolyte", "V", electrolyte.nodeToUnknown, (i) => state.x[unknowns.ionicOffset + i]),
  ]
  const source = stressSource(cell, state)
  if (!solids || !source) return { time: state.time, pointData, cellData: [], interfaceData: [] }

  pointData.push(nodal("stress_hydrostatic", "Pa", solid.nodeToUnknown, (i) => state.hydrostatic[i]))
  const displacement = new Float64Array(nodes * 3)
  for (let node = 0; node < nodes; node++)
    for (let axis = 0; axis < mesh.dimension; axis++) {
      const unknown = solids.bodies.nodeToUnknown[node * mesh.dimension + axis]
      displacement[node * 3 + axis] = unknown < 0 ? 0 : state.mechanical.displacement[unknown]
    }
  pointData.push({ name: "displacement", unit: "m", components: 3, values: displacement })

  const stress = cellStress(source)
  const tensor = new Float64Array(cellCount(mesh) * 6).fill(Number.NaN)
  const principal = new Float64Array(cellCount(mesh)).fill(Number.NaN)
  solids.bodies.cells.forEach((own, k) => {
    tensor.set(stress.cell.subarray(k * 6, k * 6 + 6), own * 6)
    principal[own] = stress.cellPrincipal[k]
  })
  const cellData: Field[] = [
    { name: "stress", unit: "Pa", components: 6, values: tensor },
    { name: "stress_maximum_principal", unit: "Pa", components: 1, values: principal },
  ]

  const { pairs } = solids
  const perFacet = electrochemistry.points.rule.weights.length
  const corner = (name: string, unit: string, value: (pair: number) => number): Field => {
    const values = new Float64Array(interfaceCount(mesh) * mesh.dimension).fill(Number.NaN)
    for (let facet = 0; facet < interfaceCount(mesh); facet++)
      for (let v = 0; v < mesh.dimension; v++) {
        const pair = pairs.facetToPair[facet * perFacet + v]
        if (pair >= 0) values[facet * mesh.dimension + v] = value(pair)
      }
    return { name, unit, components: 1, values }
  }
  const interfaceData: Field[] = [
    corner("damage", "1", (pair) => (pairs.cohesive[pair] ? state.mechanical.damage[pair] : Number.NaN)),
    corner("gap", "m", (pair) => Math.max(0, state.mechanical.opening[pair * pairs.dimension])),
    corner("normal_traction", "Pa", (pair) => state.mechanical.traction[pair * pairs.dimension]),
  ]
  return { time: state.time, pointData, cellData, interfaceData }
}
