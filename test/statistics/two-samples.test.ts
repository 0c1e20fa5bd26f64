import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Random, seededRandom } from "../../src/array/random.ts"
import { correlationMatrix } from "../../src/statistics/correlation.ts"
import { defaultJointSettings, jointDistances } from "../../src/statistics/joint-distance.ts"
import { meanDifferences, permutationProbability, relabelledDifferences } from "../../src/statistics/permutation.ts"
import { kolmogorovDistance, sampleOf, wassersteinDistance } from "../../src/statistics/sample.ts"
import {
  defaultBootstrap,
  distanceInterval,
  distanceProbability,
  largestStep,
  stepArea,
} from "../../src/statistics/step-distance.ts"

const normals = (random: Random, count: number, shift = 0, scale = 1): Float64Array =>
  Float64Array.from({ length: count }, () => shift + scale * random.normal())

/** A share of trials as far from the nominal one as four of its standard deviations. */
const reach = (share: number, trials: number): number => 4 * Math.sqrt((share * (1 - share)) / trials)

describe("intervals of distances", () => {
  // Shifted normals: the distance of Wasserstein is the shift, that of Kolmogorov 2 Φ(shift / 2) − 1.
  it.each([
    { name: "Wasserstein", norm: stepArea, distance: wassersteinDistance, known: [0, 0.4, 1], width: 0.8 },
    {
      name: "Kolmogorov",
      norm: largestStep,
      distance: kolmogorovDistance,
      known: [0, 0.1585194, 0.3829249],
      width: 0.35,
    },
  ])("of $name hold the true one at least at the nominal rate over seeds", ({ norm, distance, known, width }) => {
    const trials = 120
    for (const [at, shift] of [0, 0.4, 1].entries()) {
      let held = 0
      for (let trial = 0; trial < trials; trial++) {
        const random = seededRandom(trial)
        const [a, b] = [normals(random, 100), normals(random, 140, shift)]
        const { value, low, high } = distanceInterval(a, b, norm, { resamples: 99, confidence: 0.9, seed: trial })
        expect(value).toBeCloseTo(distance(sampleOf(a), sampleOf(b)), 12)
        expect(high - low).toBeLessThan(width)
        if (low <= known[at] && known[at] <= high) held++
      }
      expect(held / trials).toBeGreaterThan(0.9 - reach(0.9, trials))
      // Without a difference it is the null distribution itself.
      if (shift === 0) expect(held / trials).toBeLessThan(0.9 + reach(0.9, trials))
    }
  })

  it("are of the distance also where values are equal", () => {
    const values = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(values, values, (first, second) => {
        const [a, b] = [Float64Array.from(first), Float64Array.from(second)]
        const settings = { ...defaultBootstrap, resamples: 9 }
        expect(distanceInterval(a, b, largestStep, settings).value).toBeCloseTo(
          kolmogorovDistance(sampleOf(a), sampleOf(b)),
          12,
        )
        const { value, low, high } = distanceInterval(a, b, stepArea, settings)
        expect(value).toBeCloseTo(wassersteinDistance(sampleOf(a), sampleOf(b)), 12)
        expect(low).toBeLessThanOrEqual(value)
        expect(high).toBeGreaterThanOrEqual(value)
      }),
    )
  })

  it("refuse empty samples", () => {
    expect(() => distanceInterval(Float64Array.of(), Float64Array.of(1), stepArea)).toThrow(
      "needs values on both sides",
    )
  })
})

