import type { CentreCorrelation, DepthProfile } from "../../particles/population.ts"
import type { TableColumn } from "../../particles/table.ts"
import { type GradientAngles, isotropicShare } from "../../particles/valence-gradient.ts"
import type { Envelope } from "../../statistics/envelope.ts"
import { meanUncertainty } from "../../statistics/profile.ts"
import type { SubvolumeSize } from "../../statistics/representativeness.ts"
import { axisOver } from "../axis.ts"
import { chartDrawing } from "../chart.ts"
import type { ChartLine } from "../chart-spec.ts"
import { ink, tinted } from "../colour.ts"
import { type Drawing, label, px } from "../drawing.ts"
import { readableUnit } from "../histograms.ts"
import { type Frame, frameOf, linearScale } from "../sweep-frame.ts"
import { literal } from "../text.ts"

const micro = 1e6
const severeColour = "#bd0026"
const nullColour = "#8a909c"

/** Name of an attribute with the unit it is shown in, as mark-up, and the factor from SI. */
export const shownAs = (
  { name, unit }: { readonly name: string; readonly unit: string },
  values: ArrayLike<number>,
): { readonly title: string; readonly factor: number } => {
  const shown = readableUnit(unit, Float64Array.from(values).filter(Number.isFinite))
  return {
    title: shown.unit === "" ? literal(name) : `${literal(name)} (${shown.unit})`,
    factor: shown.factor,
  }
}

/** Mean of an attribute over depth, with the confidence interval of the mean. */
export const depthChart = (found: DepthProfile, confidence: number, width: number, height: number): Drawing | null => {
  const bins = found.profile.bins.map((bin, at) => ({
    at: ((found.profile.edges[at] + found.profile.edges[at + 1]) / 2) * micro,
    mean: bin.mean,
    reach: meanUncertainty(bin, confidence),
    count: bin.count,
  }))
  const filled = bins.filter(({ count }) => count > 0)
  if (filled.length < 2) return null
  const means = filled.map(({ mean }) => mean)
  const { title, factor } = shownAs(found, means)
  const depth = Float64Array.from(filled, ({ at }) => at)
  const mean = Float64Array.from(means, (value) => value * factor)
  const edge = (sign: number) =>
    Float64Array.from(
      filled,
      ({ mean: value, reach }) => (value + sign * (Number.isFinite(reach) ? reach : 0)) * factor,
    )
  const [low, high] = [edge(-1), edge(1)]
  const whole = found.profile.edges
  return chartDrawing({
    width,
    height,
    x: axisOver("Depth *Z* above the collector (µm)", [[whole[0] * micro, whole[whole.length - 1] * micro]], {
      tight: true,
      spans: 4,
    }),
    y: axisOver(title, [low, high], { spans: 4, snug: true }),
    bands: [{ name: "", colour: tinted(ink.accent, 0.18), x: depth, low, high }],
    lines: [{ name: literal(found.name), colour: ink.accent, x: depth, y: mean, dots: true }],
  })
}

/** One attribute against another, a dot a particle. */
export const scatterChart = (x: TableColumn, y: TableColumn, width: number, height: number): Drawing | null => {
  const rows = [...x.values.keys()].filter((row) => Number.isFinite(x.values[row]) && Number.isFinite(y.values[row]))
  if (rows.length < 2) return null
  const [across, up] = [shownAs(x, x.values), shownAs(y, y.values)]
  const [xs, ys] = [rows.map((row) => x.values[row] * across.factor), rows.map((row) => y.values[row] * up.factor)]
  const frame = frameOf({
    width,
    height,
    x: linearScale(axisOver(across.title, [xs], { spans: 4, snug: true })),
    y: linearScale(axisOver(up.title, [ys], { spans: 4, snug: true })),
  })
  return { width, height, body: frame.body + dots(xs, ys, frame), plots: [] }
}

/** More dots than this only blacken. */
const mostDots = 4000

