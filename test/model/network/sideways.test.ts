import { describe, expect, it } from "vitest"
import { chen2020OpenCircuit } from "../../../src/laws/open-circuit.ts"
import type { ElectrodeNetwork } from "../../../src/microstructure/electrode-network.ts"
import { potentialTable } from "../../../src/model/network/potential-table.ts"
import { unevennessGain } from "../../../src/model/network/sideways-diffusion.ts"
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

describe("the gain of unevenness", () => {
  const always = (): boolean => true

  it("is that of half a disc: 1.0518/1.2337 of its odd harmonics", () => {
    const gain = unevennessGain(
      covered(2, 64, ([x]) => x > 0),
      always,
    )[0]
    expect(gain).toBeGreaterThan(0.83)
    expect(gain).toBeLessThan(0.92)
  })

  it("is 1 for one side of a ball, and small for spots all round", () => {
    expect(
      unevennessGain(
        covered(3, 200, ([, , z]) => z > 0),
        always,
      )[0],
    ).toBeGreaterThan(0.8)
    expect(
      unevennessGain(
        covered(2, 16, (_, k) => k % 2 === 0),
        always,
      )[0],
    ).toBeCloseTo(1 / 8, 9)
  })
})

describe("the potential table", () => {
  it("is the law to 1e-8 V, with the slope of its pieces, and the law itself beyond", () => {
    const { evaluateInto } = potentialTable(chen2020OpenCircuit)
    const out = new Float64Array(2)
    for (let k = 0; k <= 5000; k++) {
      const x = -0.2 + (1.4 * k) / 5000
      evaluateInto(x, out)
      // Where the law has a kink, at full, no cubic follows it.
      if (Math.abs(x - 1) < 1e-3) continue
      expect(Math.abs(out[0] - chen2020OpenCircuit.potential(x))).toBeLessThan(1e-8)
      expect(Math.abs(out[1] - chen2020OpenCircuit.slope(x))).toBeLessThan(2e-4)
    }
  })
})

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
    const offsets = side.state().offset
    expect(Math.max(...offsets)).toBeLessThan(-0.03)
    expect(Math.abs(Math.min(...spots.state().offset))).toBeLessThan(0.3 * Math.abs(Math.min(...offsets)))
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
    expect(Math.max(...simulation.state().offset.map(Math.abs))).toBeLessThan(1e-3)
  })
})