describe("permutation tests", () => {
  it("reject at the nominal rate where there is nothing, and find what is there", () => {
    const trials = 300
    let [rejected, found] = [0, 0]
    for (let trial = 0; trial < trials; trial++) {
      const random = seededRandom(trial)
      const [a, b, c] = [normals(random, 20), normals(random, 30), normals(random, 30, 1.5)]
      if (distanceProbability(a, b, stepArea, { permutations: 39, seed: trial }) <= 0.1) rejected++
      if (trial < 50 && distanceProbability(a, c, largestStep, { permutations: 39, seed: trial }) <= 0.1) found++
    }
    expect(Math.abs(rejected / trials - 0.1)).toBeLessThan(reach(0.1, trials))
    expect(found).toBeGreaterThan(45)
  })

  it("count the observed division among the others", () => {
    expect(permutationProbability(5, [1, 2, 3, 4])).toBe(0.2)
    expect(permutationProbability(1, [1, 1, 1, 1])).toBe(1)
    expect(permutationProbability(0.1 + 0.2, [0.3])).toBe(1)
  })
})

describe("differences of means over runs", () => {
  const runs = (random: Random, shifts: readonly number[], scale = 1): Float64Array =>
    Float64Array.from({ length: 10 * shifts.length }, (_, at) => shifts[at % shifts.length] + scale * random.normal())

  it("pass chance at the nominal rate for one item, and for any of the family", () => {
    const trials = 250
    let [one, any] = [0, 0]
    for (let trial = 0; trial < trials; trial++) {
      const random = seededRandom(trial)
      const none = [0, 5, -2, 100, 0.1]
      const found = meanDifferences(runs(random, none), runs(random, none), 5, { permutations: 59, seed: trial })
      if (found[2].probability <= 0.1) one++
      if (found.some(({ familyProbability }) => familyProbability <= 0.1)) any++
    }
    expect(Math.abs(one / trials - 0.1)).toBeLessThan(reach(0.1, trials))
    expect(Math.abs(any / trials - 0.1)).toBeLessThan(reach(0.1, trials))
  })

  it("are found where they are, with sign and deviation", () => {
    const random = seededRandom(9)
    const found = meanDifferences(runs(random, [0, 0, 1], 0.1), runs(random, [0, 1, -1], 0.1), 3)
    expect(found[0].familyProbability).toBeGreaterThan(0.05)
    expect(found[1].difference).toBeCloseTo(1, 0)
    expect(found[2].difference).toBeCloseTo(-2, 0)
    for (const item of [1, 2]) expect(found[item].familyProbability).toBeLessThan(0.01)
    expect(found[1].deviation).toBeGreaterThan(0.02)
    expect(found[1].deviation).toBeLessThan(0.1)
  })

  it("are none of runs that are all the same", () => {
    const same = new Float64Array(8).fill(0.3)
    expect(meanDifferences(same, same, 2)[0]).toEqual({
      difference: 0,
      deviation: 0,
      probability: 1,
      familyProbability: 1,
    })
    expect(() => meanDifferences(Float64Array.of(1), same, 1)).toThrow("two at least")
  })
})

describe("differences of scores over rows", () => {
  /** Size of the correlation of each of three columns with the last one, for some rows. */
  const scoresOf =
    (values: Float64Array) =>
    (rows: Int32Array): Float64Array => {
      const some = new Float64Array(4 * rows.length)
      for (let k = 0; k < rows.length; k++) some.set(values.subarray(4 * rows[k], 4 * rows[k] + 4), 4 * k)
      return correlationMatrix(some, 4).slice(12, 15).map(Math.abs)
    }

  it("pass chance at the nominal rate in pure noise, for one and for any", () => {
    const trials = 200
    let [one, any] = [0, 0]
    for (let trial = 0; trial < trials; trial++) {
      const score = scoresOf(normals(seededRandom(trial), 4 * 50))
      const found = relabelledDifferences(20, 30, score, { permutations: 39, seed: trial })
      if (found[1].probability <= 0.1) one++
      if (found.some(({ familyProbability }) => familyProbability <= 0.1)) any++
    }
    expect(Math.abs(one / trials - 0.1)).toBeLessThan(reach(0.1, trials))
    expect(Math.abs(any / trials - 0.1)).toBeLessThan(reach(0.1, trials))
  })

  it("are found where one group follows another column", () => {
    const values = normals(seededRandom(5), 4 * 200)
    for (let row = 0; row < 200; row++) values[4 * row + 3] += values[4 * row + (row < 100 ? 0 : 1)]
    const found = relabelledDifferences(100, 100, scoresOf(values), { permutations: 199, seed: 1 })
    expect(found[0].difference).toBeLessThan(-0.3)
    expect(found[1].difference).toBeGreaterThan(0.3)
    expect(found[0].familyProbability).toBeLessThan(0.02)
    expect(found[1].familyProbability).toBeLessThan(0.02)
    expect(found[2].familyProbability).toBeGreaterThan(0.05)
  })
})

