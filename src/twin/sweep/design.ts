import { seededRandom } from "../../array/random.ts"
import { fullFactorial, latinHypercube } from "../../statistics/design.ts"
import type { Fault } from "../problem.ts"
import { type Factor, type FactorRange, levelsFault } from "./factor.ts"

/** A value given to one of the things that a sweep varies. */
export interface Choice {
  readonly path: string
  /** As written */
  readonly text: string
}

/** One run of a sweep: what it differs in. */
export type Point = readonly Choice[]

/** Which runs a sweep makes. */
export type Design =
  /** Every combination of levels */
  | { readonly kind: "grid"; readonly factors: readonly Factor[] }
  /** Points one by one */
  | { readonly kind: "list"; readonly points: readonly Point[] }
  | {
      readonly kind: "latin-hypercube"
      readonly factors: readonly Factor[]
      readonly samples: number
      readonly seed: number
    }

/** More runs than anybody means [run] */
const mostPoints = 10_000

const vary = (path: string): readonly string[] => ["design", "vary", path]

const factorFaults = (factors: readonly Factor[], ranges: boolean): Fault[] =>
  factors.flatMap(({ path, values }, index): Fault[] => {
    if (factors.findIndex((other) => other.path === path) < index) {
      return [{ path: vary(path), expected: "each path once", found: "it twice" }]
    }
    if (values.kind === "levels") {
      const fault = levelsFault(values)
      return fault === undefined ? [] : [{ path: vary(path), ...fault }]
    }
    const found = `a range from ${values.from} to ${values.to} ${values.unit}`.trimEnd()
    return ranges
      ? []
      : [{ path: vary(path), expected: "values one by one (a range needs a Latin hypercube, --samples N)", found }]
  })

/** What is wrong with a design, if anything; paths are those of a sweep's file. */
export const designFaults = (design: Design): readonly Fault[] => {
  if (design.kind === "list") {
    return design.points.length > 0
      ? []
      : [{ path: ["design", "points"], expected: "at least one point", found: "nothing" }]
  }
  const { factors } = design
  if (factors.length === 0) return [{ path: ["design", "vary"], expected: "something to vary", found: "nothing" }]
  const faults = factorFaults(factors, design.kind === "latin-hypercube")
  const size =
    design.kind === "grid"
      ? factors.reduce((product, { values }) => product * (values.kind === "levels" ? values.levels.length : 1), 1)
      : design.samples
  if (faults.length === 0 && size > mostPoints) {
    return [{ path: ["design"], expected: `at most ${mostPoints} runs`, found: String(size) }]
  }
  return faults
}

/** Value at a place 0 … 1 of a range, 1 excluded. */
const valueAt = ({ from, to, isLogarithmic }: FactorRange, place: number): number =>
  isLogarithmic ? from * (to / from) ** place : from + (to - from) * place

/** A value in one of `count` strata of a range, with no more digits than tell it from others in its stratum. */
const rangeText = (range: FactorRange, place: number, count: number): string => {
  const value = valueAt(range, place)
  const stratum = Math.floor(place * count)
  const [low, high] = [valueAt(range, stratum / count), valueAt(range, (stratum + 1) / count)]
  const digits = Math.ceil(Math.log10(Math.abs(value) / (high - low) + 1)) + 2
  const rounded = Number(value.toPrecision(Math.min(17, digits)))
  const number = rounded >= low && rounded < high ? rounded : value
  return range.unit === "" ? String(number) : `${number} ${range.unit}`
}

/** The text for a place 0 … 1 of a factor, which is in one of `count` strata. */
const textAt = ({ values }: Factor, place: number, count: number): string =>
  values.kind === "range" ? rangeText(values, place, count) : values.levels[Math.floor(place * values.levels.length)]

/**
 * The runs of a design, in its order: the last factor of a grid changes fastest; a Latin hypercube is that of its seed.
 * A factor with levels takes its place in a hypercube with each level as often as the next, give or take one.
 */
export const pointsOf = (design: Design): readonly Point[] => {
  switch (design.kind) {
    case "list":
      return design.points
    case "grid": {
      const { factors } = design
      const levels = factors.map(({ values }) => (values.kind === "levels" ? values.levels : []))
      const chosen = fullFactorial(levels.map(({ length }) => length))
      return Array.from({ length: chosen.length / factors.length }, (_, point) =>
        factors.map(({ path }, factor) => ({ path, text: levels[factor][chosen[point * factors.length + factor]] })),
      )
    }
    case "latin-hypercube": {
      const { factors, samples, seed } = design
      const places = latinHypercube(seededRandom(seed), samples, factors.length)
      return Array.from({ length: samples }, (_, point) =>
        factors.map((factor, index) => ({
          path: factor.path,
          text: textAt(factor, places[point * factors.length + index], samples),
        })),
      )
    }
  }
}

/** Everything that a design varies, in the order in which it is named first. */
export const pathsOf = (points: readonly Point[]): readonly string[] => [
  ...new Set(points.flatMap((point) => point.map(({ path }) => path))),
]
