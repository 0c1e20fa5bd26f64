import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import { faraday } from "../../../src/laws/constants.ts"
import type { ElectrodeNetwork } from "../../../src/microstructure/electrode-network.ts"
import { createNetworkElectrochemistry } from "../../../src/model/network/electrochemistry.ts"
import { mergedConductors } from "../../../src/model/network/merged-conductors.ts"
import type { NetworkCellParameters } from "../../../src/model/network/parameters.ts"
import { createNetworkSimulation } from "../../../src/model/network/simulation.ts"
import { backwardEuler } from "../../../src/solve/bdf.ts"
import { builtNetwork, plainNetwork } from "../../arbitrary/network.ts"
import { curvedElectrolyte } from "../resolved/reference.ts"
import { atRate, finish, networkParameters, time } from "./reference.ts"

const severed = builtNetwork({ ...plainNetwork, severed: 0.3, seed: 5 })

describe.each(["none", "equipotential"] as const)("the Jacobian, particle conduction %s", (particleConduction) => {
  it.each([
    { kind: "current", total: 1e-9 },
    { kind: "voltage", voltage: 3.9 },
  ] as const)("is that of the residual, $kind imposed", (drive) => {
    const parameters = { ...networkParameters, electrolyte: curvedElectrolyte, particleConduction, negligibleFall: 0 }
    const { system, unknowns, currents, initial, setStep, reacting } = createNetworkElectrochemistry(
      severed,
      parameters,
      1e-9,
    )
    const start = initial()
    const random = seededRandom(3)
    const x = start.x.map((value) => value * (1 + 0.02 * random.uniform()) + 0.01 * random.uniform())
    currents.setGap(new Float64Array(severed.patches.count).fill(1e-9))
    currents.setStart(new Float64Array(reacting.patch.length))
    setStep({ formula: backwardEuler, step: 2, drive, previous: start, older: start, start: start.interior })
    const residual = new Float64Array(unknowns.count)
    /** Tangents at contacts are those of the evaluation before: a few at one place make them its own. */
    const evaluate = (at: Float64Array, out: Float64Array): void => {
      for (let k = 0; k < 6; k++) system.evaluateInto(at, out)
      // The first slopes of a step are coarse on purpose.
      for (let k = 0; k < 2; k++) system.linearise?.()
    }
    evaluate(x, residual)
    const direction = new Float64Array(unknowns.count)
    const product = new Float64Array(unknowns.count)
    const [plus, minus] = [new Float64Array(unknowns.count), new Float64Array(unknowns.count)]
    const products: Float64Array[] = []
    for (let unknown = 0; unknown < unknowns.count; unknown++) {
      direction.fill(0)
      direction[unknown] = 1
      system.jacobian.applyInto(direction, product)
      products.push(product.slice())
    }
    for (let unknown = 0; unknown < unknowns.count; unknown++) {
      const width = 1e-6
      const moved = (by: number, out: Float64Array): void => {
        const at = x.slice()
        at[unknown] += by
        evaluate(at, out)
      }
      moved(width, plus)
      moved(-width, minus)
      const size = products[unknown].reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      for (let row = 0; row < unknowns.count; row++) {
        const difference = (plus[row] - minus[row]) / (2 * width)
        expect(Math.abs(products[unknown][row] - difference)).toBeLessThanOrEqual(1e-4 * size + 1e-15)
      }
    }
  })
})

describe("currents of contacts", () => {
  it("follow their tangent where the unknowns hardly change, and are found anew where gaps do", () => {
    const { system, unknowns, currents, initial, setStep, reacting } = createNetworkElectrochemistry(
      severed,
      { ...networkParameters, negligibleFall: 0 },
      1e-9,
    )
    const start = initial()
    const random = seededRandom(5)
    const x = start.x.map((value) => value * (1 + 0.02 * random.uniform()) + 0.01 * random.uniform())
    const gap = new Float64Array(severed.patches.count).fill(1e-9)
    currents.setGap(gap)
    currents.setStart(new Float64Array(reacting.patch.length))
    const drive = { kind: "current", total: 1e-9 } as const
    setStep({ formula: backwardEuler, step: 2, drive, previous: start, older: start, start: start.interior })
    const residual = new Float64Array(unknowns.count)
    const found = (at: Float64Array): Float64Array => {
      for (let k = 0; k < 6; k++) {
        currents.setGap(gap)
        system.evaluateInto(at, residual)
      }
      return currents.patchCurrent.slice()
    }
    const farthest = (a: Float64Array, b: Float64Array): number =>
      a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0)
    const before = found(x)
    const at = x.map((value) => value + 1e-7 * random.uniform())
    system.evaluateInto(at, residual)
    const followed = currents.patchCurrent.slice()
    const slack = currents.largestSlack()
    const exact = found(at)
    expect(farthest(followed, exact)).toBeLessThan(slack)
    expect(slack).toBeLessThan(0.03 * farthest(before, exact))
    gap.fill(2e-9)
    currents.setGap(gap)
    system.evaluateInto(at, residual)
    expect(farthest(currents.patchCurrent.slice(), exact)).toBeGreaterThan(1e3 * farthest(before, exact))
  })
})

