import { columnOf, type TableColumn, wholeParticles } from "../../particles/table.ts"
import { rankCorrelation } from "../../statistics/rank-correlation.ts"
import type { Drawing } from "../drawing.ts"
import { pageWidth } from "../figures.ts"
import { histogramChart } from "../histograms.ts"
import { fixed, percent, significant } from "../number.ts"
import { literal } from "../text.ts"
import {
  agreementChart,
  anglesChart,
  coordinationChart,
  correlationChart,
  depthChart,
  envelopeChart,
  middles,
  scatterChart,
  subvolumeCharts,
} from "./charts.ts"
import type { ParticleReportInput, PlanePicture } from "./input.ts"
import { type Crossing, planeDrawing } from "./planes.ts"
import { hasDamage, probabilityText, wholeCoordination } from "./summary.ts"

/** A picture of the page with its words. */
export interface ParticleFigure {
  readonly name: string
  /** Mark-up */
  readonly title: string
  readonly caption: string
  readonly drawing: Drawing
}

const gap = 20
const third = Math.floor((pageWidth - 2 * gap) / 3)
const half = Math.floor((pageWidth - gap) / 2)
const quarter = Math.floor((pageWidth - 3 * gap) / 4)

const figure = (name: string, title: string, drawing: Drawing | null, caption = ""): readonly ParticleFigure[] =>
  drawing === null ? [] : [{ name, title, caption, drawing }]

const otherAxes = (plane: PlanePicture, others: readonly PlanePicture[]): readonly Crossing[] =>
  others.flatMap((other): readonly Crossing[] => {
    const share = (other.at + 0.5) / other.of
    const name = `${other.across}${other.down}`
    if (other.normal === plane.across) return [{ direction: "down", share, name }]
    return other.normal === plane.down ? [{ direction: "across", share, name }] : []
  })

/** The planes side by side, all on one scale. */
export const planeFigures = ({ planes }: ParticleReportInput): readonly ParticleFigure[] => {
  const widths = planes.map(({ width, pixel }) => width * pixel[0])
  const room = (pageWidth - gap * (planes.length - 1)) / widths.reduce((sum, width) => sum + width, 0)
  return planes.map((plane, at) => ({
    name: `plane-${plane.across}${plane.down}`,
    title: `Plane ${plane.across}${plane.down}`,
    caption:
      plane.of === 1
        ? ""
        : `Plane ${plane.normal} = ${plane.at} of ${plane.of}: ${plane.across} to the right, ${plane.down} downward.`,
    drawing: planeDrawing(
      plane,
      otherAxes(plane, planes),
      planes.length === 1 ? Math.min(900, pageWidth) : widths[at] * room,
    ),
  }))
}

/** Attributes in the order in which the published comparison shows them, then all others. */
const leading = ["Z", "Sphericity", "Volume", "Damage"]

/** Histograms of all attributes of whole particles, then damage against volume. */
export const attributeFigures = (input: ParticleReportInput): readonly ParticleFigure[] => {
  const columns = wholeParticles(input.table).columns.filter(({ name }) => name !== "Label")
  const ordered = [
    ...leading.flatMap((name) => columns.find((column) => column.name === name) ?? []),
    ...columns.filter(({ name }) => !leading.includes(name)),
  ]
  const histograms = ordered.flatMap((column) =>
    figure(`histogram-${column.name}`, literal(column.name), histogramChart(column, quarter, 200)),
  )
  const [volume, damage] = ["Volume", "Damage"].map((name) => columns.find((column) => column.name === name))
  const scatter = volume && damage && hasDamage(input) ? scatterChart(volume, damage, quarter, 200) : null
  const [first, rest] = [histograms.slice(0, 4), histograms.slice(4)]
  return [...first, ...figure("damage-volume", "Damage against volume", scatter), ...rest]
}

export const depthFigures = ({ population }: ParticleReportInput): readonly ParticleFigure[] =>
  population.depth.flatMap((found) =>
    figure(
      `depth-${found.name}`,
      `${literal(found.name)} over depth`,
      depthChart(found, population.settings.confidence, third, 240),
      `Rank correlation with depth ${fixed(found.correlation.coefficient, 2)} (${fixed(found.interval[0], 2)} to ${fixed(found.interval[1], 2)}).`,
    ),
  )

