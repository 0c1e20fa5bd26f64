import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decimalsOf, fixed, likewise, percent, readableDate, significant, timeSpan } from "../../src/report/number.ts"

/** Reads mark-up back as a number. */
const numberIn = (markup: string): number => {
  const plain = markup.replace(/−/g, "-").replace(/,/g, "")
  const power = /^(-?)(?:([\d.]+) × )?10\^\{(-?\d+)\}$/.exec(plain)
  return power === null ? Number(plain) : Number(`${power[1]}${power[2] ?? "1"}e${power[3]}`)
}

describe("numbers for reading", () => {
  it("are the value to the digits asked for", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e30, max: 1e30 }),
        fc.integer({ min: 2, max: 8 }),
        (value, digits) => {
          const error = Math.abs(numberIn(significant(value, digits)) - value)
          expect(error).toBeLessThanOrEqual(0.5000001 * 10 ** (1 - digits) * Math.abs(value))
        },
      ),
    )
  })

  it("look as a reader would write them", () => {
    expect([0, 2e-14, -300e6, 49136, 0.4, 1e5, 1.5e-3, 0.1 + 0.2].map((value) => significant(value))).toEqual([
      "0",
      "2 × 10^{−14}",
      "−3 × 10^{8}",
      "49,136",
      "0.4",
      "100,000",
      "0.0015",
      "0.3",
    ])
    expect([Number.NaN, Number.POSITIVE_INFINITY].map((value) => significant(value))).toEqual(["–", "∞"])
  })

  it("have no negative zero", () => {
    expect(fixed(-0.001, 2)).toBe("0.00")
    expect(fixed(-0.01, 2)).toBe("−0.01")
  })

  it("share their decimals", () => {
    expect(likewise([4.241, 4.6], 3)).toEqual(["4.24", "4.60"])
    expect(likewise([0.0357, 0.0093], 2)).toEqual(["0.036", "0.009"])
    expect(likewise([0, 0], 2)).toEqual(["0", "0"])
    expect(likewise([Number.NaN, 1], 2)).toEqual(["–", "1.0"])
  })

  it("have as many decimals as the step of an axis", () => {
    expect([1, 0.5, 0.25, 0.025, 20, 2.5e-4].map(decimalsOf)).toEqual([0, 1, 2, 3, 0, 5])
  })

  it("say times and shares in words", () => {
    expect([0.42, 42, 200, 3599.6, 7500, Number.NaN].map(timeSpan)).toEqual([
      "0.42 s",
      "42 s",
      "3 min 20 s",
      "1 h 00 min",
      "2 h 05 min",
      "–",
    ])
    expect([0, 0.0004, 0.034, 0.5, 1].map(percent)).toEqual(["0.0 %", "0.04 %", "3.4 %", "50 %", "100 %"])
    expect(readableDate("2026-11-21T06:42:07.123Z")).toBe("2026-11-21 06:42:07 UTC")
  })
})
