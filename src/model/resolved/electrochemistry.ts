import { assemblyPattern } from "../../algebra/pattern.ts"
import { nodalFacetQuadrature } from "../../fem/quadrature.ts"
import { addLumpedMass, cellUnknowns } from "../../fem/scalar.ts"
import { facetNormalInto, type SimplexGeometry } from "../../fem/simplex.ts"
import { faraday } from "../../laws/constants.ts"
import { interfaceCount, type Mesh } from "../../mesh/mesh.ts"
import type { BackwardDifference } from "../../solve/bdf.ts"
import { sparseOperator } from "../../solve/linear-operator.ts"
import type { NonlinearSystem } from "../../solve/newton.ts"
import { addElectrolyte } from "./electrolyte-transport.ts"
import { addInterfaceCurrents, type InterfacePoints } from "./interface-currents.ts"
import type { HalfCellParameters } from "./parameters.ts"
import { addSolidDiffusion, localStressSlope } from "./solid-diffusion.ts"
import { numberUnknowns, type Unknowns } from "./unknowns.ts"

/** What the cycler imposes during one time step. */
export type Drive =
  /** Total current into the collector [A], per metre of depth in 2-D [A/m] */
  | { readonly kind: "current"; readonly total: number }
  /** [V] */
  | { readonly kind: "voltage"; readonly voltage: number }

/** The implicit step that the system's residual describes. */
export interface ElectrochemicalStep {
  readonly formula: BackwardDifference
  /** Δt [s] */
  readonly step: number
  readonly drive: Drive
  /** [unknown] at the last accepted time */
  readonly previous: Float64Array
  /** [unknown] at the time before it */
  readonly older: Float64Array
}

/** Totals that follow from a solution. */
export interface Totals {
  /** Current through the collector, > 0 on charge [A], [A/m] in 2-D */
  readonly collector: number
  /** Current from particles into the electrolyte */
  readonly interfaces: number
  /** Current from the electrolyte into the lithium electrode */
  readonly lithium: number
  /** Lithium in the active material [mol], [mol/m] in 2-D */
  readonly solidLithium: number
  /** Lithium salt in the electrolyte [mol], [mol/m] in 2-D */
  readonly electrolyteLithium: number
}

export interface Electrochemistry {
  readonly unknowns: Unknowns
  readonly system: NonlinearSystem
  readonly points: InterfacePoints
  /** [unknown of the solid] volume belonging to a node [m³], [m²] in 2-D */
  readonly solidVolume: Float64Array
  /** Uniform equilibrium at the initial stoichiometry. */
  readonly initial: () => Float64Array
  readonly setStep: (step: ElectrochemicalStep) => void
  /**
   * Sets what the mechanics lends to the electrochemistry.
   * @param gap    [interface point] λ ≥ 0 [m]
   * @param smooth [unknown of the solid] hydrostatic stress without its local part −s Ω_V (c − c_ini) [Pa]
   */
  readonly setMechanics: (gap: Float64Array, smooth: Float64Array) => void
  readonly totals: (x: Float64Array) => Totals
}

/**
 * Residual and Jacobian of lithium diffusion in the particles, electron conduction in carbon/binder, electrolyte
 * transport and charge transfer. Every row is in A (A/m in 2-D): lithium rows are multiplied by F.
 *
 * Linear elements; lithium and salt are lumped at vertices, interface laws sit at the nodes of a quadratic facet.
 * @param nominalCurrent total current that counts as one when the residual is judged [A]
 */
