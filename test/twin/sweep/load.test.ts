import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect, Result } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { sweepInputs } from "../../../src/pipeline/sweep-points.ts"
import { pointsOf } from "../../../src/twin/sweep/design.ts"
import { loadSweep, type SweepPlan } from "../../../src/twin/sweep/load.ts"

const folder = mkdtempSync(join(tmpdir(), "sweep-file-"))
afterAll(() => rmSync(folder, { recursive: true }))
const shipped = fileURLToPath(new URL("../../../scenarios/", import.meta.url))

const load = async (text: string): Promise<SweepPlan> => {
  const file = join(folder, "sweep.yaml")
  writeFileSync(file, text)
  return Effect.runPromise(loadSweep(file))
}

describe("a sweep's file", () => {
  it.each(readdirSync(shipped).filter((file) => file.startsWith("sweep-")))(
    "%s is accepted and names its schema",
    async (file) => {
      const result = await Effect.runPromise(Effect.result(loadSweep(join(shipped, file))))
      expect(Result.isSuccess(result) ? "" : String(result.failure)).toBe("")
      expect(readFileSync(join(shipped, file), "utf8")).toMatch(
        /^# yaml-language-server: \$schema=\.\/sweep\.schema\.json\n/,
      )
    },
  )

  it("finds twin, scenario and files among its values from its own folder", async () => {
    const { twin, scenario, set, design, description } = await load(
      "description: D\ntwin: a.yaml\nscenario: sub/b.yaml\nset: { mesh.refine: 1, x.y: 2 um }\n" +
        "design: { kind: grid, vary: { twin: [c.yaml, ../d.yaml] } }\n",
    )
    expect({ twin, scenario, set, description }).toEqual({
      description: "D",
      twin: join(folder, "a.yaml"),
      scenario: join(folder, "sub/b.yaml"),
      set: ["mesh.refine=1", "x.y=2 um"],
    })
    expect(pointsOf(design).map(([{ text }]) => text)).toEqual([join(folder, "c.yaml"), join(folder, "../d.yaml")])
  })

  it("gives points one by one, each with what it names", async () => {
    const { design, twin, scenario, set } = await load(
      "design:\n  kind: list\n  points:\n    - { twin: a.yaml, a.b: 1 um }\n    - { a.b: 2 um, cycle.repeat: 3 }\n",
    )
    const { points, factors } = Effect.runSync(sweepInputs(design, twin ?? "t.yaml", scenario ?? "s.yaml", set))
    expect(factors.map(({ path }) => path)).toEqual(["twin", "a.b", "cycle.repeat"])
    expect(points.map((point) => [point.twin.split("/").at(-1), point.set])).toEqual([
      ["a.yaml", ["a.b=1 um"]],
      ["t.yaml", ["a.b=2 um", "cycle.repeat=3"]],
    ])
  })

  it("samples ranges and lists of a Latin hypercube from its seed", async () => {
    const text = (seed: number): string =>
      `design: { kind: latin-hypercube, samples: 6, seed: ${seed}, vary: { p: { from: 1 nm, to: 100 nm, spacing: logarithmic }, q: [x, y] } }\n`
    const { design } = await load(text(3))
    expect(design).toMatchObject({
      factors: [
        { path: "p", values: { kind: "range", from: 1, to: 100, unit: "nm", isLogarithmic: true } },
        { path: "q", values: { kind: "levels", levels: ["x", "y"] } },
      ],
    })
    expect(pointsOf(design)).toEqual(pointsOf((await load(text(3))).design))
    expect(pointsOf(design)).not.toEqual(pointsOf((await load(text(4))).design))
    expect(pointsOf(design).filter(([, { text: word }]) => word === "x")).toHaveLength(3)
  })

  it.each([
    ["a key that there is not", "desing: {}\n", 'one of the keys "description", "twin", "scenario", "set", "design"'],
    ["no design", "twin: a.yaml\n", "design: expected a value; found nothing"],
    ["no YAML", "design: [\n", "expected readable YAML"],
    ["no levels", "design: { kind: grid, vary: { a: [] } }\n", "sweep.yaml:1:31: design.vary.a"],
    [
      "a spacing that there is not",
      "design: { kind: latin-hypercube, samples: 2, vary: { a: { from: 1, to: 2, spacing: cubic } } }\n",
      "cubic",
    ],
    ["half a sample", "design: { kind: latin-hypercube, samples: 0.5, vary: { a: [1] } }\n", "design.samples"],
    [
      "a range that falls",
      "design: { kind: latin-hypercube, samples: 2, vary: { a: { from: 2 um, to: 1 um } } }\n",
      "design.vary.a: expected a range that rises",
    ],
  ])("refuses %s", async (_, text, message) => {
    writeFileSync(join(folder, "bad.yaml"), text)
    const result = await Effect.runPromise(Effect.result(loadSweep(join(folder, "bad.yaml"))))
    expect(Result.isFailure(result) && result.failure.message.replace("bad.yaml", "sweep.yaml")).toContain(message)
  })
})
