import { axisOver } from "./axis.ts"
import { chartDrawing } from "./chart.ts"
import type { ReportContext } from "./context.ts"
import { composed, type Drawing } from "./drawing.ts"
import { particleLines } from "./panels.ts"
import { distinctCycles } from "./run-axis.ts"
import { curvesOf, withinCycle } from "./series.ts"

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

/** One of these columns as curves of the particles: over the whole run, of many cycles in the compared ones. */
export const particleQuantityChart = (
  context: ReportContext,
  { heading, title, factor, column }: ParticleQuantity,
  width: number,
  height: number,
): Drawing => {
  const { runAxis, spans } = context
  const whole = curvesOf(context.index, column)
  const many = spans.filter(({ cycle }) => cycle > 0).length > distinctCycles
  const parts = many
    ? context.compared.map((cycle) => {
        const curves = withinCycle(whole, cycle)
        const x = curves.time.map((time) => time / context.referenceTime)
        return {
          heading: `${heading}, cycle ${cycle}`,
          x: axisOver("Time *t*/*τ*", [x], { tight: true, spans: 4 }),
          ...particleLines(context, curves, x, factor),
        }
      })
    : [
        {
          heading,
          x: runAxis.axis,
          spans: runAxis.stripes,
          ...particleLines(context, whole, runAxis.placed(whole), factor),
        },
      ]
  const y = axisOver(
    title,
    parts.flatMap(({ lines }) => lines.map((line) => line.y)),
  )
  const crossesZero = y.minimum < 0 && y.maximum > 0
  const share = width / parts.length
  return composed(
    width,
    height,
    parts.map((part, at) => ({
      x: at * share,
      y: 0,
      drawing: chartDrawing({
        ...part,
        width: share,
        height,
        y: at === 0 ? y : { ...y, title: "" },
        names: at === parts.length - 1 ? "ends" : "none",
        ...(crossesZero ? { baseline: 0 } : {}),
      }),
    })),
  )
}
