import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { smallTwin, symmetricTwin } from "../arbitrary/small-twin.ts"
import { smallTwinFiles as files } from "../arbitrary/small-twin-files.ts"
import { everyCurrentFinding, totalCurrentFinding } from "./conductor.ts"
import { invariants } from "./invariants.ts"
import { runnable, smallRun } from "./march.ts"
import { itHolds } from "./property.ts"
import { mirroredFinding, resumedFinding, smoothDelay, symmetricFinding, toleranceFinding } from "./variants.ts"
import { createVerdicts } from "./verdicts.ts"

const twins = smallTwin()
const { census, findingOf, runOf } = createVerdicts(smallRun)

describe("any small twin", () => {
  for (const invariant of invariants)
    itHolds({ name: invariant.name, twins, files, finding: (twin) => findingOf(invariant, twin) })

  it("is no harmless one: bonds tear, limits are met, particles are cut off", ({ skip }) => {
    const { runs, damaged, limited, severed } = census()
    if (runs < 100) skip("too few twins were run")
    expect(damaged / runs).toBeGreaterThan(0.3)
    expect(limited / runs).toBeGreaterThan(0.3)
    expect(severed / runs).toBeGreaterThan(0.1)
  })

  itHolds({
    name: "a mirrored and renumbered layout does the same, to 1e-8 where wear does not soften bonds",
    twins,
    files,
    cases: 24,
    finding: async (twin) => mirroredFinding(await runOf(twin)),
  })

  itHolds({
    name: "a run resumed from a checkpoint ends with the same bits",
    twins,
    files,
    cases: 24,
    finding: async (twin) => resumedFinding(await runOf(twin)),
  })

  itHolds({
    name: "half the tolerance of the time steps changes what is reported by less than stated",
    twins,
    files,
    cases: 12,
    finding: async (twin) => {
      fc.pre(twin.materials.delay >= smoothDelay)
      return toleranceFinding(await runOf(twin))
    },
  })

  itHolds({
    name: "particles that are mirror images of each other stay equal, to 1e-8 where wear does not soften bonds",
    twins: symmetricTwin,
    files,
    cases: 8,
    finding: async (twin) => symmetricFinding(await smallRun(twin)),
  })
})

describe("a conductor more", () => {
  itHolds({
    name: "lowers no cell's current a millivolt from rest",
    twins,
    files,
    cases: 80,
    finding: async (twin) => totalCurrentFinding(await runnable(twin)),
  })

  itHolds({
    name: "lowers no particle's current where ions meet no resistance and all that conducts gains alike",
    twins: twins.map((twin) => ({ ...twin, conduction: "none" as const })),
    files,
    cases: 40,
    finding: async (twin) => everyCurrentFinding(await runnable(twin)),
  })
})
