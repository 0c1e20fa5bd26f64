import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Result } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { parseArguments, usageText } from "../../src/cli/arguments.ts"
import { runCommand } from "../../src/cli/command.ts"
import { exitCodeOf } from "../../src/cli/failure.ts"
import { clockText, progressMeter } from "../../src/cli/progress-meter.ts"
import * as usages from "../../src/cli/usages.ts"
import { encodedTiff } from "../../src/formats/tomogram-writer.ts"
import { synchrode } from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "cli-"))
afterAll(() => rmSync(folder, { recursive: true }))
const inside = (name: string): string => join(folder, name)

const three = "twins/li2022-three-particle.yaml"
const slice = "twins/holotomography-slice.yaml"
const oneCycle = "scenarios/one-cycle.yaml"

const plane = (value: (pixel: number) => number): Uint8Array =>
  encodedTiff({ width: 64, height: 64, pixel: 1e-7, planes: [Uint8Array.from({ length: 4096 }, (_, k) => value(k))] })

writeFileSync(
  inside("constant.tif"),
  plane(() => 7),
)
// The same image without the words that state its scale.
writeFileSync(
  inside("scaleless.tif"),
  Buffer.from(plane((k) => k % 251))
    .toString("latin1")
    .replace("ImageJ", "NoWord"),
  "latin1",
)
writeFileSync(inside("text.tif"), "no image at all")
writeFileSync(inside("misspelt.yaml"), "cycle:\n  steps:\n    - Chrage at 5C until 4.5 V\n")
writeFileSync(inside("file"), "")
mkdirSync(inside("occupied"))
writeFileSync(inside("occupied/manifest.json"), "{}")

const run = (twin: string, scenario: string, ...options: string[]) => [
  "run",
  twin,
  scenario,
  "--out",
  inside("run"),
  ...options,
]

describe("bad input", () => {
  const cases: readonly (readonly [string, readonly string[], number, string])[] = [
    ["missing file", run("twins/gone.yaml", oneCycle), 3, "twins/gone.yaml: no such file"],
    [
      "wrong unit",
      run(three, oneCycle, "--set", "materials.interface.cohesion.strength=85 mm"),
      1,
      'materials.interface.cohesion.strength: expected a pressure (Pa), such as 140 GPa; found "85 mm", a length (m)',
    ],
    [
      "unknown law",
      run(three, oneCycle, "--set", "materials.electrolyte.transport.law=nymann"),
      1,
      'found "nymann" (did you mean "nyman2008"?)',
    ],
    [
      "negative modulus",
      run(three, oneCycle, "--set", "materials.active.elasticity.young=-140 GPa"),
      1,
      'materials.active.elasticity.young: expected a pressure above 0 Pa; found "-140 GPa"',
    ],
    [
      "overlapping circles",
      run(three, oneCycle, "--set", "geometry.particles[1].centre=[5.5 um, 15 um]"),
      1,
      "geometry.particles[1]: expected particles that do not overlap; found particles 1 and 2 overlap by 0.5000 µm",
    ],
    [
      "voxel size missing",
      run(
        slice,
        oneCycle,
        "--tomogram",
        inside("scaleless.tif"),
        "--set",
        "geometry={kind: tomogram, separator-thickness: 25 um, matrices: {high: high, low: low}}",
      ),
      1,
      "no voxel size to go by",
    ],
    [
      "empty slice",
      run(slice, oneCycle, "--tomogram", inside("constant.tif")),
      1,
      "constant.tif: the image is constant (7); there is nothing to segment",
    ],
    [
      "no volume",
      run(slice, oneCycle, "--tomogram", inside("text.tif")),
      1,
      'it begins with the text "no image at all", like no volume that is read',
    ],
    [
      "tomogram forgotten",
      run(slice, oneCycle),
      1,
      "geometry.file: expected the file of a tomogram, here or with --tomogram; found nothing",
    ],
    ["tomogram missing", run(slice, oneCycle, "--tomogram", inside("gone.tif")), 3, "gone.tif"],
    [
      "phrase misspelt",
      run(three, inside("misspelt.yaml")),
      1,
      'misspelt.yaml:3:7: cycle.steps[0]: expected a step that begins with "Charge", "Discharge", "Rest", "Hold" or "Run"; found "Chrage at 5C until 4.5 V" (did you mean "Charge at 5C until 4.5 V"?)',
    ],
    [
      "directory that cannot be written",
      ["run", three, oneCycle, "--out", inside("file/run")],
      3,
      "cannot be written: a part of the path is no directory",
    ],
    ["directory that holds a run", ["run", three, oneCycle, "--out", inside("occupied")], 1, "already holds a run"],
    ["no run to resume", ["resume", folder], 3, "is no run directory: no manifest.json"],
    ["unknown case", ["validate", "analytic/nothing-of-the-kind"], 1, "expected the name of a validation case"],
    ["unknown verb", ["ruun"], 1, 'found "ruun" (did you mean "run"?)'],
    ["unknown option", ["run", three, oneCycle, "--ouput", "x"], 1, "found --ouput"],
  ]
  it.each(cases)("%s", async (_, words, code, message) => {
    const result = await Effect.runPromise(Effect.result(runCommand(words)))
    if (Result.isSuccess(result)) throw new Error("the input was accepted")
    expect(result.failure.message).toContain(message)
    expect(exitCodeOf(result.failure)).toBe(code)
  })

  it("is told on standard error, with the exit code, by the command line itself", async () => {
    const ended = await synchrode(...run(three, oneCycle, "--set", "materials.interface.cohesion.strength=85 mm"))
    expect(ended).toMatchObject({ code: 1, out: "" })
    expect(ended.error).toBe(
      'synchrode: --set materials.interface.cohesion.strength=85 mm: materials.interface.cohesion.strength: expected a pressure (Pa), such as 140 GPa; found "85 mm", a length (m)\n',
    )
    expect(await synchrode("run", "gone.yaml", oneCycle)).toMatchObject({
      code: 3,
      error: "synchrode: gone.yaml: no such file\n",
    })
  })

  it("is told as data with --json", async () => {
    const { out, code } = await synchrode(...run(three, inside("misspelt.yaml")), "--json")
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      error: "ScenarioInvalid",
      problems: [{ file: inside("misspelt.yaml"), line: 3, column: 7, path: "cycle.steps[0]" }],
    })
  })
})

