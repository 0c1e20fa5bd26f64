import { type Axis, axisOver, tickLabel, ticksOf } from "./axis.ts"
import { blueRed, type ColourMap, cividis, colourAt, hex, ink, viridis } from "./colour.ts"
import { label, px } from "./drawing.ts"
import type { Field } from "./input.ts"
import { fixed } from "./number.ts"
import { extent } from "./series.ts"
import { inWords, literal } from "./text.ts"

/** How a field is shown. */
export interface FieldKind {
  readonly title: string
  /** As in text.ts. */
  readonly symbol: string
  /** Unit shown, and what SI values are multiplied with for it. */
  readonly unit: string
  readonly factor: number
  readonly map: ColourMap
  /** Zero in the middle of the map. */
  readonly signed: boolean
  /** Leave out this share of values at either end of the colour map: corners of interfaces are singular. */
  readonly trim: number
  /** What to look for, as mark-up; may be empty */
  readonly look: string
}

export const fieldKinds: Readonly<Record<string, FieldKind>> = {
  stoichiometry: {
    title: "Lithium content",
    symbol: "*c*/*c*_max",
    unit: "",
    factor: 1,
    map: viridis,
    signed: false,
    trim: 0,
    look: "Particles that differ as a whole are out of step; sides that differ within one show where current enters.",
  },
  hydrostatic_stress: {
    title: "Hydrostatic stress",
    symbol: "*σ*_h",
    unit: "MPa",
    factor: 1e-6,
    map: blueRed,
    signed: true,
    trim: 0.003,
    look: "Tension lies where a particle has given off more lithium than its middle, or is held by the carbon/binder while it shrinks; lithium drifts towards tension.",
  },
  max_principal_stress: {
    title: "Largest principal stress",
    symbol: "*σ*_1",
    unit: "MPa",
    factor: 1e-6,
    map: blueRed,
    signed: true,
    trim: 0.003,
    look: "Where it is largest a particle would crack first; cracks themselves are not in the model.",
  },
  electrolyte_concentration: {
    title: "Electrolyte concentration",
    symbol: "*c*_l",
    unit: "mol/m³",
    factor: 1,
    map: cividis,
    signed: false,
    trim: 0,
    look: "Where it runs low or high the electrolyte limits the current.",
  },
  electrolyte_potential: {
    title: "Electrolyte potential",
    symbol: "*φ*_l",
    unit: "V",
    factor: 1,
    map: cividis,
    signed: false,
    trim: 0,
    look: "What drops across the cell is voltage lost in the electrolyte.",
  },
  solid_potential: {
    title: "Electron potential of the carbon/binder",
    symbol: "*φ*_s",
    unit: "V",
    factor: 1,
    map: cividis,
    signed: false,
    trim: 0,
    look: "Surfaces where it lags behind see less driving force and work less.",
  },
}

/** Names of the known fields, in the order in which they are shown. */
export const knownFields: readonly string[] = Object.keys(fieldKinds)

/** How a field is shown; stresses of unknown name signed in MPa, others as they are. */
export const kindOf = (field: Field): FieldKind =>
  fieldKinds[field.name] ?? {
    title: literal(field.name.replace(/[_-]+/g, " ")).replace(/^./, (first) => first.toUpperCase()),
    symbol: "",
    ...(field.unit === "Pa"
      ? { unit: "MPa", factor: 1e-6, map: blueRed, signed: true, trim: 0.003, look: "" }
      : { unit: field.unit, factor: 1, map: viridis, signed: false, trim: 0, look: "" }),
  }

/** Unit, symbol and zero in which a field is read. */
export interface Reading {
  readonly unit: string
  readonly factor: number
  readonly symbol: string
  /** [moment] taken from the values, SI */
  readonly shifts: readonly number[]
  readonly note: string
}

/**
 * Potentials are shown about the mean of each moment where they are nearly even, because millivolts on top of volts
 * cannot be read off a scale, and where the mean moves so much that it would hide what differs within a moment.
 */
export const readingOf = (kind: FieldKind, moments: readonly Float64Array[]): Reading => {
  const symbol = kind.symbol === "" ? kind.title : kind.symbol
  const plain = { unit: kind.unit, factor: kind.factor, symbol, shifts: moments.map(() => 0), note: "" }
  if (kind.unit !== "V") return plain
  const widest = Math.max(...moments.map((values) => span(values)))
  const means = moments.map((values) => {
    const finite = values.filter(Number.isFinite)
    return finite.reduce((sum, value) => sum + value, 0) / finite.length
  })
  const even = widest <= 0.1
  if (!even && span(means) <= 0.25 * widest) return plain
  return {
    ...(even ? { unit: "mV", factor: 1000 } : { unit: "V", factor: 1 }),
    symbol: `${symbol} − mean`,
    shifts: means,
    note: ` Shown about the mean of ${means.length === 1 ? "its nodes" : "each moment"}: ${inWords(means.map((mean) => `${fixed(mean, 3)} V`))}.`,
  }
}