/** One column of particles, each on its own node, so that the current of the chain is known edge by edge. */
const chain = (rows: number, coverage = 1, radius = 5): ElectrodeNetwork => {
  const network = builtNetwork({
    ...plainNetwork,
    columns: 1,
    rows,
    coverage,
    radius,
    unevenness: 0,
    pore: 0,
    severed: 0,
    scatter: 0,
  })
  const node = Int32Array.from(network.patches.node, (_, patch) => Math.floor(patch / plainNetwork.patches) + 1)
  return { ...network, patches: { ...network.patches, node } }
}

const rigid = (change: Partial<NetworkCellParameters> = {}): NetworkCellParameters => ({
  ...networkParameters,
  mechanics: false,
  negligibleFall: 0,
  ...change,
})

describe("a chain of particles", () => {
  const network = chain(6)
  const parameters = rigid()
  const simulation = createNetworkSimulation(network, parameters, { name: "chain", steps: [atRate(5, 60)] }, time)
  finish(simulation)
  const { x, transfer, current } = simulation.state()
  const { electronic } = simulation.cell.electrochemistry.unknowns

  it("loses the voltage that Ohm's law takes along it", () => {
    const { from, to, highShape, lowShape } = network.electrons
    const { high, low } = parameters.matrices
    const potential = (node: number): number => (node === 0 ? 0 : x[electronic + node - 1])
    for (let edge = 0; edge < network.electrons.edgeCount; edge++) {
      const conductance = high.conductivity * highShape[edge] + low.conductivity * lowShape[edge]
      const beyond = transfer.subarray(to[edge] - 1).reduce((sum, own) => sum + own, 0)
      const fall = potential(from[edge]) - potential(to[edge])
      expect((fall * conductance) / beyond).toBeCloseTo(1, 6)
    }
  })

  it("carries the current that the cycler sends", () => {
    expect(current).toBeCloseTo(5 * simulation.cell.oneC, 20)
    expect(transfer.reduce((sum, own) => sum + own, 0) / current).toBeCloseTo(1, 9)
  })
})