export const createElectrochemistry = (
  mesh: Mesh,
  geometry: SimplexGeometry,
  parameters: HalfCellParameters,
  nominalCurrent: number,
): Electrochemistry => {
  const { dimension } = mesh
  const vertices = dimension + 1
  const unknowns = numberUnknowns(mesh, parameters.particleConduction)
  const { active } = parameters
  const shifted = (cells: Int32Array, nodeToUnknown: Int32Array, offset: number): Int32Array =>
    cellUnknowns(mesh.cellToNode, vertices, cells, nodeToUnknown).map((unknown) => unknown + offset)

  const solidDofs = shifted(unknowns.solidCells, unknowns.solid.nodeToUnknown, 0)
  const electronicDofs = shifted(unknowns.electronicCells, unknowns.electronic.nodeToUnknown, unknowns.electronicOffset)
  const saltDofs = shifted(unknowns.electrolyteCells, unknowns.electrolyte.nodeToUnknown, unknowns.electrolyteOffset)
  const electrolyteDofs = new Int32Array(saltDofs.length * 2)
  const ionicShift = unknowns.ionicOffset - unknowns.electrolyteOffset
  for (let k = 0; k < unknowns.electrolyteCells.length; k++)
    for (let v = 0; v < vertices; v++) {
      electrolyteDofs[k * 2 * vertices + v] = saltDofs[k * vertices + v]
      electrolyteDofs[k * 2 * vertices + vertices + v] = saltDofs[k * vertices + v] + ionicShift
    }
  const points = interfacePoints(mesh, unknowns, parameters)
  const lithiumDofs = mesh.boundaries.lithium.facetToNode.map(
    (node) => unknowns.electrolyte.nodeToUnknown[node] + unknowns.ionicOffset,
  )
  const { pattern, positions } = assemblyPattern(unknowns.count, [
    { dofs: solidDofs, perElement: vertices },
    { dofs: electronicDofs, perElement: vertices },
    { dofs: electrolyteDofs, perElement: 2 * vertices },
    { dofs: points.facetDofs, perElement: points.dofsPerFacet },
    { dofs: lithiumDofs, perElement: dimension },
  ])
  const [solidAt, electronicAt, electrolyteAt, interfaceAt, lithiumAt] = positions
  const operator = sparseOperator(pattern, "general")
  const diagonal = diagonalPositions(pattern.rowStart, pattern.columnIndex)

  const solidVolume = new Float64Array(unknowns.solid.count)
  addLumpedMass(geometry, mesh.cellToNode, unknowns.solidCells, () => 1, unknowns.solid.nodeToUnknown, solidVolume)
  const pore = electrolyteCellProperties(mesh, unknowns, parameters)
  const saltVolume = new Float64Array(unknowns.electrolyte.count)
  addLumpedMass(
    geometry,
    mesh.cellToNode,
    unknowns.electrolyteCells,
    (k) => pore.porosity[k],
    unknowns.electrolyte.nodeToUnknown,
    saltVolume,
  )
  const conductivity = Float64Array.from(
    unknowns.electronicCells,
    (cell) => parameters.matrices[mesh.regions[mesh.cellToRegion[cell]].name].conductivity,
  )
  const lithiumWeights = lithiumFacetWeights(mesh)
  const pinConductance = 1e-3

  const gap = new Float64Array(points.count)
  const smooth = new Float64Array(unknowns.solid.count)
  let now: ElectrochemicalStep | undefined
  let collector = 0
  const lithiumCurrent = { total: 0 }
  const transfer = new Float64Array(4)
  const { temperature } = parameters
  const localSlope = localStressSlope(active.elasticity)

  const evaluateInto = (x: Float64Array, residual: Float64Array): void => {
    const jacobian = operator.matrix.values
    if (!now) throw new Error("setStep comes before evaluateInto")
    residual.fill(0)
    jacobian.fill(0)
    const { formula, step, previous, older, drive } = now

    const addStorage = (offset: number, volume: Float64Array, scale: number): void => {
      const rate = scale / step
      for (let i = 0; i < volume.length; i++) {
        const at = offset + i
        const weight = rate * volume[i]
        residual[at] += weight * (formula.newest * x[at] + formula.previous * previous[at] + formula.older * older[at])
        jacobian[diagonal[at]] += weight * formula.newest
      }
    }
    addStorage(0, solidVolume, faraday * active.maximumConcentration)
    addStorage(unknowns.electrolyteOffset, saltVolume, faraday * parameters.initialElectrolyte)

    addSolidDiffusion(
      geometry,
      unknowns.solidCells,
      solidDofs,
      active,
      localSlope,
      temperature,
      smooth,
      solidAt,
      x,
      residual,
      jacobian,
    )
    addElectronConduction(electronicDofs, x, residual, jacobian)
    addElectrolyte(
      geometry,
      unknowns.electrolyteCells,
      electrolyteDofs,
      pore,
      parameters.electrolyte,
      parameters.initialElectrolyte,
      temperature,
      electrolyteAt,
      x,
      residual,
      jacobian,
    )
    addInterfaceCurrents(points, parameters, gap, interfaceAt, x, residual, jacobian)
    // Carbon/binder nodes at the collector may also touch a particle: what reacts there comes from the collector too.
    collector = residual[unknowns.voltage]
    addLithiumElectrode(x, residual, jacobian)
    for (const unknown of unknowns.floating) {
      residual[unknown] += pinConductance * x[unknown]
      jacobian[diagonal[unknown]] += pinConductance
    }
    if (drive.kind === "current") residual[unknowns.voltage] -= drive.total
    else imposeVoltage(drive.voltage, x, residual, jacobian)
  }

  /** By differences: in a good conductor far from V the rounding of φ_s itself would be as large as a current. */
  const addElectronConduction = (
    dofs: Int32Array,
    x: Float64Array,
    residual: Float64Array,
    jacobian: Float64Array,
  ): void => {
    const relative = (dof: number): number => (dof === unknowns.voltage ? 0 : x[dof])
    for (let k = 0; k < unknowns.electronicCells.length; k++) {
      const own = unknowns.electronicCells[k] * vertices * vertices
      for (let i = 0; i < vertices; i++) {
        const here = relative(dofs[k * vertices + i])
        let flow = 0
        for (let j = 0; j < vertices; j++) {
          const dof = dofs[k * vertices + j]
          const entry = conductivity[k] * geometry.conduction[own + i * vertices + j]
          flow += entry * (relative(dof) - here)
          if (dof !== unknowns.voltage) jacobian[electronicAt[(k * vertices + i) * vertices + j]] += entry
        }
        residual[dofs[k * vertices + i]] += flow
      }
    }
  }

  const addLithiumElectrode = (x: Float64Array, residual: Float64Array, jacobian: Float64Array): void => {
    lithiumCurrent.total = 0
    const { exchangeCurrent, chargeTransfer } = parameters.lithium
    for (let k = 0; k < lithiumDofs.length; k++) {
      const dof = lithiumDofs[k]
      chargeTransfer.evaluateInto(exchangeCurrent, -x[dof], 0, transfer)
      // The metal's anodic current flows into the electrolyte, so what leaves the electrolyte is its negative.
      residual[dof] -= lithiumWeights[k] * transfer[0]
      residual[dof - ionicShift] -= lithiumWeights[k] * transfer[0]
      jacobian[diagonal[dof]] += lithiumWeights[k] * transfer[1]
      const across = saltRow.get(dof)
      if (across !== undefined) jacobian[across] += lithiumWeights[k] * transfer[1]
      lithiumCurrent.total -= lithiumWeights[k] * transfer[0]
    }
  }

  const imposeVoltage = (voltage: number, x: Float64Array, residual: Float64Array, jacobian: Float64Array): void => {
    const row = unknowns.voltage
    // The row keeps the size of its neighbours so that one scale fits all.
    const conductance = nominalCurrent
    for (let at = pattern.rowStart[row]; at < pattern.rowStart[row + 1]; at++) jacobian[at] = 0
    jacobian[diagonal[row]] = conductance
    residual[row] = conductance * (x[row] - voltage)
  }

  /** Places of ∂(salt row)/∂φ_l at lithium nodes. */
  const saltRow = new Map<number, number>()
  for (const dof of lithiumDofs) {
    const row = dof - ionicShift
    for (let at = pattern.rowStart[row]; at < pattern.rowStart[row + 1]; at++)
      if (pattern.columnIndex[at] === dof) saltRow.set(dof, at)
  }
  if (lithiumAt.length === 0) throw new RangeError("the mesh has no lithium electrode")

  const system: NonlinearSystem = {
    jacobian: operator,
    evaluateInto,
    residualScale: () => nominalCurrent,
    limitUpdate: (_, update) => limitUpdate(unknowns, update),
  }

  return {
    unknowns,
    system,
    points,
    solidVolume,
    initial: () => {
      const x = new Float64Array(unknowns.count)
      const rest = active.openCircuit.potential(active.initialStoichiometry)
      x.fill(active.initialStoichiometry, 0, unknowns.electronicOffset)
      x[unknowns.voltage] = rest
      x.fill(1, unknowns.electrolyteOffset, unknowns.ionicOffset)
      if (unknowns.particleOffset >= 0) x.fill(rest, unknowns.particleOffset)
      for (const unknown of unknowns.floating) x[unknown] = 0
      return x
    },
    setStep: (step) => {
      now = step
    },
    setMechanics: (newGap, newSmooth) => {
      gap.set(newGap)
      smooth.set(newSmooth)
    },
    totals: (x) => {
      let solid = 0
      for (let i = 0; i < solidVolume.length; i++) solid += solidVolume[i] * x[i]
      let salt = 0
      for (let i = 0; i < saltVolume.length; i++) salt += saltVolume[i] * x[unknowns.electrolyteOffset + i]
      return {
        collector,
        interfaces: points.current.reduce((sum, density, point) => sum + density * points.weight[point], 0),
        lithium: lithiumCurrent.total,
        solidLithium: solid * active.maximumConcentration,
        electrolyteLithium: salt * parameters.initialElectrolyte,
      }
    },
  }
}

