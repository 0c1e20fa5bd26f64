import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { readCsv } from "../formats/csv.ts"
import { numbersOf, type Table, wordsOf } from "../formats/table.ts"
import { pngDataUrl } from "../formats/tomogram-picture.ts"
import { type GridField, readPvd, readVtu, type SeriesEntry } from "../formats/vtu.ts"
import { labelOverlay } from "../image/overlay.ts"
import { mostCurves } from "../report/colour.ts"
import type {
  CycleTable,
  Field,
  FieldFrame,
  HistoryTable,
  ParticleHistoryTable,
  ParticleStatistics,
  ReportInput,
  ReportWarning,
  RunManifest,
  SegmentationPicture,
} from "../report/input.ts"
import type { RunUnreadable, SnapshotMissing } from "../store/errors.ts"
import { type Manifest, readManifest } from "../store/manifest.ts"
import { runFiles } from "../store/run-directory.ts"
import { reportParameters } from "./report-parameters.ts"
import { runEnsemble } from "./run-ensemble.ts"
import { particleWeights, type RunSource, readSource } from "./run-source.ts"

const textIn = (folder: string, file: string): string => {
  try {
    return readFileSync(join(folder, file), "utf8")
  } catch {
    return ""
  }
}

const tableIn = (folder: string, file: string): Table => readCsv(textIn(folder, file))

const whole = (table: Table, name: string): Int32Array => Int32Array.from(numbersOf(table, name))

const statistics = (table: Table, quantity: string): ParticleStatistics => ({
  mean: numbersOf(table, `mean_${quantity}`),
  minimum: numbersOf(table, `min_${quantity}`),
  maximum: numbersOf(table, `max_${quantity}`),
  deviation: numbersOf(table, `std_${quantity}`),
})

const historyOf = (table: Table): HistoryTable => ({
  time: numbersOf(table, "time"),
  cycle: whole(table, "cycle"),
  stepType: wordsOf(table, "step_type"),
  current: numbersOf(table, "current"),
  voltage: numbersOf(table, "voltage"),
  capacity: numbersOf(table, "capacity"),
  stoichiometry: statistics(table, "stoichiometry"),
  damage: statistics(table, "damage"),
})

/** Of more particles than curves can show every so many; the others count in statistics. */
const shownOf = (table: Table): Table => {
  const particle = numbersOf(table, "particle")
  const count = particle.reduce((most, each) => Math.max(most, each), 0)
  if (count <= mostCurves) return table
  const every = Math.ceil(count / mostCurves)
  const rows = Int32Array.from(particle.keys()).filter((row) => (particle[row] - 1) % every === 0)
  return {
    columns: table.columns.map(({ name, unit, values }) => ({
      name,
      unit,
      values: Float64Array.from(rows, (row) =>
        name === "particle" ? (particle[row] - 1) / every + 1 : (values[row] as number),
      ),
    })),
  }
}

const particleHistoryOf = (table: Table): ParticleHistoryTable => ({
  time: numbersOf(table, "time"),
  cycle: whole(table, "cycle"),
  // Files count from 1, as the names of regions do.
  particle: whole(table, "particle").map((number) => number - 1),
  meanStoichiometry: numbersOf(table, "mean_stoichiometry"),
  surfaceStoichiometry: numbersOf(table, "surface_stoichiometry"),
  damage: numbersOf(table, "damage"),
  meanGap: numbersOf(table, "mean_gap"),
  maximumGap: numbersOf(table, "max_gap"),
  debondedShare: numbersOf(table, "debonded_share"),
  current: numbersOf(table, "current"),
  maximumPrincipalStress: numbersOf(table, "max_principal_stress"),
})

const cyclesOf = (table: Table): CycleTable => ({
  cycle: whole(table, "cycle"),
  chargeCapacity: numbersOf(table, "charge_capacity"),
  dischargeCapacity: numbersOf(table, "discharge_capacity"),
  spreadStoichiometryCharge: numbersOf(table, "spread_stoichiometry_charge"),
  spreadStoichiometryDischarge: numbersOf(table, "spread_stoichiometry_discharge"),
  stdStoichiometryCharge: numbersOf(table, "std_stoichiometry_charge"),
  stdStoichiometryDischarge: numbersOf(table, "std_stoichiometry_discharge"),
  spreadDamage: numbersOf(table, "spread_damage"),
  meanDamage: numbersOf(table, "mean_damage"),
  lithiumBalanceError: numbersOf(table, "lithium_balance_error"),
  chargeBalanceError: numbersOf(table, "charge_balance_error"),
})

/** Names by which the report knows fields of the model. */
const reportNames: Readonly<Record<string, string>> = {
  stress_hydrostatic: "hydrostatic_stress",
  stress_maximum_principal: "max_principal_stress",
  potential_electrolyte: "electrolyte_potential",
  potential_solid: "solid_potential",
}

const scalars = (fields: readonly GridField[]): Field[] =>
  fields.flatMap(({ name, unit, components, values }) =>
    components === 1 && values instanceof Float64Array
      ? [{ name: reportNames[name] ?? name, unit: unit === "1" ? "" : unit, values }]
      : [],
  )

/**
 * Moments that a report draws, first and last, with their neighbours between which a cycle is replayed; of many moments
 * those between need not be read.
 */