describe("joint distances", () => {
  const clouds = fc.record({
    first: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 16 }),
    second: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 16 }),
  })
  const even = (some: readonly number[]): Float64Array => Float64Array.from(some.slice(0, some.length & ~1))

  it("are the means of the textbook", () => {
    fc.assert(
      fc.property(clouds, ({ first, second }) => {
        const [x, y] = [even(first), even(second)]
        const found = jointDistances(x, y, 2, { ...defaultJointSettings, permutations: 3 })
        const mean = (a: Float64Array, b: Float64Array, of: (distance: number) => number): number => {
          let sum = 0
          for (let i = 0; i < a.length; i += 2)
            for (let j = 0; j < b.length; j += 2) sum += of(Math.hypot(a[i] - b[j], a[i + 1] - b[j + 1]))
          return (4 * sum) / (a.length * b.length)
        }
        const all = (of: (distance: number) => number) => 2 * mean(x, y, of) - mean(x, x, of) - mean(y, y, of)
        expect(found.energy.value).toBeCloseTo(
          Math.max(
            0,
            all((d) => d),
          ),
          10,
        )
        const { width } = found
        expect(found.discrepancy.value).toBeCloseTo(
          all((d) => (d === 0 ? -1 : -Math.exp((-d * d) / (2 * width * width)))),
          10,
        )
      }),
    )
  })

  it("reject equal clouds at the nominal rate over seeds", () => {
    const trials = 200
    const rejected = { energy: 0, discrepancy: 0 }
    for (let trial = 0; trial < trials; trial++) {
      const random = seededRandom(trial)
      const settings = { ...defaultJointSettings, permutations: 39, seed: trial }
      const found = jointDistances(normals(random, 60), normals(random, 90), 3, settings)
      if (found.energy.probability <= 0.1) rejected.energy++
      if (found.discrepancy.probability <= 0.1) rejected.discrepancy++
    }
    expect(Math.abs(rejected.energy / trials - 0.1)).toBeLessThan(reach(0.1, trials))
    expect(Math.abs(rejected.discrepancy / trials - 0.1)).toBeLessThan(reach(0.1, trials))
  })

  it("find a difference that no attribute shows alone: a correlation", () => {
    const random = seededRandom(3)
    const cloud = (correlation: number): Float64Array => {
      const out = new Float64Array(600)
      for (let at = 0; at < 600; at += 2) {
        const x = random.normal()
        out[at] = x
        out[at + 1] = correlation * x + Math.sqrt(1 - correlation ** 2) * random.normal()
      }
      return out
    }
    const found = jointDistances(cloud(0.8), cloud(-0.8), 2)
    expect(found.energy.probability).toBeLessThan(0.01)
    expect(found.discrepancy.probability).toBeLessThan(0.01)
  })

  it("look at no more points than asked for", () => {
    const random = seededRandom(3)
    const found = jointDistances(normals(random, 900), normals(random, 300), 1, {
      ...defaultJointSettings,
      mostPoints: 400,
    })
    expect(found.pointCounts).toEqual([300, 100])
    expect(jointDistances(Float64Array.of(1, 1), Float64Array.of(1, 1), 1).energy).toEqual({ value: 0, probability: 1 })
  })
})
