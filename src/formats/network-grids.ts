import type { ElectrodeNetwork } from "../microstructure/electrode-network.ts"
import { floatingParticles, particleAreas, particleShares } from "./network-tables.ts"
import type { Grid, GridField } from "./vtu.ts"

const scalar = (name: string, unit: string, values: ArrayLike<number>): GridField => ({
  name,
  unit,
  components: 1,
  values: Float64Array.from(values),
})

/** Fields that a run adds: values at a moment, one for each particle, patch or node. */
export interface NetworkFields {
  readonly particle?: readonly GridField[]
  readonly patch?: readonly GridField[]
  readonly node?: readonly GridField[]
}

/**
 * The electron network as lines between its nodes, without the nodes that no edge meets.
 * @param fields of nodes, such as potentials
 */
export const electronGrid = ({ electrons, dimension }: ElectrodeNetwork, fields: NetworkFields = {}): Grid => {
  const { nodeCount, position, connected, from, to, highShape, lowShape } = electrons
  const point = new Int32Array(nodeCount).fill(-1)
  const nodes: number[] = []
  const pointOf = (node: number): number => {
    if (point[node] < 0) point[node] = nodes.push(node) - 1
    return point[node]
  }
  pointOf(0)
  const cellToPoint = new Int32Array(2 * from.length)
  for (let edge = 0; edge < from.length; edge++) {
    cellToPoint[2 * edge] = pointOf(from[edge])
    cellToPoint[2 * edge + 1] = pointOf(to[edge])
  }
  const unit = dimension === 3 ? "m" : ""
  const chosen = ({ values, components, ...rest }: GridField): GridField => ({
    ...rest,
    components,
    values: Float64Array.from(
      nodes.flatMap((node) => [...values.subarray(components * node, components * (node + 1))]),
    ),
  })
  return {
    // Places of planar electrodes are points of space, too: x across and z from the collector.
    dimension: 3,
    points: Float64Array.from(nodes.flatMap((node) => [...position.subarray(3 * node, 3 * node + 3)])),
    cell: "line",
    cellToPoint,
    pointData: [
      scalar("node", "", nodes),
      scalar(
        "connected",
        "",
        nodes.map((node) => connected[node]),
      ),
      ...(fields.node ?? []).map(chosen),
    ],
    cellData: [scalar("high shape", unit, highShape), scalar("low shape", unit, lowShape)],
  }
}

/** Radius of the ball, or circle, of the particle's volume [m]. */
const radiusOf = (dimension: 2 | 3, volume: number): number =>
  dimension === 3 ? Math.cbrt((3 * volume) / (4 * Math.PI)) : Math.sqrt(volume / Math.PI)

/**
 * Particles as points, with a line for each ligament or contact between two of them: its thickness is the least that any
 * patch sees.
 */
export const particleGrid = (network: ElectrodeNetwork, fields: NetworkFields = {}): Grid => {
  const { particles, patches, dimension } = network
  const least = new Map<number, number>()
  for (let i = 0; i < particles.count; i++)
    for (let k = patches.start[i]; k < patches.start[i + 1]; k++) {
      const j = patches.neighbour[k]
      if (j < 0 || j === i) continue
      const key = Math.min(i, j) * particles.count + Math.max(i, j)
      least.set(key, Math.min(least.get(key) ?? Number.POSITIVE_INFINITY, patches.ligament[k]))
    }
  const keys = [...least.keys()].sort((a, b) => a - b)
  return {
    dimension: 3,
    points: particles.centre,
    cell: "line",
    cellToPoint: Int32Array.from(keys.flatMap((key) => [Math.floor(key / particles.count), key % particles.count])),
    pointData: [
      scalar("particle", "", particles.label),
      scalar(
        "radius",
        "m",
        particles.volume.map((volume) => radiusOf(dimension, volume)),
      ),
      scalar("area", dimension === 3 ? "m^2" : "m", particleAreas(network)),
      scalar("high share", "", particleShares(network, patches.highShare)),
      scalar("low share", "", particleShares(network, patches.lowShare)),
      scalar("contact share", "", particleShares(network, patches.contactShare)),
      scalar("cut", "", particles.cut),
      scalar("floating", "", floatingParticles(network)),
      ...(fields.particle ?? []),
    ],
    cellData: [
      scalar(
        "ligament",
        "m",
        keys.map((key) => least.get(key)!),
      ),
    ],
  }
}

/** Patches as lines from the centre of their particle to its surface along their normal; fields on the lines. */
export const patchGrid = ({ particles, patches, dimension }: ElectrodeNetwork, fields: NetworkFields = {}): Grid => {
  const points = new Float64Array(3 * (particles.count + patches.count))
  points.set(particles.centre)
  const cellToPoint = new Int32Array(2 * patches.count)
  const owner = new Float64Array(patches.count)
  for (let i = 0; i < particles.count; i++) {
    const radius = radiusOf(dimension, particles.volume[i])
    for (let k = patches.start[i]; k < patches.start[i + 1]; k++) {
      owner[k] = particles.label[i]
      cellToPoint[2 * k] = i
      cellToPoint[2 * k + 1] = particles.count + k
      for (let axis = 0; axis < 3; axis++)
        points[3 * (particles.count + k) + axis] =
          particles.centre[3 * i + axis] + radius * patches.normal[3 * k + axis]
    }
  }
  return {
    dimension: 3,
    points,
    cell: "line",
    cellToPoint,
    pointData: [],
    cellData: [
      scalar("particle", "", owner),
      scalar("area", dimension === 3 ? "m^2" : "m", patches.area),
      scalar("high share", "", patches.highShare),
      scalar("low share", "", patches.lowShare),
      scalar("pore share", "", patches.poreShare),
      scalar("contact share", "", patches.contactShare),
      scalar("ligament", "m", patches.ligament),
      scalar("node", "", patches.node),
      ...(fields.patch ?? []),
    ],
  }
}