export const drawnMoments = (entries: readonly SeriesEntry[]): readonly SeriesEntry[] => {
  const moments = entries.filter(({ part }) => part === 0)
  const charged = moments.filter(({ label }) => /^End of charge/.test(label))
  const from = charged.length > 0 ? charged : moments
  return from.length <= 8 ? from : [...from.slice(0, 4), ...from.slice(-3)]
}

const framesOf = (folder: string): FieldFrame[] => {
  const entries = readPvd(textIn(folder, runFiles.series))
  return drawnMoments(entries).flatMap(({ time, file, label }): FieldFrame[] => {
    const cells = readVtu(textIn(folder, file))
    const partner = entries.find((entry) => entry.part === 1 && entry.label === label && entry.time === time)
    const facets = partner === undefined ? undefined : readVtu(textIn(folder, partner.file))
    if (cells === undefined) return []
    const corner = (name: string): Float64Array | null => {
      const field = facets?.grid.pointData.find((candidate) => candidate.name === name)
      return field?.values instanceof Float64Array ? field.values : null
    }
    return [
      {
        label,
        time,
        pointData: scalars(cells.grid.pointData),
        cellData: scalars(cells.grid.cellData),
        interfaceDamage: corner("damage"),
        interfaceGap: corner("gap"),
      },
    ]
  })
}

const pictureOf = (source: RunSource): SegmentationPicture | null => {
  if (source.kind !== "mesh" || source.slice === null) return null
  const { width, height, pixel, gray, labels, crackMask } = source.slice
  return {
    dataUrl: pngDataUrl(labelOverlay(width, height, gray, labels, crackMask)),
    width,
    height,
    minimum: [0, 0],
    maximum: [width * pixel, height * pixel],
  }
}

interface CycleContent {
  readonly steps?: readonly string[]
}

const cycleSteps = (content: unknown): readonly string[] => {
  const { cycle } = content as { readonly cycle?: CycleContent | readonly CycleContent[] }
  const first = Array.isArray(cycle) ? (cycle[0] as CycleContent | undefined) : (cycle as CycleContent | undefined)
  return first?.steps ?? []
}

/** Time to pass the nominal capacity at the rate of the first step of the cycle that states one [s] */
const referenceTime = (steps: readonly string[]): number => {
  for (const step of steps) {
    const multiple = /at ([\d.]*)\s*C(?:\s*\/\s*([\d.]+))?\b/i.exec(step)
    if (multiple !== null) return (3600 * Number(multiple[2] ?? 1)) / Number(multiple[1] || 1)
  }
  return 3600
}

const manifestOf = (manifest: Manifest): RunManifest => {
  const steps = cycleSteps(manifest.scenario.content)
  return {
    twin: manifest.twin.name,
    description: manifest.twin.description,
    scenario: manifest.scenario.name,
    scenarioSteps: steps,
    status: manifest.status,
    reason: manifest.reason,
    programVersion: manifest.program.version,
    started: manifest.started,
    ended: manifest.ended ?? "",
    wallTime: manifest.wallTime,
    cycleTimes: manifest.cycleTimes ?? [],
    threads: manifest.threads,
    seed: manifest.seed,
    referenceTime: referenceTime(steps),
    parameters: reportParameters(manifest),
    solver: Object.entries(manifest.solver).flatMap(([name, value]) =>
      typeof value === "number"
        ? [{ name, value, unit: "" }]
        : Object.entries(value).map(([part, each]) => ({
            name: `${name}: ${part}`,
            value: each,
            unit: name === "seconds" ? "s" : "",
          })),
    ),
  }
}

const warningsOf = ({ status, reason, warnings, origin }: Manifest): ReportWarning[] => [
  ...(origin === undefined
    ? []
    : [
        {
          severity: "note" as const,
          message: `This run goes on from the end of cycle ${origin.cycle} of the run in ${origin.folder}.`,
        },
      ]),
  ...(status === "failed" ? [{ severity: "error" as const, message: reason }] : []),
  ...(status === "interrupted"
    ? [{ severity: "warning" as const, message: `The run was interrupted: ${reason}` }]
    : []),
  ...warnings.map((message) => ({ severity: "warning" as const, message })),
]

/** Everything a report is made from, read from a run directory. */
export const readReportInput = Effect.fn("readReportInput")(function* (
  folder: string,
): Effect.fn.Return<ReportInput, RunUnreadable | SnapshotMissing> {
  const manifest = yield* readManifest(folder)
  const source = yield* readSource(folder)
  const particles = tableIn(folder, runFiles.particles)
  // A report is made of what there is: without its tables a run has no ensemble.
  const ensemble = yield* Effect.orElseSucceed(
    runEnsemble(folder, particleWeights(source), manifest.status === "done"),
    () => null,
  )
  return {
    manifest: manifestOf(manifest),
    history: historyOf(tableIn(folder, runFiles.history)),
    particleHistory: particleHistoryOf(shownOf(tableIn(folder, runFiles.particleHistory))),
    cycles: cyclesOf(tableIn(folder, runFiles.cycles)),
    ensemble,
    particles: {
      columns: particles.columns.flatMap(({ name, unit, values }) =>
        values instanceof Float64Array && name !== "particle" ? [{ name, unit, values }] : [],
      ),
    },
    mesh: source.kind === "mesh" ? source.mesh : null,
    frames: source.kind === "mesh" ? framesOf(folder) : [],
    segmentation: pictureOf(source),
    warnings: warningsOf(manifest),
    mechanicalEnergy: manifest.mechanicalEnergy,
  }
})
