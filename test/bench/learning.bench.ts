/**
 * The published protocol of scores as `learn` does it, on two threads: `node test/bench/learning.bench.ts`.
 *
 * 2,000 rows of 21 planted attributes, forests of the published text (100 trees, depth 30): ten subsamples of 500 rows and
 * ten seeds on all rows, each grown and explained. Then the same by the published notebook's forest, Shapley values of all
 * rows on two threads, the test over rows (99 permutations), and the sums for 3,000 rows: Shapley values of deep trees
 * cost rows × nodes, and so grow with the square of the rows. Shown are processor time of all threads and elapsed time; on a
 * machine that is shared only the former repeats. The peers (scikit-learn, shap) need about 640 s of processor time for the
 * protocol. Not measured: autoencoders (a benchmark of their own), reading and writing.
 */
import { availableParallelism } from "node:os"
import { Effect } from "effect"
import { Engine } from "../../src/engine/engine.ts"
import { workerThreads } from "../../src/engine/threads.ts"
import {
  type ForestSettings,
  publishedNotebookForest,
  publishedTextForest,
} from "../../src/learning/forest-settings.ts"
import { learningTable, regressionTable } from "../../src/learning/learning-table.ts"
import {
  type Explanation,
  explainForest,
  explanationGroups,
  joinExplanations,
} from "../../src/learning/path-dependent-shap.ts"
import { neighbourInfluences, ownInfluences, plantedColumns } from "../../src/learning/planted-table.ts"
import type { RegressionTable } from "../../src/learning/regression-table.ts"
import { scoreRuns } from "../../src/learning/score-runs.ts"
import { growTrees } from "../../src/learning/tree-growth.ts"
import { treeCountOf } from "../../src/learning/trees.ts"
import { learnEngine } from "../../src/pipeline/learning/jobs.ts"
import type { LearnJob } from "../../src/pipeline/learning/learn-work.ts"

const threads = 2

const tableOf = (rowCount: number, seed = 1, influences = ownInfluences): RegressionTable => {
  const columns = plantedColumns({ rowCount, influences, noise: 0.15, seed })
  const outcome = learningTable(columns, { target: "Damage", without: ["X", "Y"], leastRows: 20 })
  if (outcome.kind === "refused") throw new RangeError("refused")
  return regressionTable(outcome.table)
}

const measured = async <A>(name: string, peer: string, work: () => Promise<A> | A): Promise<A> => {
  const [before, start] = [process.cpuUsage(), performance.now()]
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  const [processor, elapsed] = [(user + system) / 1e6, (performance.now() - start) / 1000]
  console.log(
    `${name.padEnd(62)}${processor.toFixed(1).padStart(7)} s, elapsed ${elapsed.toFixed(1).padStart(6)} s  ${peer}`,
  )
  return result
}

const results = (jobs: readonly LearnJob[]): Promise<readonly unknown[]> =>
  Effect.runPromise(
    Engine.use((engine) =>
      engine.runAll(
        jobs.map((input) => ({ name: input.kind, input })),
        () => Effect.void,
      ),
    ).pipe(
      Effect.map((ends) => ends.map((end) => (end.kind === "done" ? end.result : null))),
      Effect.provide(learnEngine(threads)),
    ),
  )

const protocol = (table: RegressionTable, forest: ForestSettings) =>
  results(
    scoreRuns(table.target.length, 10, 1).map(
      (run): LearnJob => ({
        kind: "scores",
        table,
        settings: { ...forest, seed: 1 },
        heldOutShare: 0.05,
        run,
      }),
    ),
  )

/** Shapley values of all rows, groups of trees side by side. */
const explainedInThreads = async (trees: ReturnType<typeof growTrees>, columns: readonly Float64Array[]) => {
  const ends = await Effect.runPromise(
    Engine.use((engine) =>
      engine.runAll(
        explanationGroups(treeCountOf(trees)).map(([from, to]) => ({
          name: `${from}`,
          input: { trees, columns, from, to },
        })),
        () => Effect.void,
      ),
    ).pipe(Effect.provide(workerThreads(new URL("./shap-worker.ts", import.meta.url), threads))),
  )
  const groups = ends.map((end) => (end.kind === "done" ? (end.result as Explanation) : null))
  return joinExplanations(groups as readonly Explanation[], treeCountOf(trees))
}

console.log(`${availableParallelism()} processors; processor time of ${threads} threads`)
const table = tableOf(2000)
await measured("protocol, 2,000 rows, the text's forest", "peers 640", () => protocol(table, publishedTextForest))
await measured(
  "protocol, 2,000 rows, the notebook's forest",
  "scikit-learn and shap: 0.55 a forest of 1,900 rows",
  () => protocol(table, publishedNotebookForest),
)
const trees = growTrees(table, publishedTextForest, 0, publishedTextForest.treeCount)
const one = await measured("Shapley values of 2,000 rows, one thread", "shap 59.6", () =>
  explainForest(trees, table.columns),
)
const two = await measured("Shapley values of 2,000 rows, two threads", "", () =>
  explainedInThreads(trees, table.columns),
)
console.log(`both the same to the bit: ${one.values.every((value, at) => value === two.values[at])}`)
const divisions = {
  first: table,
  second: tableOf(2000, 2, neighbourInfluences),
  settings: publishedNotebookForest,
  permutations: { permutations: 99, seed: 1 },
}
const parts = Array.from(
  { length: 10 },
  (_, part): LearnJob => ({
    kind: "divisions",
    divisions,
    from: 10 * part,
    to: 10 * (part + 1),
  }),
)
await measured("test over rows of two tables, 99 permutations, notebook", "", () => results(parts))
await measured("protocol, 3,000 rows, the text's forest", "", () => protocol(tableOf(3000), publishedTextForest))
