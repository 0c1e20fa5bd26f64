import { type Axis, axisOfCycles, axisOver } from "./axis.ts"
import { bandColour, type Chart, type ChartBand, type ChartLine, type ChartSpan, chartDrawing } from "./chart.ts"
import { distinctParticles, ink } from "./colour.ts"
import { particleName, type ReportContext } from "./context.ts"
import { composed, type Drawing } from "./drawing.ts"
import { envelopeOf, type ParticleCurves, withinCycle } from "./series.ts"

const contentTitle = "Mean lithium content *c*/*c*_max"
const timeTitle = "Time *t*/*τ*"

/** Curves of the particles: each by name where they are few, else thin ones with their band and mean. */
export const particleLines = (
  context: ReportContext,
  curves: ParticleCurves,
  scale = 1,
): { readonly lines: readonly ChartLine[]; readonly bands: readonly ChartBand[] } => {
  const x = curves.time.map((time) => time / context.referenceTime)
  const scaled = scale === 1 ? curves.values : curves.values.map((curve) => curve.map((value) => value * scale))
  const many = scaled.length > distinctParticles
  const lines = scaled.map((y, particle) => ({
    name: particleName(particle),
    colour: context.colours[particle],
    x,
    y,
    ...(many ? { width: 0.7, opacity: 0.45, quiet: true } : {}),
  }))
  if (!many) return { lines, bands: [] }
  const { low, mean, high } = envelopeOf(scaled, x.length)
  const edge = { colour: ink.soft, x, width: 0.8 }
  return {
    lines: [
      ...lines,
      { ...edge, name: "largest", y: high },
      { name: "mean", colour: ink.mean, x, y: mean, width: 2, dash: "dashed" },
      { ...edge, name: "smallest", y: low },
    ],
    bands: [{ name: "", colour: bandColour(ink.soft), x, low, high }],
  }
}

/** Stripes behind every other cycle. */
export const cycleStripes = (context: ReportContext, unit: number): readonly ChartSpan[] =>
  context.spans
    .filter(({ cycle }) => cycle % 2 === 0 && cycle > 0)
    .map(({ from, to }) => ({ from: from / unit, to: to / unit }))

/** Panel B: lithium content of each particle in the first and the last cycle, on one scale. */
export const contentPanel = (context: ReportContext, width: number, height: number, letter = "B"): Drawing => {
  const { stoichiometry, cycles } = context
  const chosen = cycles === null ? [] : cycles.first === cycles.last ? [cycles.first] : [cycles.first, cycles.last]
  const parts = chosen.length === 0 ? [stoichiometry] : chosen.map((cycle) => withinCycle(stoichiometry, cycle))
  const y = axisOver(
    contentTitle,
    parts.flatMap(({ values }) => values),
    { within: [0, 1] },
  )
  const first = (width + 20) / parts.length
  return composed(
    width,
    height,
    parts.map((part, at) => {
      const { lines, bands } = particleLines(context, part)
      const x = axisOver(timeTitle, [lines[0]?.x ?? []], { tight: true })
      const last = at === parts.length - 1
      return {
        x: at * first,
        y: 0,
        drawing: chartDrawing({
          width: last ? width - at * first : first,
          height,
          letter: at === 0 ? letter : "",
          heading: chosen.length === 0 ? "Whole run" : `Cycle ${chosen[at]}`,
          x,
          y: at === 0 ? y : { ...y, title: "" },
          lines,
          bands,
          names: last ? "ends" : "none",
          ...(last ? {} : { right: 14 }),
          ...(at === 0 ? {} : { left: 40 }),
        }),
      }
    }),
  )
}

/** Panel C: how far apart the particles are at the ends of charge and discharge, cycle by cycle. */
export const spreadPanel = (context: ReportContext, width: number, height: number, letter = "C"): Drawing => {
  const { cycles: table } = context.input
  const rows = [...table.cycle.keys()].filter((row) => table.cycle[row] > 0)
  const x = Float64Array.from(rows, (row) => table.cycle[row])
  const take = (column: Float64Array) => Float64Array.from(rows, (row) => column[row])
  const line = (name: string, colour: string, column: Float64Array, dash: "solid" | "dashed"): ChartLine => ({
    name,
    colour,
    x,
    y: take(column),
    dash,
    dots: x.length <= 30,
    width: 1.6,
  })
  const lines = [
    line("max − min, end of charge", ink.charge, table.spreadStoichiometryCharge, "solid"),
    line("of discharge", ink.discharge, table.spreadStoichiometryDischarge, "solid"),
    line("std. dev., end of charge", ink.charge, table.stdStoichiometryCharge, "dashed"),
    line("of discharge", ink.discharge, table.stdStoichiometryDischarge, "dashed"),
  ]
  return chartDrawing({
    width,
    height,
    letter,
    heading: "Spread of the lithium content",
    x: cycleAxis(x),
    y: axisOver(
      "Spread of *c*/*c*_max",
      lines.map(({ y }) => y),
      { include: [0] },
    ),
    lines,
    names: "above",
  })
}

/** An axis over whole cycle numbers. */
export const cycleAxis = (cycles: Float64Array): Axis =>
  axisOfCycles("Cycle", cycles[0] ?? 1, cycles[cycles.length - 1] ?? 1)

/** Panel D: damage of each particle over the whole run. */
export const damagePanel = (context: ReportContext, width: number, height: number, letter = "D"): Drawing => {
  const { lines, bands } = particleLines(context, context.damage)
  return chartDrawing({
    ...runChart(context, width, height, letter, "Damage of each particle"),
    y: axisOver("Interface damage *d*", context.damage.values, { include: [0], within: [0, 1] }),
    lines,
    bands,
    names: "ends",
  })
}

/** Panel E: damage of each particle less the mean of all; the dashed zero line is the mean. */
export const deviationPanel = (context: ReportContext, width: number, height: number, letter = "E"): Drawing => {
  const { damage } = context
  const { mean } = envelopeOf(damage.values, damage.time.length)
  const values = damage.values.map((curve) => curve.map((value, at) => value - mean[at]))
  const { lines, bands } = particleLines(context, { ...damage, values })
  const x = damage.time.map((time) => time / context.referenceTime)
  const zero: ChartLine = {
    name: "mean",
    colour: ink.mean,
    x,
    y: new Float64Array(x.length),
    dash: "dashed",
    width: 1.6,
  }
  return chartDrawing({
    ...runChart(context, width, height, letter, "Deviation from the mean damage"),
    y: axisOver("*d* − mean *d*", values, { include: [0] }),
    lines: [...lines.filter(({ name }) => name !== "mean"), zero],
    bands,
    names: "ends",
  })
}

/** Frame of a chart over the whole run. */
const runChart = (
  context: ReportContext,
  width: number,
  height: number,
  letter: string,
  heading: string,
): Omit<Chart, "y"> => ({
  width,
  height,
  letter,
  heading,
  x: axisOver(timeTitle, [context.index.time.map((time) => time / context.referenceTime)], { tight: true }),
  spans: cycleStripes(context, context.referenceTime),
})
