import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { readCsv } from "../../../src/formats/csv.ts"
import { numbersOf } from "../../../src/formats/table.ts"
import { publishedNotebookForest } from "../../../src/learning/forest-settings.ts"
import type { Observation } from "../../../src/learning/observations.ts"
import type { PublishedComparison } from "../../../src/learning/published-scores.ts"
import { learnFromTables } from "../../../src/pipeline/learning/learn.ts"
import { packageFolder } from "../../../src/pipeline/program.ts"
import { runTwin } from "../../../src/pipeline/run.ts"
import { runFiles } from "../../../src/store/run-directory.ts"
import { bounded, type Result, type ValidationCase, withFindings } from "../../case.ts"

const volume = "../shared/data/nrel-nmc/nmc-1-cal-cbd.tif"
const scores = "../shared/data/published/shap-scores-li2022.csv"

/** Cycles whose tables are learnt from. */
const cycles = [10, 50] as const
/** Subsamples of a table, and as many reseedings of the forest */
const runs = 20

const settings = [
  `cycle.repeat=${cycles[1]}`,
  `record={particles-every: 10 min, fields-at: [], tables-at-cycles: [${cycles.join(", ")}]}`,
]

const still = () => Effect.void

/** Cycles the volume and learns from its tables; leaves both in a folder. */
const learnt = (folder: string) =>
  Effect.gen(function* () {
    const run = yield* runTwin(
      {
        twin: join(packageFolder, "twins/nrel-nmc-network.yaml"),
        scenario: join(packageFolder, "scenarios/li2022-voltage-window.yaml"),
        tomogram: join(packageFolder, volume),
        out: join(folder, "run"),
        overwrite: false,
        set: settings,
      },
      { onStage: still, onProgress: still, onNote: still },
    )
    const { record } = yield* learnFromTables(
      {
        files: cycles.map((cycle) => join(folder, "run", `particles-cycle-${String(cycle).padStart(3, "0")}.csv`)),
        target: "Damage",
        without: [],
        preset: { name: "notebook", forest: publishedNotebookForest },
        seed: 1,
        runs,
        latent: { kind: "count", count: 9 },
        permutations: 999,
        mostRows: 10_000,
        published: join(packageFolder, scores),
        threads: availableParallelism(),
        out: join(folder, "learning"),
        overwrite: false,
      },
      { onProgress: still, onNote: still },
    )
    return { run, record }
  })

/** A published observation beside what the simulated tables say. */
const observationRow = ({ statement, measure, statistic, threshold, probability, verdict }: Observation): Result => ({
  quantity: statement,
  expected: `more than ${threshold} (${measure})`,
  found:
    verdict.kind === "not known"
      ? `not known: ${verdict.reason}`
      : `${statistic.toPrecision(3)}${probability === null ? "" : `, p = ${probability.toPrecision(2)}`}`,
  error: verdict.kind === "holds" ? 0 : 1,
  tolerance: 0,
  passed: verdict.kind === "holds",
})

/** Ranks of the importances beside the published ones: alike where the interval lies above 0. */
const rankRow = (
  quantity: string,
  { coefficient, interval: [low, high] }: PublishedComparison["tables"][number]["early"],
): Result => ({
  quantity,
  expected: "rank correlation above 0, by its 95 % interval",
  found: `${coefficient.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`,
  error: Math.max(0, -low),
  tolerance: 0,
  passed: low > 0,
})

const worst = (folder: string, column: string): number =>
  numbersOf(readCsv(readFileSync(join(folder, "run", runFiles.cycles), "utf8")), column).reduce(
    (most, value) => Math.max(most, Math.abs(value)),
    0,
  )

const settled =
  "damage is done within the first cycles and stands still from then on, so that the two tables are all but one"
const mild = "gaps and cracks reach a percent of a particle's volume, tomograms a tenth and more"

/** What simulation does not show; the README says why. */
const findings: Readonly<Record<string, string>> = {
  "early, severely damaged particles lie together": mild,
  "later, severely damaged particles lie together": mild,
  "later, particles are damaged more": settled,
  "early, the particles' own attributes tell more of damage than their neighbourhood":
    "these particles are no balls that crack, and their own shape hardly counts in a network",
  "later, Contact tells more of damage than early": settled,
  "later, DistNearest tells more of damage than early": settled,
  "later, OrienIso tells more of damage than early": settled,
  "later, PDensity tells more of damage than early": settled,
  "later, VolumeStd tells more of damage than early": settled,
  "later, Contact, DistNearest, OrienIso, PDensity, VolumeStd together tell more of damage than early": settled,
  "importances in cycle 10 beside the published early ones":
    "particles of another electrode, with coverage chosen alike",
  "importances in cycle 50 beside the published late ones":
    "particles of another electrode, with coverage chosen alike",
  "gains from the one to the other beside the published gains": settled,
}

export const validationCase: ValidationCase = {
  name: "published/network-importances",
  title: "Importances for damage after 10 and 50 cycles of a simulated cathode beside the published ones",
  reference: "J. Li et al., Science 376 (2022) 517, Fig. 4, doi:10.1126/science.abm8962; particles: NREL, nmc-1-cal",
  tier: "long",
  run: async () => {
    const lacking = [volume, scores].filter((file) => !existsSync(join(packageFolder, file)))
    if (lacking.length > 0) {
      const found = "skipped: not there"
      return lacking.map((file) => ({ quantity: "data", expected: file, found, error: 0, tolerance: 0, passed: true }))
    }
    const folder = mkdtempSync(join(tmpdir(), "importances-"))
    try {
      const { run, record } = await Effect.runPromise(learnt(folder))
      const observations = record.observations as readonly Observation[]
      const { tables, gains } = (record.published as { readonly rankCorrelations: PublishedComparison })
        .rankCorrelations
      const rows = [
        bounded(`lithium over ${cycles[1]} cycles`, worst(folder, "lithium_balance_error"), 1e-9),
        bounded(`charge over ${cycles[1]} cycles`, worst(folder, "charge_balance_error"), 1e-9),
        bounded("cycles that the run lacks", cycles[1] - run.synchronisation.cycles.length, 0),
        ...observations.map(observationRow),
        rankRow(`importances in cycle ${cycles[0]} beside the published early ones`, tables[0].early),
        rankRow(`importances in cycle ${cycles[1]} beside the published late ones`, tables[1].late),
        ...(gains === null ? [] : [rankRow("gains from the one to the other beside the published gains", gains)]),
      ]
      return withFindings(rows, findings)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
