import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { blockEnds, curvesOf, envelopeOf, particleIndex, thinned, withinCycle } from "../../src/report/series.ts"
import { fakeRun } from "./fake-run.ts"

const run = fakeRun({ cycles: 2, particles: 3, spans: 4 })

describe("curves of particles", () => {
  it("come out of the tidy table whatever the order of particles at a time", () => {
    const table = run.particleHistory
    const index = particleIndex(table)
    expect(index.particleCount).toBe(3)
    expect(index.time.length * 3).toBe(table.time.length)
    const backwards = Int32Array.from(table.particle, (_, row) => 3 * Math.floor(row / 3) + 2 - (row % 3))
    const reorder = (column: Float64Array) => column.map((_, row) => column[backwards[row]])
    const turned = {
      ...table,
      particle: table.particle.map((_, row) => table.particle[backwards[row]]),
      damage: reorder(table.damage),
    }
    expect(curvesOf(particleIndex(turned), turned.damage)).toEqual(curvesOf(index, table.damage))
  })

  it("have gaps where a particle was not recorded", () => {
    const table = run.particleHistory
    const kept = [0, 1, 3, 4, 5]
    const of = (column: Float64Array) => Float64Array.from(kept, (row) => column[row])
    const thin = {
      ...table,
      time: of(table.time),
      cycle: Int32Array.from(kept, (row) => table.cycle[row]),
      particle: Int32Array.from(kept, (row) => table.particle[row]),
      damage: of(table.damage),
    }
    const { values } = curvesOf(particleIndex(thin), thin.damage)
    expect(values.map((curve) => [...curve].map(Number.isNaN))).toEqual([
      [false, false],
      [false, false],
      [true, false],
    ])
  })

  it("start a later cycle where the one before ended", () => {
    const curves = curvesOf(particleIndex(run.particleHistory), run.particleHistory.meanStoichiometry)
    const second = withinCycle(curves, 2)
    expect(second.time[0]).toBe(0)
    expect(second.time[second.time.length - 1]).toBe(1104)
    expect(withinCycle(curves, 9).time).toHaveLength(0)
  })

  it("refuse particles counted from below zero", () => {
    const table = run.particleHistory
    expect(() => particleIndex({ ...table, particle: table.particle.map((particle) => particle - 1) })).toThrow(/row 0/)
  })

  it("refuse a table that goes back in time", () => {
    const table = run.particleHistory
    expect(() => particleIndex({ ...table, time: table.time.map((time) => -time) })).toThrow(/back in time/)
  })
})

describe("thinning", () => {
  it("keeps ends, extremes and order, and stays small", () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 400 })
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 40 }), (ys, buckets) => {
        const y = Float64Array.from(ys)
        const x = y.map((_, row) => row * row)
        const rows = thinned(x, y, buckets)
        expect(rows[0]).toBe(0)
        expect(rows[rows.length - 1]).toBe(y.length - 1)
        expect(rows.length).toBeLessThanOrEqual(4 * buckets + 4)
        expect(rows.every((row, at) => at === 0 || row > rows[at - 1])).toBe(true)
        const drawn = Array.from(rows, (row) => y[row])
        expect(Math.max(...drawn)).toBe(Math.max(...ys))
        expect(Math.min(...drawn)).toBe(Math.min(...ys))
      }),
    )
  })

  it("keeps gaps", () => {
    const y = Float64Array.from({ length: 1000 }, (_, row) => (row > 400 && row < 500 ? Number.NaN : row))
    const rows = thinned(
      y.map((_, row) => row),
      y,
      50,
    )
    expect(Array.from(rows, (row) => y[row]).some(Number.isNaN)).toBe(true)
  })
})

describe("statistics over particles", () => {
  it("leave out what is missing", () => {
    const { low, mean, high } = envelopeOf([Float64Array.of(1, Number.NaN), Float64Array.of(3, Number.NaN)], 2)
    expect([low[0], mean[0], high[0]]).toEqual([1, 2, 3])
    expect(mean[1]).toBeNaN()
  })

  it("finds the last row of each charge", () => {
    const ends = blockEnds(run.history, "charge", true)
    expect(ends.map(({ cycle, row }) => [cycle, run.history.time[row]])).toEqual([
      [1, 432],
      [2, 1104 + 432],
    ])
  })

  it("counts a hold with what it follows, and no step that was not finished", () => {
    const history = {
      ...run.history,
      time: Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7),
      cycle: Int32Array.of(1, 1, 1, 1, 1, 1, 2, 2),
      stepType: ["charge", "charge", "hold", "rest", "discharge", "hold", "charge", "charge"],
      current: Float64Array.of(9, 9, 4, 0, -9, -4, 9, 9),
    }
    expect(blockEnds(history, "charge", false)).toEqual([{ cycle: 1, row: 2 }])
    expect(blockEnds(history, "discharge", false)).toEqual([{ cycle: 1, row: 5 }])
    expect(blockEnds(history, "charge", true)).toEqual([
      { cycle: 1, row: 2 },
      { cycle: 2, row: 7 },
    ])
  })
})
