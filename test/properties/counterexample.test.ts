import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import fc from "fast-check"
import { afterAll, describe, expect, it } from "vitest"
import { particleCount } from "../../src/mesh/mesh.ts"
import { buildTwin } from "../../src/pipeline/build.ts"
import { meshSource } from "../../src/pipeline/run-source.ts"
import { loadTwin } from "../../src/twin/load.ts"
import { loadScenario } from "../../src/twin/scenario/load.ts"
import { box, packingBox, within } from "../arbitrary/box.ts"
import { networkTwin } from "../arbitrary/network-twin.ts"
import { networkCase, networkTwinFiles } from "../arbitrary/network-twin-files.ts"
import { type SmallTwin, smallTwin, symmetricTwin } from "../arbitrary/small-twin.ts"
import { builtSmallTwin, smallTwinFiles } from "../arbitrary/small-twin-files.ts"
import { start } from "../cli/command.ts"
import { runnableNetwork } from "./network-run.ts"
import { tryProperty } from "./property.ts"

const shelf = mkdtempSync(join(tmpdir(), "counterexamples-"))
afterAll(() => rmSync(shelf, { recursive: true }))

describe("the box", () => {
  it.each([...Object.entries(box), ...Object.entries(packingBox)])(
    "%s: the reference is one of its ascending values",
    (_, { values, reference }) => {
      expect([...values].sort((one, other) => one - other)).toEqual(values)
      expect(values).toContain(reference)
    },
  )

  it("is not left, and is searched to its ends", () => {
    const drawn = fc.sample(within(box.strength), 500)
    expect(new Set(drawn)).toEqual(new Set(box.strength.values))
  })
})

/** Loads what was written as the command line would. */
const loaded = (folder: string) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const twin = yield* loadTwin(join(folder, "twin.yaml"))
      const { protocol } = yield* loadScenario(join(folder, "scenario.yaml"))
      return { twin, protocol, mesh: meshSource((yield* buildTwin(twin)).source).mesh }
    }),
  )

/** A property that is false for two particles or more of which one measures 8 um or less: a matter of looks alone. */
const nothingSmall = {
  name: "no particle measures 8 um or less (false on purpose)",
  twins: smallTwin(),
  files: smallTwinFiles,
  finding: ({ particles }: SmallTwin) =>
    particles.some(({ radius }) => radius <= 4) ? `of ${particles.length} particles one is small` : undefined,
}

describe("a property that is false", async () => {
  const failure: Error = await tryProperty(nothingSmall, { seed: 5, numRuns: 100 }, shelf).then(
    () => new Error("held"),
    (cause) => cause,
  )
  const folder = join(shelf, "no-particle-measures-8-um-or-less-false-on-purpose-5")
  const [, path] = /--path (\S+)/.exec(failure.message) ?? []

  it("fails with the finding, the folder and the command that replays it", () => {
    expect(failure.message).toContain('"no particle measures 8 um or less (false on purpose)" does not hold')
    expect(failure.message).toContain("of 2 particles one is small")
    expect(failure.message).toContain(folder)
    expect(failure.message).toMatch(/npm run properties -- test\/properties --only ".*" --seed 5 --path [\d:]+/)
    for (const name of ["twin.yaml", "scenario.yaml", "README.md"]) expect(existsSync(join(folder, name))).toBe(true)
  })

  it("is shrunk to two round particles of the reference half-cell, one of them just too small", async () => {
    const { twin, mesh } = await loaded(folder)
    const { geometry, materials } = twin.twin
    if (geometry.kind !== "layout") throw new Error(geometry.kind)
    const radii = geometry.particles.map((each) => (each.kind === "circle" ? each.radius.value : Number.NaN))
    expect(radii.sort()).toEqual([4e-6, 5e-6])
    expect(geometry.cuts).toMatchObject([{ angle: { value: 0 } }])
    expect(materials.matrices.low.conductivity.value).toBe(2e-3)
    expect(materials.interface.cohesion).toMatchObject({ parameters: { strength: { value: 300e6 } } })
    expect(particleCount(mesh)).toBe(2)
  })

  it("is replayed from seed and path", async () => {
    const again = tryProperty(nothingSmall, { seed: 5, path: path ?? "", numRuns: 100 }, shelf)
    await expect(again).rejects.toThrow("of 2 particles one is small")
    await expect(again).rejects.toThrow("case 1,")
  })

  it("says what was thrown where a case throws", async () => {
    const throwing = {
      ...nothingSmall,
      finding: () => {
        throw new RangeError("out of range")
      },
    }
    await expect(tryProperty(throwing, { seed: 5 }, shelf)).rejects.toThrow("out of range")
  })

  it("leaves files that the command line runs", async () => {
    const out = join(shelf, "run")
    const words = [join(folder, "twin.yaml"), join(folder, "scenario.yaml"), "--out", out, "--quiet"]
    const { code, error } = await start(["run", ...words]).ended
    expect(error).toBe("")
    expect(code).toBe(0)
    expect(readFileSync(join(out, "cycles.csv"), "utf8").split("\n").length).toBeGreaterThan(1)
  }, 120_000)
})

describe("a small twin as files", () => {
  it("is the same case as the small twin itself", async () => {
    const property = fc.asyncProperty(fc.oneof(smallTwin({ cycles: 2 }), symmetricTwin), async (twin) => {
      const folder = mkdtempSync(join(shelf, "twin-"))
      const files = smallTwinFiles(twin, folder, "a twin", 'of "many": 100 %')
      writeFileSync(join(folder, "twin.yaml"), files.twin)
      writeFileSync(join(folder, "scenario.yaml"), files.scenario)
      const built = await builtSmallTwin(twin)
      fc.pre(!("kind" in built.mesh))
      const { twin: read, protocol, mesh } = await loaded(folder)
      expect(mesh).toEqual(built.mesh)
      expect(protocol.steps).toEqual(built.protocol.steps)
      expect(JSON.stringify(read.parameters)).toBe(JSON.stringify(built.parameters))
      expect(read.time).toEqual(built.time)
      for (const gap of [0, 1e-9])
        expect(read.parameters.contactResistance.resistance(gap, 0)).toBe(
          built.parameters.contactResistance.resistance(gap, 0),
        )
    })
    await fc.assert(property, { numRuns: 12 })
  }, 120_000)
})

describe("a network twin as files", () => {
  it("is the same case as the network twin itself", async () => {
    const property = fc.asyncProperty(networkTwin({ most: 12 }), async (twin) => {
      const built = await runnableNetwork(twin)
      const folder = mkdtempSync(join(shelf, "network-"))
      const files = networkTwinFiles(twin, folder, "a network", "packed or drawn")
      writeFileSync(join(folder, "twin.yaml"), files.twin)
      writeFileSync(join(folder, "scenario.yaml"), files.scenario)
      const read = await Effect.runPromise(
        Effect.gen(function* () {
          const { protocol } = yield* loadScenario(join(folder, "scenario.yaml"))
          return yield* networkCase(yield* loadTwin(join(folder, "twin.yaml")), protocol)
        }),
      )
      expect(read.network).toEqual(built.network)
      expect(read.protocol.steps).toEqual(built.protocol.steps)
      expect(JSON.stringify(read.parameters)).toBe(JSON.stringify(built.parameters))
      expect(read.time).toEqual(built.time)
    })
    await fc.assert(property, { numRuns: 10 })
  }, 120_000)
})
