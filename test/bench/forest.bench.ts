/**
 * Forests and Shapley values, one thread: `node test/bench/forest.bench.ts [repetitions]`.
 *
 * Rows, trees and depth are varied about the case of the published peers: 2,000 rows of 23 attributes, 100 trees at
 * most 30 splits deep. Shown are the least and the middle processor time of the thread (the peers' figures are
 * processor time too) and, in brackets, the least elapsed time. The second implementation in the same run is the plain
 * recursion over the leaves of each row, by which the ratio is formed. Not measured: more than one thread.
 */
import { seededRandom } from "../../src/array/random.ts"
import { explainAgainst } from "../../src/learning/background-shap.ts"
import {
  type ForestSettings,
  publishedNotebookForest,
  publishedTextForest,
} from "../../src/learning/forest-settings.ts"
import { explainForest, explainTrees } from "../../src/learning/path-dependent-shap.ts"
import type { RegressionTable } from "../../src/learning/regression-table.ts"
import { explainInteractions } from "../../src/learning/shap-interactions.ts"
import { growTrees } from "../../src/learning/tree-growth.ts"
import { predict, type Trees, treeCountOf } from "../../src/learning/trees.ts"

const repetitions = Number(process.argv[2] ?? 3)

/** A law of some attributes and noise, so that trees grow to the end. */
const tableOf = (rowCount: number, featureCount: number): RegressionTable => {
  const random = seededRandom(1)
  const columns = Array.from({ length: featureCount }, () => Float64Array.from({ length: rowCount }, random.normal))
  const [a, b, c, d] = columns
  const target = Float64Array.from(
    { length: rowCount },
    (_, i) => Math.sin(a[i]) + 0.5 * b[i] * c[i] + 0.3 * d[i] + 0.5 * random.normal(),
  )
  return { names: columns.map((_, k) => `x${k}`), columns, targetName: "y", target }
}

let sink = 0

const measure = (name: string, work: () => number, peer = ""): number => {
  const processor: number[] = []
  const elapsed: number[] = []
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const before = process.threadCpuUsage()
    const start = performance.now()
    sink += work()
    elapsed.push((performance.now() - start) / 1000)
    const { user, system } = process.threadCpuUsage(before)
    processor.push((user + system) / 1e6)
  }
  processor.sort((x, y) => x - y)
  const show = (seconds: number): string => seconds.toPrecision(3).padStart(7)
  const middle = processor[Math.floor(repetitions / 2)]
  console.log(`${name.padEnd(60)}${show(processor[0])}${show(middle)} (${show(Math.min(...elapsed))}) s  ${peer}`)
  return processor[0]
}

/**
 * The published recursion: every path with its weights of subsets, O(leaves × depth²) a row.
 * @source S. M. Lundberg et al. (2020), algorithm 2, doi:10.1038/s42256-019-0138-9
 */
const explainByPaths = (trees: Trees, columns: readonly Float64Array[], tree: number, row: number): Float64Array => {
  const { feature, threshold, left, right, value, cover, featureCount } = trees
  const root = trees.treeStart[tree]
  const out = new Float64Array(featureCount)
  type Step = { f: number; zero: number; one: number; weight: number }
  const extend = (path: readonly Step[], zero: number, one: number, f: number): Step[] => {
    const longer = [...path.map((step) => ({ ...step })), { f, zero, one, weight: path.length === 0 ? 1 : 0 }]
    const n = path.length
    for (let i = n - 1; i >= 0; i--) {
      longer[i + 1].weight += (one * longer[i].weight * (i + 1)) / (n + 1)
      longer[i].weight = (zero * longer[i].weight * (n - i)) / (n + 1)
    }
    return longer
  }
  const unwind = (path: readonly Step[], at: number): Step[] => {
    const shorter = path.map((step) => ({ ...step }))
    const n = path.length - 1
    const { one, zero } = path[at]
    let next = shorter[n].weight
    for (let i = n - 1; i >= 0; i--) {
      if (one !== 0) {
        const kept = shorter[i].weight
        shorter[i].weight = (next * (n + 1)) / ((i + 1) * one)
        next = kept - (shorter[i].weight * zero * (n - i)) / (n + 1)
      } else shorter[i].weight = (shorter[i].weight * (n + 1)) / (zero * (n - i))
    }
    for (let i = at; i < n; i++) Object.assign(shorter[i], { ...shorter[i + 1], weight: shorter[i].weight })
    return shorter.slice(0, n)
  }
  const walk = (node: number, before: readonly Step[], zero: number, one: number, f: number): void => {
    let path = extend(before, zero, one, f)
    const own = feature[root + node]
    if (own < 0) {
      for (let i = 1; i < path.length; i++) {
        const weight = unwind(path, i).reduce((sum, step) => sum + step.weight, 0)
        out[path[i].f] += weight * (path[i].one - path[i].zero) * value[root + node]
      }
      return
    }
    const goesLeft = columns[own][row] <= threshold[root + node]
    const sides = [left[root + node], right[root + node]]
    const [hot, cold] = goesLeft ? sides : sides.toReversed()
    let zeroBefore = 1
    let oneBefore = 1
    const known = path.findIndex((step, i) => i > 0 && step.f === own)
    if (known >= 0) {
      zeroBefore = path[known].zero
      oneBefore = path[known].one
      path = unwind(path, known)
    }
    const share = (side: number): number => cover[root + side] / cover[root + node]
    walk(hot, path, zeroBefore * share(hot), oneBefore, own)
    walk(cold, path, zeroBefore * share(cold), 0, own)
  }
  walk(0, [], 1, 1, -1)
  return out
}

