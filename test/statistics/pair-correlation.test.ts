import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Random, seededRandom } from "../../src/array/random.ts"
import {
  type PairSums,
  pairCorrelation,
  pairCorrelationNoise,
  pairSumsMonoid,
  pairSumsOf,
  type Window,
} from "../../src/statistics/pair-correlation.ts"
import { expectMonoid } from "./laws.ts"

const edges = Float64Array.from({ length: 9 }, (_, k) => k * 0.05)
const box: Window = [1, 0.8, 1.3]
const sheet: Window = [1.2, 1, 0]

const uniformPoints = (random: Random, count: number, window: Window): Float64Array =>
  Float64Array.from({ length: 3 * count }, (_, at) => random.uniform() * window[at % 3])

const some = fc
  .tuple(fc.nat(1000), fc.nat(25))
  .map(([seed, count]) => pairSumsOf(uniformPoints(seededRandom(seed), count, box), box, edges))

const expectClose = (a: PairSums, b: PairSums): void => {
  expect([...a.pairs]).toEqual([...b.pairs])
  a.weights.forEach((weight, bin) => {
    expect(Math.abs(weight - b.weights[bin])).toBeLessThanOrEqual(1e-12 * b.weights[bin])
  })
}

it("has sums that are a monoid, weights to rounding", () => expectMonoid(pairSumsMonoid(edges), some, expectClose))

it("counts every pair in reach once", () => {
  const points = uniformPoints(seededRandom(3), 700, box)
  const { pairs } = pairSumsOf(points, box, edges)
  const expected = new Float64Array(pairs.length)
  for (let a = 0; a < 700; a++)
    for (let b = 0; b < a; b++) {
      const distance = Math.hypot(...[0, 1, 2].map((axis) => points[3 * a + axis] - points[3 * b + axis]))
      const bin = edges.findLastIndex((edge) => edge <= distance)
      if (bin < expected.length) expected[bin]++
    }
  expect([...pairs]).toEqual([...expected])
})

describe.each([
  { name: "a box", window: box },
  { name: "a plane", window: sheet },
])("in $name", ({ window }) => {
  it("is 1 for independent points up to the edges, as near as it says", () => {
    const random = seededRandom(8)
    const [count, trials] = [250, 60]
    const places = edges.length - 1
    const [mean, square, noise] = [new Float64Array(places), new Float64Array(places), new Float64Array(places)]
    for (let trial = 0; trial < trials; trial++) {
      const sums = pairSumsOf(uniformPoints(random, count, window), window, edges)
      const stated = pairCorrelationNoise(sums, count, window)
      pairCorrelation(sums, count, window).forEach((value, bin) => {
        mean[bin] += value / trials
        square[bin] += (value - 1) ** 2 / trials
        noise[bin] += stated[bin] / trials
      })
    }
    mean.forEach((value, bin) => {
      // Four standard deviations of the mean; without edge correction the last bins would be 0.6.
      expect(Math.abs(value - 1)).toBeLessThan((4 * noise[bin]) / Math.sqrt(trials))
      expect(Math.sqrt(square[bin]) / noise[bin]).toBeGreaterThan(0.7)
      // Far pairs also feel how many points lie near the border.
      expect(Math.sqrt(square[bin]) / noise[bin]).toBeLessThan(bin < 4 ? 1.5 : 2.5)
    })
  })

  it("sees clusters as strong as they were made", () => {
    const random = seededRandom(9)
    const [density, children, width, trials] = [25, 8, 0.02, 30]
    const wide = window.map((edge) => (edge === 0 ? 0 : edge + 0.2))
    const parentCount = density * wide.reduce((size, edge) => size * (edge === 0 ? 1 : edge), 1)
    let first = 0
    let last: number[] = []
    for (let trial = 0; trial < trials; trial++) {
      const points: number[] = []
      for (let child = 0; child < children * Math.round(parentCount); child++) {
        const parent = child % children === 0 ? wide.map((edge) => edge * random.uniform() - Math.min(0.1, edge)) : last
        last = parent
        const point = parent.map((x, axis) => x + (wide[axis] === 0 ? 0 : width * random.normal()))
        if (point.every((x, axis) => x >= 0 && x <= window[axis])) points.push(...point)
      }
      const sums = pairSumsOf(Float64Array.from(points), window, edges)
      first += pairCorrelation(sums, points.length / 3, window)[0] / trials
    }
    // Two children of one parent are within R with this probability (normal, of variance 2 width² along each axis).
    const [reach, t] = [edges[1], edges[1] / (2 * width)]
    const within =
      window[2] === 0 ? 1 - Math.exp(-t * t) : 0.92290013 - ((2 * t) / Math.sqrt(Math.PI)) * Math.exp(-t * t)
    const ball = window[2] === 0 ? Math.PI * reach ** 2 : ((4 * Math.PI) / 3) * reach ** 3
    const expected = 1 + (((children - 1) / children) * within) / (density * ball)
    expect(Math.abs(first / expected - 1)).toBeLessThan(0.08)
  })

  it("sees that no two points of a lattice are near", () => {
    const lattice: number[] = []
    for (let x = 0.05; x < window[0]; x += 0.1)
      for (let y = 0.05; y < window[1]; y += 0.1)
        for (let z = window[2] === 0 ? 0 : 0.05; z <= window[2]; z += 0.1) lattice.push(x, y, z)
    const bins = Float64Array.of(0, 0.08, 0.12, 0.2)
    const held = pairCorrelation(pairSumsOf(Float64Array.from(lattice), window, bins), lattice.length / 3, window)
    expect(held[0]).toBe(0)
    expect(held[1]).toBeGreaterThan(1.1)
  })
})

it("says nothing of a single point", () => {
  const g = pairCorrelation(pairSumsOf(Float64Array.of(0.1, 0.1, 0.1), box, edges), 1, box)
  expect([...g].every(Number.isNaN)).toBe(true)
})
