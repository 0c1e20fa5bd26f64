import { capacityChart, cyclingChart, damageByCycleChart, endVoltageChart } from "./cell.ts"
import { distinctParticles } from "./colour.ts"
import type { ReportContext } from "./context.ts"
import type { Drawing } from "./drawing.ts"
import { fieldNames, fieldPicture, framesShown, identifier, interfacePicture } from "./field.ts"
import { histogramChart } from "./histograms.ts"
import { panelGap, type RunPanels, runPanels } from "./panels.ts"
import { crossChart, depthChart } from "./profile-charts.ts"
import { particleQuantities, particleQuantityChart } from "./quantities.ts"
import { type Replay, replayOf } from "./replay-drawing.ts"
import { distinctCycles } from "./run-axis.ts"
import { coverageShares, coverageWords } from "./schematic.ts"
import { meshWindow, outlinesOnPicture } from "./segmentation.ts"
import { endsPanel, orderPanel } from "./synchrony.ts"
import { literal } from "./text.ts"

/** A figure with what the page needs besides its picture. */
export interface PageFigure {
  readonly name: string
  /** Mark-up */
  readonly title: string
  readonly caption: string
  readonly drawing: Drawing
}

/** The figures of a report by the section they belong to. */
export interface ReportFigures {
  readonly arrangement: RunPanels["arrangement"]
  readonly replay: Replay | null
  readonly synchronisation: readonly PageFigure[]
  /** What the verdict on synchronisation rests on, cycle by cycle */
  readonly byCycle: readonly PageFigure[]
  readonly cell: readonly PageFigure[]
  readonly particles: readonly PageFigure[]
  readonly fields: readonly PageFigure[]
  readonly mesh: readonly PageFigure[]
  readonly attributes: readonly PageFigure[]
}

/** Width of the page's content [px] */
export const pageWidth = 1152

/** Draws every figure that the data of a run allow. */
export const reportFigures = (context: ReportContext): ReportFigures => ({
  ...synchronisationFigures(context),
  byCycle: byCycleFigures(context),
  replay: replayOf(context, pageWidth),
  cell: cellFigures(context),
  particles: particleFigures(context),
  fields: fieldFigures(context),
  mesh: meshFigures(context),
  attributes: attributeFigures(context),
})

const synchronisationFigures = (context: ReportContext): Pick<ReportFigures, "arrangement" | "synchronisation"> => {
  const { arrangement, layout, content, spread, damage, deviation } = runPanels(context, pageWidth)
  const many = context.particleCount > distinctParticles
  const bandNote = many
    ? ` Thin lines are single particles${context.layout === null ? "" : ", dark near the collector and bright near the separator"}; the band runs from the smallest to the largest.`
    : ""
  const covered =
    context.layout === null || coverageShares(context.layout) === null
      ? ""
      : many
        ? `; bold: ${coverageWords(context.layout)} (shares in the table of particles)`
        : ` with the share of each particle's ${coverageWords(context.layout)}`
  const { compared } = context
  const when =
    compared.length === 0 ? "over the run" : `in ${compared.length > 1 ? "cycles" : "cycle"} ${compared.join(" and ")}`
  const stripes = context.runAxis.stripes.length > 0 ? " Stripes mark every other cycle." : ""
  const marks =
    context.synchronisation === null || context.synchronisation.inStep
      ? ""
      : ` Dotted: ${context.synchronisation.syncCycle === null ? "half the largest spread, below which it does not stay" : "half the largest spread, and the cycle from which on it stays below"}.`
  const figures: readonly (Omit<PageFigure, "drawing"> & { readonly drawing: Drawing | null })[] = [
    { name: "layout", title: "Layout", caption: `The half-cell as meshed${covered}.`, drawing: layout },
    {
      name: "lithium-content",
      title: "Lithium content",
      caption: `Mean lithium content of each particle ${when}${context.particleCount > 1 ? ", and below it the difference from the mean of all" : ""}; *τ* = ${context.referenceTime} s.${bandNote}`,
      drawing: content,
    },
    {
      name: "spread",
      title: "Spread of the lithium content",
      caption: `Fullest less emptiest particle, and standard deviation over particles, when charging and discharging end.${marks}`,
      drawing: spread,
    },
    {
      name: "damage",
      title: "Damage",
      caption: `Interface damage of each particle, averaged over its surface.${stripes}`,
      drawing: damage,
    },
    {
      name: "damage-deviation",
      title: "Deviation from the mean damage",
      caption: "Damage of each particle less the mean of all particles (dashed).",
      drawing: deviation,
    },
  ]
  return {
    arrangement,
    synchronisation: figures.flatMap(({ drawing, ...words }) => (drawing === null ? [] : [{ ...words, drawing }])),
  }
}