describe("the separator", () => {
  const parameters = rigid({ separatorThickness: 100e-6 })
  const { electrolyte, separator, initialElectrolyte } = parameters
  const diffusivity = electrolyte.diffusivity(initialElectrolyte) * separator.porosity ** separator.bruggeman
  /** Current whose steady gradient takes away the initial concentration across the separator [A/m²] */
  const across =
    (faraday * diffusivity * initialElectrolyte) / ((1 - electrolyte.transference(initialElectrolyte)) * 100e-6)
  const network = chain(1)

  it("ends in a straight line of the slope that the salt flux asks for", () => {
    const simulation = createNetworkSimulation(
      network,
      parameters,
      { name: "steady", steps: [{ ...atRate(0, 400), control: { kind: "current", density: 0.2 * across } }] },
      { ...time, longestStep: 50 },
    )
    finish(simulation)
    const { x } = simulation.state()
    const { salt, ionic } = simulation.cell.electrochemistry.unknowns
    const fall = x[ionic - 2] - x[salt + 1]
    // Between the middles of its first and last of eight cells
    expect(Math.abs(fall) / (0.2 * (7 / 8))).toBeCloseTo(1, 3)
  })

  it("carries no more than its limiting current", () => {
    // Large particles that are fast inside, so that it is the electrolyte that gives out.
    const active = {
      ...parameters.active,
      initialStoichiometry: 0.3,
      stressCoupling: false,
      diffusivity: { value: () => 1e-11, slope: () => 0 },
    }
    const large = chain(1, 1, 20)
    const discharged = (density: number) => {
      const simulation = createNetworkSimulation(
        large,
        { ...parameters, active, separatorThickness: 200e-6 },
        { name: "limit", steps: [{ ...atRate(0, 200), control: { kind: "current", density: -density } }] },
        { ...time, longestStep: 20 },
      )
      return { ends: finish(simulation), state: simulation.state(), cell: simulation.cell }
    }
    const under = discharged(0.5 * across)
    expect(under.ends).toEqual(["duration"])
    // Steady: a fall of Δ = i/i_across · 200/100 over the separator, of Δ′ over half the layer, salt conserved
    const [inSeparator, inElectrode] = [200e-6 * separator.porosity, large.thickness * large.ions.porosity[0]]
    const { porosity, tortuosity, thickness } = large.ions
    const transport = electrolyte.diffusivity(initialElectrolyte) * (porosity[0] / tortuosity[0])
    const inLayer = 0.5 * ((diffusivity / 100e-6) * (thickness[0] / 2 / transport))
    const expected = 1 - (inLayer + 0.5) * (inSeparator / (inSeparator + inElectrode))
    expect(under.state.x[under.cell.electrochemistry.unknowns.salt]).toBeCloseTo(expected, 2)
    const over = discharged(1.3 * across)
    expect(over.ends).toEqual(["cannot carry the current"])
    const { salt } = over.cell.electrochemistry.unknowns
    expect(over.state.x[salt]).toBeLessThan(0.02)
    expect(over.state.x[0]).toBeLessThan(0.9)
  })
})

describe("at a hundredth of 1C", () => {
  it("the voltage is the equilibrium potential", () => {
    const simulation = createNetworkSimulation(
      builtNetwork(plainNetwork),
      rigid(),
      { name: "slow", steps: [atRate(0.01, 36_000)] },
      { ...time, longestStep: 3600 },
    )
    const { openCircuit } = networkParameters.active
    finish(simulation, ({ voltage, particles }) => {
      const mean = particles.meanStoichiometry.reduce((sum, own) => sum + own, 0) / particles.meanStoichiometry.length
      expect(Math.abs(voltage - openCircuit.potential(mean))).toBeLessThan(1.5e-3)
    })
  })
})

describe("edges along which next to nothing falls", () => {
  it("may be taken for ideal: the collector stays first, what is left is parallel sums, and results stay", () => {
    const network = builtNetwork({ ...plainNetwork, columns: 3, rows: 4 })
    const { edgeCount, from, to, highShape } = network.electrons
    const conductance = highShape.map((shape) => 100 * shape)
    const merged = mergedConductors(network, conductance, 1e-5)
    expect(merged.electrons.nodeCount).toBeLessThan(network.electrons.nodeCount)
    // Nodes that an ideal edge joins have become one; the sum of all other shapes is kept.
    let across = 0
    const nodeOf = new Map<number, number>()
    network.patches.node.forEach((node, patch) => {
      if (node >= 0) nodeOf.set(node, merged.patches.node[patch])
    })
    nodeOf.set(0, 0)
    for (let edge = 0; edge < edgeCount; edge++) {
      const [a, b] = [nodeOf.get(from[edge]), nodeOf.get(to[edge])]
      if (conductance[edge] >= 1e-5) expect(a).toBe(b)
      if (a !== b) across += highShape[edge]
    }
    expect(merged.electrons.highShape.reduce((sum, shape) => sum + shape, 0)).toBeCloseTo(across, 15)
    const ends = [0, 1e-3].map((negligibleFall) => {
      const simulation = createNetworkSimulation(
        network,
        { ...networkParameters, negligibleFall },
        { name: "charge", steps: [atRate(5, 432)] },
        time,
      )
      finish(simulation)
      return simulation.observation
    })
    expect(Math.abs(ends[1].voltage - ends[0].voltage)).toBeLessThan(2e-3)
    ends[0].particles.meanStoichiometry.forEach((own, particle) => {
      expect(Math.abs(own - ends[1].particles.meanStoichiometry[particle])).toBeLessThan(2e-3)
    })
  })
})
