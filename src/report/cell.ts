import { type Axis, axisOver } from "./axis.ts"
import { chartDrawing } from "./chart.ts"
import type { ChartLine, ChartSpan } from "./chart-spec.ts"
import { colourAt, hex, ink, viridis } from "./colour.ts"
import type { ReportContext } from "./context.ts"
import { composed, type Drawing } from "./drawing.ts"
import { cycleAxis } from "./panels.ts"
import { chosenCycles, distinctCycles } from "./run-axis.ts"
import { blockEnds } from "./series.ts"

/** Seconds in the unit that suits a span, with the axis title. */
const timeUnit = (span: number): { readonly unit: number; readonly title: string } =>
  span > 3 * 86_400
    ? { unit: 86_400, title: "Time (d)" }
    : span > 3 * 3600
      ? { unit: 3600, title: "Time (h)" }
      : { unit: 60, title: "Time (min)" }

/** Voltage and current one above the other: over the whole run, of many cycles a few laid over one another. */
export const cyclingChart = (context: ReportContext, width: number, height: number): Drawing => {
  const { cycles, input, spans } = context
  const { history } = input
  if (cycles !== null && cycles.last - cycles.first >= distinctCycles) return overlaidCycles(context, width, height)
  const byCycle = spans.some(({ cycle }) => cycle === 0) && cycles !== null
  const { unit, title } = timeUnit(history.time[history.time.length - 1] ?? 0)
  const x = byCycle ? context.runAxis.placed(history) : history.time.map((time) => time / unit)
  const line = (name: string, colour: string, y: Float64Array): ChartLine => ({ name, colour, x, y, width: 1.5 })
  return stackedCharts(width, height, {
    x: byCycle ? context.runAxis.axis : axisOver(title, [x], { tight: true, spans: 10 }),
    spans: byCycle
      ? context.runAxis.stripes
      : context.spans
          .filter(({ cycle }) => cycle % 2 === 0 && cycle > 0)
          .map(({ from, to }) => ({ from: from / unit, to: to / unit })),
    voltages: [line("voltage (V)", ink.accent, history.voltage)],
    currents: [line("current (A/m²)", ink.charge, history.current)],
    names: "none",
  })
}

interface CyclingLines {
  readonly x: Axis
  readonly spans: readonly ChartSpan[]
  readonly voltages: readonly ChartLine[]
  readonly currents: readonly ChartLine[]
  readonly names: "above" | "none"
}

const stackedCharts = (
  width: number,
  height: number,
  { voltages, currents, names, ...both }: CyclingLines,
): Drawing => {
  const frame = { width, ...both, left: 62, right: 16 }
  const upper = Math.round(0.6 * height)
  const columns = (lines: readonly ChartLine[]) => lines.map(({ y }) => y)
  return composed(width, height, [
    {
      x: 0,
      y: 0,
      drawing: chartDrawing({
        ...frame,
        height: upper,
        xLabels: false,
        y: axisOver("Voltage (V)", columns(voltages), { spans: 5, snug: true }),
        lines: voltages,
        names,
      }),
    },
    {
      x: 0,
      y: upper,
      drawing: chartDrawing({
        ...frame,
        height: height - upper,
        y: axisOver("Current (A/m²)", columns(currents), { spans: 3, include: [0], snug: true }),
        baseline: 0,
        lines: currents,
      }),
    },
  ])
}