const dots = (xs: readonly number[], ys: readonly number[], frame: Frame): string => {
  const size = xs.length > 600 ? 1.5 : 2.2
  const step = Math.ceil(xs.length / mostDots)
  // One path for all: round caps of lines without length are dots.
  const path = xs
    .map((value, at) => (at % step === 0 ? `M${px(frame.x(value))} ${px(frame.y(ys[at]))}h0` : ""))
    .join("")
  const thinned =
    step === 1 ? "" : label(frame.width - 8, 12, `one in ${step}`, { size: 10.5, colour: ink.soft, anchor: "end" })
  return (
    thinned +
    `<path d="${path}" stroke="${ink.accent}" stroke-opacity="0.45" stroke-width="${2 * size}" stroke-linecap="round" fill="none"/>`
  )
}

/** The same attribute measured in two ways, a dot a particle, with the line on which both agree. */
export const agreementChart = (
  first: TableColumn,
  second: TableColumn,
  names: readonly [string, string],
  width: number,
  height: number,
): Drawing | null => {
  const rows = [...first.values.keys()].filter(
    (row) => Number.isFinite(first.values[row]) && Number.isFinite(second.values[row]),
  )
  if (rows.length < 2) return null
  const same = first.unit === second.unit
  const across = shownAs(first, first.values)
  const up = same ? across : shownAs(second, second.values)
  const unit = (title: string) => title.slice(literal(first.name).length)
  const [xs, ys] = [
    rows.map((row) => first.values[row] * across.factor),
    rows.map((row) => second.values[row] * up.factor),
  ]
  const frame = frameOf({
    width,
    height,
    heading: literal(first.name),
    x: linearScale(axisOver(names[0] + unit(across.title), [xs], { spans: 3, snug: true })),
    y: linearScale(axisOver(names[1] + unit(up.title), [ys], { spans: 4, snug: true })),
  })
  const [low, high] = [Math.max(Math.min(...xs), Math.min(...ys)), Math.min(Math.max(...xs), Math.max(...ys))]
  const line =
    same && high > low
      ? `<path d="M${px(frame.x(low))} ${px(frame.y(low))}L${px(frame.x(high))} ${px(frame.y(high))}" stroke="${nullColour}" stroke-dasharray="5 3" fill="none"/>`
      : ""
  return { width, height, body: frame.body + line + dots(xs, ys, frame), plots: [] }
}

/** An observed curve among those of the null model. */
export const envelopeChart = (
  envelope: Envelope,
  distances: Float64Array,
  titles: { readonly x: string; readonly y: string; readonly observed: string },
  width: number,
  height: number,
): Drawing => {
  const x = distances.map((distance) => distance * micro)
  const { observed, mean, low, high, globalLow, globalHigh } = envelope
  return chartDrawing({
    width,
    height,
    x: axisOver(titles.x, [x], { spans: 5, include: [0], tight: true }),
    y: axisOver(titles.y, [observed, globalLow, globalHigh], { spans: 4, include: [0] }),
    bands: [
      { name: "", colour: tinted(nullColour, 0.22), x, low: globalLow, high: globalHigh },
      { name: "", colour: tinted(nullColour, 0.42), x, low, high },
    ],
    lines: [
      { name: "random labels, mean", colour: nullColour, x, y: mean, dash: "dashed", width: 1.4 },
      { name: titles.observed, colour: severeColour, x, y: observed },
    ],
    names: "above",
  })
}

/** Middles of bins [bin]. */
export const middles = (edges: Float64Array): Float64Array =>
  Float64Array.from({ length: edges.length - 1 }, (_, bin) => (edges[bin] + edges[bin + 1]) / 2)

/** Pair correlation of all centres, with the noise of as many independent points. */
export const correlationChart = (
  { edges, values, noise }: CentreCorrelation,
  factor: number,
  width: number,
  height: number,
): Drawing => {
  const x = middles(edges).map((distance) => distance * micro)
  const most = Math.max(2, ...values.filter(Number.isFinite))
  const reach = (sign: number) => noise.map((sd) => Math.min(most, Math.max(0, 1 + sign * factor * sd)))
  return chartDrawing({
    width,
    height,
    x: axisOver("Distance of centres (µm)", [x], { spans: 5, include: [0], tight: true }),
    y: axisOver("Pair correlation *g*", [values, reach(1)], { spans: 4, include: [0] }),
    bands: [{ name: "independent centres", colour: tinted(nullColour, 0.3), x, low: reach(-1), high: reach(1) }],
    lines: [{ name: "all particles", colour: ink.accent, x, y: values }],
    baseline: 1,
    names: "above",
  })
}

