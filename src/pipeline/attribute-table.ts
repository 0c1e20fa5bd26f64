import type { Column, Table } from "../formats/table.ts"
import type { Segmentation } from "../image/segment.ts"
import { type Mesh, particleCount } from "../mesh/mesh.ts"
import type { NetworkSimulation } from "../model/network/simulation.ts"
import type { Observation } from "../model/observation.ts"
import type { CellFields } from "../model/resolved/fields.ts"
import { particleTableFromMesh } from "../particles/mesh-table.ts"
import { particleTable } from "../particles/slice-table.ts"
import { columnOf, type ParticleTable, type TableColumn, withColumn } from "../particles/table.ts"

/** Where the particles of a mesh came from, as far as their attributes need it. */
export interface TableSource {
  readonly mesh: Mesh
  readonly slice: Segmentation | null
  /** [particle] label in the slice */
  readonly particleToLabel: Int32Array
}

/** Mean and standard deviation of a nodal field over each particle, exact for linear triangles. */
const withinParticles = (mesh: Mesh, values: Float64Array): { mean: Float64Array; deviation: Float64Array } => {
  const count = particleCount(mesh)
  const [area, first, second] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)]
  const { nodes, cellToNode, cellToRegion, regions } = mesh
  for (let cell = 0; cell < cellToRegion.length; cell++) {
    const { particle } = regions[cellToRegion[cell]]
    if (particle < 0) continue
    const [a, b, c] = cellToNode.subarray(3 * cell, 3 * cell + 3)
    const [ax, ay, bx, by, cx, cy] = [a, b, c].flatMap((node) => [nodes[2 * node], nodes[2 * node + 1]])
    const size = ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
    const [u, v, w] = [values[a], values[b], values[c]]
    area[particle] += size
    first[particle] += (size * (u + v + w)) / 3
    second[particle] += (size * (u * u + v * v + w * w + u * v + v * w + w * u)) / 6
  }
  const mean = first.map((sum, particle) => sum / area[particle])
  return {
    mean,
    deviation: second.map((sum, particle) => Math.sqrt(Math.max(0, sum / area[particle] - mean[particle] ** 2))),
  }
}

/** Geometry of the particles, with what the slice alone can tell: cracks. */
export const geometryTable = ({ mesh, slice, particleToLabel }: TableSource): ParticleTable => {
  const table = particleTableFromMesh(mesh)
  if (slice === null) return table
  const measured = particleTable(slice)
  const names = ["SurfaceInner", "Damage"]
  return names.reduce((grown, name) => {
    const column = columnOf(measured, name)
    if (column === undefined) return grown
    return withColumn(grown, {
      ...column,
      values: Float64Array.from(particleToLabel, (label) => column.values[label - 1]),
    })
  }, table)
}

/** Columns that only a simulation has; they stand apart behind those shared with measurement. */
const simulatedColumns = ({ particles }: Observation, energy: "J" | "J/m"): TableColumn[] => [
  { name: "mean_stoichiometry", unit: "", values: particles.meanStoichiometry },
  { name: "surface_stoichiometry", unit: "", values: particles.surfaceStoichiometry },
  { name: "interface_damage", unit: "", values: particles.damage },
  { name: "debonded_share", unit: "", values: particles.debondedShare },
  { name: "mean_gap", unit: "m", values: particles.meanGap },
  { name: "max_gap", unit: "m", values: particles.maximumGap },
  { name: "gap_volume_share", unit: "", values: particles.gapVolumeShare },
  { name: "current", unit: "A/m^2", values: particles.current },
  { name: "max_principal_stress", unit: "Pa", values: particles.maximumPrincipalStress },
  { name: "max_hydrostatic_stress", unit: "Pa", values: particles.maximumHydrostaticStress },
  { name: "elastic_energy", unit: energy, values: particles.elasticEnergy },
]

/**
 * The attribute table of a simulated state, with the columns of a measured one: EDensity is the mean lithium content
 * c/c_max, Homogeneity the inverse of its standard deviation within the particle (infinite where it is uniform, as
 * "not recorded"), Damage the share of cracks and gap. Columns in small letters belong to the simulation alone.
 */
export const attributeTable = (
  geometry: ParticleTable,
  mesh: Mesh,
  observation: Observation,
  fields: CellFields,
): Table => {
  const cracks = columnOf(geometry, "Damage")?.values
  const { gapVolumeShare } = observation.particles
  const stoichiometry = fields.pointData.find(({ name }) => name === "stoichiometry")
  let table = geometry
  if (stoichiometry !== undefined && mesh.dimension === 2) {
    const { mean, deviation } = withinParticles(mesh, stoichiometry.values)
    const homogeneity = deviation.map((value) => (value > 1e-12 ? 1 / value : Number.NaN))
    table = withColumn(table, { name: "EDensity", unit: "", values: mean })
    table = withColumn(table, { name: "Homogeneity", unit: "", values: homogeneity })
  }
  const damage = gapVolumeShare.map((gap, particle) => (cracks?.[particle] ?? 0) + gap)
  table = withColumn(table, { name: "Damage", unit: "", values: damage })
  return numbered(simulatedColumns(observation, "J/m").reduce(withColumn, table))
}

const numbered = (table: ParticleTable): Table => {
  const particle: Column = {
    name: "particle",
    unit: "",
    values: Float64Array.from({ length: table.particleCount }, (_, k) => k + 1),
  }
  return { columns: [particle, ...table.columns.map(({ name, unit, values }) => ({ name, unit, values }))] }
}

/**
 * The attribute table of a network's state: EDensity is the mean lithium content c/c_max, Homogeneity the inverse of its
 * standard deviation over the shells, Damage what was measured, and gap and new cracks beside it. Columns in small letters
 * belong to the simulation alone.
 * @param attributes of the particles as measured, or as the network has them; row k is particle k of the network
 */
export const networkAttributes = (attributes: ParticleTable, simulation: NetworkSimulation): Table => {
  const { observation, cell, floating } = simulation
  const { dimension, particles } = cell.network
  const { grid } = cell.electrochemistry
  const { interior } = simulation.state()
  const { gapVolumeShare, meanStoichiometry } = observation.particles
  const { crackVolumeShare } = simulation.innerDamage()
  const deviation = meanStoichiometry.map((mean, particle) => {
    let square = 0
    for (let shell = 0; shell < grid.shells; shell++)
      square += grid.share[particle * grid.stride + shell] * (interior[particle * grid.shells + shell] - mean) ** 2
    return Math.sqrt(square)
  })
  const measured = columnOf(attributes, "Damage")?.values
  const column = (name: string, unit: string, values: Float64Array): TableColumn => ({ name, unit, values })
  const columns = [
    column("EDensity", "", meanStoichiometry.slice()),
    column(
      "Homogeneity",
      "",
      deviation.map((value) => (value > 1e-12 ? 1 / value : Number.NaN)),
    ),
    column(
      "Damage",
      "",
      gapVolumeShare.map((gap, k) => (measured?.[k] ?? 0) + gap + crackVolumeShare[k]),
    ),
    ...simulatedColumns(observation, dimension === 2 ? "J/m" : "J"),
    column("crack_volume_share", "", crackVolumeShare),
    column("floating", "", Float64Array.from(floating)),
    column("Cut", "", Float64Array.from(particles.cut)),
  ]
  return numbered(columns.reduce(withColumn, attributes))
}
