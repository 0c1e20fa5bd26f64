import { defaultSynchronisationSettings } from "../synchronisation/settings.ts"
import { type Axis, axisOfCycles, axisOver } from "./axis.ts"
import { bandColour, chartDrawing, roomForTicks } from "./chart.ts"
import type { Chart, ChartBand, ChartLine } from "./chart-spec.ts"
import { distinctParticles, ink } from "./colour.ts"
import { particleName, type ReportContext } from "./context.ts"
import { composed, type Drawing } from "./drawing.ts"
import { schematic } from "./schematic.ts"
import { envelopeOf, type ParticleCurves, withinCycle } from "./series.ts"

const contentTitle = "Mean lithium content *c*/*c*_max"
const timeTitle = "Time *t*/*τ*"

/**
 * Curves of the particles: each by name where they are few, else thin ones with their band and mean.
 * @param x [time] place of each moment
 */
export const particleLines = (
  context: ReportContext,
  curves: ParticleCurves,
  x: Float64Array,
  scale = 1,
): { readonly lines: readonly ChartLine[]; readonly bands: readonly ChartBand[] } => {
  const scaled = scale === 1 ? curves.values : curves.values.map((curve) => curve.map((value) => value * scale))
  const many = scaled.length > distinctParticles
  const lines = scaled.map((y, particle) => ({
    name: particleName(particle),
    colour: context.colours[particle],
    x,
    y,
    ...(many ? { width: 0.9, opacity: 0.6, quiet: true } : {}),
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

/** Panel B: lithium content of each particle in the compared cycles and, of several, its difference from the mean. */
const contentPanel = (context: ReportContext, { width, height }: Size): Drawing => {
  const { stoichiometry, compared: chosen, referenceTime } = context
  const parts = chosen.length === 0 ? [stoichiometry] : chosen.map((cycle) => withinCycle(stoichiometry, cycle))
  const differences = parts.map(lessMean)
  const upper = axisOver(
    contentTitle,
    parts.flatMap(({ values }) => values),
    { within: [0, 1] },
  )
  const lower = axisOver(
    "*c* − mean",
    differences.flatMap(({ values }) => values),
    { include: [0], spans: 3 },
  )
  const isOne = context.particleCount < 2
  const split = isOne ? height : Math.round(0.6 * height)
  const share = (width + 8) / parts.length
  return composed(
    width,
    height,
    parts.flatMap((part, at) => {
      const last = at === parts.length - 1
      const x = part.time.map((time) => time / referenceTime)
      const titled = (axis: Axis) => (at === 0 ? axis : { ...axis, title: "" })
      const frame = {
        width: last ? width - at * share : share,
        x: axisOver(timeTitle, [x], { tight: true }),
        left: Math.max(...[upper, lower].map((axis) => roomForTicks(titled(axis)))),
        right: last ? (context.particleCount > distinctParticles ? 66 : 40) : 8,
      }
      const heading = chosen.length === 0 ? "Whole run" : `Cycle ${chosen[at]}`
      return [
        {
          x: at * share,
          y: 0,
          drawing: chartDrawing({
            ...frame,
            height: split,
            letter: at === 0 ? "B" : "",
            heading,
            y: titled(upper),
            ...particleLines(context, part, x),
            names: last ? "ends" : "none",
            xLabels: isOne,
          }),
        },
        ...(isOne
          ? []
          : [
              {
                x: at * share,
                y: split,
                drawing: chartDrawing({
                  ...frame,
                  height: height - split,
                  y: titled(lower),
                  ...particleLines(context, differences[at], x),
                  baseline: 0,
                }),
              },
            ]),
      ]
    }),
  )
}

/** Curves less their mean at each time. */
const lessMean = (curves: ParticleCurves): ParticleCurves => {
  const { mean } = envelopeOf(curves.values, curves.time.length)
  return { ...curves, values: curves.values.map((curve) => curve.map((value, at) => value - mean[at])) }
}

/** Panel C: how far apart the particles are at the ends of charge and discharge, cycle by cycle. */
const spreadPanel = (context: ReportContext, { width, height }: Size): Drawing => {
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
    line("max − min, charge", ink.charge, table.spreadStoichiometryCharge, "solid"),
    line("discharge", ink.discharge, table.spreadStoichiometryDischarge, "solid"),
    line("std. dev., charge", ink.charge, table.stdStoichiometryCharge, "dashed"),
    line("discharge", ink.discharge, table.stdStoichiometryDischarge, "dashed"),
  ]
  const y = axisOver(
    "Spread of *c*/*c*_max",
    lines.map((each) => each.y),
    { include: [0] },
  )
  return chartDrawing({
    width,
    height,
    letter: "C",
    heading: "Spread of the lithium content",
    x: cycleAxis(x),
    y,
    lines: [...synchronyMarks(context, y, x), ...lines],
    names: "above",
  })
}

/** Where the spread counts as synchronous, and from which cycle on it is. */
const synchronyMarks = ({ synchronisation }: ReportContext, axis: Axis, cycles: Float64Array): readonly ChartLine[] => {
  if (synchronisation === null || synchronisation.peak === null || synchronisation.inStep) return []
  const { peak, syncCycle } = synchronisation
  const level = defaultSynchronisationSettings.threshold * peak.spread
  const mark = { name: "", colour: ink.axis, width: 1.2, dash: "dotted", quiet: true } as const
  return [
    { ...mark, x: Float64Array.of(peak.cycle, cycles[cycles.length - 1]), y: Float64Array.of(level, level) },
    ...(syncCycle === null
      ? []
      : [{ ...mark, x: Float64Array.of(syncCycle, syncCycle), y: Float64Array.of(axis.minimum, axis.maximum) }]),
  ]
}

/** An axis over whole cycle numbers. */
export const cycleAxis = (cycles: Float64Array): Axis =>
  axisOfCycles("Cycle", cycles[0] ?? 1, cycles[cycles.length - 1] ?? 1)

/** Panel D: damage of each particle over the whole run. */
const damagePanel = (context: ReportContext, size: Size): Drawing => {
  const { lines, bands } = particleLines(context, context.damage, context.runAxis.placed(context.damage))
  return chartDrawing({
    ...runChart(context, size, "D", "Damage of each particle"),
    y: axisOver("Interface damage *d*", context.damage.values, { include: [0], within: [0, 1] }),
    lines,
    bands,
    names: "ends",
  })
}

/** Panel E: damage of each particle less the mean of all; the dashed zero line is the mean. */
const deviationPanel = (context: ReportContext, size: Size): Drawing => {
  const { damage } = context
  const difference = lessMean(damage)
  const x = context.runAxis.placed(damage)
  const { lines, bands } = particleLines(context, difference, x)
  const zero: ChartLine = {
    name: "mean",
    colour: ink.mean,
    x,
    y: new Float64Array(x.length),
    dash: "dashed",
    width: 1.6,
  }
  return chartDrawing({
    ...runChart(context, size, "E", "Deviation from the mean damage"),
    y: axisOver("*d* − mean *d*", difference.values, { include: [0] }),
    lines: [...lines.filter(({ name }) => name !== "mean"), zero],
    bands,
    names: "ends",
  })
}

/** Frame of a chart over the whole run. */
const runChart = (
  context: ReportContext,
  { width, height }: Size,
  letter: string,
  heading: string,
): Omit<Chart, "y"> => ({
  width,
  height,
  letter,
  heading,
  x: context.runAxis.axis,
  spans: context.runAxis.stripes,
})

interface Size {
  /** [px] */
  readonly width: number
  readonly height: number
}

/** The panels of Fig. 3 for a run; null where the data do not have them. */
export interface RunPanels {
  /** How the layout stands to the charts: a slender one beside all, a squarish one beside B, a wide one above. */
  readonly arrangement: "beside" | "corner" | "above"
  readonly layout: Drawing | null
  readonly content: Drawing | null
  readonly spread: Drawing | null
  readonly damage: Drawing | null
  readonly deviation: Drawing | null
}

/** Space between panels [px] */
export const panelGap = 20
const [upperRow, lowerRow] = [350, 290]

/** Panels A to E sized to fill a given width. */
export const runPanels = (context: ReportContext, width: number): RunPanels => {
  const { layout } = context
  const aspect =
    layout === null
      ? 0
      : (layout.bounds.maximum[1] - layout.bounds.minimum[1]) / (layout.bounds.maximum[0] - layout.bounds.minimum[0])
  const arrangement = aspect > 1.6 ? "beside" : aspect > 0.55 ? "corner" : "above"
  const slender = { width: 240, height: upperRow + lowerRow + panelGap }
  const corner = { width: Math.round(0.38 * width), height: upperRow }
  const wide = { width, height: Math.min(480, Math.ceil(width * aspect) + 84) }
  const charts = arrangement === "beside" ? width - slender.width - panelGap : width
  const cornered = arrangement === "corner"
  const hasTimes = context.index.time.length > 0
  const { hasDamage } = context
  const isOne = context.particleCount < 2
  // One cycle alone has nothing to show against cycles, one particle no spread.
  const hasSpread = !isOne && context.input.cycles.cycle.filter((cycle) => cycle > 0).length > 1
  const content = cornered
    ? width - corner.width - panelGap
    : hasSpread
      ? Math.round(0.62 * (charts - panelGap))
      : charts
  const across = Math.max(1, [cornered && hasSpread, hasDamage, hasDamage && !isOne].filter(Boolean).length)
  const lower = (charts - (across - 1) * panelGap) / across
  const spread = cornered ? lower : charts - panelGap - content
  return {
    arrangement,
    layout:
      layout === null
        ? null
        : schematic(
            layout,
            context.colours,
            { beside: slender, corner, above: wide }[arrangement],
            arrangement === "beside",
          ),
    content: hasTimes ? contentPanel(context, { width: content, height: upperRow }) : null,
    spread: hasSpread
      ? spreadPanel(context, { width: spread, height: arrangement === "corner" ? lowerRow : upperRow })
      : null,
    damage: hasDamage ? damagePanel(context, { width: lower, height: lowerRow }) : null,
    deviation: hasDamage && !isOne ? deviationPanel(context, { width: lower, height: lowerRow }) : null,
  }
}
