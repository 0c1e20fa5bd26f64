import { describe, expect, it } from "vitest"
import { type Random, seededRandom } from "../../src/array/random.ts"
import { curveSetMonoid, envelopeOf } from "../../src/statistics/envelope.ts"
import type { Window } from "../../src/statistics/pair-correlation.ts"
import {
  type MarkedCurve,
  type MarkedPoints,
  markedOf,
  markedPairCurve,
  meanNearestCurve,
  nearestMarkedCurve,
  randomLabellings,
} from "../../src/statistics/random-labelling.ts"

const window: Window = [1, 1, 1]
const distances = Float64Array.from({ length: 15 }, (_, k) => 0.02 * (k + 1))
const edges = Float64Array.from({ length: 8 }, (_, k) => 0.05 * k)

const places = (random: Random, count: number): Float64Array => Float64Array.from({ length: 3 * count }, random.uniform)

/** Marks on points drawn at random. */
const atRandom = (seed: number): MarkedPoints => {
  const random = seededRandom(seed)
  const points = places(random, 200)
  const marks = new Uint8Array(200)
  for (const point of random.permutation(200).subarray(0, 40)) marks[point] = 1
  return { points, marks }
}

/** Marks on the points nearest to a few centres. */
const inClusters = (seed: number): MarkedPoints => {
  const { points } = atRandom(seed)
  const near = (point: number) =>
    Math.min(...[0.25, 0.75].map((centre) => Math.hypot(...[0, 1, 2].map((axis) => points[3 * point + axis] - centre))))
  const order = [...Array(200).keys()].sort((a, b) => near(a) - near(b))
  const marks = new Uint8Array(200)
  for (const point of order.slice(0, 40)) marks[point] = 1
  return { points, marks }
}

const probabilityOf = (marked: MarkedPoints, curve: MarkedCurve, seed: number, simulations: number): number =>
  envelopeOf(curve(markedOf(marked)), randomLabellings(curve, marked, seed, 0, simulations), 0.95).probability

const curves: readonly { readonly name: string; readonly of: (marked: MarkedPoints) => MarkedCurve }[] = [
  { name: "nearest distances", of: (marked) => nearestMarkedCurve(marked, distances) },
  { name: "their mean", of: meanNearestCurve },
  { name: "pair correlation", of: (marked) => markedPairCurve(marked, window, edges) },
]

describe.each(curves)("$name", ({ of }) => {
  it("rejects marks set at random at the nominal rate over seeds", () => {
    const trials = 200
    let rejected = 0
    for (let trial = 0; trial < trials; trial++) {
      const marked = atRandom(trial)
      if (probabilityOf(marked, of(marked), trial + 1000, 39) <= 0.1) rejected++
    }
    // Four standard deviations of a share of 0.1 over the trials.
    expect(Math.abs(rejected / trials - 0.1)).toBeLessThan(0.085)
  })

  it("finds marks that cluster", () => {
    const marked = inClusters(4)
    expect(probabilityOf(marked, of(marked), 1, 199)).toBeLessThan(0.02)
  })

  it("is the same for any division of the simulations", () => {
    const marked = atRandom(2)
    const part = (begin: number, end: number) => randomLabellings(of(marked), marked, 7, begin, end)
    expect(curveSetMonoid.concat(part(13, 30), part(0, 13))).toEqual(part(0, 30))
  })
})

it("has nearer neighbours where marks cluster", () => {
  const [clustered, scattered] = [inClusters(4), atRandom(4)]
  const mean = (marked: MarkedPoints) => meanNearestCurve(marked)(markedOf(marked))[0]
  expect(mean(clustered)).toBeLessThan(0.7 * mean(scattered))
})

it("has the share of nearest distances that counting gives", () => {
  const line: MarkedPoints = {
    points: Float64Array.of(0, 0, 0, 1, 0, 0, 3, 0, 0, 9, 0, 0),
    marks: Uint8Array.of(1, 0, 1, 1),
  }
  const curve = nearestMarkedCurve(line, Float64Array.of(2.9, 3, 6))
  expect([...curve(markedOf(line))]).toEqual([0, 2 / 3, 1])
  expect([...curve(Int32Array.of(2))]).toEqual([0, 0, 0])
})
