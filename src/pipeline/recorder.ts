import { join } from "node:path"
import { Effect, type Scope } from "effect"
import { type CsvColumn, csvHeader, csvLine, writeCsv } from "../formats/csv.ts"
import { writeParquet } from "../formats/parquet.ts"
import { type SeriesEntry, writePvd, writeVtu } from "../formats/vtu.ts"
import { endedBlock, endsCycle } from "../model/blocks.ts"
import type { Observation } from "../model/observation.ts"
import type { Protocol, StepEnd } from "../model/protocol.ts"
import { writeAtomically } from "../store/atomic.ts"
import type { RunUnwritable } from "../store/errors.ts"
import { openLog } from "../store/log.ts"
import { cycleTableFile, runFiles } from "../store/run-directory.ts"
import type { RecordSettings } from "../twin/scenario/protocol.ts"
import {
  booked,
  type CycleAccount,
  cycleColumns,
  cycleRow,
  milliampereHoursPerGram,
  openAccount,
  spreadOf,
} from "./cycles.ts"
import type { Simulation } from "./simulation.ts"

const spreadColumns = (quantity: string): CsvColumn[] =>
  ["mean", "min", "max", "std"].map((statistic) => ({ name: `${statistic}_${quantity}`, unit: "" }))

const historyColumns: readonly CsvColumn[] = [
  { name: "time", unit: "s" },
  { name: "cycle", unit: "" },
  { name: "step", unit: "" },
  { name: "step_type", unit: "" },
  { name: "current", unit: "A/m^2" },
  { name: "voltage", unit: "V" },
  { name: "capacity", unit: "mAh/g" },
  ...spreadColumns("stoichiometry"),
  ...spreadColumns("damage"),
]

const particleColumns: readonly CsvColumn[] = [
  { name: "time", unit: "s" },
  { name: "cycle", unit: "" },
  { name: "particle", unit: "" },
  { name: "mean_stoichiometry", unit: "" },
  { name: "surface_stoichiometry", unit: "" },
  { name: "damage", unit: "" },
  { name: "mean_gap", unit: "m" },
  { name: "max_gap", unit: "m" },
  { name: "debonded_share", unit: "" },
  { name: "current", unit: "A/m^2" },
  { name: "max_principal_stress", unit: "Pa" },
]

/** What the recorder must remember over a break: a plain record that goes into snapshots. */
export interface RecorderState {
  readonly account: CycleAccount
  readonly frames: readonly SeriesEntry[]
  /** Time of the last row of the particles' history [s] */
  readonly lastRow: number
}

export interface Recorder {
  /** Books an accepted time step and writes what is due. */
  readonly accept: (observation: Observation, ended?: EndedStep) => Effect.Effect<void, RunUnwritable>
  /** Next time that must be hit exactly [s] */
  readonly nextTime: (time: number) => number
  /** Fields of the current state, beside those that the scenario asks for. */
  readonly frame: (label: string) => Effect.Effect<void, RunUnwritable>
  /** The attribute table of the current state as particles.csv and .parquet */
  readonly finish: Effect.Effect<void, RunUnwritable>
  readonly state: () => RecorderState
  /** Forces the tables onto the disk; their sizes [byte] */
  readonly sync: Effect.Effect<Readonly<Record<string, number>>, RunUnwritable>
}

export interface EndedStep {
  readonly step: number
  readonly end: StepEnd
}

/** Up to so many particles have rows as often as the scenario asks for; beyond, rarer in proportion */
const manyParticles = 100

/** Due times lie this close [s] */
const sameTime = 1e-6

/**
 * Writes the tables and fields of a run as it goes.
 * @param resumed state and table sizes from a snapshot; undefined at the start of a run
 */
