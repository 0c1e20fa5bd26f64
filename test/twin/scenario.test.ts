import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect, Result } from "effect"
import fc from "fast-check"
import { afterAll, describe, expect, it } from "vitest"
import { readSetting } from "../../src/twin/override.ts"
import { loadScenario } from "../../src/twin/scenario/load.ts"
import { readPhrase } from "../../src/twin/scenario/phrase.ts"

const shipped = fileURLToPath(new URL("../../scenarios/", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "scenario-"))
afterAll(() => rmSync(folder, { recursive: true }))

const load = (file: string, ...sets: string[]) =>
  Effect.runPromise(
    Effect.result(Effect.flatMap(Effect.forEach(sets, readSetting), (settings) => loadScenario(file, settings))),
  )

const written = (text: string, name = "scenario.yaml"): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const complaint = async (text: string, ...sets: string[]): Promise<string> => {
  const file = written(text)
  const result = await load(file, ...sets)
  if (Result.isSuccess(result)) throw new Error("the scenario was accepted")
  return "message" in result.failure
    ? result.failure.message.replaceAll(file, "scenario.yaml")
    : JSON.stringify(result.failure)
}

describe("phrases", () => {
  it.each([
    [
      "Charge at 5C until 4.5 V",
      {
        control: { kind: "c-rate", rate: 5 },
        duration: Number.POSITIVE_INFINITY,
        limits: [{ kind: "voltage-above", voltage: 4.5 }],
      },
    ],
    [
      "Discharge at 1 C for 10 minutes or until 2.5 V",
      { control: { kind: "c-rate", rate: -1 }, duration: 600, limits: [{ kind: "voltage-below", voltage: 2.5 }] },
    ],
    ["Discharge at C/10 for 10 hours", { control: { kind: "c-rate", rate: -0.1 }, duration: 36_000, limits: [] }],
    [
      "charge at 0.5C until 4200 mV",
      {
        control: { kind: "c-rate", rate: 0.5 },
        duration: Number.POSITIVE_INFINITY,
        limits: [{ kind: "voltage-above", voltage: 4.2 }],
      },
    ],
    ["Charge at 12 A/m2 for 1.5 h", { control: { kind: "current", density: 12 }, duration: 5400, limits: [] }],
    [
      "Discharge at 1.2 mA/cm^2 for 1 h or until 3 V",
      { control: { kind: "current", density: -12 }, duration: 3600, limits: [{ kind: "voltage-below", voltage: 3 }] },
    ],
    ["Rest for 2 minutes", { control: { kind: "rest" }, duration: 120, limits: [] }],
    [
      "Hold at 4.5 V until C/20",
      {
        control: { kind: "voltage", voltage: 4.5 },
        duration: Number.POSITIVE_INFINITY,
        limits: [{ kind: "c-rate-below", rate: 0.05 }],
      },
    ],
    [
      "Hold at 4.5 V for 1 hour or until C/20",
      { control: { kind: "voltage", voltage: 4.5 }, duration: 3600, limits: [{ kind: "c-rate-below", rate: 0.05 }] },
    ],
  ])("%s", (text, step) => {
    expect(readPhrase(text)).toEqual({ phrase: { kind: "step", ...step } })
  })

  it("reads back any rate, time and voltage", () => {
    const positive = fc.double({ min: 0.01, max: 100, noNaN: true }).map((value) => Number(value.toPrecision(6)))
    fc.assert(
      fc.property(positive, positive, positive, (rate, seconds, volts) => {
        expect(readPhrase(`Charge at ${rate}C for ${seconds} seconds or until ${volts} V`)).toEqual({
          phrase: {
            kind: "step",
            control: { kind: "c-rate", rate },
            duration: seconds,
            limits: [{ kind: "voltage-above", voltage: volts }],
          },
        })
      }),
    )
  })

  it.each([
    ["Chrage at 5C until 4.5 V", "Charge at 5C until 4.5 V"],
    ["Discharge at 5C untill 2.5 V", "Discharge at 5C until 2.5 V"],
    ["Rest for 2 minuts", "Rest for 2 minutes"],
    ["Rest 2 minutes", "Rest for 2 minutes"],
    ["Charge at 5 until 4.5 V", "Charge at 5C until 4.5 V"],
    ["Charge 5C until 4.5 V", "Charge at 5C until 4.5 V"],
    ["Charge at 5C until 4.5", "Charge at 5C until 4.5 V"],
  ])("%s: suggests %s", (text, better) => {
    expect(readPhrase(text)).toMatchObject({ fault: { hint: `did you mean "${better}"?` } })
  })

  it.each([
    "Charge at 5C",
    "Charge at -5C until 4 V",
    "Charge at 0C until 4 V",
    "Hold at 4.5 V",
    "Rest for 0 s",
    "Rest",
    "",
    "Jump",
    "Charge at C/0 until 4 V",
    "toString",
  ])("refuses %j", (text) => {
    expect(readPhrase(text)).toHaveProperty("fault")
  })
})