describe("help", () => {
  it.each(Object.values(usages).map((usage) => [usage.verb, usage] as const))("%s has an example", (verb, usage) => {
    const text = usageText(usage)
    expect(text).toMatch(new RegExp(`Examples?:\\n  synchrode ${verb}\\b`))
    for (const option of ["--json", "--quiet", "--help"]) expect(text).toContain(option)
  })

  it("lists every verb, and knows the version", async () => {
    const { out, code } = await synchrode("--help")
    expect(code).toBe(0)
    for (const { verb, summary } of Object.values(usages))
      expect(out).toMatch(new RegExp(`${verb} +${summary}`.replaceAll(/[().]/g, ".")))
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string
    }
    expect((await synchrode("--version")).out).toBe(`${version}\n`)
  })
})

describe("arguments", () => {
  const parse = (...words: string[]) => Effect.runSync(Effect.result(parseArguments(usages.runUsage, words)))

  it("may stand in any order; --set may be repeated, --out not", () => {
    const parsed = parse("--set", "a=1", "t.yaml", "--out=d", "--quiet", "s.yaml", "--set=b=x=y")
    if (Result.isFailure(parsed)) throw parsed.failure
    const { operands, values, switches } = parsed.success
    expect(operands).toEqual(["t.yaml", "s.yaml"])
    expect(values.get("set")).toEqual(["a=1", "b=x=y"])
    expect(values.get("out")).toEqual(["d"])
    expect(switches).toEqual(new Set(["quiet"]))
    expect(parse("t", "s", "--out", "a", "--out", "b")).toMatchObject({ failure: { reason: "--out is given twice" } })
    expect(parse("t", "s", "--out")).toMatchObject({ failure: { reason: "--out: expected DIR; found nothing" } })
    expect(parse("t", "s", "u")).toMatchObject({ failure: { reason: 'expected nothing more; found "u"' } })
    expect(parse("t")).toMatchObject({ failure: { reason: expect.stringContaining("expected SCENARIO") } })
    expect(parse("--help")).toMatchObject({ success: { switches: new Set(["help"]) } })
    expect(parse("--", "--odd", "s")).toMatchObject({ success: { operands: ["--odd", "s"] } })
  })
})

describe("the progress meter", () => {
  const progress = (share: number) => ({ share, doing: "cycle 1 of 2: Rest", time: 10, voltage: 4.1, steps: 3 })
  const recorded = (isTTY: boolean, quiet = false) => {
    const written: string[] = []
    let now = 0
    const meter = progressMeter({ isTTY, columns: 80, write: (text) => written.push(text) }, quiet, () => now)
    return {
      written,
      meter,
      wait: (ms: number) => {
        now += ms
      },
    }
  }

  it("draws a bar with the time left on a terminal, ten times a second at most", () => {
    const { written, meter, wait } = recorded(true)
    meter.draw(progress(0))
    wait(50)
    meter.draw(progress(0.05))
    wait(9950)
    meter.draw(progress(0.5))
    expect(written).toHaveLength(2)
    expect(written[1]).toContain("██████████░░░░░░░░░░  50 %  0:10 left  cycle 1 of 2: Rest")
    expect(written[1].length).toBeLessThan(90)
    meter.clear()
    expect(written[2]).toBe("\r\u001b[2K")
  })

  it("tells the time left by what was done since it began to move, not by what an earlier call had done", () => {
    const { written, meter, wait } = recorded(true)
    for (let second = 0; second < 300; second++) {
      meter.draw(progress(0.8))
      wait(1000)
    }
    expect(written[299]).toContain("80 %  time left unknown")
    meter.draw(progress(0.8))
    wait(10_000)
    meter.draw(progress(0.9))
    expect(written[301]).toContain("90 %  0:10 left")
  })

  it("writes one line a minute elsewhere, and nothing when quiet", () => {
    const { written, meter, wait } = recorded(false)
    for (let second = 0; second <= 180; second++) {
      meter.draw(progress(second / 360))
      wait(1000)
    }
    expect(written).toHaveLength(3)
    expect(written[2]).toBe(" 50 %, 3:00 left, cycle 1 of 2: Rest, 10 s, 4.100 V\n")
    const silent = recorded(true, true)
    silent.meter.draw(progress(0.5))
    expect(silent.written).toEqual([])
  })

  it.each([
    [5, "0:05"],
    [95, "1:35"],
    [3661, "1:01:01"],
    [-1, "0:00"],
  ])("%d s is %s", (seconds, text) => {
    expect(clockText(seconds)).toBe(text)
  })
})