export const openRecorder = Effect.fn("openRecorder")(function* (
  folder: string,
  simulation: Simulation,
  protocol: Protocol,
  settings: RecordSettings,
  resumed?: { readonly state: RecorderState; readonly sizes: Readonly<Record<string, number>> },
): Effect.fn.Return<Recorder, RunUnwritable, Scope.Scope> {
  const open = (file: string, columns: readonly CsvColumn[]) =>
    openLog(join(folder, file), resumed?.sizes[file] ?? 0, csvHeader(columns))
  const history = yield* open(runFiles.history, historyColumns)
  const particleHistory = yield* open(runFiles.particleHistory, particleColumns)
  const cycles = yield* open(runFiles.cycles, cycleColumns)
  const firstCycle = protocol.steps[0]?.cycle ?? 1
  let account = resumed?.state.account ?? openAccount(firstCycle, simulation.observation.charge)
  let frames = resumed?.state.frames ?? []
  let lastRow = resumed?.state.lastRow ?? 0

  const writeHistory = (observation: Observation) => {
    const { time, cycle, step, stepType, current, voltage, charge, particles } = observation
    const spreads = [particles.meanStoichiometry, particles.damage].flatMap((values) => {
      const { mean, minimum, maximum, deviation } = spreadOf(values)
      return [mean, minimum, maximum, deviation]
    })
    const capacity = milliampereHoursPerGram(charge)
    return history.append(csvLine([time, cycle, step, stepType, current, voltage, capacity, ...spreads]))
  }

  const writeParticles = ({ time, cycle, particles }: Observation) =>
    particleHistory.append(
      Array.from(particles.damage, (damage, particle) =>
        csvLine([
          time,
          cycle,
          particle + 1,
          particles.meanStoichiometry[particle],
          particles.surfaceStoichiometry[particle],
          damage,
          particles.meanGap[particle],
          particles.maximumGap[particle],
          particles.debondedShare[particle],
          particles.current[particle],
          particles.maximumPrincipalStress[particle],
        ]),
      ).join(""),
    )

  const frame = Effect.fnUntraced(function* (label: string) {
    const grids = simulation.grids()
    const { time } = simulation.observation
    const number = String(frames.length / grids.length + 1).padStart(4, "0")
    for (const [part, { name, grid }] of grids.entries()) {
      const file = `fields/${name}-${number}.vtu`
      yield* writeAtomically(join(folder, file), writeVtu(grid, time))
      frames = [...frames, { time, part, file, label }]
    }
    yield* writeAtomically(join(folder, runFiles.series), writePvd(frames))
  })

  const endBlock = Effect.fnUntraced(function* (observation: Observation, ended: EndedStep) {
    const direction = endedBlock(protocol, ended.step, observation.current)
    if (direction === undefined) return
    const spread = spreadOf(observation.particles.meanStoichiometry)
    const isCharge = direction === "charge"
    account = isCharge ? { ...account, endOfCharge: spread } : { ...account, endOfDischarge: spread }
    const wanted = isCharge ? settings.fieldsAtEndOfCharge : settings.fieldsAtEndOfDischarge
    if (wanted && settings.fieldCycles?.includes(observation.cycle) !== false) {
      const name = observation.cycle === 0 ? "formation" : `cycle ${observation.cycle}`
      yield* frame(`End of ${direction}, ${name}`)
    }
  })

  const endCycle = Effect.fnUntraced(function* (observation: Observation) {
    yield* cycles.append(csvLine(cycleRow(account, observation)))
    if (settings.tableCycles.includes(account.cycle)) {
      yield* writeAtomically(join(folder, cycleTableFile(account.cycle)), writeCsv(simulation.table()))
    }
  })

  // Rows of thousands of particles every few seconds would fill disks: the more particles, the rarer.
  const every = settings.particlesEvery * Math.ceil(simulation.observation.particles.damage.length / manyParticles)
  // The solver chooses its steps by accuracy: forcing one every few seconds would make slow formation cycles dear.
  const isDue = (time: number): boolean => time - lastRow >= every - sameTime

  const accept = Effect.fnUntraced(function* (observation: Observation, ended?: EndedStep) {
    account = booked(account, observation)
    yield* writeHistory(observation)
    if (ended !== undefined || isDue(observation.time)) {
      yield* writeParticles(observation)
      lastRow = observation.time
    }
    if (settings.fieldTimes.some((time) => Math.abs(time - observation.time) < sameTime)) {
      yield* frame(`${observation.time} s, cycle ${observation.cycle}`)
    }
    if (ended === undefined) return
    yield* endBlock(observation, ended)
    if (!endsCycle(protocol, ended.step)) return
    yield* endCycle(observation)
    account = openAccount(protocol.steps[ended.step + 1]?.cycle ?? account.cycle, observation.charge)
  })

  if (resumed === undefined) {
    yield* writeHistory(simulation.observation)
    yield* writeParticles(simulation.observation)
  }

  return {
    accept,
    frame,
    nextTime: (time) => settings.fieldTimes.find((asked) => asked > time + sameTime) ?? Number.POSITIVE_INFINITY,
    finish: Effect.suspend(() => {
      const final = simulation.table()
      return Effect.andThen(
        writeAtomically(join(folder, runFiles.particles), writeCsv(final)),
        writeAtomically(join(folder, runFiles.particlesParquet), writeParquet(final)),
      )
    }),
    state: () => ({ account, frames, lastRow }),
    sync: Effect.map(Effect.all([history.sync, particleHistory.sync, cycles.sync]), ([rows, particles, done]) => ({
      [runFiles.history]: rows,
      [runFiles.particleHistory]: particles,
      [runFiles.cycles]: done,
    })),
  }
})
