import type { CycleSynchrony } from "../synchronisation/ensemble.ts"
import { defaultSynchronisationSettings } from "../synchronisation/settings.ts"
import { type Axis, axisOver } from "./axis.ts"
import { chartDrawing, roomForTicks } from "./chart.ts"
import type { ChartLine } from "./chart-spec.ts"
import { distinctParticles, ink, mostCurves } from "./colour.ts"
import type { ReportContext } from "./context.ts"
import { composed, type Drawing } from "./drawing.ts"
import { fixed, likewise, percent, significant } from "./number.ts"
import { cycleAxis, particleLines } from "./panels.ts"
import type { ParticleCurves } from "./series.ts"
import type { KeyFigure } from "./summary.ts"
import { literal } from "./text.ts"

/** The verdict on a run, as mark-up. */
export interface VerdictWords {
  readonly verdict: string
  readonly reason: string
  readonly keys: readonly KeyFigure[]
  /** What the numbers mean and which choices are in them */
  readonly note: string
}

/** What is said of the synchronisation of a run; null where it was not judged. */
export const verdictWords = ({ synchronisation, compared, hasDamage }: ReportContext): VerdictWords | null => {
  if (synchronisation === null) return null
  const { verdict, reason, peak, syncCycle, contraction, severeShareAtSync, utilisation, cycles } = synchronisation
  const { threshold, severeDamage, confidence } = defaultSynchronisationSettings
  const share = percent(threshold)
  const order = cycles.map(({ orderParameter }) => orderParameter).filter(Number.isFinite)
  const span = compared.length > 1 ? `, cycle ${cycles[0].cycle} → ${cycles[cycles.length - 1].cycle}` : ""
  const keys: readonly (KeyFigure | null)[] = [
    peak === null
      ? null
      : {
          title: "Largest spread of *c*/*c*_max",
          value: fixed(peak.spread, 3),
          note: `end of charge, cycle ${peak.cycle}`,
        },
    {
      title: "Sync cycle",
      value: syncCycle === null ? "none" : String(syncCycle),
      note: `spread stays below ${share} of its peak`,
    },
    contraction === null
      ? null
      : {
          title: "Contraction of the spread",
          value: `× ${fixed(contraction.factor, 3)}`,
          note: `per cycle; ${percent(confidence)} interval ${fixed(contraction.low, 3)} to ${fixed(contraction.high, 3)}`,
        },
    severeShareAtSync === null || !hasDamage
      ? null
      : {
          title: "Severely damaged at sync",
          value: percent(severeShareAtSync),
          note: `of the particles by weight, *d* ≥ ${significant(severeDamage)}`,
        },
    Number.isFinite(utilisation)
      ? { title: "Utilisation", value: percent(utilisation), note: "lithium exchanged, last over first cycle" }
      : null,
    order.length === 0
      ? null
      : {
          title: "Order parameter",
          value: [...new Set(likewise([order[0], order[order.length - 1]], 3))].join(" → "),
          note: `1: all exchange alike${span}`,
        },
  ]
  return {
    verdict,
    reason: literal(reason),
    keys: keys.filter((key) => key !== null),
    note:
      `Judged by the spread of the mean lithium contents at the end of charge. Synchronous below ${share} of the largest spread, ` +
      `severe from a damage of ${significant(severeDamage)} on, intervals of ${percent(confidence)}: choices, the same for every run.`,
  }
}

/** Per cycle columns of an ensemble as curves over the cycles. */
const curvesOver = (context: ReportContext, matrix: Float64Array): ParticleCurves => {
  const cycle = context.input.ensemble?.cycle ?? new Int32Array(0)
  const count = context.input.ensemble?.particleCount ?? 0
  const every = Math.ceil(count / mostCurves)
  return {
    time: Float64Array.from(cycle),
    cycle,
    values: Array.from({ length: Math.ceil(count / every) }, (_, k) =>
      Float64Array.from(cycle, (_, row) => matrix[row * count + k * every]),
    ),
  }
}

/** Lithium content of each particle at the ends of charge and discharge against the number of the cycle. */
export const endsPanel = (context: ReportContext, width: number, height: number): Drawing | null => {
  const { ensemble } = context.input
  if (ensemble === null || ensemble.cycle.length < 2) return null
  const many = ensemble.particleCount > distinctParticles
  const parts = [
    { heading: "End of discharge", curves: curvesOver(context, ensemble.endOfDischarge) },
    { heading: "End of charge", curves: curvesOver(context, ensemble.endOfCharge) },
  ].map((part) => ({ ...part, y: axisOver("*c*/*c*_max", part.curves.values, { spans: 4, within: [0, 1] }) }))
  const left = Math.max(...parts.map(({ y }) => roomForTicks(y)))
  const upper = Math.round((height - 34) / 2)
  return composed(
    width,
    height,
    parts.map(({ heading, curves, y }, at) => {
      const { lines, bands } = particleLines(context, curves, curves.time)
      const dots = !many && curves.time.length <= 30
      return {
        x: 0,
        y: at * upper,
        drawing: chartDrawing({
          width,
          height: at === 0 ? upper : height - upper,
          letter: at === 0 ? "F" : "",
          heading,
          x: cycleAxis(curves.time),
          y,
          lines: lines.map((line) => ({ ...line, dots })),
          bands,
          names: "ends",
          left,
          right: many ? 66 : 40,
          xLabels: at === 1,
        }),
      }
    }),
  )
}

/** How alike the particles work, how much they work, and how many of them are severely damaged, cycle by cycle. */
export const orderPanel = (context: ReportContext, width: number, height: number): Drawing | null => {
  const { synchronisation, hasDamage } = context
  if (synchronisation === null || synchronisation.cycles.length < 2) return null
  const { cycles } = synchronisation
  const x = Float64Array.from(cycles, ({ cycle }) => cycle)
  const line = (name: string, colour: string, y: Float64Array): ChartLine => ({
    name,
    colour,
    x,
    y,
    dots: x.length <= 30,
    width: 1.6,
  })
  const column = (pick: (cycle: CycleSynchrony) => number) => Float64Array.from(cycles, pick)
  const order = line(
    "order parameter",
    ink.accent,
    column(({ orderParameter }) => orderParameter),
  )
  const firstThroughput = cycles.find(({ meanThroughput }) => meanThroughput > 0)?.meanThroughput ?? Number.NaN
  const severe = line(
    "severely damaged",
    "#b3205d",
    column(({ severeShare }) => severeShare),
  )
  const work = line(
    "utilisation",
    ink.mean,
    column(({ meanThroughput }) => meanThroughput / firstThroughput),
  )
  const shares = (hasDamage ? [severe, work] : [work]).filter(({ y }) => y.some(Number.isFinite))
  const upperAxis: Axis = axisOver("Order parameter", [order.y], { spans: 4, include: [1], within: [0, 1] })
  const lowerAxis: Axis = axisOver(
    "Share",
    shares.map(({ y }) => y),
    { spans: 4, include: [0, 1] },
  )
  const frame = { width, x: cycleAxis(x), left: Math.max(roomForTicks(upperAxis), roomForTicks(lowerAxis)), right: 14 }
  const upper = Math.round((height - 34) / 2)
  return composed(width, height, [
    {
      x: 0,
      y: 0,
      drawing: chartDrawing({
        ...frame,
        height: upper,
        letter: "G",
        heading: "Do all work alike?",
        y: upperAxis,
        lines: [order],
        xLabels: false,
      }),
    },
    {
      x: 0,
      y: upper,
      drawing: chartDrawing({ ...frame, height: height - upper, y: lowerAxis, lines: shares, names: "above" }),
    },
  ])
}