/** Neighbours of severely damaged particles beside the null model. */
export const severeFigures = ({ population }: ParticleReportInput): readonly ParticleFigure[] => {
  const { severe, settings } = population
  if (severe.kind !== "measured") return []
  const words = (probability: number) =>
    `Dark: where ${percent(settings.confidence)} of the relabellings lie, distance by distance; light: where as many lie altogether. Global test: ${probabilityText(probability)}.`
  return [
    ...figure(
      "severe-nearest",
      "Distance to the nearest severely damaged particle",
      envelopeChart(
        severe.nearest,
        severe.distances,
        {
          x: "Distance of centres *r* (µm)",
          y: "Share with a severe neighbour within *r*",
          observed: "severely damaged",
        },
        half,
        320,
      ),
      words(severe.nearest.probability),
    ),
    ...figure(
      "severe-pairs",
      "Pair correlation of severely damaged particles",
      envelopeChart(
        severe.pairs,
        middles(severe.edges),
        { x: "Distance of centres *r* (µm)", y: "Pair correlation *g*", observed: "severely damaged" },
        half,
        320,
      ),
      words(severe.pairs.probability),
    ),
  ]
}

export const neighbourFigures = (input: ParticleReportInput): readonly ParticleFigure[] => {
  const { correlation } = input.population
  const coordination = wholeCoordination(input)
  return [
    ...figure(
      "coordination",
      "Touching neighbours",
      coordination === undefined ? null : coordinationChart(coordination, half, 280),
      "Neighbours with a common surface, of whole particles; neighbours that the border cuts count.",
    ),
    ...figure(
      "pair-correlation",
      "Pair correlation of all centres",
      input.population.particleCount > 1 ? correlationChart(correlation, 1.96, half, 280) : null,
      "How many more centres than on average lie at a distance from one another, with translation edge correction; the band is where nineteen in twenty values of independent centres lie. Bodies that cannot overlap leave a hole at short distances.",
    ),
  ]
}

export const subvolumeFigures = ({ population }: ParticleReportInput): readonly ParticleFigure[] =>
  subvolumeCharts(population.subvolumes, half, 300).flatMap(([name, drawing]) =>
    figure(name, name === "subvolume-means" ? "Means of parts" : "Distributions of parts", drawing),
  )

export const angleFigures = ({ angles }: ParticleReportInput): readonly ParticleFigure[] =>
  figure(
    "gradient-angles",
    "Angles of gradients",
    angles === null ? null : anglesChart(angles, half, 280),
    angles === null
      ? ""
      : `Over ${significant(angles.voxels.counts.reduce((sum, count) => sum + count, 0))} voxels inside of whole particles. Noise alone follows the line; blurred surfaces, which darken outward, add angles near 0°.`,
  )

/** Attributes that both estimators define otherwise. */
const compared = [
  ["Damage", "Volume", "Sphericity", "VSratio", "SurfaceOuter", "SurfaceInner"],
  ["RoughOuter", "RoughInner", "Homogeneity", "Contact", "PDensity", "DistNearest", "OrienIso"],
].flat()

/** Both estimators, a dot a particle. */
export const estimatorFigures = ({ table, published }: ParticleReportInput): readonly ParticleFigure[] => {
  if (published === null) return []
  const [ours, theirs] = [wholeParticles(table), wholeParticles(published)]
  return compared.flatMap((name) => {
    const [a, b] = [columnOf(ours, name), columnOf(theirs, name)]
    if (a === undefined || b === undefined) return []
    const { coefficient } = rankCorrelation(a.values, b.values)
    return figure(
      `estimators-${name}`,
      `${literal(name)} by both estimators`,
      agreementChart(a, b, ["geometric", "published"], quarter, 210),
      Number.isFinite(coefficient) ? `Rank correlation ${fixed(coefficient, 2)}.` : "",
    )
  })
}

/** How the published form factors go with the published damage. */
export const couplingFigures = ({ published }: ParticleReportInput): readonly ParticleFigure[] => {
  if (published === null) return []
  const theirs = wholeParticles(published)
  return (["Sphericity", "VSratio"] as const).flatMap((name) => {
    const [damage, form] = [columnOf(theirs, "Damage"), columnOf(theirs, name)]
    if (damage === undefined || form === undefined) return []
    const { coefficient } = rankCorrelation(damage.values, form.values)
    const named = (column: TableColumn): TableColumn => ({ ...column, name: `published ${column.name}` })
    return figure(
      `coupling-${name}`,
      `Published ${name} against published Damage`,
      scatterChart(named(damage), named(form), half, 260),
      `Published ${name} takes the surface of cracks into its denominator, so it goes with Damage by construction. Here: rank correlation ${fixed(coefficient, 2)}.`,
    )
  })
}
