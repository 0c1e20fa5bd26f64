import { type Axis, axisOver } from "./axis.ts"
import { chartDrawing } from "./chart.ts"
import type { Chart, ChartLine } from "./chart-spec.ts"
import { ink } from "./colour.ts"
import type { ReportContext } from "./context.ts"
import { composed, type Drawing } from "./drawing.ts"
import { cycleAxis, cycleStripes, particleLines } from "./panels.ts"
import { curvesOf, stepEnds } from "./series.ts"

/** Seconds in the unit that suits a span, with the axis title. */
const timeUnit = (span: number): { readonly unit: number; readonly title: string } =>
  span > 3 * 86_400
    ? { unit: 86_400, title: "Time (d)" }
    : span > 3 * 3600
      ? { unit: 3600, title: "Time (h)" }
      : { unit: 60, title: "Time (min)" }

/** Voltage and current against time, one above the other. */
export const cyclingChart = (context: ReportContext, width: number, height: number): Drawing => {
  const { history } = context.input
  const { unit, title } = timeUnit(history.time[history.time.length - 1] ?? 0)
  const x = history.time.map((time) => time / unit)
  const axis = axisOver(title, [x], { tight: true, spans: 10 })
  const frame = { width, x: axis, spans: cycleStripes(context, unit), left: 62, right: 16 }
  const upper = Math.round(0.6 * height)
  const line = (name: string, colour: string, y: Float64Array): ChartLine => ({ name, colour, x, y, width: 1.5 })
  return composed(width, height, [
    {
      x: 0,
      y: 0,
      drawing: chartDrawing({
        ...frame,
        height: upper,
        xLabels: false,
        y: axisOver("Voltage (V)", [history.voltage], { spans: 5, snug: true }),
        lines: [line("voltage (V)", ink.accent, history.voltage)],
      }),
    },
    {
      x: 0,
      y: upper,
      drawing: chartDrawing({
        ...frame,
        height: height - upper,
        y: axisOver("Current (A/m²)", [history.current], { spans: 3, include: [0], snug: true }),
        baseline: 0,
        lines: [line("current (A/m²)", ink.charge, history.current)],
      }),
    },
  ])
}

/** Capacity of each cycle. */
export const capacityChart = (context: ReportContext, width: number, height: number): Drawing => {
  const { cycles } = context.input
  const x = Float64Array.from(cycles.cycle)
  const line = (name: string, colour: string, y: Float64Array): ChartLine => ({
    name,
    colour,
    x,
    y,
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
  const { history } = context.input
  const lines = (["charge", "discharge"] as const).map((stepType): ChartLine => {
    const ends = stepEnds(history, stepType).filter(({ cycle }) => cycle > 0)
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
  ]
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

/** A further column of the particle table over the whole run. */
export interface ParticleQuantity {
  /** Last part of the figure's name */
  readonly key: string
  readonly heading: string
  /** What is seen, for the caption */
  readonly words: string
  readonly title: string
  readonly factor: number
  readonly column: Float64Array
}

/** Columns worth a chart of their own; those without any number are left out. */
export const particleQuantities = (context: ReportContext): readonly ParticleQuantity[] => {
  const table = context.input.particleHistory
  return [
    {
      key: "surface",
      heading: "Lithium content at the surface",
      words: "Mean lithium content over the surface of each particle: what the reaction sees.",
      title: "*c*_s/*c*_max",
      factor: 1,
      column: table.surfaceStoichiometry,
    },
    {
      key: "current",
      heading: "Current through the surface",
      words: "Mean current density over the surface of each particle, positive on charge: who carries the current.",
      title: "Current (A/m²)",
      factor: 1,
      column: table.current,
    },
    {
      key: "gap",
      heading: "Mean gap",
      words: "Mean opening of the interface of each particle.",
      title: "Gap *λ* (nm)",
      factor: 1e9,
      column: table.meanGap,
    },
    {
      key: "stress",
      heading: "Largest principal stress",
      words: "Largest principal stress anywhere in each particle.",
      title: "*σ*_1 (MPa)",
      factor: 1e-6,
      column: table.maximumPrincipalStress,
    },
  ].filter(({ column }) => column.some(Number.isFinite))
}

/** One of these columns as curves of the particles. */
export const particleQuantityChart = (
  context: ReportContext,
  { heading, title, factor, column }: ParticleQuantity,
  width: number,
  height: number,
): Drawing => {
  const { lines, bands } = particleLines(context, curvesOf(context.index, column), factor)
  const x: Axis = axisOver("Time *t*/*τ*", [lines[0]?.x ?? []], { tight: true })
  const y = axisOver(
    title,
    lines.map((line) => line.y),
  )
  const crossesZero = y.minimum < 0 && y.maximum > 0
  const chart: Chart = {
    width,
    height,
    heading,
    x,
    y,
    lines,
    bands,
    spans: cycleStripes(context, context.referenceTime),
    names: "ends",
    ...(crossesZero ? { baseline: 0 } : {}),
  }
  return chartDrawing(chart)
}