const grow = (table: RegressionTable, settings: ForestSettings): Trees =>
  growTrees(table, settings, 0, settings.treeCount)

const describe = (trees: Trees): string => `${treeCountOf(trees)} trees, ${trees.feature.length} nodes`

console.log("growing and predicting".padEnd(60), "  least middle (elapsed)")
const table = tableOf(2000, 23)
const text = publishedTextForest
measure("2,000 × 23, 100 trees, depth 30", () => grow(table, text).feature.length, "scikit-learn 1.43")
for (const [name, some, settings] of [
  ["depth 8", table, { ...text, depthLimit: 8 }],
  ["absolute error, 10 trees to the end", table, { ...text, treeCount: 10, criterion: { kind: "absolute error" } }],
  ["20,000 × 23, 10 trees", tableOf(20000, 23), { ...text, treeCount: 10 }],
] satisfies [string, RegressionTable, ForestSettings][]) {
  measure(name, () => grow(some, settings).feature.length)
}
const few = tableOf(1900, 21)
const notebook = grow(few, publishedNotebookForest)
measure("1,900 × 21, published notebook", () => grow(few, publishedNotebookForest).feature.length, "scikit-learn 0.32")
const deep = grow(table, text)
measure(`2,000 rows, ${describe(deep)}: predictions`, () => predict(deep, table.columns)[0], "scikit-learn 0.021")

console.log("\nShapley values, path-dependent")
const peer = "shap 59.6, FastTreeSHAP 38.4"
measure(`2,000 rows, ${describe(deep)}`, () => explainForest(deep, table.columns).values[0], peer)
measure(`1,900 rows, ${describe(notebook)}`, () => explainForest(notebook, few.columns).values[0], "shap 0.23")
const flat = grow(table, { ...text, depthLimit: 8 })
measure(`2,000 rows, ${describe(flat)}`, () => explainForest(flat, table.columns).values[0])
for (const rows of [1, 100, 500]) {
  const some = table.columns.map((column) => column.slice(0, rows))
  measure(`${rows} rows, ${describe(deep)}`, () => explainForest(deep, some).values[0])
}

console.log("\nInteractions, and values against a background")
const first = (count: number) => table.columns.map((column) => column.slice(0, count))
measure("100 rows, the same forest: interactions", () => explainInteractions(deep, first(100)).values[0], "shap 123")
const background = table.columns.map((column) => column.slice(500, 600))
measure("500 rows against 100", () => explainAgainst(deep, first(500), background).values[0], "shap 10–15")

console.log("\nAgainst the published recursion")
const rows = 10
const some = table.columns.map((column) => column.slice(0, rows))
const byPaths = measure(`${rows} rows, one tree, by every path`, () => {
  for (let row = 0; row < rows; row++) sink += explainByPaths(deep, some, 0, row)[0]
  return 0
})
const ours = measure(`${rows} rows, one tree, 500 times`, () => {
  for (let time = 0; time < 500; time++) sink += explainTrees(deep, some, 0, 1).values[0]
  return 0
})
const exact = explainByPaths(deep, some, 0, 3)
const found = explainTrees(deep, some, 0, 1).values.slice(3 * 23, 4 * 23)
const difference = exact.reduce((worst, value, f) => Math.max(worst, Math.abs(value - found[f])), 0)
console.log(`ratio ${((500 * byPaths) / ours).toFixed(1)}; greatest difference ${difference.toExponential(1)}`)
if (Number.isNaN(sink)) console.log(sink)
