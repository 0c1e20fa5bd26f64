import { axisOver } from "./axis.ts"
import { chartDrawing, roomForTicks } from "./chart.ts"
import type { ChartBand, ChartLine } from "./chart-spec.ts"
import { distinctParticles } from "./colour.ts"
import { particleName, type ReportContext } from "./context.ts"
import { composed, type Drawing } from "./drawing.ts"
import { framesShown } from "./field.ts"
import type { FieldFrame } from "./input.ts"
import type { Layout } from "./layout.ts"
import { particleLines } from "./panels.ts"
import { crossProfiles, depthProfiles, profilePlaces } from "./profile.ts"
import { literal } from "./text.ts"

interface Moment {
  readonly heading: string
  readonly lines: readonly ChartLine[]
  readonly bands: readonly ChartBand[]
}

const contentIn = ({ pointData }: FieldFrame): Float64Array | null =>
  pointData.find(({ name }) => name === "stoichiometry")?.values ?? null

const momentsOf = (
  context: ReportContext,
  drawn: (layout: Layout, values: Float64Array) => Omit<Moment, "heading">,
): readonly Moment[] => {
  const { layout } = context
  return layout === null
    ? []
    : framesShown(context.input.frames).flatMap((frame) => {
        const values = contentIn(frame)
        return values === null || !values.some(Number.isFinite)
          ? []
          : [{ heading: literal(frame.label), ...drawn(layout, values) }]
      })
}

/** Moments side by side over the same axes; null where there are none. */
const sideBySide = (
  moments: readonly Moment[],
  xTitle: string,
  include: readonly number[],
  width: number,
  height: number,
): Drawing | null => {
  if (moments.length === 0) return null
  const columns = (pick: (line: ChartLine) => Float64Array) => moments.flatMap(({ lines }) => lines.map(pick))
  const x = axisOver(
    xTitle,
    columns((line) => line.x),
    { tight: true, spans: 4, include },
  )
  const y = axisOver(
    "*c*/*c*_max",
    columns((line) => line.y),
    { within: [0, 1] },
  )
  const share = width / moments.length
  return composed(
    width,
    height,
    moments.map(({ heading, lines, bands }, at) => {
      const last = at === moments.length - 1
      const many = lines.some(({ quiet }) => quiet === true)
      const titled = at === 0 ? y : { ...y, title: "" }
      return {
        x: at * share,
        y: 0,
        drawing: chartDrawing({
          width: share,
          height,
          heading,
          x,
          y: titled,
          lines,
          bands,
          names: last ? "ends" : "none",
          left: roomForTicks(titled),
          right: last ? (many ? 66 : 40) : 14,
        }),
      }
    }),
  )
}

/** Lithium content from the middle of each particle to its surface at the first and last end of charge. */
export const depthChart = (context: ReportContext, width: number, height: number): Drawing | null =>
  sideBySide(
    momentsOf(context, (layout, values) => {
      const curves = depthProfiles(layout, values)
      const none = { time: profilePlaces, cycle: new Int32Array(profilePlaces.length) }
      return particleLines(context, { ...none, values: curves }, profilePlaces)
    }),
    "Middle to surface, *r*/*R*",
    [0, 1],
    width,
    height,
  )

/** Lithium content along a line across each particle; null where there are too many to tell apart. */
export const crossChart = (context: ReportContext, width: number, height: number): Drawing | null =>
  context.particleCount > distinctParticles
    ? null
    : sideBySide(
        momentsOf(context, (layout, values) => ({
          lines: crossProfiles(layout, values).map(({ place, value }, particle) => ({
            name: particleName(particle),
            colour: context.colours[particle],
            x: place.map((metres) => metres * 1e6),
            y: value,
          })),
          bands: [],
        })),
        "Left to right through the centroid (µm)",
        [],
        width,
        height,
      )
