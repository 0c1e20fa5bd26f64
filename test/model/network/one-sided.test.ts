import { describe, expect, it } from "vitest"
import type { ElectrodeNetwork } from "../../../src/microstructure/electrode-network.ts"
import { createNetworkSimulation } from "../../../src/model/network/simulation.ts"
import { builtNetwork, plainNetwork } from "../../arbitrary/network.ts"
import { atRate, finish, networkParameters, time } from "./reference.ts"

/** One disc or ball without pore, whose patches are well covered where `fed` says so, and not at all elsewhere. */
const covered = (
  dimension: 2 | 3,
  patches: number,
  fed: (normal: Float64Array, k: number) => boolean,
): ElectrodeNetwork => {
  const network = builtNetwork({
    ...plainNetwork,
    dimension,
    patches,
    columns: 1,
    rows: 1,
    pore: 0,
    scatter: 0,
    severed: 0,
    contact: 0,
  })
  const share = (of: boolean): Float64Array =>
    Float64Array.from({ length: patches }, (_, k) =>
      fed(network.patches.normal.subarray(3 * k, 3 * k + 3), k) === of ? 1 : 0,
    )
  const node = new Int32Array(patches).fill(1)
  const zeros = new Float64Array(patches)
  return {
    ...network,
    patches: {
      ...network.patches,
      highShare: share(true),
      lowShare: zeros,
      poreShare: share(false),
      contactShare: zeros,
      node,
    },
  }
}

describe("a particle fed from one side", () => {
  const discharged = (network: ElectrodeNetwork) => {
    const simulation = createNetworkSimulation(
      network,
      { ...networkParameters, mechanics: false },
      { name: "charge", steps: [atRate(5, 200)] },
      time,
    )
    finish(simulation)
    return simulation
  }
  const side = discharged(covered(2, 16, ([x]) => x > 0))
  const spots = discharged(covered(2, 16, (_, k) => k % 2 === 0))

  it("is emptier there than on the average of its surface, and costs more voltage than one fed in spots", () => {
    const unevenness = side.state().unevenness
    expect(Math.max(...unevenness)).toBeLessThan(-0.03)
    expect(Math.abs(Math.min(...spots.state().unevenness))).toBeLessThan(0.3 * Math.abs(Math.min(...unevenness)))
    expect(side.observation.voltage).toBeGreaterThan(spots.observation.voltage + 0.01)
  })

  it("takes as much as its current says", () => {
    expect(side.observation.balance.lithium).toBeLessThan(1e-9)
    expect(side.observation.particles.meanStoichiometry[0]).toBeCloseTo(
      spots.observation.particles.meanStoichiometry[0],
      9,
    )
  })

  it("evens out at rest", () => {
    const simulation = createNetworkSimulation(
      covered(2, 16, ([x]) => x > 0),
      { ...networkParameters, mechanics: false },
      { name: "rest", steps: [atRate(5, 100), { ...atRate(0, 4000), duration: 4000 }] },
      { ...time, longestStep: 100 },
    )
    finish(simulation)
    expect(Math.max(...simulation.state().unevenness.map(Math.abs))).toBeLessThan(1e-3)
  })
})
