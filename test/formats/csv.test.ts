import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { csvHeader, csvLine, readCsv, readHeaderName, writeCsv } from "../../src/formats/csv.ts"
import { numbersOf, rowCount, wordsOf } from "../../src/formats/table.ts"

describe("CSV", () => {
  it("carries units in its header", () => {
    const columns = [
      { name: "time", unit: "s" },
      { name: "step", unit: "" },
      { name: "current", unit: "A/m^2" },
      { name: "voltage", unit: "V" },
      { name: "capacity", unit: "mAh/g" },
      { name: "max_principal_stress", unit: "Pa" },
      { name: "mean_gap", unit: "m" },
    ]
    const header = csvHeader(columns)
    expect(header).toBe("time_s,step,current_A_m2,voltage_V,capacity_mAh_g,max_principal_stress_Pa,mean_gap_m\n")
    expect(header.trim().split(",").map(readHeaderName)).toEqual(columns)
  })

  it("reads numbers back to the same bits, NaN as nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noDefaultInfinity: false })), (values) => {
        const table = {
          columns: [
            { name: "value", unit: "m", values: Float64Array.from(values) },
            { name: "row", unit: "", values: Float64Array.from(values.keys()) },
          ],
        }
        const back = readCsv(writeCsv(table))
        expect(rowCount(back)).toBe(values.length)
        for (const [row, value] of values.entries()) expect(numbersOf(back, "value")[row]).toBe(value)
      }),
    )
    expect(csvLine([1, Number.NaN, 3])).toBe("1,,3\n")
    expect(numbersOf(readCsv("a,b\n1,\n"), "b")).toEqual(Float64Array.of(Number.NaN))
  })

  it("keeps words, commas and quotes", () => {
    const words = ["charge", 'a "b", c', "", "rest"]
    const back = readCsv(
      writeCsv({
        columns: [
          { name: "step_type", unit: "", values: words },
          { name: "x", unit: "", values: new Float64Array(4) },
        ],
      }),
    )
    expect(wordsOf(back, "step_type")).toEqual(words)
  })

  it("leaves out a row that was cut off, and knows columns that are not there", () => {
    const table = readCsv("time_s,voltage_V\n0,4.1\n10,4.2\n20,4.")
    expect(numbersOf(table, "time")).toEqual(Float64Array.of(0, 10))
    expect(numbersOf(table, "current")).toEqual(Float64Array.of(Number.NaN, Number.NaN))
    expect(rowCount(readCsv(""))).toBe(0)
  })

  it("refuses units that no header can carry", () => {
    expect(() => csvHeader([{ name: "x", unit: "furlong" }])).toThrow("furlong")
    expect(() => csvHeader([{ name: "x_1", unit: "m^3" }])).toThrow("x in 1/m^3")
  })

  it("parts names that end like units from those with units", () => {
    const columns = ["length_s", "length_s_", "length_s__", "length", "length_"].map((name) => ({ name, unit: "" }))
    const header = csvHeader([...columns, { name: "length", unit: "s" }])
    expect(header).toBe("length_s_,length_s__,length_s___,length,length_,length_s\n")
    expect(header.trim().split(",").map(readHeaderName)).toEqual([...columns, { name: "length", unit: "s" }])
  })

  it("reads every name and unit back", () => {
    const units = fc.constantFrom(
      "",
      "s",
      "m",
      "m^2",
      "m^3",
      "1/m",
      "1/m^3",
      "deg",
      "V",
      "Pa",
      "mAh/g",
      "A/m^2",
      "J/m^2",
    )
    const names = fc.stringMatching(/^[A-Za-z]{1,6}(_[A-Za-z2-9]{1,3}){0,2}_?$/)
    fc.assert(
      fc.property(names, units, (name, unit) => {
        // A_J in m would be A in J/m, which is refused.
        fc.pre(unit === "" || !/_(1|A|C|J|Pa|S|kg|m[23]|mAh|mol)$/.test(name))
        const columns = [{ name, unit, values: Float64Array.of(1.5, Number.NaN) }]
        expect(readCsv(writeCsv({ columns })).columns).toEqual(columns)
      }),
      { numRuns: 500 },
    )
  })
})
