import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import type { GivenColumn } from "../../src/learning/learning-table.ts"
import {
  defaultObservation,
  neighbourAttributes,
  neighbourShares,
  type Observation,
  type ObservedTable,
  publishedObservations,
} from "../../src/learning/observations.ts"
import { type Influence, neighbourInfluences, ownInfluences, plantedColumns } from "../../src/learning/planted-table.ts"
import type { AttributeScores } from "../../src/learning/table-comparison.ts"
import { pearsonCorrelation } from "../../src/statistics/correlation.ts"
import { relabelledDifferences } from "../../src/statistics/permutation.ts"

const numbers = (columns: readonly GivenColumn[], name: string): Float64Array => {
  const values = columns.find((column) => column.name === name)?.values
  if (!(values instanceof Float64Array)) throw new Error(`no ${name}`)
  return values
}

/** Sizes of correlations with damage in subsamples of half of the rows. */
const scoresOf = (columns: readonly GivenColumn[], seed: number, runCount = 8): AttributeScores => {
  const names = columns.map(({ name }) => name).filter((name) => name !== "Damage")
  const damage = numbers(columns, "Damage")
  const random = seededRandom(seed)
  const runs: number[] = []
  for (let run = 0; run < runCount; run++) {
    const rows = random.permutation(damage.length).subarray(0, damage.length / 2)
    const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row])
    for (const name of names) runs.push(Math.abs(pearsonCorrelation(pick(numbers(columns, name)), pick(damage))))
  }
  return { names, runs: Float64Array.from(runs) }
}

const observed = (influences: readonly Influence[], seed: number, rowCount = 600, more = 0): ObservedTable => {
  const columns = plantedColumns({ rowCount, influences, noise: 0.2, seed }).map((column) =>
    column.name === "Damage" ? { ...column, values: numbers([column], "Damage").map((value) => value + more) } : column,
  )
  return { columns, scores: scoresOf(columns, seed) }
}

const settings = { ...defaultObservation, permutations: { permutations: 199, seed: 1 } }
const verdicts = (observations: readonly Observation[]): Record<string, string> =>
  Object.fromEntries(observations.map(({ statement, verdict }) => [statement, verdict.kind]))

const withDepth: readonly Influence[] = [...neighbourInfluences, { attribute: "Z", weight: 0.3 }]

describe("the published observations", () => {
  it("hold where they were planted, attribute by attribute", () => {
    const found = publishedObservations(observed(ownInfluences, 1), observed(withDepth, 2, 600, 0.03), settings)
    expect(verdicts(found)).toMatchObject({
      "early, particles nearer to the separator are damaged more": "holds",
      "later, particles nearer to the separator are damaged more": "holds",
      "early, severely damaged particles lie together": "holds",
      "later, particles are damaged more": "holds",
      "early, the particles' own attributes tell more of damage than their neighbourhood": "holds",
      "later, Contact tells more of damage than early": "holds",
      "later, OrienIso tells more of damage than early": "holds",
      "later, VolumeStd tells more of damage than early": "holds",
      "later, Contact, DistNearest, OrienIso, PDensity, VolumeStd together tell more of damage than early": "holds",
    })
    for (const { statistic, threshold, verdict } of found)
      if (verdict.kind === "holds") expect(statistic).toBeGreaterThan(threshold)
  })

  it("do not hold the other way round", () => {
    const found = publishedObservations(observed(withDepth, 2, 600, 0.03), observed(ownInfluences, 1), settings)
    expect(verdicts(found)).toMatchObject({
      "later, particles are damaged more": "does not hold",
      "early, the particles' own attributes tell more of damage than their neighbourhood": "does not hold",
      "later, Contact tells more of damage than early": "does not hold",
    })
  })

  it("are found in noise no more often than chance allows", () => {
    const trials = 25
    const counts = new Map<string, number>()
    for (let trial = 0; trial < trials; trial++) {
      const quick = { ...settings, permutations: { permutations: 59, seed: trial } }
      const found = publishedObservations(observed([], 2 * trial, 200), observed([], 2 * trial + 1, 200), quick)
      for (const { statement, measure, verdict } of found.slice(0, 5)) {
        expect(measure.length).toBeGreaterThan(0)
        counts.set(statement, (counts.get(statement) ?? 0) + (verdict.kind === "holds" ? 1 : 0))
      }
    }
    expect(counts.size).toBe(5)
    // Of 25 trials at 5 %, six or more come by chance in one of a thousand.
    for (const count of counts.values()) expect(count).toBeLessThan(6)
  })

  it("gain over rows, not over runs alone, where a test of rows is given", () => {
    const [early, late] = [observed(ownInfluences, 1), observed(withDepth, 2)]
    const names = early.scores?.names ?? []
    const [a, b] = [early, late].map(({ columns }) => columns)
    const joined = a.map(({ name }) => Float64Array.of(...numbers(a, name), ...numbers(b, name)))
    const score = (rows: Int32Array): Float64Array => {
      const pick = (at: number): Float64Array => Float64Array.from(rows, (row) => joined[at][row])
      const damage = pick(a.findIndex(({ name }) => name === "Damage"))
      const runs = Float64Array.from(names, (name) =>
        Math.abs(pearsonCorrelation(pick(a.findIndex((column) => column.name === name)), damage)),
      )
      return neighbourShares({ names, runs }).shares
    }
    const tested = relabelledDifferences(600, 600, score, { permutations: 39, seed: 1 })
    const found = publishedObservations(early, late, settings, tested).slice(6)
    expect(found.find(({ statement }) => statement.startsWith("later, Contact tells"))).toMatchObject({
      measure: "rise of the mean share in all importances; chance is that of the rows",
      verdict: { kind: "holds" },
      probability: 0.025,
    })
  })

  it("are not known where the tables do not tell", () => {
    const bare: ObservedTable = {
      columns: [{ name: "Damage", unit: "", values: Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5) }],
      scores: null,
    }
    const found = publishedObservations(bare, bare, settings)
    expect(found.length).toBe(12)
    for (const { statement, verdict, statistic } of found) {
      if (statement === "later, particles are damaged more") expect(verdict.kind).toBe("does not hold")
      else {
        expect(verdict.kind).toBe("not known")
        expect(statistic).toBeNaN()
      }
    }
    const one = { ...observed(ownInfluences, 1), scores: scoresOf(observed(ownInfluences, 1).columns, 1, 1) }
    const gains = publishedObservations(one, one, settings).slice(6)
    expect(gains.length).toBe(neighbourAttributes.length + 1)
    for (const { verdict } of gains)
      expect(verdict).toEqual({ kind: "not known", reason: "one run of importances shows no chance" })
  })
})
