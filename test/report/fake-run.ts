import { seededRandom } from "../../src/array/random.ts"
import type { CycleTable, HistoryTable, ParticleHistoryTable, ReportInput } from "../../src/report/input.ts"
import { coverageOf, particleAreas } from "../../src/report/outline.ts"
import { discMesh } from "./disc-mesh.ts"
import { frameOf } from "./fake-fields.ts"
import { manifestOf } from "./fake-manifest.ts"
import { attributes, picture } from "./fake-picture.ts"

/**
 * A run that never ran: curves of the shape that the half-cell shows, on a hand-made mesh. For looking at the
 * report and testing it; no number of it means anything.
 */
export interface FakeRun {
  readonly cycles: number
  /** 3 in a column, or 20 in a grid with a picture and attributes */
  readonly particles: 3 | 20
  readonly spans?: number
  /** Columns of the grid of 20: 5 where not said */
  readonly columns?: 4 | 5 | 10
}

const rest = 120
const ramp = 432
const period = 2 * (ramp + rest)

export const fakeRun = ({ cycles, particles, spans = 16, columns = 5 }: FakeRun): ReportInput => {
  const random = seededRandom(7).uniform
  const tile = 11e-6
  const mesh =
    particles === 3
      ? discMesh({
          columns: 1,
          rows: 3,
          tile,
          radius: [5e-6, 5e-6, 5e-6],
          spans,
          separator: 25e-6,
          high: (x, y) => x < tile * (1.02 - 0.94 * (y / (3 * tile))),
        })
      : discMesh({
          columns,
          rows: 20 / columns,
          tile,
          radius: Array.from({ length: 20 }, () => (2.6 + 2.3 * random()) * 1e-6),
          spans,
          separator: 10e-6,
          high: null,
        })
  const { area, centroid } = particleAreas(mesh)
  const coverage = coverageOf(mesh)
  const column = coverage.regions.indexOf("high")
  // Lead of a particle over the others, between −1 and 1.
  const lead = Float64Array.from(area, (_, particle) =>
    column >= 0 ? 2 * coverage.share[particle * coverage.regions.length + column] - 1 : 1.6 * random() - 0.8,
  )
  const count = area.length

  const phase = (t: number) =>
    t < ramp
      ? t / ramp
      : t < ramp + rest
        ? 1 - 0.1 * ((t - ramp) / rest)
        : t < period - rest
          ? 0.9 - (0.75 * (t - ramp - rest)) / ramp
          : 0.15
  const meanContent = (t: number) =>
    0.95 - 0.4356 * (t < ramp ? t / ramp : t < ramp + rest ? 1 : t < period - rest ? 1 - (t - ramp - rest) / ramp : 0)
  const content = (particle: number, cycle: number, t: number) =>
    meanContent(t) -
    0.0435 * lead[particle] * 0.86 ** (cycle - 1) * phase(t) -
    0.008 * (cycle > 1 ? lead[particle] : 0) * (1 - phase(t)) * 0.86 ** cycle
  const damageOf = (particle: number, cycle: number, t: number) => {
    const along = cycle - 1 + Math.min(1, t / (ramp + rest))
    const at = 0.95 + 2.6 * (1 - lead[particle]) * 0.5
    return along < 0.6 ? 0 : Math.max(0, 0.94 * (1 - Math.exp(-((Math.max(0, along - 0.62) / at) ** 1.25 * 0.55))))
  }

  const times: { time: number; cycle: number; within: number; step: string }[] = []
  for (let cycle = 1; cycle <= cycles; cycle++) {
    for (let within = cycle === 1 ? 0 : 8; within <= period; within += 8) {
      const step =
        within <= ramp ? "charge" : within <= ramp + rest ? "rest" : within <= period - rest ? "discharge" : "rest"
      times.push({ time: (cycle - 1) * period + within, cycle, within, step })
    }
  }
  const sign = (step: string) => (step === "charge" ? 1 : step === "discharge" ? -1 : 0)
  const openCircuit = (x: number) =>
    -0.809 * x + 4.4875 - 0.0428 * Math.tanh(18.5138 * (x - 0.5542)) - 1.2 * Math.exp((x - 1) / 0.012)
  const at = times.map(({ cycle, within }) =>
    Array.from({ length: count }, (_, particle) => [
      content(particle, cycle, within),
      damageOf(particle, cycle, within),
    ]),
  )
  const statistics = (which: 0 | 1) => {
    const of = (pick: (values: number[]) => number) =>
      Float64Array.from(at, (row) => pick(row.map((pair) => pair[which])))
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    return {
      mean: of(mean),
      minimum: of((values) => Math.min(...values)),
      maximum: of((values) => Math.max(...values)),
      deviation: of((values) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)))),
    }
  }
  const stoichiometry = statistics(0)
  const damage = statistics(1)
  const history: HistoryTable = {
    time: Float64Array.from(times, ({ time }) => time),
    cycle: Int32Array.from(times, ({ cycle }) => cycle),
    stepType: times.map(({ step }) => step),
    current: Float64Array.from(times, ({ step }) => 80 * sign(step)),
    voltage: Float64Array.from(
      times,
      ({ step }, row) => openCircuit(stoichiometry.mean[row]) + 0.14 * sign(step) * (1 + 3.2 * damage.mean[row] ** 2),
    ),
    capacity: Float64Array.from(times, ({ within }) => 275.5 * (0.95 - meanContent(within))),
    stoichiometry,
    damage,
  }
  return {
    manifest: manifestOf(particles, cycles),
    history,
    particleHistory: particleTable(times, at, lead),
    cycles: cycleRows(cycles, history),
    ensemble: {
      particleCount: count,
      cycle: Int32Array.from({ length: cycles }, (_, at) => at + 1),
      endOfCharge: perCycle(cycles, count, (cycle, particle) => content(particle, cycle, ramp)),
      endOfDischarge: perCycle(cycles, count, (cycle, particle) => content(particle, cycle, period - rest)),
      damage: perCycle(cycles, count, (cycle, particle) => damageOf(particle, cycle, period)),
      weight: new Float64Array(count).fill(1 / count),
    },
    particles: { columns: particles === 3 ? [] : attributes(area, centroid, random) },
    mesh,
    frames: [1, cycles].slice(0, cycles === 1 ? 1 : 2).map((cycle) =>
      frameOf(
        mesh,
        centroid,
        area,
        lead,
        cycle,
        (cycle - 1) * period + ramp,
        (particle) => content(particle, cycle, ramp),
        (particle) => damageOf(particle, cycle, ramp),
      ),
    ),
    segmentation: particles === 3 ? null : picture(mesh, columns),
    warnings:
      particles === 3
        ? [
            {
              severity: "note",
              message: "The delay of damage (τ_d = 20 s) is a choice; 5 s gives a rougher and faster evolution.",
            },
          ]
        : [
            {
              severity: "warning",
              message: "Two particles touch the border of the picture and were left out of the statistics.",
            },
          ],
    mechanicalEnergy: { input: 3.1e-6, elastic: 1.22e-6, dissipated: 0.79e-6, viscous: 1.09e-6 },
  }
}

