import { expect, it } from "vitest"
import { createNetworkSimulation } from "../../../src/model/network/simulation.ts"
import type { Observation } from "../../../src/model/observation.ts"
import type { Protocol } from "../../../src/model/protocol.ts"
import { createSimulation } from "../../../src/model/resolved/simulation.ts"
import { meshed, referenceParameters, threeParticles } from "../../../validation/analytic/reference-cell.ts"
import { fixedChargeCycle, networkParameters, time } from "./reference.ts"
import { columnNetwork } from "./three-particles.ts"

/** Every 54 s of the first charge. */
const places = Array.from({ length: 8 }, (_, k) => 54 * (k + 1))
const protocol: Protocol = { name: "first charge", steps: fixedChargeCycle.steps.slice(0, 1) }

const followed = (simulation: {
  readonly observation: Observation
  readonly advance: (latest?: number) => { readonly kind: string }
}): readonly Observation[] =>
  places.map((place) => {
    while (simulation.observation.time < place) {
      const { kind } = simulation.advance(place)
      if (kind === "failed" || kind === "finished") break
    }
    return simulation.observation
  })

it("in the first charge of three particles a network does as the resolved half-cell does", () => {
  const layout = threeParticles()
  const resolved = followed(createSimulation(meshed(layout, 1e-6), referenceParameters, protocol, time))
  const network = followed(
    createNetworkSimulation(columnNetwork(layout, 32, 12, 0.5), networkParameters, protocol, time),
  )
  const blunt = followed(
    createNetworkSimulation(
      columnNetwork(layout, 32, 12, 0.5),
      { ...networkParameters, angularModes: 0 },
      protocol,
      time,
    ),
  )
  const apart = (of: readonly Observation[]): number =>
    Math.max(
      ...resolved.flatMap((whole, k) =>
        Array.from(whole.particles.meanStoichiometry, (mean, particle) =>
          Math.abs(of[k].particles.meanStoichiometry[particle] - mean),
        ),
      ),
    )
  // What lithium does around the particles is most of what parts them.
  expect(apart(blunt)).toBeGreaterThan(0.025)
  expect(apart(blunt)).toBeGreaterThan(2 * apart(network))
  resolved.forEach((whole, k) => {
    expect(network[k].time).toBeCloseTo(whole.time, 9)
    expect(Math.abs(network[k].voltage - whole.voltage)).toBeLessThan(0.05)
    for (let particle = 0; particle < 3; particle++)
      expect(
        Math.abs(network[k].particles.meanStoichiometry[particle] - whole.particles.meanStoichiometry[particle]),
      ).toBeLessThan(0.02)
  })
  // The order of coverage, in lithium and in damage
  for (const { particles } of [resolved.at(-1)!, network.at(-1)!]) {
    const { meanStoichiometry, damage } = particles
    expect(meanStoichiometry[0]).toBeLessThan(meanStoichiometry[1])
    expect(meanStoichiometry[1]).toBeLessThan(meanStoichiometry[2])
    expect(damage[0]).toBeGreaterThan(damage[1])
    expect(damage[1]).toBeGreaterThan(damage[2])
  }
})
