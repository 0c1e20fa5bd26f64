import { Effect, Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Design, pathsOf, pointsOf } from "../../../src/twin/sweep/design.ts"
import { type Factor, levelText, readFactor } from "../../../src/twin/sweep/factor.ts"
import { type Combination, designOf } from "../../../src/twin/sweep/options.ts"

const outcome = (varied: readonly string[], combination: Combination = { kind: "grid" }) =>
  Effect.runSync(Effect.result(designOf(varied, combination)))

const design = (varied: readonly string[], combination?: Combination): Design => {
  const result = outcome(varied, combination)
  if (Result.isFailure(result)) throw result.failure
  return result.success
}

const message = (varied: readonly string[], combination?: Combination): string => {
  const result = outcome(varied, combination)
  if (Result.isSuccess(result)) throw new Error("the design was accepted")
  return result.failure.message
}

const texts = (made: Design): string[] => pointsOf(made).map((point) => point.map(({ text }) => text).join(" | "))
const hypercube = (samples: number, seed = 1): Combination => ({ kind: "latin-hypercube", samples, seed })

describe("--vary", () => {
  it("takes values between commas, but not those in brackets or quotes", () => {
    expect(readFactor("a.b=200 MPa, 300 MPa")).toEqual({
      path: "a.b",
      values: { kind: "levels", levels: ["200 MPa", "300 MPa"] },
    })
    expect(readFactor('mesh={growth: 0.4, refine: 1},"x,y",[1, [2, 3]]')).toMatchObject({
      values: { levels: ["{growth: 0.4, refine: 1}", '"x,y"', "[1, [2, 3]]"] },
    })
    expect(readFactor("twin=../1.yaml,../2..3.yaml")).toMatchObject({
      path: "twin",
      values: { levels: ["../1.yaml", "../2..3.yaml"] },
    })
  })

  it.each<readonly [string, Factor["values"]]>([
    ["p=0.2 um..0.6 um", { kind: "range", from: 0.2, to: 0.6, unit: "um", isLogarithmic: false }],
    ["p=0.2..0.6 um", { kind: "range", from: 0.2, to: 0.6, unit: "um", isLogarithmic: false }],
    ["p=0..1", { kind: "range", from: 0, to: 1, unit: "", isLogarithmic: false }],
    ["p=-1.5 .. .5", { kind: "range", from: -1.5, to: 0.5, unit: "", isLogarithmic: false }],
    ["p=1e-15 m^2/s..1e-13 m^2/s log", { kind: "range", from: 1e-15, to: 1e-13, unit: "m^2/s", isLogarithmic: true }],
  ])("%s is a range", (text, values) => {
    expect(readFactor(text)).toEqual({ path: "p", values })
  })

  it("makes the product of all values, the last one fastest", () => {
    const grid = design(["a=1,2", "b=x,y,z"])
    expect(texts(grid)).toEqual(["1 | x", "1 | y", "1 | z", "2 | x", "2 | y", "2 | z"])
    expect(pathsOf(pointsOf(grid))).toEqual(["a", "b"])
  })

  it("with --list takes the first values together, then the second ones", () => {
    expect(texts(design(["a=1,2", "b=x,y"], { kind: "list" }))).toEqual(["1 | x", "2 | y"])
    expect(message(["a=1,2", "b=x,y,z"], { kind: "list" })).toBe("--vary b=x,y,z: expected 2 values, as a has; found 3")
  })

  it.each<readonly [string, readonly string[], Combination | undefined, string]>([
    ["no path", ["=1,2"], undefined, "--vary =1,2: expected path=values, such as"],
    ["no values", ["a="], undefined, "--vary a=: expected a value before and after each comma"],
    ["a value missing", ["a=1,,2"], undefined, "expected a value before and after each comma"],
    ["a value twice", ["a=1,2,1"], undefined, '--vary a=1,2,1: expected values that differ; found "1" twice'],
    ["a path twice", ["a=1", "a=2"], undefined, "--vary a=2: expected each path once; found it twice"],
    ["nothing", [], undefined, "--vary: expected something to vary; found nothing"],
    [
      "a range in a grid",
      ["a=1 um..2 um"],
      undefined,
      "(a range needs a Latin hypercube, --samples N); found a range from 1 to 2 um",
    ],
    ["a falling range", ["a=2..1"], hypercube(3), 'expected a range that rises; found "2..1"'],
    ["two units", ["a=1 nm..2 um"], hypercube(3), 'expected both ends of a range in one unit; found "1 nm..2 um"'],
    ["a logarithm of 0", ["a=0..1 log"], hypercube(3), "expected a range above 0 where its spacing is logarithmic"],
    ["far too many", ["a=1..2"], hypercube(10_001), "expected at most 10000 runs; found 10001"],
  ])("refuses %s", (_, varied, combination, expected) => {
    expect(message(varied, combination)).toContain(expected)
  })
})

describe("a Latin hypercube of ranges", () => {
  const ends = fc
    .tuple(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), fc.double({ min: 1.001, max: 1e6, noNaN: true }))
    .map(([from, ratio]): [number, number] => [from, from * ratio])

  it("has one written value in each stratum, with its unit", () => {
    fc.assert(
      fc.property(
        ends,
        fc.boolean(),
        fc.integer({ min: 1, max: 30 }),
        fc.nat(),
        ([from, to], isLogarithmic, samples, seed) => {
          const values: Factor["values"] = { kind: "range", from, to, unit: "um", isLogarithmic }
          const made = texts({ kind: "latin-hypercube", factors: [{ path: "p", values }], samples, seed })
          const strata = made.map((text) => {
            expect(text).toMatch(/^[\d.e+-]+ um$/)
            const value = Number(text.replace(" um", ""))
            const place = isLogarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from)
            return Math.min(samples - 1, Math.floor(place * samples + 1e-9))
          })
          expect(strata.sort((a, b) => a - b)).toEqual(Array.from({ length: samples }, (_, stratum) => stratum))
        },
      ),
    )
  })

  it("takes each level equally often, and is that of its seed", () => {
    const made = (seed: number) => texts(design(["law=x,y,z", "p=100 MPa..400 MPa"], hypercube(9, seed)))
    for (const level of ["x", "y", "z"]) expect(made(5).filter((text) => text.startsWith(level))).toHaveLength(3)
    expect(made(5)).toEqual(made(5))
    expect(made(5)).not.toEqual(made(6))
    // No more digits than tell a value from its neighbours.
    expect(Math.max(...made(5).map((text) => text.length))).toBeLessThan("x | 1234.567 MPa".length)
  })
})

describe("a value of a file", () => {
  it.each([
    ["200 MPa", "200 MPa"],
    ["3", '"3"'],
    [3, "3"],
    [true, "true"],
    [["Rest for 2 minutes", 1], '["Rest for 2 minutes",1]'],
    [{ law: "nyman2008" }, '{"law":"nyman2008"}'],
  ])("%j reads back as it was", (value, text) => {
    expect(levelText(value)).toBe(text)
  })
})