/** Scales an update so that no potential moves by more than 1 V and no concentration by more than half its range. */
const limitUpdate = (unknowns: Unknowns, update: Float64Array): void => {
  let scale = 1
  for (let i = 0; i < update.length; i++) {
    const concentration = i < unknowns.electronicOffset || (i >= unknowns.electrolyteOffset && i < unknowns.ionicOffset)
    const size = Math.abs(update[i]) * (concentration ? 2 : 1)
    if (size * scale > 1) scale = 1 / size
  }
  if (scale < 1) for (let i = 0; i < update.length; i++) update[i] *= scale
}

const diagonalPositions = (rowStart: Int32Array, columnIndex: Int32Array): Int32Array => {
  const out = new Int32Array(rowStart.length - 1)
  for (let row = 0; row < out.length; row++)
    for (let at = rowStart[row]; at < rowStart[row + 1]; at++) if (columnIndex[at] === row) out[row] = at
  return out
}

/** Porosity and ε^b of every electrolyte cell. */
const electrolyteCellProperties = (mesh: Mesh, unknowns: Unknowns, parameters: HalfCellParameters) => {
  const porosity = new Float64Array(unknowns.electrolyteCells.length)
  const hindrance = new Float64Array(unknowns.electrolyteCells.length)
  unknowns.electrolyteCells.forEach((cell, k) => {
    const region = mesh.regions[mesh.cellToRegion[cell]]
    const { porosity: share, bruggeman } =
      region.kind === "matrix"
        ? parameters.matrices[region.name]
        : region.kind === "separator"
          ? parameters.separator
          : { porosity: 1, bruggeman: 1 }
    porosity[k] = share
    hindrance[k] = share ** bruggeman
  })
  return { porosity, hindrance }
}