/** A few cycles of many, each from its beginning, dark to bright. */
const overlaidCycles = ({ cycles, input, spans }: ReportContext, width: number, height: number): Drawing => {
  const { history } = input
  const chosen = cycles === null ? [] : chosenCycles(cycles.first, cycles.last, 6)
  const parts = chosen.map((cycle, at) => {
    const [first, end] = [history.cycle.indexOf(cycle), history.cycle.lastIndexOf(cycle) + 1]
    const origin = spans.find((span) => span.cycle === cycle)?.from ?? 0
    return {
      name: `cycle ${cycle}`,
      colour: hex(colourAt(viridis, (0.9 * at) / Math.max(1, chosen.length - 1))),
      x: history.time.slice(first, end).map((time) => (time - origin) / 60),
      voltage: history.voltage.slice(first, end),
      current: history.current.slice(first, end),
    }
  })
  const line = ({ name, colour, x }: (typeof parts)[number], y: Float64Array): ChartLine => ({
    name,
    colour,
    x,
    y,
    width: 1.5,
  })
  return stackedCharts(width, height, {
    x: axisOver(
      "Time in the cycle (min)",
      parts.map(({ x }) => x),
      { tight: true, spans: 10, include: [0] },
    ),
    spans: [],
    voltages: parts.map((part) => line(part, part.voltage)),
    currents: parts.map((part) => line(part, part.current)),
    names: "above",
  })
}

/** Capacity of each numbered cycle; formation, at its own rate, would hide how they differ. */
export const capacityChart = (context: ReportContext, width: number, height: number): Drawing => {
  const { cycles } = context.input
  const x = Float64Array.from(cycles.cycle.filter((cycle) => cycle > 0))
  const line = (name: string, colour: string, column: Float64Array): ChartLine => ({
    name,
    colour,
    x,
    y: column.filter((_, row) => cycles.cycle[row] > 0),
    dots: x.length <= 30,
    width: 1.6,
  })
  const lines = [
    line("charge", ink.charge, cycles.chargeCapacity),
    line("discharge", ink.discharge, cycles.dischargeCapacity),
  ]
  return chartDrawing({
    width,
    height,
    heading: "Capacity",
    x: cycleAxis(x),
    y: axisOver(
      "Capacity (mAh/g)",
      lines.map(({ y }) => y),
      { include: [0] },
    ),
    lines,
    names: "above",
  })
}

/** Voltages at the ends of charge and discharge, which tell polarisation. */
export const endVoltageChart = (context: ReportContext, width: number, height: number): Drawing => {
  const { history, manifest } = context.input
  const lines = (["charge", "discharge"] as const).map((stepType): ChartLine => {
    const ends = blockEnds(history, stepType, manifest.status === "done").filter(({ cycle }) => cycle > 0)
    return {
      name: `end of ${stepType}`,
      colour: ink[stepType],
      x: Float64Array.from(ends, ({ cycle }) => cycle),
      y: Float64Array.from(ends, ({ row }) => history.voltage[row]),
      dots: ends.length <= 30,
      width: 1.6,
    }
  })
  const longest = lines[0].x.length >= lines[1].x.length ? lines[0] : lines[1]
  return chartDrawing({
    width,
    height,
    heading: "Voltage at the end of step",
    x: cycleAxis(longest.x),
    y: axisOver(
      "Voltage (V)",
      lines.map(({ y }) => y),
    ),
    lines: lines.map((line) => ({ ...line, name: line.name.replace("end of ", "") })),
    names: "above",
  })
}

/** Mean damage and its spread at the end of each cycle. */
export const damageByCycleChart = (context: ReportContext, width: number, height: number): Drawing => {
  const { cycles } = context.input
  const x = Float64Array.from(cycles.cycle)
  const lines: readonly ChartLine[] = [
    { name: "mean", colour: ink.mean, x, y: cycles.meanDamage, dots: x.length <= 30, width: 1.6 },
    { name: "max − min", colour: "#b3205d", x, y: cycles.spreadDamage, dots: x.length <= 30, width: 1.6 },
  ].slice(0, context.particleCount > 1 ? 2 : 1)
  return chartDrawing({
    width,
    height,
    heading: "Damage at end of cycle",
    x: cycleAxis(x),
    y: axisOver(
      "Interface damage *d*",
      lines.map(({ y }) => y),
      { include: [0], within: [0, 1] },
    ),
    lines,
    names: "above",
  })
}
