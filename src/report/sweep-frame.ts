import { type Axis, tickLabel, ticksOf } from "./axis.ts"
import { ink } from "./colour.ts"
import { label, px } from "./drawing.ts"
import { significant } from "./number.ts"
import { markupToPlain, textWidth } from "./text.ts"

/** An axis of any kind: where values stand, 0 … 1, and what is written there. */
export interface Scale {
  readonly title: string
  readonly share: (value: number) => number
  readonly ticks: readonly { readonly value: number; readonly text: string }[]
}

export const linearScale = (axis: Axis): Scale => ({
  title: axis.title,
  share: (value) => (value - axis.minimum) / (axis.maximum - axis.minimum),
  ticks: ticksOf(axis).map((value) => ({ value, text: tickLabel(axis, value) })),
})

/** A logarithmic axis a little wider than its values, with ticks at 1, 2 and 5 or at powers of ten where these are many. */
export const logarithmicScale = (title: string, low: number, high: number): Scale => {
  const room = (high / low) ** 0.06
  const [least, most] = [low / room, high * room]
  const decades = Math.log10(most / least)
  const factors = decades > 2.2 ? [1] : decades > 1 ? [1, 3] : [1, 2, 3, 5, 7]
  const ticks: { value: number; text: string }[] = []
  for (let power = Math.floor(Math.log10(least)); power <= Math.log10(most); power++) {
    for (const factor of factors) {
      const value = factor * 10 ** power
      if (value >= least && value <= most) ticks.push({ value, text: significant(value, 2) })
    }
  }
  return { title, share: (value) => Math.log(value / least) / Math.log(most / least), ticks }
}

/** Places for words, one after the other; their values are 0, 1, 2 … */
export const wordScale = (title: string, words: readonly string[], longest: number): Scale => ({
  title,
  share: (value) => (value + 0.5) / words.length,
  ticks: words.map((word, value) => {
    const plain = markupToPlain(word)
    return { value, text: plain.length > longest ? `${plain.slice(0, longest - 1)}…` : word }
  }),
})

/** A small plot: its axes drawn, its places known. */
export interface Frame {
  readonly width: number
  readonly height: number
  /** Left, top, width, height of the plot [px] */
  readonly box: readonly [number, number, number, number]
  readonly x: (value: number) => number
  readonly y: (value: number) => number
  /** Axes, ticks, titles */
  readonly body: string
}

export interface FrameWishes {
  readonly width: number
  readonly height: number
  readonly x: Scale
  readonly y: Scale
  /** Mark-up above the plot */
  readonly heading?: string
  readonly headingColour?: string
  /** Room above the plot for marks that have no value [px] */
  readonly attic?: number
  readonly left?: number
}

const tickSize = 10.5

/** Ticks whose texts keep clear of one another. */
const roomy = (scale: Scale, length: number): Scale["ticks"] => {
  let end = Number.NEGATIVE_INFINITY
  return scale.ticks.filter(({ value, text }) => {
    const half = textWidth(markupToPlain(text), tickSize) / 2
    const at = scale.share(value) * length
    if (at - half < end + 4) return false
    end = at + half
    return true
  })
}

/** Room that ticks and title of a vertical scale take [px]. */
export const leftRoom = ({ ticks, title }: Scale): number =>
  Math.ceil(Math.max(0, ...ticks.map(({ text }) => textWidth(markupToPlain(text), tickSize)))) + (title === "" ? 9 : 24)

/** How far the text of a tick reaches beyond the end of an axis of some length [px]. */
const overhang = ({ share }: Scale, { value, text }: Scale["ticks"][number], length: number): number =>
  Math.ceil(textWidth(markupToPlain(text), tickSize) / 2 - (1 - share(value)) * length) + 1

export const frameOf = (wishes: FrameWishes): Frame => {
  const { width, height, x, y, heading = "", headingColour = ink.text, attic = 0 } = wishes
  const left = wishes.left ?? leftRoom(y)
  const top = (heading === "" ? 8 : 20) + attic
  const bottom = x.ticks.length === 0 ? 6 : x.title === "" ? 20 : 34
  const right = Math.max(8, ...x.ticks.map((tick) => overhang(x, tick, width - left - 8)))
  const box = [left, top, width - left - right, height - top - bottom] as const
  const toX = (value: number): number => box[0] + x.share(value) * box[2]
  const toY = (value: number): number => box[1] + (1 - y.share(value)) * box[3]
  const floor = box[1] + box[3]
  const rules = y.ticks.map(({ value }) => `M${px(box[0])} ${px(toY(value))}h${px(box[2])}`).join("")
  const body = [
    `<path d="${rules}" stroke="${ink.grid}" fill="none"/>`,
    `<path d="M${px(box[0])} ${px(top - attic)}V${px(floor)}h${px(box[2])}" stroke="${ink.axis}" fill="none"/>`,
    ...y.ticks.map(({ value, text }) =>
      label(box[0] - 4, toY(value) + 3.6, text, { size: tickSize, colour: ink.soft, anchor: "end" }),
    ),
    ...roomy(x, box[2]).map(({ value, text }) =>
      label(toX(value), floor + 14, text, { size: tickSize, colour: ink.soft, anchor: "middle" }),
    ),
    x.title === "" ? "" : label(box[0] + box[2] / 2, height - 4, x.title, { size: 11.5, anchor: "middle" }),
    y.title === "" ? "" : label(10, box[1] + box[3] / 2, y.title, { size: 11.5, anchor: "middle", turn: -90 }),
    heading === "" ? "" : label(2, 12, heading, { size: 11.5, weight: 600, colour: headingColour }),
  ]
  return { width, height, box, x: toX, y: toY, body: body.filter((part) => part !== "").join("") }
}

/** A curve through the finite points of a frame; what is not finite makes a gap. */
export const curveIn = (
  frame: Frame,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  colour: string,
  width: number,
): string => {
  let path = ""
  let isDown = false
  for (let at = 0; at < x.length; at++) {
    if (!Number.isFinite(y[at])) {
      isDown = false
      continue
    }
    path += `${isDown ? "L" : "M"}${px(frame.x(x[at]))} ${px(frame.y(y[at]))}`
    isDown = true
  }
  return `<path d="${path}" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round" fill="none"/>`
}

export const dotIn = (x: number, y: number, colour: string, isHollow = false): string =>
  isHollow
    ? `<circle cx="${px(x)}" cy="${px(y)}" r="3.2" fill="#fff" stroke="${colour}" stroke-width="1.4"/>`
    : `<circle cx="${px(x)}" cy="${px(y)}" r="3.6" fill="${colour}" stroke="#fff" stroke-width="0.8"/>`
