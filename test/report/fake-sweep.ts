import { seededRandom } from "../../src/array/random.ts"
import type { SweepCourse, SweepReportFactor, SweepReportInput, SweepReportRun } from "../../src/report/sweep-input.ts"
import { latinHypercube } from "../../src/statistics/design.ts"

/**
 * A sweep that never ran: curves of the shape that the half-cell shows. For looking at the page and testing it; no
 * number of it means anything.
 */
export interface FakeSweep {
  readonly runs: number
  readonly cycles: number
  /** Strength alone, in a list of values; or strength, diffusivity and a word, in a hypercube */
  readonly isSampled: boolean
}

const strength: SweepReportFactor = {
  path: "materials.interface.cohesion.strength",
  unit: "Pa",
  isLogarithmic: false,
}
const diffusivity: SweepReportFactor = {
  path: "materials.active.diffusivity.value",
  unit: "m^2/s",
  isLogarithmic: true,
}
const conduction: SweepReportFactor = { path: "model.particle-conduction", unit: "", isLogarithmic: false }

const courseOf = (cycles: number, contraction: number, pace: number, noise: () => number): SweepCourse => {
  const cycle = Float64Array.from({ length: cycles }, (_, index) => index + 1)
  const meanDamage = cycle.map((number) => 1 - Math.exp(-pace * number))
  return {
    cycle,
    spread: cycle.map((number) => 0.088 * contraction ** (number - 1) * (1 + 0.05 * noise())),
    meanDamage,
    spreadDamage: meanDamage.map((damage) => 0.6 * damage * (1 - damage) + 0.02 * noise()),
    chargeCapacity: cycle.map(() => 120),
    dischargeCapacity: meanDamage.map((damage) => 118 - 30 * damage),
  }
}

const runOf = (
  index: number,
  values: readonly number[],
  word: string,
  cycles: number,
  noise: () => number,
): SweepReportRun => {
  const [pascal, diffusion] = values
  const isFailed = index === 4
  const contraction = 0.78 + (0.24 * (pascal - 2e8)) / 3e8
  const pace = 0.02 * (5e8 / pascal) ** 2
  const whole = courseOf(cycles, contraction, pace, noise)
  const length = isFailed ? Math.ceil(cycles / 3) : cycles
  const course = Object.fromEntries(
    Object.entries(whole).map(([name, column]: [string, Float64Array]) => [name, column.slice(0, length)]),
  ) as unknown as SweepCourse
  const sync = Math.ceil(1 + Math.log(0.5) / Math.log(Math.min(0.999, contraction)))
  const last = (column: Float64Array): number => column[column.length - 1]
  return {
    name: `run-${index}`,
    link: `runs/run-${index}/report.html`,
    status: isFailed ? "failed" : "done",
    reason: isFailed ? '"Charge at 5C" cannot go on at 1204.112 s' : "",
    texts: [`${pascal / 1e6} MPa`, `${diffusion} m^2/s`, word],
    values: Float64Array.of(pascal, diffusion, Number.NaN),
    course,
    measures: {
      cycles: length,
      syncCycle: sync <= length ? sync : Number.NaN,
      verdict: sync <= length ? "synchronises" : "undecided",
      verdictReason: "made up",
      contraction,
      contractionLow: contraction - 0.01,
      contractionHigh: contraction + 0.01,
      peakSpread: 0.088,
      peakCycle: 1,
      finalSpread: last(course.spread),
      meanDamage: last(course.meanDamage),
      spreadDamage: last(course.spreadDamage),
      firstCharge: 120,
      lastCharge: 120,
      firstDischarge: course.dischargeCapacity[0],
      lastDischarge: last(course.dischargeCapacity),
      retention: last(course.dischargeCapacity) / course.dischargeCapacity[0],
      severeShare: sync <= length ? 1 / 3 : Number.NaN,
      wallTime: 31.5,
    },
  }
}

export const fakeSweep = ({ runs, cycles, isSampled }: FakeSweep): SweepReportInput => {
  const random = seededRandom(11)
  const places = latinHypercube(random, runs, 2)
  const factors = isSampled ? [strength, diffusivity, conduction] : [strength]
  return {
    title: "li2022-three-particle · li2022-fixed-charge",
    description: "How strength and diffusivity decide about synchronisation.",
    design: isSampled ? "a Latin hypercube (seed 1)" : "every combination of values",
    isSampled,
    programVersion: "0.1.0",
    started: "2026-11-21T06:42:07.000Z",
    factors,
    runs: Array.from({ length: runs }, (_, index) => {
      const place = isSampled ? places[2 * index] : index / Math.max(1, runs - 1)
      const pascal = Number((2e8 + 3e8 * place).toPrecision(3))
      const diffusion = Number((1e-15 * 100 ** places[2 * index + 1]).toPrecision(3))
      const run = runOf(index, [pascal, diffusion], ["none", "finite"][index % 2], cycles, random.normal)
      return { ...run, texts: run.texts.slice(0, factors.length), values: run.values.slice(0, factors.length) }
    }),
  }
}