const perCycle = (cycles: number, particles: number, of: (cycle: number, particle: number) => number) =>
  Float64Array.from({ length: cycles * particles }, (_, at) => of(1 + Math.floor(at / particles), at % particles))

/** A run of the same twin that failed before its first step. */
export const emptyRun = (run: ReportInput): ReportInput => {
  const none = new Float64Array(0)
  const noCycle = new Int32Array(0)
  const nothing = { mean: none, minimum: none, maximum: none, deviation: none }
  return {
    ...run,
    manifest: { ...run.manifest, status: "failed", reason: "no solution at the first step", wallTime: Number.NaN },
    history: {
      time: none,
      cycle: noCycle,
      stepType: [],
      current: none,
      voltage: none,
      capacity: none,
      stoichiometry: nothing,
      damage: nothing,
    },
    particleHistory: {
      time: none,
      cycle: noCycle,
      particle: noCycle,
      meanStoichiometry: none,
      surfaceStoichiometry: none,
      damage: none,
      meanGap: none,
      maximumGap: none,
      debondedShare: none,
      current: none,
      maximumPrincipalStress: none,
    },
    cycles: {
      cycle: noCycle,
      chargeCapacity: none,
      dischargeCapacity: none,
      spreadStoichiometryCharge: none,
      spreadStoichiometryDischarge: none,
      stdStoichiometryCharge: none,
      stdStoichiometryDischarge: none,
      spreadDamage: none,
      meanDamage: none,
      lithiumBalanceError: none,
      chargeBalanceError: none,
    },
    ensemble: null,
    particles: { columns: [] },
    mesh: null,
    frames: [],
    mechanicalEnergy: null,
    warnings: [{ severity: "error", message: "The first step found no solution." }],
  }
}