/** Share of the lithium electrode that belongs to each facet corner. @returns [facet, dimension] [m], [m²] in 3-D */
const lithiumFacetWeights = (mesh: Mesh): Float64Array => {
  const { facetToNode, facetToCell } = mesh.boundaries.lithium
  const normal = new Float64Array(mesh.dimension)
  const out = new Float64Array(facetToNode.length)
  for (let facet = 0; facet < facetToCell.length; facet++)
    out.fill(
      facetNormalInto(mesh.dimension, mesh.nodes, facetToNode, facet, normal) / mesh.dimension,
      facet * mesh.dimension,
      (facet + 1) * mesh.dimension,
    )
  return out
}

/** Lays out the charge-transfer points of all facets that touch electrolyte, with their unknowns. */
const interfacePoints = (mesh: Mesh, unknowns: Unknowns, parameters: HalfCellParameters): InterfacePoints => {
  const { dimension, interfaces } = mesh
  const rule = nodalFacetQuadrature((dimension - 1) as 1 | 2)
  const perFacet = rule.weights.length
  const facets: number[] = []
  for (let facet = 0; facet < interfaceCount(mesh); facet++) if (unknowns.access.ionic[facet]) facets.push(facet)
  const equipotential = unknowns.particleOffset >= 0
  const dofsPerFacet = 4 * dimension + 1 + (equipotential ? 1 : 0)
  const facetDofs = new Int32Array(facets.length * dofsPerFacet)
  const weight = new Float64Array(facets.length * perFacet)
  const initialGap = new Float64Array(facets.length)
  const electronic = new Uint8Array(facets.length)
  const particle = new Int32Array(facets.length)
  const normal = new Float64Array(dimension)
  facets.forEach((facet, k) => {
    const region = mesh.regions[mesh.cellToRegion[interfaces.outerCell[facet]]]
    electronic[k] = unknowns.access.electronic[facet]
    particle[k] = mesh.regions[mesh.cellToRegion[interfaces.innerCell[facet]]].particle
    initialGap[k] = region.kind === "matrix" ? parameters.matrices[region.name].initialGap : 0
    const size = facetNormalInto(dimension, mesh.nodes, interfaces.innerNode, facet, normal)
    for (let q = 0; q < perFacet; q++) weight[k * perFacet + q] = size * rule.weights[q]
    for (let v = 0; v < dimension; v++) {
      const inner = interfaces.innerNode[facet * dimension + v]
      const outer = interfaces.outerNode[facet * dimension + v]
      const electron = unknowns.electronic.nodeToUnknown[outer]
      const salt = unknowns.electrolyte.nodeToUnknown[outer]
      facetDofs[k * dofsPerFacet + v] = unknowns.solid.nodeToUnknown[inner]
      facetDofs[k * dofsPerFacet + dimension + v] = electron < 0 ? -1 : electron + unknowns.electronicOffset
      facetDofs[k * dofsPerFacet + 2 * dimension + v] = salt + unknowns.electrolyteOffset
      facetDofs[k * dofsPerFacet + 3 * dimension + v] = salt + unknowns.ionicOffset
    }
    facetDofs[k * dofsPerFacet + 4 * dimension] = unknowns.voltage
    if (equipotential) facetDofs[(k + 1) * dofsPerFacet - 1] = unknowns.particleOffset + particle[k]
  })
  return {
    dimension,
    rule,
    count: facets.length * perFacet,
    facets: Int32Array.from(facets),
    facetDofs,
    dofsPerFacet,
    voltage: unknowns.voltage,
    weight,
    initialGap,
    electronic,
    particle,
    current: new Float64Array(facets.length * perFacet),
    feedSlope: new Float64Array(facets.length * perFacet),
  }
}