/** Largest less smallest finite value. */
const span = (values: ArrayLike<number>): number => {
  const [low, high] = extent([values]) ?? [0, 0]
  return high - low
}

/** Where the colours of a scale begin and end. */
export interface ColourScale {
  readonly axis: Axis
  readonly map: ColourMap
  /** Values lie beyond the end of the colours. */
  readonly below: boolean
  readonly above: boolean
}

/**
 * The colours for some values.
 * @param sorted  finite values as shown, ascending
 */
export const scaleOf = (kind: FieldKind, sorted: Float64Array, title: string): ColourScale => {
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]
  let [low, high] = [at(kind.trim), at(1 - kind.trim)]
  let { map } = kind
  if (kind.signed) {
    // Where nearly all is tension (or compression) half of the map is enough, and shows twice as much.
    const largest = Math.max(Math.abs(low), Math.abs(high))
    const middle = Math.floor(map.stops.length / 2)
    const tension = low > -0.1 * largest
    const compression = !tension && high < 0.1 * largest
    map = { ...map, stops: map.stops.slice(tension ? middle : 0, compression ? middle + 1 : map.stops.length) }
    low = tension ? 0 : -largest
    high = compression ? 0 : largest
  }
  const axis = axisOver(title, [[low, high]], { tight: true, spans: 5 })
  const slack = 1e-9 * (axis.maximum - axis.minimum)
  return {
    axis,
    map,
    below: sorted[0] < axis.minimum - slack,
    above: sorted[sorted.length - 1] > axis.maximum + slack,
  }
}

/** The colours of a scale with ticks and title; tips where values go beyond them. */
export const colourBar = ({ axis, map, below, above }: ColourScale, x: number, y: number, height: number): string => {
  const steps = 64
  const rectangles = Array.from({ length: steps }, (_, step) => {
    const colour = hex(colourAt(map, 1 - (step + 0.5) / steps))
    return `<rect x="${px(x)}" y="${px(y + (step * height) / steps)}" width="12" height="${px(height / steps + 0.6)}" fill="${colour}"/>`
  })
  const ticks = ticksOf(axis).map((tick) => {
    const place = y + height * (1 - (tick - axis.minimum) / (axis.maximum - axis.minimum))
    return (
      `<path d="M${px(x + 12)} ${px(place)}h4" stroke="${ink.axis}"/>` +
      label(x + 19, place + 4, tickLabel(axis, tick), { size: 11, colour: ink.soft })
    )
  })
  const arrow = (tip: number, base: number, share: number) =>
    `<path d="M${px(x)} ${px(base)}h12L${px(x + 6)} ${px(tip)}Z" fill="${hex(colourAt(map, share))}"/>`
  return (
    rectangles.join("") +
    (above ? arrow(y - 9, y + 0.3, 1) : "") +
    (below ? arrow(y + height + 9, y + height - 0.3, 0) : "") +
    ticks.join("") +
    label(x + 62, y + height / 2, axis.title, { size: 12, anchor: "middle", turn: -90 })
  )
}

/** The colours of a scale lying, with ticks below and its title above. */
export const colourStrip = ({ axis, map }: ColourScale, x: number, y: number, width: number): string => {
  const steps = 48
  const rectangles = Array.from({ length: steps }, (_, step) => {
    const colour = hex(colourAt(map, (step + 0.5) / steps))
    return `<rect x="${px(x + (step * width) / steps)}" y="${px(y)}" width="${px(width / steps + 0.6)}" height="10" fill="${colour}"/>`
  })
  const ticks = ticksOf(axis).map((tick) => {
    const place = x + (width * (tick - axis.minimum)) / (axis.maximum - axis.minimum)
    return (
      `<path d="M${px(place)} ${px(y + 10)}v4" stroke="${ink.axis}"/>` +
      label(place, y + 25, tickLabel(axis, tick), { size: 11, anchor: "middle", colour: ink.soft })
    )
  })
  return rectangles.join("") + ticks.join("") + label(x, y - 6, axis.title, { size: 12 })
}
