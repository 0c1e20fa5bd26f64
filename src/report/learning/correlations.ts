import type { CorrelationEdge } from "../../statistics/correlation.ts"
import { blueRed, colourAt, hex, ink } from "../colour.ts"
import { type Drawing, label, px } from "../drawing.ts"
import { fixed } from "../number.ts"
import { literal, textWidth } from "../text.ts"

const positive = "#b2182b"
const negative = "#2166ac"

/** Correlations as a heat map: blue −1, white 0, red 1. @param values [column, column] */
export const heatMap = (values: Float64Array, names: readonly string[], heading: string, width: number): Drawing => {
  const room = Math.ceil(Math.max(...names.map((name) => textWidth(name, 10.5)))) + 8
  const count = names.length
  const [left, top] = [room, 24]
  const cell = (width - left - 54) / count
  const shown = cell >= 26
  const cells: string[] = []
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const value = values[i * count + j]
      const colour = Number.isFinite(value) ? hex(colourAt(blueRed, (value + 1) / 2)) : "#e4e6ea"
      const [x, y] = [left + j * cell, top + i * cell]
      cells.push(
        `<rect x="${px(x)}" y="${px(y)}" width="${px(cell - 0.6)}" height="${px(cell - 0.6)}" fill="${colour}"/>`,
      )
      if (shown && i !== j) {
        const text = fixed(value, 1).replace(/^(−?)0\./, "$1.")
        const dark = Math.abs(value) > 0.65
        cells.push(
          label(x + cell / 2, y + cell / 2 + 3, text, { size: 9, anchor: "middle", colour: dark ? "#fff" : ink.soft }),
        )
      }
    }
  }
  const isBrief = names.every(({ length }) => length <= 2)
  const words = names.flatMap((name, k) => [
    label(left - 5, top + (k + 0.5) * cell + 3.6, literal(name), { size: 10.5, anchor: "end" }),
    isBrief
      ? label(left + (k + 0.5) * cell, top + count * cell + 13, literal(name), { size: 10.5, anchor: "middle" })
      : label(left + (k + 0.5) * cell + 3.6, top + count * cell + 6, literal(name), {
          size: 10.5,
          anchor: "end",
          turn: -60,
        }),
  ])
  const bar = Array.from({ length: 21 }, (_, step) => {
    const share = 1 - step / 20
    return `<rect x="${px(width - 40)}" y="${px(top + step * 6)}" width="10" height="6.4" fill="${hex(colourAt(blueRed, share))}"/>`
  })
  const marks = [1, 0, -1].map((value) =>
    label(width - 26, top + (1 - value) * 63 + 4, fixed(value, 0), { size: 10.5, colour: ink.soft }),
  )
  const height = top + count * cell + 0.87 * room + 14
  return {
    width,
    height,
    body: [label(2, 12, heading, { size: 12.5, weight: 600 }), ...cells, ...words, ...bar, ...marks].join(""),
    plots: [],
  }
}

/**
 * Columns round a circle, joined where they go together: red for rising with each other, blue for falling. Edges that
 * other tables have too are faded.
 */
export const chordPlot = (
  edges: readonly CorrelationEdge[],
  names: readonly string[],
  isCommon: (edge: CorrelationEdge) => boolean,
  heading: string,
  width: number,
): Drawing => {
  const room = Math.max(...names.map((name) => textWidth(name, 11.5))) + 14
  const radius = width / 2 - room
  const [cx, cy] = [width / 2, 24 + room + radius]
  const angleOf = (k: number): number => (2 * Math.PI * k) / names.length - Math.PI / 2
  const at = (k: number, r: number): readonly [number, number] => [
    cx + r * Math.cos(angleOf(k)),
    cy + r * Math.sin(angleOf(k)),
  ]
  const curves = [...edges].reverse().map((edge) => {
    const { first, second, correlation } = edge
    const [[x1, y1], [x2, y2]] = [at(first, radius), at(second, radius)]
    const colour = correlation >= 0 ? positive : negative
    const size = 0.6 + 4 * Math.max(0, Math.abs(correlation) - 0.2)
    return `<path d="M${px(x1)} ${px(y1)}Q${px(cx)} ${px(cy)} ${px(x2)} ${px(y2)}" stroke="${colour}" stroke-opacity="${isCommon(edge) ? 0.2 : 0.85}" stroke-width="${px(size)}" fill="none"/>`
  })
  const words = names.map((name, k) => {
    const [x, y] = at(k, radius + 8)
    const degrees = (angleOf(k) * 180) / Math.PI
    const isLeft = Math.cos(angleOf(k)) < -1e-9
    return label(x, y + 3.6, literal(name), {
      size: 11.5,
      anchor: isLeft ? "end" : "start",
      turn: isLeft ? degrees + 180 : degrees,
    })
  })
  const dots = names.map((_, k) => {
    const [x, y] = at(k, radius)
    return `<circle cx="${px(x)}" cy="${px(y)}" r="2.6" fill="${ink.text}"/>`
  })
  return {
    width,
    height: cy + radius + room,
    body: [label(2, 12, heading, { size: 12.5, weight: 600 }), ...curves, ...dots, ...words].join(""),
    plots: [],
  }
}