describe("scenarios", () => {
  it.each(readdirSync(shipped).filter((file) => file.endsWith(".yaml") && !file.startsWith("sweep-")))(
    "%s is accepted and names its schema",
    async (file) => {
      const result = await load(join(shipped, file))
      expect(Result.isSuccess(result) ? "" : String(result.failure)).toBe("")
      expect(readFileSync(join(shipped, file), "utf8")).toMatch(
        /^# yaml-language-server: \$schema=\.\/scenario\.schema\.json\n/,
      )
    },
  )

  it("writes the repetitions out; formation is cycle 0", async () => {
    const result = await load(join(shipped, "li2022-voltage-window.yaml"))
    if (Result.isFailure(result)) throw result.failure
    const { steps } = result.success.protocol
    expect(steps.map(({ cycle }) => cycle)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((cycle) => [cycle, cycle, cycle, cycle]),
    )
    expect(steps[4]).toMatchObject({ phrase: "Charge at 5C until 4.5 V", control: { rate: 5 } })
  })

  it("the published protocol is exactly the contract's", async () => {
    const result = await load(join(shipped, "li2022-fixed-charge.yaml"))
    if (Result.isFailure(result)) throw result.failure
    const { protocol, record } = result.success
    expect(protocol.steps.slice(0, 4).map(({ phrase }) => phrase)).toEqual([
      "Charge at 5C for 432 seconds or until 5.1 V",
      "Rest for 2 minutes",
      "Discharge at 5C for 432 seconds or until 2.5 V",
      "Rest for 2 minutes",
    ])
    expect(protocol.steps).toHaveLength(40)
    expect(record).toEqual({
      particlesEvery: 10,
      fieldsAtEndOfCharge: true,
      fieldsAtEndOfDischarge: false,
      fieldCycles: null,
      fieldTimes: [],
      tableCycles: [1, 10],
    })
  })

  it("thins the fields of long runs: in 50 cycles those of six and formation, or those asked for", async () => {
    const cyclesOf = async (text: string) => {
      const result = await load(written(text))
      if (result._tag === "Failure") throw result.failure
      return result.success.record.fieldCycles
    }
    const steps = "steps: [Charge at 1C for 1 s]"
    expect(await cyclesOf(`cycle: { repeat: 12, ${steps} }`)).toBeNull()
    expect(await cyclesOf(`cycle: { repeat: 50, ${steps} }`)).toEqual([0, 1, 2, 5, 10, 20, 50])
    expect(await cyclesOf(`cycle: [{ repeat: 7, ${steps} }, { repeat: 7, ${steps} }]`)).toEqual([0, 1, 2, 5, 10, 14])
    const record = "record: { fields-at: end of charge, fields-at-cycles: [3, 4] }"
    expect(await cyclesOf(`cycle: { repeat: 50, ${steps} }\n${record}`)).toEqual([3, 4])
  })

  it("reads a drive profile beside the scenario", async () => {
    writeFileSync(join(folder, "drive.csv"), "# made up\ntime_s,c_rate\n0,-1\n10,-2\n20,1\n")
    const result = await load(
      written("cycle: { steps: [Run drive.csv between 2.5 V and 4.5 V, Run drive.csv for 5 s] }"),
    )
    if (Result.isFailure(result)) throw result.failure
    const [first, second] = result.success.protocol.steps
    expect(first.control).toEqual({
      kind: "profile",
      time: Float64Array.of(0, 10, 20),
      rate: Float64Array.of(-1, -2, 1),
    })
    expect(first).toMatchObject({
      duration: 20,
      limits: [
        { kind: "voltage-below", voltage: 2.5 },
        { kind: "voltage-above", voltage: 4.5 },
      ],
    })
    expect(second).toMatchObject({ duration: 5, limits: [] })
  })

  it("takes values from the command line", async () => {
    const result = await load(
      join(shipped, "one-cycle.yaml"),
      "cycle.repeat=3",
      "record.particles-every=1 min",
      "cycle.steps[1]=Rest for 1 s",
    )
    if (Result.isFailure(result)) throw result.failure
    expect(result.success.protocol.steps).toHaveLength(12)
    expect(result.success.record.particlesEvery).toBe(60)
    expect(result.success.protocol.steps[5].duration).toBe(1)
  })

  it("names file, line, path, what was expected and what was found", async () => {
    const text = `cycle:
  repeat: 0
  steps:
    - Charge at 5C until 4.5 V
    - Chrage at 5C until 4.5 V
record: { fields-at: [end of charge, 10 V], particles-evry: 10 s }
`
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "scenario.yaml:2:3: cycle.repeat: expected a value greater than 0; found 0
      scenario.yaml:5:7: cycle.steps[1]: expected a step that begins with "Charge", "Discharge", "Rest", "Hold" or "Run"; found "Chrage at 5C until 4.5 V" (did you mean "Charge at 5C until 4.5 V"?)
      scenario.yaml:6:38: record.fields-at[1]: expected one of "end of charge", "end of discharge", or a time (s), such as 20 s; found "10 V"
      scenario.yaml:6:45: record.particles-evry: expected one of the keys "particles-every", "fields-at", "fields-at-cycles", "tables-at-cycles"; found the key "particles-evry" (did you mean "particles-every"?)"
    `)
  })

  it("tells of a value set on the command line, of a missing key, of text that is no YAML, of a missing file", async () => {
    const text = "cycle: { steps: [Rest for 1 s] }"
    expect(await complaint(text, "cycle.repeat=three")).toBe(
      '--set cycle.repeat=three: cycle.repeat: expected a number; found "three"',
    )
    expect(await complaint("name: nothing to do")).toBe(
      "scenario.yaml:1:1: cycle: expected a value; found nothing (the key is missing)",
    )
    expect(await complaint("cycle: [a: b")).toMatch(/^scenario.yaml:1:\d+: expected readable YAML; found /)
    expect(await complaint("")).toBe("scenario.yaml:1:1: expected a mapping; found nothing (null)")
    const missing = await load(join(folder, "gone.yaml"))
    expect(missing).toMatchObject({ failure: { _tag: "FileUnreadable", reason: "no such file" } })
  })
})
