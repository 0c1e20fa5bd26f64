import type { ElectrodeNetwork } from "../microstructure/electrode-network.ts"
import type { Column, Table } from "./table.ts"

const column = (name: string, unit: string, values: ArrayLike<number>): Column => ({
  name,
  unit,
  values: Float64Array.from(values),
})

/** Every n-th value of an array with so many components. */
const component = (values: Float64Array, components: number, which: number): Float64Array =>
  Float64Array.from({ length: values.length / components }, (_, row) => values[components * row + which])

/** Sum over the patches of each particle. */
const overPatches = ({ particles, patches }: ElectrodeNetwork, value: (patch: number) => number): Float64Array =>
  Float64Array.from({ length: particles.count }, (_, i) => {
    let sum = 0
    for (let k = patches.start[i]; k < patches.start[i + 1]; k++) sum += value(k)
    return sum
  })

/** [particle] of the surface [m²] */
export const particleAreas = (network: ElectrodeNetwork): Float64Array =>
  overPatches(network, (k) => network.patches.area[k])

/** [particle] 1 where no patch has a path to the collector */
export const floatingParticles = (network: ElectrodeNetwork): Float64Array =>
  overPatches(network, (k) => {
    const node = network.patches.node[k]
    return node >= 0 ? network.electrons.connected[node] : 0
  }).map((paths) => (paths > 0 ? 0 : 1))

/** [particle] share of the surface of which a patch has the share `share` */
export const particleShares = (network: ElectrodeNetwork, share: Float64Array): Float64Array => {
  const areas = particleAreas(network)
  return overPatches(network, (k) => share[k] * network.patches.area[k]).map((sum, i) => sum / areas[i])
}

/** One row a particle. Units of space hold for a planar electrode with one metre of depth less in each. */
export const networkParticleTable = (network: ElectrodeNetwork): Table => {
  const { particles, patches, dimension } = network
  const space = dimension === 3 ? (["m^3", "m^2"] as const) : (["m^2", "m"] as const)
  return {
    columns: [
      column("particle", "", particles.label),
      column("x", "m", component(particles.centre, 3, 0)),
      column("y", "m", component(particles.centre, 3, 1)),
      column("z", "m", component(particles.centre, 3, 2)),
      column("volume", space[0], particles.volume),
      column("area", space[1], particleAreas(network)),
      column("high_share", "", particleShares(network, patches.highShare)),
      column("low_share", "", particleShares(network, patches.lowShare)),
      column("pore_share", "", particleShares(network, patches.poreShare)),
      column("contact_share", "", particleShares(network, patches.contactShare)),
      column("cut", "", particles.cut),
      column("floating", "", floatingParticles(network)),
    ],
  }
}

/** One row a patch; particles by their label, 0 for no neighbour; nodes and layers by their number, −1 for no node. */
export const networkPatchTable = ({ particles, patches, dimension }: ElectrodeNetwork): Table => {
  const owner = new Float64Array(patches.count)
  for (let i = 0; i < particles.count; i++) owner.fill(particles.label[i], patches.start[i], patches.start[i + 1])
  return {
    columns: [
      column("particle", "", owner),
      column("area", dimension === 3 ? "m^2" : "m", patches.area),
      column("normal_x", "", component(patches.normal, 3, 0)),
      column("normal_y", "", component(patches.normal, 3, 1)),
      column("normal_z", "", component(patches.normal, 3, 2)),
      column("high_share", "", patches.highShare),
      column("low_share", "", patches.lowShare),
      column("pore_share", "", patches.poreShare),
      column("contact_share", "", patches.contactShare),
      column(
        "neighbour",
        "",
        Float64Array.from(patches.neighbour, (j) => (j >= 0 ? particles.label[j] : 0)),
      ),
      column("ligament", "m", patches.ligament),
      column("node", "", patches.node),
      column("layer", "", patches.layer),
    ],
  }
}

/** One row a node of the electron network; 0 is the collector. */
export const networkNodeTable = ({ electrons }: ElectrodeNetwork): Table => ({
  columns: [
    column(
      "node",
      "",
      Int32Array.from({ length: electrons.nodeCount }, (_, node) => node),
    ),
    column("x", "m", component(electrons.position, 3, 0)),
    column("y", "m", component(electrons.position, 3, 1)),
    column("z", "m", component(electrons.position, 3, 2)),
    column("connected", "", electrons.connected),
  ],
})

/** One row an edge of the electron network: conductance over conductivity. */
export const networkEdgeTable = ({ electrons, dimension }: ElectrodeNetwork): Table => ({
  columns: [
    column("from", "", electrons.from),
    column("to", "", electrons.to),
    column("high_shape", dimension === 3 ? "m" : "", electrons.highShape),
    column("low_shape", dimension === 3 ? "m" : "", electrons.lowShape),
  ],
})

/** One row a layer of the electrolyte, from the collector. */
export const networkLayerTable = ({ ions }: ElectrodeNetwork): Table => ({
  columns: [
    column(
      "layer",
      "",
      Int32Array.from({ length: ions.count }, (_, layer) => layer),
    ),
    column("thickness", "m", ions.thickness),
    column("porosity", "", ions.porosity),
    column("tortuosity", "", ions.tortuosity),
  ],
})
