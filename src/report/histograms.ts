import { histogramOf } from "../statistics/histogram.ts"
import { axisOver } from "./axis.ts"
import { chartDrawing } from "./chart.ts"
import { ink, tinted } from "./colour.ts"
import type { Drawing } from "./drawing.ts"
import type { AttributeColumn } from "./input.ts"
import { extent } from "./series.ts"
import { literal } from "./text.ts"

/** Unit for reading and its factor from SI. */
export interface ReadableUnit {
  readonly unit: string
  readonly factor: number
}

const readable: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
  m: [
    ["nm", 1e9],
    ["µm", 1e6],
    ["mm", 1e3],
    ["m", 1],
  ],
  "m^2": [
    ["nm²", 1e18],
    ["µm²", 1e12],
    ["mm²", 1e6],
    ["m²", 1],
  ],
  "m^3": [
    ["nm³", 1e27],
    ["µm³", 1e18],
    ["mm³", 1e9],
    ["m³", 1],
  ],
  "1/m^3": [["1/µm³", 1e-18]],
  Pa: [
    ["Pa", 1],
    ["kPa", 1e-3],
    ["MPa", 1e-6],
    ["GPa", 1e-9],
  ],
  "J/m": [
    ["nJ/m", 1e9],
    ["µJ/m", 1e6],
    ["mJ/m", 1e3],
    ["J/m", 1],
  ],
  J: [
    ["pJ", 1e12],
    ["nJ", 1e9],
    ["µJ", 1e6],
    ["mJ", 1e3],
    ["J", 1],
  ],
}

const caret = (unit: string): string => unit.replace("²", "^2").replace("³", "^3")

/** A prefixed unit in which the largest of some values reads well, where the unit has prefixes; as it is for zeros. */
export const readableUnit = (unit: string, values: ArrayLike<number>): ReadableUnit => {
  const choices = readable[caret(unit)]
  const range = extent([values])
  if (choices === undefined || range === null) return { unit, factor: 1 }
  const size = Math.max(Math.abs(range[0]), Math.abs(range[1]))
  if (size === 0) return { unit, factor: 1 }
  // From small units to large ones: the last in which the value is not below a half, else the smallest.
  const [name, factor] = choices.findLast(([, each]) => size * each >= 0.5) ?? choices[0]
  return { unit: name, factor }
}

/** How often an attribute takes which values; null where fewer than two of them are finite or all are equal. */
export const histogramChart = (column: AttributeColumn, width: number, height: number): Drawing | null => {
  const finite = column.values.filter(Number.isFinite)
  const range = extent([finite])
  if (range === null || finite.length < 2 || range[1] - range[0] <= 1e-9 * Math.abs(range[1])) return null
  const { unit, factor } = readableUnit(column.unit, finite)
  const values = finite.map((value) => value * factor)
  const name = literal(column.name)
  const x = axisOver(unit === "" || unit === "–" || unit === "1" ? name : `${name} (${unit})`, [values], { spans: 4 })
  const binCount = Math.min(24, Math.max(5, Math.ceil(2 * Math.cbrt(values.length))))
  const edges = Float64Array.from(
    { length: binCount + 1 },
    (_, at) => x.minimum + ((x.maximum - x.minimum) * at) / binCount,
  )
  edges[binCount] = x.maximum
  const heights = Float64Array.from(histogramOf(values, edges).counts)
  return chartDrawing({
    width,
    height,
    x,
    y: axisOver("Particles", [heights], { include: [0], spans: 3, whole: true }),
    bars: { colour: tinted(ink.accent, 0.7), edges, heights },
  })
}
