import type { RankCorrelation } from "../statistics/rank-correlation.ts"
import type { GivenColumn } from "./learning-table.ts"
import { type AttributeScores, meanScores, scoreAgreement } from "./table-comparison.ts"

/** Importances of attributes early and late, run by run, as they were published. */
export interface PublishedScores {
  readonly early: AttributeScores
  readonly late: AttributeScores
  /** [run] */
  readonly protocols: readonly string[]
}

/** Names of the published figures, by those of the published table. */
const writtenAs: Readonly<Record<string, string>> = {
  Edensity: "EDensity",
  SurfInner: "SurfaceInner",
  SurfOuter: "SurfaceOuter",
  Vsratio: "VSratio",
  DisNearest: "DistNearest",
  locVolume: "VolumeStd",
  locOri: "OrienIso",
  locElongation: "ElongStd",
  locSphericity: "SphericityStd",
}

/** A single run that stands for the whole is no repetition. */
const single = "single"

export const publishedColumns = ["protocol", "seed", "attribute", "mean_abs_shap_10cyc", "mean_abs_shap_50cyc"] as const

/**
 * Published importances from a table with one line for each run and attribute: `protocol`, `seed`, `attribute`,
 * `mean_abs_shap_10cyc`, `mean_abs_shap_50cyc`; names of attributes as in the figures or as in tables. Runs of the protocol
 * "single" are left out.
 * @returns the scores, or in words what was expected and found
 * @source J. Li et al., Science 376 (2022) 517, Fig. 4 and the published notebook, doi:10.1126/science.abm8962
 */
export const publishedScoresOf = (
  columns: readonly GivenColumn[],
): PublishedScores | { readonly column: string; readonly expected: string; readonly found: string } => {
  const wordsIn = (name: string): readonly string[] | undefined => {
    const values = columns.find((column) => column.name === name)?.values
    return values === undefined ? undefined : Array.from(values as ArrayLike<number | string>, String)
  }
  const lacking = publishedColumns.find((name) => wordsIn(name) === undefined)
  if (lacking !== undefined)
    return { column: lacking, expected: "a column of this name", found: columns.map(({ name }) => name).join(", ") }
  const [protocol, seed, attribute, early, late] = publishedColumns.map((name) => wordsIn(name)!)
  const rows = [...protocol.keys()].filter((row) => protocol[row] !== single)
  const runOf = (row: number): string => `${protocol[row]}\n${seed[row]}`
  const nameOf = (row: number): string => writtenAs[attribute[row]] ?? attribute[row]
  const runs = [...new Set(rows.map(runOf))]
  const names = [...new Set(rows.map(nameOf))]
  if (runs.length < 2) return { column: "protocol", expected: "two runs or more", found: `${runs.length}` }
  const scores = [early, late].map((values, k) => {
    const out = new Float64Array(runs.length * names.length).fill(Number.NaN)
    for (const row of rows)
      out[runs.indexOf(runOf(row)) * names.length + names.indexOf(nameOf(row))] = Number(values[row])
    return { column: publishedColumns[3 + k], runs: out }
  })
  for (const { column, runs: values } of scores) {
    const at = values.findIndex((value) => !(Number.isFinite(value) && value >= 0))
    if (at >= 0) {
      const [run, name] = [runs[Math.floor(at / names.length)].replace("\n", " "), names[at % names.length]]
      return { column, expected: `a number from 0 for ${name} in each run`, found: `none or another in ${run}` }
    }
  }
  return {
    early: { names, runs: scores[0].runs },
    late: { names, runs: scores[1].runs },
    protocols: runs.map((run) => run.split("\n")[0]),
  }
}

export interface Agreement extends RankCorrelation {
  readonly interval: readonly [number, number]
}

/** How one's own importances stand to the published ones. */
export interface PublishedComparison {
  /** [table] with the published early and late importances */
  readonly tables: readonly { readonly early: Agreement; readonly late: Agreement }[]
  /** Of the gains from the first table to the second with the published gains; null for one table */
  readonly gains: Agreement | null
}

/** [attribute] mean shares in all importances, of some attributes alone */
export const meanShares = (scores: AttributeScores, names: readonly string[]): Float64Array => {
  const means = meanScores(scores)
  const picked = Float64Array.from(names, (name) => means[scores.names.indexOf(name)])
  const sum = picked.reduce((total, value) => total + value, 0)
  return picked.map((value) => (sum > 0 ? value / sum : 0))
}

/** Attributes that all of some scores have, in the order of the first. */
export const commonNames = (all: readonly AttributeScores[]): readonly string[] =>
  all[0].names.filter((name) => all.every(({ names }) => names.includes(name)))

/**
 * Rank correlations of importances with the published ones, over the attributes that both have.
 * @param tables importances of one table, or of an early and a later one
 */
export const comparedWithPublished = (
  tables: readonly AttributeScores[],
  { early, late }: PublishedScores,
): PublishedComparison => {
  const names = commonNames([...tables, early])
  const gainOf = (first: AttributeScores, second: AttributeScores): AttributeScores => {
    const [a, b] = [meanShares(first, names), meanShares(second, names)]
    return { names, runs: b.map((share, k) => share - a[k]) }
  }
  return {
    tables: tables.map((table) => ({ early: scoreAgreement(table, early), late: scoreAgreement(table, late) })),
    gains: tables.length < 2 ? null : scoreAgreement(gainOf(tables[0], tables[1]), gainOf(early, late)),
  }
}
