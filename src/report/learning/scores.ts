import { axisOver } from "../axis.ts"
import { ink, tinted } from "../colour.ts"
import { type Drawing, label, px } from "../drawing.ts"
import { type Frame, frameOf, linearScale, type Scale } from "../sweep-frame.ts"
import { literal } from "../text.ts"
import type { DifferenceShown, StudyShown } from "./input.ts"

/** Colours of the tables, in their order. */
export const tableColours = [ink.accent, "#d55e00", "#009e73", "#9467bd"] as const

export const colourOf = (table: number): string => tableColours[table % tableColours.length]

const rowHeight = 24

/** Attributes one below the other, the first on top. */
const rowsScale = (names: readonly string[]): Scale => ({
  title: "",
  share: (value) => 1 - (value + 0.5) / names.length,
  ticks: names.map((name, value) => ({ value, text: literal(name) })),
})

const frameFor = (names: readonly string[], x: Scale, width: number, heading: string): Frame =>
  frameOf({ width, height: names.length * rowHeight + 62, x, y: rowsScale(names), heading, left: 112 })

/** Names by falling score, of the first table; what only others have comes last. */
export const orderedNames = (studies: readonly StudyShown[]): readonly string[] => {
  const [first] = studies
  const own = [...first.names.keys()].sort((a, b) => first.scores.mean[b] - first.scores.mean[a])
  return own.map((k) => first.names[k])
}

const line = (x1: number, x2: number, y: number, colour: string, width: number): string =>
  `<path d="M${px(x1)} ${px(y)}H${px(x2)}" stroke="${colour}" stroke-width="${width}" fill="none"/>`

/**
 * Scores of the attributes: a dot for the mean over the runs, a bar for one standard deviation; faint dots are the
 * subsamples, faint strokes the forests of other seeds. Hollow dots follow the target by construction.
 */
export const scoresChart = (studies: readonly StudyShown[], width: number): Drawing => {
  const names = orderedNames(studies)
  const all = studies.map(({ scores }) => scores.shares.map((share) => 100 * share))
  const x = linearScale(axisOver("Share in all importances (%)", all, { include: [0], spans: 6 }))
  const frame = frameFor(names, x, width, "Contribution scores")
  const parts = studies.flatMap((study, table) => {
    const colour = colourOf(table)
    const offset = studies.length === 1 ? 0 : (table - (studies.length - 1) / 2) * 8
    return names.flatMap((name, row) => {
      const k = study.names.indexOf(name)
      if (k < 0) return []
      const { mean, deviation, shares, runCount, subsampleCount } = study.scores
      const y = frame.y(row) + offset
      const marks = (from: number, to: number, mark: string): string =>
        Array.from(
          { length: to - from },
          (_, at) => `M${px(frame.x(100 * shares[(from + at) * study.names.length + k]))} ${px(y)}${mark}`,
        ).join("")
      const isHollow = study.constructed.includes(name)
      return [
        `<path d="${marks(0, subsampleCount, "h0")}" stroke="${colour}" stroke-opacity="0.28" stroke-width="4" stroke-linecap="round" fill="none"/>`,
        `<path d="${marks(subsampleCount, runCount, "m0 -4v8")}" stroke="${colour}" stroke-opacity="0.5" stroke-width="1" fill="none"/>`,
        line(frame.x(100 * Math.max(0, mean[k] - deviation[k])), frame.x(100 * (mean[k] + deviation[k])), y, colour, 2),
        `<circle cx="${px(frame.x(100 * mean[k]))}" cy="${px(y)}" r="4.2" fill="${isHollow ? "#fff" : colour}" stroke="${colour}" stroke-width="1.6"/>`,
      ]
    })
  })
  const key =
    studies.length < 2
      ? ""
      : studies
          .map(({ title }, table) =>
            label(width - 10, frame.box[1] + frame.box[3] - 12 - 18 * (studies.length - 1 - table), literal(title), {
              anchor: "end",
              colour: colourOf(table),
              weight: 600,
              halo: true,
            }),
          )
          .join("")
  return { width, height: frame.height, body: frame.body + parts.join("") + key, plots: [] }
}

/** Whether chance seldom gives so large a difference, by the stricter test that was made. */
export const passesChance = ({ familyProbability, rows }: DifferenceShown): boolean =>
  (rows === null ? familyProbability : rows.familyProbability) <= 0.05

/** Differences of the scores, the largest gain first, with one standard deviation as a band; filled where chance alone seldom gives as much. */
export const differencesChart = (
  differences: readonly DifferenceShown[],
  titles: readonly string[],
  width: number,
): Drawing => {
  const found = [...differences].sort((a, b) => b.difference - a.difference)
  const low = found.map(({ difference, deviation }) => 100 * (difference - deviation))
  const high = found.map(({ difference, deviation }) => 100 * (difference + deviation))
  const x = linearScale(axisOver("Difference of the shares (%)", [low, high], { include: [0], spans: 5 }))
  const kept = found.map(({ name }) => name)
  const frame = frameFor(kept, x, width, `${literal(titles[1])} less ${literal(titles[0])}`)
  const rows = [...found.keys()]
  const ring = [
    ...rows.map((row) => `${px(frame.x(low[row]))} ${px(frame.y(row))}`),
    ...[...rows].reverse().map((row) => `${px(frame.x(high[row]))} ${px(frame.y(row))}`),
  ]
  const band = `<path d="M${ring.join("L")}Z" fill="${tinted(ink.accent, 0.2)}"/>`
  const zero = `<path d="M${px(frame.x(0))} ${px(frame.box[1])}v${px(frame.box[3])}" stroke="${ink.axis}" stroke-dasharray="4 3" fill="none"/>`
  const dots = found
    .map((each, row) => {
      const colour = each.difference >= 0 ? colourOf(1) : colourOf(0)
      return `<circle cx="${px(frame.x(100 * each.difference))}" cy="${px(frame.y(row))}" r="4.6" fill="${passesChance(each) ? colour : "#fff"}" stroke="${colour}" stroke-width="1.7"/>`
    })
    .join("")
  return { width, height: frame.height, body: frame.body + band + zero + dots, plots: [] }
}

