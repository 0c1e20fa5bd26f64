import fc from "fast-check"
import { expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { type CurveSet, curveSetMonoid, envelopeOf } from "../../src/statistics/envelope.ts"

/** Curves of a random walk: neighbouring places hang together, as in measured functions. */
const walk = (seed: number, places = 12): Float64Array => {
  const random = seededRandom(seed)
  let at = 0
  return Float64Array.from({ length: places }, () => (at += random.normal()))
}
const simulations = (from: number, count: number): CurveSet => ({
  numbers: Array.from({ length: count }, (_, at) => from + at),
  curves: Array.from({ length: count }, (_, at) => walk(from + at)),
})

it("is a monoid of disjoint simulations, exactly, in whatever order they come", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }), (owners) => {
      const parts = [0, 1, 2].map((owner): CurveSet => {
        const numbers = [...owners.keys()].filter((number) => owners[number] === owner)
        return { numbers, curves: numbers.map((number) => walk(number)) }
      })
      const { concat, empty } = curveSetMonoid
      const whole = simulations(0, 12)
      expect(concat(concat(parts[0], parts[1]), parts[2])).toEqual(whole)
      expect(concat(parts[2], concat(parts[1], parts[0]))).toEqual(whole)
      expect(concat(parts[0], empty)).toEqual(parts[0])
      expect(concat(empty, parts[0])).toEqual(parts[0])
    }),
  )
  expect(() => curveSetMonoid.concat(simulations(0, 2), simulations(1, 2))).toThrow("simulation 1 is there twice")
})

it("rejects a true null model as often as it says, and the curve then leaves the global envelope", () => {
  const [trials, count] = [400, 99]
  let rejected = 0
  for (let trial = 0; trial < trials; trial++) {
    const observed = walk(1e6 + trial)
    const found = envelopeOf(observed, simulations(trial * count, count), 0.9)
    const leaves = observed.some((value, place) => value < found.globalLow[place] || value > found.globalHigh[place])
    expect(leaves).toBe(found.probability <= 0.1)
    if (found.probability <= 0.1) rejected++
  }
  // Four standard deviations of a share of 0.1 over the trials.
  expect(Math.abs(rejected / trials - 0.1)).toBeLessThan(0.06)
})

it("finds a curve that is shifted at one place", () => {
  const observed = walk(77).map((value, place) => (place === 5 ? value + 30 : value))
  const found = envelopeOf(observed, simulations(0, 199), 0.95)
  expect(found.probability).toBeLessThan(0.03)
  expect(observed[5]).toBeGreaterThan(found.globalHigh[5])
})

it("has a pointwise envelope inside the global one, and means between", () => {
  const found = envelopeOf(walk(1), simulations(10, 199), 0.9)
  for (let place = 0; place < 12; place++) {
    expect(found.globalLow[place]).toBeLessThanOrEqual(found.low[place])
    expect(found.low[place]).toBeLessThan(found.mean[place])
    expect(found.mean[place]).toBeLessThan(found.high[place])
    expect(found.high[place]).toBeLessThanOrEqual(found.globalHigh[place])
  }
  // A random walk of unit steps has the standard deviation √(place + 1).
  expect(found.high[11] / (1.645 * Math.sqrt(12))).toBeGreaterThan(0.75)
  expect(found.high[11] / (1.645 * Math.sqrt(12))).toBeLessThan(1.25)
})

it("calls nothing extreme where all curves are one", () => {
  const curve = Float64Array.of(0, 0.5, 1)
  const found = envelopeOf(curve, { numbers: [0, 1, 2], curves: [curve, curve, curve] }, 0.95)
  expect(found.probability).toBe(1)
  expect([...found.globalLow]).toEqual([...curve])
})
