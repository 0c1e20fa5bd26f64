import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"
import type { ParticleConduction } from "../resolved/parameters.ts"
import type { ConcentrationRange } from "../solution-range.ts"

/** Where the unknowns of a network lie in one vector. Potentials of electrons are relative to the collector's, V. */
export interface NetworkUnknowns {
  readonly count: number
  /** Stoichiometry at the surface of each particle, from 0 on */
  readonly particles: number
  /** First node of the electron network but the collector: node n lies at `electronic + n − 1` */
  readonly electronic: number
  /** Cell voltage V */
  readonly voltage: number
  /** c_l/c_l0 of the cells of the ion column */
  readonly salt: number
  /** φ_l of the same cells */
  readonly ionic: number
  /** First potential of a particle; −1 where particles have none */
  readonly potential: number
}

export const numberNetworkUnknowns = (
  { particles, electrons }: ElectrodeNetwork,
  ionCells: number,
  conduction: ParticleConduction,
): NetworkUnknowns => {
  const electronic = particles.count
  const voltage = electronic + electrons.nodeCount - 1
  const salt = voltage + 1
  const ionic = salt + ionCells
  const potential = ionic + ionCells
  const shared = conduction === "equipotential"
  return {
    count: potential + (shared ? particles.count : 0),
    particles: particles.count,
    electronic,
    voltage,
    salt,
    ionic,
    potential: shared ? potential : -1,
  }
}

/** [node] 1 where a path of edges that conduct leads to the collector. @param conductance [edge] [S] */
export const reachedNodes = ({ electrons }: ElectrodeNetwork, conductance: Float64Array): Uint8Array => {
  const { nodeCount, edgeCount, from, to } = electrons
  const start = new Int32Array(nodeCount + 1)
  for (let edge = 0; edge < edgeCount; edge++) {
    start[from[edge] + 1]++
    start[to[edge] + 1]++
  }
  for (let node = 0; node < nodeCount; node++) start[node + 1] += start[node]
  const next = start.slice(0, nodeCount)
  const around = new Int32Array(2 * edgeCount)
  for (let edge = 0; edge < edgeCount; edge++) {
    around[next[from[edge]]++] = edge
    around[next[to[edge]]++] = edge
  }
  const reached = new Uint8Array(nodeCount)
  const queue = new Int32Array(nodeCount)
  let end = 0
  if (nodeCount > 0) {
    reached[0] = 1
    queue[end++] = 0
  }
  for (let begin = 0; begin < end; begin++) {
    const node = queue[begin]
    for (let at = start[node]; at < start[node + 1]; at++) {
      const edge = around[at]
      const other = from[edge] === node ? to[edge] : from[edge]
      if (reached[other] || !(conductance[edge] > 0)) continue
      reached[other] = 1
      queue[end++] = other
    }
  }
  return reached
}

/** Where its concentrations stand. */
export const concentrationRange = ({ particles, salt, ionic }: NetworkUnknowns): ConcentrationRange => ({
  solidEnd: particles,
  saltStart: salt,
  saltEnd: ionic,
})
