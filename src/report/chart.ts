import { BarChart, CustomChart, LineChart } from "echarts/charts"
import { GridComponent } from "echarts/components"
import * as echarts from "echarts/core"
import { SVGRenderer } from "echarts/renderers"
import { type Axis, tickLabel, ticksOf } from "./axis.ts"
import { endNames, legendPlaces, namesAbove } from "./chart-names.ts"
import type { Chart, ChartBand, ChartBars, ChartLine } from "./chart-spec.ts"
import { ink, tinted } from "./colour.ts"
import { type Drawing, fontFamily, type HoverCurve, label } from "./drawing.ts"
import { thinned } from "./series.ts"
import { markupToPlain, textWidth } from "./text.ts"

echarts.use([LineChart, BarChart, CustomChart, GridComponent, SVGRenderer])

const tickSize = 11.5
const titleSize = 12.5

/**
 * A chart as a drawing. Axes, curves and areas are laid out by echarts without a browser; titles, names and panel
 * letters are set here, because subscripts and end labels need finer control.
 */
export const chartDrawing = (chart: Chart): Drawing => {
  const { width, height, x, y, letter = "", heading = "", names = "none", xLabels = true } = chart
  const lines = chart.lines ?? []
  const quiet = lines.filter((line) => line.quiet === true).length
  const bands = chart.bands ?? []
  const named = [...lines.filter((line) => line.quiet !== true), ...bands.filter((band) => band.name !== "")]
  const endRoom =
    names === "ends" ? Math.max(0, ...named.map(({ name }) => textWidth(markupToPlain(name), 12))) + 10 : 14
  const left = chart.left ?? roomForTicks(y)
  const right = chart.right ?? Math.ceil(endRoom)
  const legend = names === "above" ? legendPlaces(named, left, width) : []
  const top =
    (heading === "" && letter === "" ? 10 : 32) + 18 * (legend.length === 0 ? 0 : legend[legend.length - 1].row + 1)
  const bottom = xLabels ? 44 : 10
  const box = [left, top, width - left - right, height - top - bottom] as const

  const axisOption = (axis: Axis, labels: boolean) => ({
    type: "value" as const,
    min: axis.minimum,
    max: axis.maximum,
    interval: axis.step,
    // Ends that are no multiples of the step carry no tick.
    axisTick: { show: labels, length: 4, lineStyle: { color: ink.axis }, customValues: [...ticksOf(axis)] },
    axisLabel: {
      show: labels,
      customValues: [...ticksOf(axis)],
      fontSize: tickSize,
      color: ink.soft,
      fontFamily,
      formatter: (value: number) => tickLabel(axis, value),
    },
    axisLine: { show: true, onZero: false, lineStyle: { color: ink.axis, width: 1 } },
    splitLine: { show: false },
  })

  const plot = echarts.init(null, null, { renderer: "svg", ssr: true, width, height })
  plot.setOption({
    animation: false,
    textStyle: { fontFamily },
    grid: { left, right, top, bottom, outerBoundsMode: "none" },
    xAxis: axisOption(x, xLabels),
    yAxis: axisOption(y, true),
    series: [
      ...gridLines(chart),
      ...bands.map((band) => bandSeries(band)),
      ...(chart.bars === undefined ? [] : [barSeries(chart.bars)]),
      ...lines.map((line) => ({
        type: "line" as const,
        silent: true,
        data: drawnRows(line, Math.min(600, box[2]), quiet).map((row) => [
          line.x[row],
          Number.isNaN(line.y[row]) ? null : line.y[row],
        ]),
        showSymbol: line.dots === true,
        symbol: "circle",
        symbolSize: 6,
        itemStyle: { color: line.colour },
        lineStyle: {
          color: line.colour,
          width: line.width ?? 1.8,
          type: line.dash ?? "solid",
          opacity: line.opacity ?? 1,
          join: "round" as const,
        },
        clip: true,
        z: line.quiet === true ? 2 : 3,
      })),
    ],
  })
  const markup = plot.renderToSVGString()
  plot.dispose()

  const parts = [
    inside(markup),
    letter === "" ? "" : label(2, 16, letter, { size: 15, weight: 700 }),
    heading === "" ? "" : label(letter === "" ? left : Math.min(24, left), 16, heading, { size: 13, weight: 600 }),
    xLabels ? label(left + box[2] / 2, height - 8, x.title, { size: titleSize, anchor: "middle" }) : "",
    label(14, top + box[3] / 2, y.title, { size: titleSize, anchor: "middle", turn: -90 }),
    names === "ends"
      ? endNames(lines, chart, box)
      : names === "above"
        ? namesAbove(legend, lines, heading === "" && letter === "" ? 16 : 34)
        : "",
  ]
  return {
    width,
    height,
    body: parts.filter((part) => part !== "").join("\n"),
    plots: [
      {
        box,
        x: [x.minimum, x.maximum],
        y: [y.minimum, y.maximum],
        xTitle: markupToPlain(x.title),
        curves: lines.filter((line) => line.quiet !== true).map((line) => hoverCurve(line)),
      },
    ],
  }
}

