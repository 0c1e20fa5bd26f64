import type { Grid, GridField } from "../formats/vtu.ts"
import type { ElectrodeNetwork } from "../microstructure/electrode-network.ts"
import type { NetworkSimulation } from "../model/network/simulation.ts"

const field = (name: string, unit: string, values: Float64Array | Int32Array): GridField => ({
  name,
  unit,
  components: 1,
  values,
})

/** Centres or nodes in the dimension of the network: the plane has x and z. */
const placesOf = ({ dimension }: ElectrodeNetwork, places: Float64Array): Float64Array =>
  dimension === 3 ? places : places.filter((_, at) => at % 3 !== 1)

/** Pairs of particles across ligaments or in contact, each once, with the area by which they face one another. */
const facingPairs = ({
  particles,
  patches,
}: ElectrodeNetwork): { readonly pairs: Int32Array; readonly area: Float64Array } => {
  const areas = new Map<number, number>()
  for (let i = 0; i < particles.count; i++)
    for (let patch = patches.start[i]; patch < patches.start[i + 1]; patch++) {
      const j = patches.neighbour[patch]
      if (j < 0) continue
      const key = Math.min(i, j) * particles.count + Math.max(i, j)
      // Each side sees the other.
      areas.set(key, (areas.get(key) ?? 0) + patches.area[patch] / 2)
    }
  return {
    pairs: Int32Array.from(
      [...areas.keys()].flatMap((key) => [Math.floor(key / particles.count), key % particles.count]),
    ),
    area: Float64Array.from(areas.values()),
  }
}

/** Particles as points at their centres with what they do now, joined to those that they face. */
export const particleGrid = (
  network: ElectrodeNetwork,
  { observation, floating, innerDamage }: NetworkSimulation,
): Grid => {
  const { particles } = observation
  const { pairs, area } = facingPairs(network)
  return {
    dimension: network.dimension,
    points: placesOf(network, network.particles.centre),
    cell: "line",
    cellToPoint: pairs,
    pointData: [
      field("particle", "", Int32Array.from(network.particles.label)),
      field("volume", network.dimension === 3 ? "m^3" : "m^2", network.particles.volume),
      field("stoichiometry", "", particles.meanStoichiometry),
      field("surface_stoichiometry", "", particles.surfaceStoichiometry),
      field("damage", "", particles.damage),
      field("crack_volume_share", "", innerDamage().crackVolumeShare),
      field("mean_gap", "m", particles.meanGap),
      field("current", "A/m^2", particles.current),
      field("stress_maximum_principal", "Pa", particles.maximumPrincipalStress),
      field("floating", "", Int32Array.from(floating)),
    ],
    cellData: [field("facing_area", network.dimension === 3 ? "m^2" : "m", area)],
  }
}

/** The electron network: nodes with their potential against the collector's now, edges with their conductance shapes. */
export const conductorGrid = (network: ElectrodeNetwork, simulation: NetworkSimulation): Grid => {
  const { electrons } = network
  const { x } = simulation.state()
  const { electronic } = simulation.cell.electrochemistry.unknowns
  const cellToPoint = new Int32Array(2 * electrons.edgeCount)
  for (let edge = 0; edge < electrons.edgeCount; edge++) {
    cellToPoint[2 * edge] = electrons.from[edge]
    cellToPoint[2 * edge + 1] = electrons.to[edge]
  }
  return {
    dimension: network.dimension,
    points: placesOf(network, electrons.position),
    cell: "line",
    cellToPoint,
    pointData: [
      field(
        "potential_solid",
        "V",
        Float64Array.from({ length: electrons.nodeCount }, (_, node) => (node === 0 ? 0 : x[electronic + node - 1])),
      ),
      field("connected", "", Int32Array.from(electrons.connected)),
    ],
    cellData: [
      field("high_shape", network.dimension === 3 ? "m" : "", electrons.highShape),
      field("low_shape", network.dimension === 3 ? "m" : "", electrons.lowShape),
    ],
  }
}
