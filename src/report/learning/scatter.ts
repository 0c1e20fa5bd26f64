import { axisOver } from "../axis.ts"
import { ink } from "../colour.ts"
import { composed, type Drawing, label, px } from "../drawing.ts"
import { shownAs } from "../particles/charts.ts"
import { type Frame, frameOf, leftRoom, linearScale, type Scale } from "../sweep-frame.ts"
import { literal } from "../text.ts"
import type { StudyShown } from "./input.ts"
import { colourOf, orderedNames } from "./scores.ts"

/** More dots than this only blacken. */
const mostDots = 2000

const baselineColour = "#8a909c"

const dots = (xs: ArrayLike<number>, ys: ArrayLike<number>, frame: Frame, colour: string): string => {
  const step = Math.ceil(xs.length / mostDots)
  const thinned =
    step === 1 ? "" : label(frame.box[0] + 6, frame.box[1] + 10, `one in ${step}`, { size: 10.5, colour: ink.soft })
  let path = ""
  // Lines without length under round caps are dots.
  for (let at = 0; at < xs.length; at += step) path += `M${px(frame.x(xs[at]))} ${px(frame.y(ys[at]))}h0`
  const size = xs.length / step > 600 ? 2.6 : 3.6
  return `${thinned}<path d="${path}" stroke="${colour}" stroke-opacity="0.45" stroke-width="${size}" stroke-linecap="round" fill="none"/>`
}

/** Predicted against actual target, a dot a row, on equal axes with the line on which both agree. */
export const predictionsChart = ({ target, crossPredicted }: StudyShown, width: number, colour: string): Drawing => {
  const { title, factor } = shownAs(target, target.values)
  const [xs, ys] = [target.values, crossPredicted].map((values) => values.map((value) => value * factor))
  const axis = axisOver("", [xs, ys], { spans: 4, snug: true })
  const frame = frameOf({
    width,
    height: width,
    x: linearScale({ ...axis, title: `Actual ${title}` }),
    y: linearScale({ ...axis, title: `Predicted ${title}` }),
  })
  const { minimum, maximum } = axis
  const line = `<path d="M${px(frame.x(minimum))} ${px(frame.y(minimum))}L${px(frame.x(maximum))} ${px(frame.y(maximum))}" stroke="${baselineColour}" stroke-dasharray="5 3" fill="none"/>`
  return { width, height: frame.height, body: frame.body + line + dots(xs, ys, frame, colour), plots: [] }
}

/** Attributes whose dependence is shown, the most important ones. */
const dependenceCount = 6
const across = 3

/** Shapley values of the most important attributes over the attributes themselves, all on one scale. */
export const dependenceChart = (study: StudyShown, width: number, colour: string): Drawing => {
  const { names, units, shap, target } = study
  const picked = orderedNames([study]).slice(0, dependenceCount)
  const shown = shownAs(target, shap.values)
  const columnOf = (name: string): Float64Array =>
    Float64Array.from(shap.columns[0], (_, row) => shap.values[row * names.length + names.indexOf(name)] * shown.factor)
  const values = picked.map(columnOf)
  const y = linearScale(axisOver(`Shapley value, ${shown.title}`, values, { include: [0], spans: 4, snug: true }))
  const bare: Scale = { ...y, title: "", ticks: y.ticks.map(({ value }) => ({ value, text: "" })) }
  const gap = 18
  const room = leftRoom(y)
  const columns = Math.min(across, picked.length)
  const panel = (width - room - (columns - 1) * gap) / columns
  const height = 210
  const parts = picked.map((name, at) => {
    const k = names.indexOf(name)
    const attribute = shownAs({ name, unit: units[k] }, shap.columns[k])
    const xs = shap.columns[k].map((value) => value * attribute.factor)
    const isFirst = at % columns === 0
    const frame = frameOf({
      width: panel + (isFirst ? room : 10),
      height,
      x: linearScale(axisOver(attribute.title, [xs], { spans: 4, snug: true })),
      y: isFirst ? y : bare,
      left: isFirst ? room : 10,
    })
    const zero = `<path d="M${px(frame.box[0])} ${px(frame.y(0))}h${px(frame.box[2])}" stroke="${ink.axis}" stroke-dasharray="4 3" fill="none"/>`
    const drawing: Drawing = {
      width: frame.width,
      height,
      body: frame.body + zero + dots(xs, values[at], frame, colour),
      plots: [],
    }
    const place = at % columns
    return {
      drawing,
      x: isFirst ? 0 : room + place * (panel + gap) - 10,
      y: Math.floor(at / columns) * (height + 12),
    }
  })
  const rows = Math.ceil(picked.length / columns)
  return composed(width, rows * height + (rows - 1) * 12, parts)
}

const rowHeight = 22

/** Errors of held-out rows column by column: the autoencoder, the same without regularisation, principal components. */
export const reconstructionChart = ({ title, latent }: StudyShown, width: number): Drawing => {
  const { names, columnErrors } = latent
  const order = [...names.keys()].sort((a, b) => columnErrors.regularised[a] - columnErrors.regularised[b])
  const ways = [
    { name: "principal components", errors: columnErrors.principal, colour: baselineColour },
    { name: "without regularisation", errors: columnErrors.unregularised, colour: colourOf(1) },
    { name: "autoencoder", errors: columnErrors.regularised, colour: colourOf(0) },
  ]
  const frame = frameOf({
    width,
    height: names.length * rowHeight + 82,
    x: linearScale(
      axisOver(
        "Error of held-out rows",
        ways.map(({ errors }) => errors),
        { include: [0, 1], spans: 5 },
      ),
    ),
    y: {
      title: "",
      share: (value) => 1 - (value + 0.5) / names.length,
      ticks: order.map((column, value) => ({ value, text: literal(names[column]) })),
    },
    heading: literal(title),
    attic: 18,
    left: 112,
  })
  const one = `<path d="M${px(frame.x(1))} ${px(frame.box[1])}v${px(frame.box[3])}" stroke="${ink.axis}" stroke-dasharray="4 3" fill="none"/>`
  const marks = ways.flatMap(({ errors, colour }, way) =>
    order.map((column, row) => {
      const [x, y] = [frame.x(errors[column]), frame.y(row) + (way - 1) * 4.5]
      return `<circle cx="${px(x)}" cy="${px(y)}" r="3.4" fill="${colour}" stroke="#fff" stroke-width="0.7"/>`
    }),
  )
  let at = frame.box[0] + 4
  const key = [...ways].reverse().map(({ name, colour }) => {
    const dot = `<circle cx="${px(at + 4)}" cy="26" r="3.8" fill="${colour}"/>`
    const text = label(at + 13, 30, name, { size: 11, colour: ink.soft })
    at += 13 + 6.2 * name.length + 16
    return dot + text
  })
  return { width, height: frame.height, body: frame.body + one + marks.join("") + key.join(""), plots: [] }
}