/** How often particles touch how many others. */
export const coordinationChart = (coordination: Float64Array, width: number, height: number): Drawing | null => {
  if (coordination.length < 2) return null
  const most = Math.max(...coordination)
  const heights = new Float64Array(most + 1)
  for (let particle = 0; particle < coordination.length; particle++) heights[coordination[particle]]++
  const edges = Float64Array.from({ length: most + 2 }, (_, at) => at - 0.5)
  return chartDrawing({
    width,
    height,
    x: { title: "Touching neighbours", minimum: -0.5, maximum: most + 0.5, step: Math.max(1, Math.ceil(most / 10)) },
    y: axisOver("Particles", [heights], { include: [0], spans: 4, whole: true }),
    bars: { colour: tinted(ink.accent, 0.7), edges, heights },
  })
}

/** How gradients of the phase map stand to the ways to the centres, beside what gradients anywhere would give. */
export const anglesChart = ({ voxels }: GradientAngles, width: number, height: number): Drawing | null => {
  const { edges, counts } = voxels
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const percents = (shares: Float64Array) => shares.map((share) => 100 * share)
  const heights = percents(counts.map((count) => count / total))
  const isotropic = percents(isotropicShare(edges))
  return chartDrawing({
    width,
    height,
    x: { title: "Angle θ between gradient and way to the centre (°)", minimum: 0, maximum: 180, step: 30 },
    y: axisOver("Voxels (%)", [heights, isotropic], { include: [0], spans: 4 }),
    bars: { colour: tinted(ink.accent, 0.7), edges, heights },
    lines: [{ name: "gradients anywhere alike", colour: severeColour, x: middles(edges), y: isotropic, width: 1.6 }],
    names: "above",
  })
}

const subvolumeColours = [ink.accent, "#d55e00", "#009e73"]

/** How far parts of some size are from the whole: their means, and their distributions beside blind samples. */
export const subvolumeCharts = (
  sizes: readonly SubvolumeSize[],
  width: number,
  height: number,
): readonly (readonly [string, Drawing])[] => {
  const ordered = [...sizes].sort((a, b) => a.edge - b.edge)
  if (ordered.length < 2) return []
  const x = Float64Array.from(ordered, ({ edge }) => edge * micro)
  const names = ordered[0].agreements.map(({ attribute }) => attribute)
  const curve = (name: string, at: number, of: (size: SubvolumeSize) => number): ChartLine => ({
    name: literal(name),
    colour: subvolumeColours[at % subvolumeColours.length],
    x,
    y: Float64Array.from(ordered, of),
    dots: true,
  })
  const means = [
    ...names.map((name, at) => curve(`mean ${name}`, at, ({ agreements }) => 100 * agreements[at].meanError)),
    curve("particles per volume", names.length, ({ densityError }) => 100 * densityError),
  ]
  const spreads = names.flatMap((name, at) => [
    curve(name, at, ({ agreements }) => agreements[at].distance),
    {
      ...curve(`${name}, blind`, at, ({ agreements }) => agreements[at].blindDistance),
      dash: "dashed" as const,
      dots: false,
      width: 1.2,
    },
  ])
  const chart = (title: string, lines: readonly ChartLine[]) =>
    chartDrawing({
      width,
      height,
      x: axisOver("Edge of the part (µm)", [x], { spans: 5, snug: true }),
      y: axisOver(
        title,
        lines.map(({ y }) => y),
        { include: [0], spans: 4 },
      ),
      lines,
      names: "above",
    })
  return [
    ["subvolume-means", chart("Difference from the whole, rms (%)", means)],
    ["subvolume-distributions", chart("Largest distance of distributions", spreads)],
  ]
}
