import type { Chart, ChartBand, ChartLine } from "./chart-spec.ts"
import { ink } from "./colour.ts"
import { label } from "./drawing.ts"
import { markupToPlain, textWidth } from "./text.ts"

/** Names beside the last points, pushed apart where they would overlap. */
export const endNames = (
  lines: readonly ChartLine[],
  { y }: Chart,
  box: readonly [number, number, number, number],
): string => {
  const gap = 13
  const ends = lines
    .filter((line) => line.quiet !== true)
    .map((line) => {
      let row = line.y.length - 1
      while (row > 0 && !Number.isFinite(line.y[row])) row--
      const share = (line.y[row] - y.minimum) / (y.maximum - y.minimum)
      return { line, place: box[1] + box[3] * (1 - Math.min(Math.max(share, 0), 1)) }
    })
    .filter(({ place }) => Number.isFinite(place))
    .sort((a, b) => a.place - b.place)
  for (let pass = 0; pass < 40; pass++) {
    for (let here = 1; here < ends.length; here++) {
      const overlap = gap - (ends[here].place - ends[here - 1].place)
      if (overlap <= 0) continue
      ends[here].place += overlap / 2
      ends[here - 1].place -= overlap / 2
    }
  }
  // None hangs below the axis.
  let lowest = box[1] + box[3]
  for (const end of ends.reverse()) {
    end.place = Math.min(end.place, lowest)
    lowest = end.place - gap
  }
  return ends
    .map(({ line, place }) =>
      label(box[0] + box[2] + 5, place + 4, line.name, { size: 12, colour: line.colour, weight: 600 }),
    )
    .join("")
}

/** A name above the plot and where it stands. */
export interface LegendPlace {
  readonly entry: ChartLine | ChartBand
  readonly x: number
  readonly row: number
}

/** Where the names above a plot stand; a row that is full starts the next. */
export const legendPlaces = (
  named: readonly (ChartLine | ChartBand)[],
  left: number,
  width: number,
): readonly LegendPlace[] => {
  let x = left
  let row = 0
  return named.map((entry) => {
    const room = 23 + Math.ceil(textWidth(markupToPlain(entry.name), 12))
    if (x > left && x + room > width) {
      x = left
      row++
    }
    const place = { entry, x, row }
    x += room + 16
    return place
  })
}

/** A stroke (or a swatch) and the name, in rows from `top`. */
export const namesAbove = (places: readonly LegendPlace[], lines: readonly ChartLine[], top: number): string =>
  places
    .map(({ entry, x, row }) => {
      const y = top + 18 * row
      const line = lines.find((candidate) => candidate === entry)
      const dash =
        line?.dash === "dashed" ? ' stroke-dasharray="5 3"' : line?.dash === "dotted" ? ' stroke-dasharray="2 2"' : ""
      const key =
        line === undefined
          ? `<rect x="${x}" y="${y - 9}" width="18" height="9" fill="${entry.colour}"/>`
          : `<path d="M${x} ${y - 4}h18" stroke="${line.colour}" stroke-width="2"${dash}/>` +
            (line.dots === true ? `<circle cx="${x + 9}" cy="${y - 4}" r="3" fill="${line.colour}"/>` : "")
      return key + label(x + 23, y, entry.name, { size: 12, colour: ink.soft })
    })
    .join("")