const byCycleFigures = (context: ReportContext): readonly PageFigure[] => {
  const ends = Math.round(0.56 * (pageWidth - panelGap))
  const figures: readonly (Omit<PageFigure, "drawing"> & { readonly drawing: Drawing | null })[] = [
    {
      name: "content-by-cycle",
      title: "Lithium content by cycle",
      caption:
        "Mean lithium content of each particle when discharging and charging end. Where the curves draw together the particles fall into step; where all drift, the electrode as a whole shifts.",
      drawing: endsPanel(context, ends, 380),
    },
    {
      name: "order-by-cycle",
      title: "Order by cycle",
      caption: `Above, the order parameter of what the particles exchange in a cycle (1: all alike; √*s* where a share *s* does all the work). Below, how much they exchange against the first cycle${context.hasDamage ? ", and how many are severely damaged" : ""}.`,
      drawing: orderPanel(context, pageWidth - panelGap - ends, 380),
    },
  ]
  return figures.flatMap(({ drawing, ...words }) => (drawing === null ? [] : [{ ...words, drawing }]))
}

const cellFigures = (context: ReportContext): readonly PageFigure[] => {
  const figures: PageFigure[] = []
  const { cycles } = context
  if (context.input.history.time.length > 0) {
    figures.push({
      name: "voltage-current",
      title: "Voltage and current",
      caption: `Cell voltage and current over collector area, positive on charge${cycles !== null && cycles.last - cycles.first >= distinctCycles ? "; some of the cycles, each from its beginning" : ""}.`,
      drawing: cyclingChart(context, pageWidth, 340),
    })
  }
  if (context.input.cycles.cycle.filter((cycle) => cycle > 0).length > 1) {
    const part = context.hasDamage ? (pageWidth - 2 * panelGap) / 3 : (pageWidth - panelGap) / 2
    figures.push(
      {
        name: "capacity",
        title: "Capacity",
        caption: "Charge passed in each cycle per mass of active material.",
        drawing: capacityChart(context, part, 270),
      },
      {
        name: "end-voltage",
        title: "Voltage at the ends",
        caption: "Cell voltage when charging and discharging end: at fixed charge, its drift is polarisation.",
        drawing: endVoltageChart(context, part, 270),
      },
      ...(context.hasDamage
        ? [
            {
              name: "damage-by-cycle",
              title: "Damage by cycle",
              caption: "Mean damage over particles and its spread (largest less smallest) at the end of each cycle.",
              drawing: damageByCycleChart(context, part, 270),
            },
          ]
        : []),
    )
  }
  return figures
}

const particleFigures = (context: ReportContext): readonly PageFigure[] => [
  ...profileFigures(context),
  ...(context.index.time.length === 0 ? [] : particleQuantities(context)).map((entry) => ({
    name: `particles-${entry.key}`,
    title: entry.heading,
    caption: entry.words,
    drawing: particleQuantityChart(context, entry, half, 270),
  })),
]

/** Width of one of two figures in a row [px] */
const half = (pageWidth - panelGap) / 2

const profileFigures = (context: ReportContext): readonly PageFigure[] => {
  const figures: readonly (Omit<PageFigure, "drawing"> & { readonly drawing: Drawing | null })[] = [
    {
      name: "profile-depth",
      title: "Lithium content by depth",
      caption:
        "Lithium content by depth below the surface, as means over all that is equally deep. A slope is what diffusion has not yet evened out.",
      drawing: depthChart(context, half, 290),
    },
    {
      name: "profile-across",
      title: "Lithium content across",
      caption:
        "Lithium content along a horizontal line through each particle. A curve that is not symmetric shows a side that is better connected, or torn off.",
      drawing: crossChart(context, half, 290),
    },
  ]
  return figures.flatMap(({ drawing, ...words }) => (drawing === null ? [] : [{ ...words, drawing }]))
}

const fieldFigures = (context: ReportContext): readonly PageFigure[] => {
  const { layout } = context
  const frames = framesShown(context.input.frames)
  if (layout === null || frames.length === 0) return []
  const fields = fieldNames(frames).map((name) => ({
    name: `field-${identifier(name)}`,
    picture: fieldPicture(layout, frames, name, pageWidth),
  }))
  const interfaces = (["damage", "gap"] as const).map((quantity) => ({
    name: `interface-${quantity}`,
    picture: interfacePicture(layout, frames, quantity, pageWidth),
  }))
  return [...fields, ...interfaces].flatMap(({ name, picture }) => (picture === null ? [] : [{ name, ...picture }]))
}

const meshFigures = (context: ReportContext): readonly PageFigure[] => {
  const { layout } = context
  const { segmentation } = context.input
  if (layout === null) return []
  return [
    ...(segmentation === null
      ? []
      : [
          {
            name: "outlines",
            title: "Particles on the picture",
            caption: "Outlines of the meshed particles (white) over the picture they were found in.",
            drawing: outlinesOnPicture(layout, segmentation, pageWidth),
          },
        ]),
    {
      name: "mesh",
      title: "Mesh",
      caption: `Triangles around one particle${segmentation === null ? "" : ", over the picture"}; its outline (${segmentation === null ? "red" : "bold"}) is the cohesive interface.`,
      drawing: meshWindow(layout, segmentation, 720),
    },
  ]
}

const attributeFigures = (context: ReportContext): readonly PageFigure[] =>
  context.particleCount <= distinctParticles
    ? []
    : context.input.particles.columns
        .filter(({ name }) => !/^(id|index|particle)$/i.test(name))
        .flatMap((column) => {
          const drawing = histogramChart(column, 272, 190)
          const name = `attribute-${identifier(column.name)}`
          return drawing === null ? [] : [{ name, title: literal(column.name), caption: "", drawing }]
        })