/** Room that the tick labels and the title of a vertical axis take [px]. */
export const roomForTicks = (axis: Axis): number =>
  Math.ceil(Math.max(0, ...ticksOf(axis).map((tick) => textWidth(tickLabel(axis, tick), tickSize)))) +
  (axis.title === "" ? 16 : 32)

/**
 * What echarts wrote, without its frame, its marks for hydration and the face that the root names anyway. Ids that
 * count up for ever become ids of the content, so that equal charts give equal text.
 */
const inside = (markup: string): string => {
  const body = bared(markup)
  const key = `c${contentKey(body.replace(/zr\d+-/g, ""))}-`
  return body.replace(/zr\d+-/g, key)
}

/** FNV-1a of the text in base 36. */
const contentKey = (text: string): string => {
  let key = 0x811c9dc5
  for (let here = 0; here < text.length; here++) key = Math.imul(key ^ text.charCodeAt(here), 0x01000193)
  return (key >>> 0).toString(36)
}

const bared = (markup: string): string =>
  markup
    .replace(/ ecmeta_[a-z_]+="[^"]*"/g, "")
    .replace(/font-family:[^;"]*;?/g, "")
    .replace(/^<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<style[\s\S]*?<\/style>/g, "")
    .replace(/ class="zr\d+-cls-\d+"/g, "")
    .replace(/ pointer-events="visible"/g, "")
    .replace(/<rect width="\d+" height="\d+" x="0" y="0"[^>]*fill="none"[^>]*><\/rect>\n?/, "")
    .replace(/<[^>]+>/g, (tag) => tag.replace(/(\d\.\d{2})\d+/g, "$1"))

const gridLines = (chart: Chart) => {
  const { x, y } = chart
  const rule = (from: readonly [number, number], to: readonly [number, number], colour: string, z: number) => ({
    type: "line" as const,
    silent: true,
    showSymbol: false,
    clip: false,
    data: [[...from], [...to]],
    lineStyle: { color: colour, width: 1 },
    z,
  })
  return [
    ...(chart.spans ?? []).map((span) =>
      bandSeries({
        name: "",
        colour: ink.band,
        x: Float64Array.of(Math.max(span.from, x.minimum), Math.min(span.to, x.maximum)),
        low: Float64Array.of(y.minimum, y.minimum),
        high: Float64Array.of(y.maximum, y.maximum),
      }),
    ),
    ...ticksOf(y)
      .filter((tick) => tick > y.minimum)
      .map((tick) => rule([x.minimum, tick], [x.maximum, tick], ink.grid, 1)),
    ...(chart.baseline === undefined
      ? []
      : [rule([x.minimum, chart.baseline], [x.maximum, chart.baseline], ink.axis, 1)]),
  ]
}

/** A filled outline through the upper curve and back along the lower one. */
const bandSeries = (band: ChartBand) => {
  const kept = thinned(band.x, band.high, 300).filter(
    (row) => Number.isFinite(band.low[row]) && Number.isFinite(band.high[row]),
  )
  const ring = [...kept].map((row) => [band.x[row], band.high[row]])
  ring.push(...[...kept].reverse().map((row) => [band.x[row], band.low[row]]))
  return {
    type: "custom" as const,
    silent: true,
    clip: true,
    data: [0],
    z: 0,
    renderItem: (_: unknown, api: { coord: (value: number[]) => number[] }) => ({
      type: "polygon" as const,
      shape: { points: ring.map((point) => api.coord(point)) },
      style: { fill: band.colour },
    }),
  }
}

const barSeries = ({ colour, edges, heights }: ChartBars) => ({
  type: "custom" as const,
  silent: true,
  clip: true,
  data: Array.from(heights, (height, bin) => [edges[bin], edges[bin + 1], height]),
  z: 2,
  renderItem: ({ dataIndex }: { dataIndex: number }, api: { coord: (value: number[]) => number[] }) => {
    const [x0, y0] = api.coord([edges[dataIndex], 0])
    const [x1, y1] = api.coord([edges[dataIndex + 1], heights[dataIndex]])
    return {
      type: "rect" as const,
      shape: { x: x0 + 0.5, y: y1, width: Math.max(0.5, x1 - x0 - 1), height: y0 - y1 },
      style: { fill: colour },
    }
  },
})

/** Spans of x in which a chart keeps the extremes of its quiet lines, all lines together */
const quietSpans = 4000

const drawnRows = (line: ChartLine, plotWidth: number, quiet: number): number[] => [
  ...thinned(
    line.x,
    line.y,
    Math.round(line.quiet === true ? Math.min(plotWidth / 4, Math.max(12, quietSpans / quiet)) : plotWidth / 2),
  ),
]

const hoverCurve = (line: ChartLine): HoverCurve => {
  const rows = drawnRows(line, 320, 1)
  const short = (value: number) => Number(value.toPrecision(5))
  return {
    name: markupToPlain(line.name),
    colour: line.colour,
    x: rows.map((row) => short(line.x[row])),
    y: rows.map((row) => (Number.isFinite(line.y[row]) ? short(line.y[row]) : null)),
  }
}

/** Colour of the band behind a curve. */
export const bandColour = (colour: string): string => tinted(colour, 0.18)
