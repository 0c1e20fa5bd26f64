import { Effect, Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Range, readQuantity } from "../../src/twin/quantity.ts"

const read = (text: string, unit: string, range?: Range) =>
  Effect.runPromise(Effect.result(readQuantity(text, unit, range)))

const siValue = async (text: string, unit: string): Promise<number> => {
  const result = await read(text, unit)
  if (Result.isFailure(result)) throw new Error(`${result.failure.expected}; ${result.failure.found}`)
  return result.success
}

const faultOf = async (text: string, unit: string, range?: Range) => {
  const result = await read(text, unit, range)
  if (Result.isSuccess(result)) throw new Error(`${text} was taken for ${result.success} ${unit}`)
  return result.failure
}

describe("quantities", () => {
  it.each([
    ["10 um", "m", 1e-5],
    ["10 µm", "m", 1e-5],
    ["10um", "m", 1e-5],
    ["2e-14 m^2/s", "m^2/s", 2e-14],
    ["2e-14 m2/s", "m^2/s", 2e-14],
    ["0.4 J/m^2", "J/m^2", 0.4],
    ["0.4 N/m", "J/m^2", 0.4],
    ["1e-3 ohm m^2", "ohm m^2", 1e-3],
    ["10 Ω cm²", "ohm m^2", 1e-3],
    ["200 mAh/g", "C/kg", 720_000],
    ["25 degC", "K", 298.15],
    ["25 °C", "K", 298.15],
    ["1 mol/L", "mol/m^3", 1000],
    ["4.78 g/cm^3", "kg/m^3", 4780],
    ["90 deg", "rad", Math.PI / 2],
    ["2 min", "s", 120],
    ["5 1/h", "1/s", 5 / 3600],
    ["75 %", "", 0.75],
    ["0.5", "", 0.5],
    ["-3 V", "V", -3],
  ])("%s is so many %s", async (text, unit, expected) => {
    expect(await siValue(text, unit)).toBeCloseTo(expected, 14 - Math.round(Math.log10(Math.abs(expected) + 1)))
    expect((await siValue(text, unit)) / expected).toBeCloseTo(1, 12)
  })

  it("does not round where the unit is a power of ten", async () => {
    expect(await siValue("10 um", "m")).toBe(1e-5)
    expect(await siValue("0.4 um", "m")).toBe(4e-7)
    expect(await siValue("140 GPa", "Pa")).toBe(140e9)
  })

  it.each([
    ["85 mm", "Pa", "a pressure (Pa), such as 140 GPa", '"85 mm", a length (m)'],
    ["5", "m", "a length (m), such as 10 um", '"5", a plain number without a unit'],
    ["5 m", "", "a plain number, such as 0.5", '"5 m", a length (m)'],
    ["ten um", "m", "a length (m), such as 10 um", '"ten um", which does not start with a number'],
    ["1/2 m", "m", "a length (m), such as 10 um", '"1/2 m", whose unit cannot be read'],
    ["398 8m", "m", "a length (m), such as 10 um", '"398 8m", whose unit cannot be read'],
    ["1,5 um", "m", "a length (m), such as 10 um", '"1,5 um", whose unit cannot be read'],
    ["1e400 m", "m", "a length that is finite", '"1e400 m"'],
    ["3 kg m^2", "m", "a length (m), such as 10 um", '"3 kg m^2", a quantity in kg m^2'],
  ])("%s is not so many %s: it names both dimensions", async (text, unit, expected, found) => {
    expect(await faultOf(text, unit)).toEqual({ expected, found })
  })

  it("suggests a unit for a misspelt one", async () => {
    expect(await faultOf("10 umm", "m")).toMatchObject({
      found: '"10 umm", whose unit "umm" is unknown',
      hint: expect.stringContaining('"um"'),
    })
  })

  it("keeps bounds", async () => {
    expect(await faultOf("-140 GPa", "Pa", { above: 0 })).toEqual({
      expected: "a pressure above 0 Pa",
      found: '"-140 GPa"',
    })
    expect(await faultOf("1.5", "", { from: 0, to: 1 })).toEqual({
      expected: "a plain number of at most 1",
      found: '"1.5"',
    })
  })

  it("never runs text as an expression", async () => {
    for (const text of ["1 m; import({})", "1 createUnit('x')", "sqrt(4) m", "1 m + 1 m", "f(x)=x"])
      await faultOf(text, "m")
  })

  it("reads back what it is told, whatever the prefix", async () => {
    const prefixes = [
      ["nm", 1e-9],
      ["um", 1e-6],
      ["mm", 1e-3],
      ["cm", 1e-2],
      ["m", 1],
      ["km", 1e3],
    ] as const
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.constantFrom(...prefixes),
        async (number, [unit, factor]) => {
          const value = await siValue(`${number} ${unit}`, "m")
          expect(Math.abs(value / (number * factor) - 1)).toBeLessThan(1e-14)
        },
      ),
      { numRuns: 200 },
    )
  })
})