/** Pearson's correlations with the target as bars, the tables side by side. */
export const pearsonChart = (studies: readonly StudyShown[], width: number): Drawing => {
  const names = orderedNames(studies)
  const all = studies.map(({ pearson }) => pearson)
  const x = linearScale(
    axisOver(`Pearson correlation with ${literal(studies[0].target.name)}`, all, { include: [0], spans: 5 }),
  )
  const frame = frameFor(names, x, width, "Linear baseline")
  const thick = Math.min(9, 16 / studies.length)
  const bars = studies.flatMap((study, table) =>
    names.flatMap((name, row) => {
      const value = study.pearson[study.names.indexOf(name)]
      if (value === undefined || !Number.isFinite(value)) return []
      const y = frame.y(row) + (table - (studies.length - 1) / 2) * thick - thick / 2
      const [a, b] = [frame.x(Math.min(0, value)), frame.x(Math.max(0, value))]
      return `<rect x="${px(a)}" y="${px(y)}" width="${px(Math.max(0.5, b - a))}" height="${px(thick - 0.5)}" fill="${colourOf(table)}"/>`
    }),
  )
  return { width, height: frame.height, body: frame.body + bars.join(""), plots: [] }
}

/** Rows of a beeswarm that are drawn; more do not show more. */
const mostDots = 500
const shades = ["#2166ac", "#67a9cf", "#b7aeb4", "#ef8a62", "#b2182b"] as const

/** Shapley values of every row, coloured by the rank of the attribute from blue (low) to red (high). */
export const swarmChart = (study: StudyShown, width: number): Drawing => {
  const { names, shap, target } = study
  const order = orderedNames([study])
  const rowCount = shap.columns[0].length
  const every = Math.max(1, Math.ceil(rowCount / mostDots))
  const x = linearScale(axisOver(`Shapley value (${literal(target.name)})`, [shap.values], { include: [0], spans: 6 }))
  const frame = frameFor(order, x, width, literal(study.title))
  const parts = order.map((name, place) => {
    const k = names.indexOf(name)
    const column = shap.columns[k]
    const sorted = column.slice().sort()
    const taken = new Map<number, number>()
    const paths = shades.map(() => "")
    for (let row = 0; row < rowCount; row += every) {
      const at = frame.x(shap.values[row * names.length + k])
      const bin = Math.round(at / 3)
      const before = taken.get(bin) ?? 0
      taken.set(bin, before + 1)
      // Dots that would fall together step aside, up and down in turn.
      const aside = Math.min(9, Math.ceil(before / 2) * 1.1) * (before % 2 === 0 ? 1 : -1)
      let [from, to] = [0, sorted.length]
      while (from < to) {
        const middle = (from + to) >> 1
        if (sorted[middle] < column[row]) from = middle + 1
        else to = middle
      }
      const shade = Math.min(shades.length - 1, Math.floor((shades.length * from) / sorted.length))
      paths[shade] += `M${px(at)} ${px(frame.y(place) + aside)}h0`
    }
    return paths
      .map((path, shade) =>
        path === ""
          ? ""
          : `<path d="${path}" stroke="${shades[shade]}" stroke-opacity="0.75" stroke-width="3" stroke-linecap="round" fill="none"/>`,
      )
      .join("")
  })
  return { width, height: frame.height, body: frame.body + parts.join(""), plots: [] }
}

/** Shares of one origin against those of another, a dot an attribute. */
export interface SharesAgainst {
  /** [attribute] */
  readonly names: readonly string[]
  readonly titles: readonly [x: string, y: string]
  /** [attribute] 0 … 1 */
  readonly shares: readonly [x: Float64Array, y: Float64Array]
}

/** Names where both shares together exceed a tenth; the line is where both say the same. */
export const agreementChart = ({ names, titles, shares }: SharesAgainst, width: number): Drawing => {
  const [xs, ys] = shares.map((values) => values.map((share) => 100 * share))
  const frame = frameOf({
    width,
    height: width * 0.8,
    x: linearScale(axisOver(titles[0], [xs], { include: [0] })),
    y: linearScale(axisOver(titles[1], [ys], { include: [0] })),
  })
  const end = Math.min(Math.max(...xs), Math.max(...ys))
  const isFarOut = (value: number): boolean => frame.x(value) > frame.box[0] + 0.8 * frame.box[2]
  const line = `<path d="M${px(frame.x(0))} ${px(frame.y(0))}L${px(frame.x(end))} ${px(frame.y(end))}" stroke="${ink.axis}" stroke-dasharray="4 3" fill="none"/>`
  const dots = names.map(
    (name, k) =>
      `<circle cx="${px(frame.x(xs[k]))}" cy="${px(frame.y(ys[k]))}" r="3.6" fill="${colourOf(0)}"/>` +
      (xs[k] + ys[k] > 10
        ? label(
            frame.x(xs[k]) + (isFarOut(xs[k]) ? -6 : 6),
            frame.y(ys[k]) + (isFarOut(xs[k]) ? 14 : -5),
            literal(name),
            {
              size: 10.5,
              colour: ink.soft,
              halo: true,
              anchor: isFarOut(xs[k]) ? "end" : "start",
            },
          )
        : ""),
  )
  return { width, height: frame.height, body: frame.body + line + dots.join(""), plots: [] }
}
