import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { defaultPopulationSettings, populationOf } from "../../src/particles/population.ts"
import type { ParticleTable, TableColumn } from "../../src/particles/table.ts"
import type { Window } from "../../src/statistics/pair-correlation.ts"
import { quantile } from "../../src/statistics/sample.ts"

const window: Window = [60e-6, 50e-6, 80e-6]
const settings = { ...defaultPopulationSettings, simulations: 199 }

/** A table with damage that the place of a particle decides. */
const tableOf = (
  count: number,
  damageAt: (place: readonly [number, number, number], chance: number) => number,
  within: Window = window,
): ParticleTable => {
  const random = seededRandom(count)
  const rows = Array.from({ length: count }, () => {
    const place = [0, 1, 2].map((axis) => random.uniform() * within[axis]) as [number, number, number]
    return { place, damage: damageAt(place, random.uniform()), volume: 5e-16 * Math.exp(0.3 * random.normal()) }
  })
  const isPlane = within[2] === 0
  const column = (name: string, unit: string, of: (row: (typeof rows)[number]) => number): TableColumn => ({
    name,
    unit,
    values: Float64Array.from(rows, of),
  })
  return {
    particleCount: count,
    columns: [
      column("X", "m", ({ place }) => place[0]),
      ...(isPlane ? [] : [column("Y", "m", ({ place }) => place[1])]),
      column("Z", "m", ({ place }) => place[isPlane ? 1 : 2]),
      column("Volume", "m^3", ({ volume }) => volume),
      column("Damage", "", ({ damage }) => damage),
    ],
    missing: [],
    cut: Uint8Array.from(rows, (_, row) => (row % 10 === 0 ? 1 : 0)),
  }
}

describe("damage that rises with depth", () => {
  const table = tableOf(400, ([, , z], chance) => 0.2 * (z / window[2]) + 0.1 * chance)
  const population = populationOf(table, window, settings)

  it("is seen in the profile and in the correlation, with an interval that leaves out 0", () => {
    const damage = population.depth.find(({ name }) => name === "Damage")
    const bins = damage?.profile.bins ?? []
    expect(bins.length).toBeGreaterThan(8)
    expect(bins[0].mean).toBeLessThan(0.08)
    expect(bins[bins.length - 1].mean).toBeGreaterThan(0.22)
    expect(damage?.interval[0]).toBeGreaterThan(0.7)
    const volume = population.depth.find(({ name }) => name === "Volume")
    expect(volume?.interval[0]).toBeLessThan(0)
    expect(volume?.interval[1]).toBeGreaterThan(0)
  })

  it("is counted in classes, over whole particles alone", () => {
    const { damage, wholeCount, particleCount, attributes } = population
    expect([particleCount, wholeCount]).toEqual([400, 360])
    expect(damage && damage.least + damage.mild + damage.severe).toBe(360)
    // Uniform between 0.2 z and 0.2 z + 0.1: below 0.05 a sixteenth, from 0.15 on a half.
    expect(Math.abs((damage?.least ?? 0) / 360 - 1 / 16)).toBeLessThan(0.05)
    expect(Math.abs((damage?.severe ?? 0) / 360 - 1 / 2)).toBeLessThan(0.1)
    const { distribution } = attributes.find(({ name }) => name === "Volume") ?? attributes[0]
    expect(Math.abs(Math.log(quantile(distribution.sample, 0.5) / 5e-16))).toBeLessThan(0.06)
  })

  it("brings severely damaged particles together", () => {
    expect(population.severe.kind === "measured" && population.severe.nearest.probability).toBeLessThan(0.03)
  })
})

it("finds severely damaged particles that cluster, and none where damage is chance", () => {
  const inBall = populationOf(
    tableOf(300, ([x, y, z]) => (Math.hypot(x - 20e-6, y - 20e-6, z - 40e-6) < 15e-6 ? 0.3 : 0.01)),
    window,
    settings,
  )
  const chance = populationOf(
    tableOf(300, (_, share) => (share < 0.2 ? 0.3 : 0.01)),
    window,
    settings,
  )
  if (inBall.severe.kind !== "measured" || chance.severe.kind !== "measured") throw new Error("not measured")
  for (const envelope of [inBall.severe.nearest, inBall.severe.meanNearest, inBall.severe.pairs]) {
    expect(envelope.probability).toBeLessThan(0.02)
  }
  expect(inBall.severe.meanNearest.observed[0]).toBeLessThan(0.8 * inBall.severe.meanNearest.mean[0])
  expect(chance.severe.nearest.probability).toBeGreaterThan(0.05)
  expect(chance.severe.pairs.probability).toBeGreaterThan(0.05)
})

it("sees independent centres as such, away from the border, and parts that agree with the whole", () => {
  const { correlation, subvolumes } = populationOf(
    tableOf(1500, () => 0),
    window,
    settings,
  )
  correlation.values.forEach((value, bin) => {
    expect(Math.abs(value - 1)).toBeLessThan(4.5 * correlation.noise[bin])
  })
  expect(subvolumes.map(({ division }) => division)).toEqual([2, 3])
  // A rim of the largest radius is left out: 1500 particles in 60 × 50 × 80 µm, 7 µm or so less on every side.
  expect(Math.abs(subvolumes[0].meanCount / (1500 / 8) / ((46 * 36 * 66) / (60 * 50 * 80)) - 1)).toBeLessThan(0.2)
  for (const { agreements } of subvolumes) {
    expect(agreements.map(({ attribute }) => attribute)).toEqual(["Volume"])
    expect(agreements[0].distance / agreements[0].blindDistance).toBeLessThan(1.3)
  }
})

it("says so where damage is unknown, or severe damage rare", () => {
  const rare = populationOf(
    tableOf(50, (_, chance) => (chance < 0.03 ? 0.5 : 0)),
    window,
    settings,
  )
  expect(rare.severe.kind).toBe("too few")
  const table = tableOf(50, () => Number.NaN)
  expect(populationOf(table, window, settings).severe.kind).toBe("unknown damage")
  const bare = { ...table, columns: table.columns.filter(({ name }) => name !== "Damage") }
  expect(populationOf(bare, window, settings)).toMatchObject({ damage: null, severe: { kind: "unknown damage" } })
})

it("works in a plane, and without any particle", () => {
  const plane: Window = [60e-6, 50e-6, 0]
  const { correlation, depth } = populationOf(
    tableOf(300, () => 0.1, plane),
    plane,
    settings,
  )
  expect(correlation.values.every(Number.isFinite)).toBe(true)
  // Damage is the same everywhere.
  expect(depth.map(({ name }) => name)).toEqual(["Volume"])
  const empty = populationOf(
    tableOf(0, () => 0),
    window,
    settings,
  )
  expect([empty.wholeCount, empty.severe.kind, empty.subvolumes.length]).toEqual([0, "unknown damage", 0])
})

it("is the same again", () => {
  const table = tableOf(120, (_, chance) => chance)
  expect(populationOf(table, window, settings)).toEqual(populationOf(table, window, settings))
})
