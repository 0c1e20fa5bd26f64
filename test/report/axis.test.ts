import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { axisOver, tickLabel, ticksOf } from "../../src/report/axis.ts"

const finite = fc.double({ noNaN: true, min: -1e12, max: 1e12 })

describe("axes", () => {
  it("hold the data between round ends, with two to twelve ticks", () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 20 }), (values) => {
        const axis = axisOver("y", [values])
        const room = 1e-6 * (axis.maximum - axis.minimum)
        expect(axis.minimum).toBeLessThanOrEqual(Math.min(...values) + room)
        expect(axis.maximum).toBeGreaterThanOrEqual(Math.max(...values) - room)
        const ticks = ticksOf(axis)
        expect(ticks.length).toBeGreaterThanOrEqual(2)
        expect(ticks.length).toBeLessThanOrEqual(12)
        expect(Math.min(...ticks)).toBeGreaterThanOrEqual(axis.minimum)
        expect(Math.max(...ticks)).toBeLessThanOrEqual(axis.maximum)
      }),
    )
  })

  it("writes 3.4 where floating point has 3.4000000000000004", () => {
    const axis = axisOver("Voltage", [[3.45, 4.35]])
    expect(axis.minimum).toBe(3.4)
    expect(ticksOf(axis).map((tick) => tickLabel(axis, tick))).toEqual(["3.4", "3.6", "3.8", "4.0", "4.2", "4.4"])
  })

  it("keeps shares between 0 and 1, and counts at whole numbers", () => {
    expect(axisOver("d", [[0, 0.97]], { within: [0, 1] })).toMatchObject({ minimum: 0, maximum: 1 })
    for (const most of [1, 3, 7, 23, 88]) {
      const axis = axisOver("n", [[0, most]], { whole: true, spans: 3 })
      expect(ticksOf(axis).every(Number.isInteger)).toBe(true)
    }
  })

  it("is usable without data", () => {
    expect(axisOver("y", [[]])).toMatchObject({ minimum: 0, maximum: 1 })
    expect(axisOver("y", [[Number.NaN]], { include: [0] }).maximum).toBeGreaterThan(0)
  })
})
