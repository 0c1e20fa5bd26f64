import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { networkTwin } from "../arbitrary/network-twin.ts"
import { networkTwinFiles as files } from "../arbitrary/network-twin-files.ts"
import { invariants } from "./invariants.ts"
import { everyNetworkCurrentFinding, totalNetworkCurrentFinding } from "./network-conductor.ts"
import { networkRun, runnableNetwork } from "./network-run.ts"
import {
  doubledNetworkFinding,
  endsForWant,
  mirroredNetworkFinding,
  networkToleranceErrors,
} from "./network-variants.ts"
import { itHolds } from "./property.ts"
import { resumedFinding, smoothDelay, toleranceFinding } from "./variants.ts"
import { createVerdicts } from "./verdicts.ts"

const twins = networkTwin()
const { census, findingOf, runOf } = createVerdicts(networkRun)

describe("any network twin", () => {
  for (const invariant of invariants)
    itHolds({
      name: invariant.name,
      twins,
      files,
      casesInTest: 30,
      finding: (twin) => findingOf(invariant, twin),
    })

  it("is no harmless one: bonds tear, limits are met, particles are cut off", ({ skip }) => {
    const { runs, damaged, limited, severed } = census()
    if (runs < 25) skip("too few twins were run")
    expect(damaged / runs).toBeGreaterThan(0.3)
    expect(limited / runs).toBeGreaterThan(0.3)
    expect(severed / runs).toBeGreaterThan(0.05)
  })

  itHolds({
    name: "mirrored and with everything in another order does the same to 1e-5",
    twins,
    files,
    cases: 16,
    casesInTest: 6,
    finding: async (twin) => mirroredNetworkFinding(await runOf(twin)),
  })

  itHolds({
    name: "beside a copy of itself stays equal to it to 1e-5",
    twins: networkTwin({ most: 40 }),
    files,
    cases: 16,
    casesInTest: 4,
    finding: async (twin) => doubledNetworkFinding(await runnableNetwork(twin)),
  })

  itHolds({
    name: "resumed from a checkpoint ends with the same bits",
    twins,
    files,
    cases: 16,
    casesInTest: 6,
    finding: async (twin) => resumedFinding(await runOf(twin)),
  })

  itHolds({
    name: "with half the tolerance of the time steps reports what it did, to less than stated",
    twins,
    files,
    cases: 16,
    casesInTest: 6,
    finding: async (twin) => {
      fc.pre(twin.materials.delay >= smoothDelay)
      const run = await runOf(twin)
      fc.pre(!endsForWant(run))
      return toleranceFinding(run, networkToleranceErrors)
    },
  })
})

describe("a conductor led from the collector to a particle", () => {
  itHolds({
    name: "lowers no network's current a millivolt from rest",
    twins,
    files,
    cases: 40,
    casesInTest: 16,
    finding: async (twin) => totalNetworkCurrentFinding(await runnableNetwork(twin)),
  })

  itHolds({
    name: "lowers no particle's current where ions meet no resistance",
    twins,
    files,
    cases: 40,
    casesInTest: 16,
    finding: async (twin) => everyNetworkCurrentFinding(await runnableNetwork(twin)),
  })
})