const particleTable = (
  times: readonly { time: number; cycle: number; within: number; step: string }[],
  at: readonly (readonly number[][])[],
  lead: Float64Array,
): ParticleHistoryTable => {
  const rows = times.flatMap((moment, row) => at[row].map(([x, d], particle) => ({ ...moment, x, d, particle })))
  const of = (pick: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, pick)
  const current = (step: string) => (step === "charge" ? 1 : step === "discharge" ? -1 : 0)
  return {
    time: of(({ time }) => time),
    cycle: Int32Array.from(rows, ({ cycle }) => cycle),
    particle: Int32Array.from(rows, ({ particle }) => particle),
    meanStoichiometry: of(({ x }) => x),
    surfaceStoichiometry: of(({ x, step }) => x - 0.06 * current(step)),
    damage: of(({ d }) => d),
    meanGap: of(({ x, d }) => 3.1e-8 * d * Math.max(0, 0.95 - x)),
    maximumGap: of(({ x, d }) => 7.9e-8 * d * Math.max(0, 0.95 - x)),
    debondedShare: of(({ d }) => Math.max(0, d - 0.15)),
    current: of(({ step, particle, cycle }) => 14.3 * current(step) * (1 + 0.2 * lead[particle] * 0.86 ** cycle)),
    maximumPrincipalStress: of(
      ({ x, d, step }) => 1e6 * (30 + 420 * (0.95 - x) * (1 - 0.6 * d) + 60 * Math.abs(current(step))),
    ),
  }
}

const cycleRows = (cycles: number, history: HistoryTable): CycleTable => {
  const row = (cycle: number, step: string) =>
    history.stepType.findLastIndex((type, at) => type === step && history.cycle[at] === cycle)
  const each = (pick: (cycle: number) => number) => Float64Array.from({ length: cycles }, (_, at) => pick(at + 1))
  const spread = (of: HistoryTable["damage"], at: number) => of.maximum[at] - of.minimum[at]
  return {
    cycle: Int32Array.from({ length: cycles }, (_, at) => at + 1),
    chargeCapacity: each(() => 120),
    dischargeCapacity: each((cycle) => 120 - 0.35 * cycle ** 1.3),
    spreadStoichiometryCharge: each((cycle) => spread(history.stoichiometry, row(cycle, "charge"))),
    spreadStoichiometryDischarge: each((cycle) => spread(history.stoichiometry, row(cycle, "discharge"))),
    stdStoichiometryCharge: each((cycle) => history.stoichiometry.deviation[row(cycle, "charge")]),
    stdStoichiometryDischarge: each((cycle) => history.stoichiometry.deviation[row(cycle, "discharge")]),
    spreadDamage: each((cycle) => spread(history.damage, row(cycle, "rest"))),
    meanDamage: each((cycle) => history.damage.mean[row(cycle, "rest")]),
    lithiumBalanceError: each((cycle) => 3.1e-13 * cycle),
    chargeBalanceError: each((cycle) => 8.7e-12 / cycle),
  }
}
