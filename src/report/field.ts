import { cellCount } from "../mesh/mesh.ts"
import { type Axis, axisOver, tickLabel, ticksOf } from "./axis.ts"
import { blueRed, type ColourMap, cividis, colourAt, ember, hex, ink, viridis } from "./colour.ts"
import { type Drawing, label, px } from "./drawing.ts"
import type { Field, FieldFrame } from "./input.ts"
import { electrodes, type Layout, particleOutlines, regionFill, regionShapes } from "./layout.ts"
import { fixed, percent, significant } from "./number.ts"
import { type FieldValues, pngDataUrl, rasterised } from "./raster.ts"
import { extent } from "./series.ts"
import { inWords, literal } from "./text.ts"
import { scaleBar, toX, toY, type View, viewOf } from "./view.ts"

/** How a field is shown. */
interface FieldKind {
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
}

const fieldKinds: Readonly<Record<string, FieldKind>> = {
  stoichiometry: {
    title: "Lithium content",
    symbol: "*c*/*c*_max",
    unit: "",
    factor: 1,
    map: viridis,
    signed: false,
    trim: 0,
  },
  hydrostatic_stress: {
    title: "Hydrostatic stress",
    symbol: "*σ*_h",
    unit: "MPa",
    factor: 1e-6,
    map: blueRed,
    signed: true,
    trim: 0.003,
  },
  max_principal_stress: {
    title: "Largest principal stress",
    symbol: "*σ*_1",
    unit: "MPa",
    factor: 1e-6,
    map: blueRed,
    signed: true,
    trim: 0.003,
  },
  electrolyte_concentration: {
    title: "Electrolyte concentration",
    symbol: "*c*_l",
    unit: "mol/m³",
    factor: 1,
    map: cividis,
    signed: false,
    trim: 0,
  },
  electrolyte_potential: {
    title: "Electrolyte potential",
    symbol: "*φ*_l",
    unit: "V",
    factor: 1,
    map: cividis,
    signed: false,
    trim: 0,
  },
  solid_potential: {
    title: "Electron potential of the carbon/binder",
    symbol: "*φ*_s",
    unit: "V",
    factor: 1,
    map: cividis,
    signed: false,
    trim: 0,
  },
}

/** Names of the known fields, in the order in which they are shown. */
export const knownFields: readonly string[] = Object.keys(fieldKinds)

const kindOf = (field: Field): FieldKind =>
  fieldKinds[field.name] ?? {
    title: literal(field.name.replace(/[_-]+/g, " ")).replace(/^./, (first) => first.toUpperCase()),
    symbol: "",
    ...(field.unit === "Pa"
      ? { unit: "MPa", factor: 1e-6, map: blueRed, signed: true, trim: 0.003 }
      : { unit: field.unit, factor: 1, map: viridis, signed: false, trim: 0 }),
  }

/** A name as file names and ids of SVG take it. */
export const identifier = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, "-")

/** The field of a frame with the place of its values; null where the frame does not have it. */
const fieldIn = (frame: FieldFrame, name: string): { readonly field: Field; readonly on: "nodes" | "cells" } | null => {
  const point = frame.pointData.find((field) => field.name === name)
  if (point !== undefined) return { field: point, on: "nodes" }
  const cell = frame.cellData.find((field) => field.name === name)
  return cell === undefined ? null : { field: cell, on: "cells" }
}

/** Fields that occur, known ones first. */
export const fieldNames = (frames: readonly FieldFrame[]): readonly string[] => {
  const present = new Set(frames.flatMap((frame) => [...frame.pointData, ...frame.cellData].map(({ name }) => name)))
  return [...knownFields.filter((name) => present.has(name)), ...[...present].filter((name) => !(name in fieldKinds))]
}

/** The first and the last frame at end of charge; where there is none, of all frames. */
export const framesShown = (frames: readonly FieldFrame[]): readonly FieldFrame[] => {
  const charged = frames.filter(({ label }) => /end of charge/i.test(label))
  const from = charged.length > 0 ? charged : frames
  return from.length < 2 ? from : [from[0], from[from.length - 1]]
}

/** A finished field picture and the words that belong to it. */
export interface FieldPicture {
  readonly title: string
  readonly caption: string
  readonly drawing: Drawing
}

/** One field at several moments under one colour bar; null where no value of it is finite. */
export const fieldPicture = (
  layout: Layout,
  frames: readonly FieldFrame[],
  name: string,
  room: number,
): FieldPicture | null => {
  const found = frames.flatMap((frame) => {
    const here = fieldIn(frame, name)
    return here === null || !here.field.values.some(Number.isFinite) ? [] : [{ frame, ...here }]
  })
  if (found.length === 0) return null
  const kind = kindOf(found[0].field)
  const { unit, factor, symbol, shifts, note } = readingOf(
    kind,
    found.map(({ field }) => field.values),
  )
  const shown = found.map(({ field }, at) => field.values.map((value) => (value - shifts[at]) * factor))
  const sorted = Float64Array.from(shown.flatMap((values) => [...values.filter(Number.isFinite)])).sort()
  const scale = scaleOf(kind, sorted, unit === "" ? symbol : `${symbol} (${unit})`)
  const solid = found.every(({ field, on }) => !touchesSeparator(layout, field.values, on))
  const drawing = panelsWithBar(
    layout,
    solid ? layout.electrode : layout.bounds,
    room,
    scale,
    identifier(name),
    found.map(({ frame, on }, at) => ({
      heading: frame.label,
      picture: (view: View) => pictureOf(layout, view, { on, values: shown[at] }, scale),
    })),
  )
  const range = `from ${significant(sorted[0], 4)} to ${significant(sorted[sorted.length - 1], 4)}${unit === "" ? "" : ` ${unit}`}`
  const clipped =
    scale.below || scale.above
      ? ` The colours leave out the outermost ${percent(kind.trim)} of values at either end.`
      : ""
  return {
    title: kind.title,
    caption: `${kind.title}${kind.symbol === "" ? "" : ` ${kind.symbol}`}, ${range}.${clipped}${note}`,
    drawing,
  }
}

/** Unit, symbol and zero in which a field is read. */
interface Reading {
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
const readingOf = (kind: FieldKind, moments: readonly Float64Array[]): Reading => {
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

/** @param sorted  finite values as shown, ascending */
const scaleOf = (kind: FieldKind, sorted: Float64Array, title: string): ColourScale => {
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

const touchesSeparator = (layout: Layout, values: Float64Array, on: "nodes" | "cells"): boolean => {
  const { mesh } = layout
  for (let cell = 0; cell < cellCount(mesh); cell++) {
    if (mesh.regions[mesh.cellToRegion[cell]].kind !== "separator") continue
    if (on === "cells") {
      if (Number.isFinite(values[cell])) return true
    } else if (mesh.cellToNode.subarray(3 * cell, 3 * cell + 3).every((node) => Number.isFinite(values[node])))
      return true
  }
  return false
}

const pictureOf = (layout: Layout, view: View, field: FieldValues, shown: ColourScale): string => {
  const { minimum, maximum } = shown.axis
  const url = pngDataUrl(rasterised(layout.mesh, view, field, [minimum, maximum], 2), shown.map)
  return (
    regionShapes(layout, view, (region) => regionFill(region, false)) +
    `<image x="0" y="0" width="${px(view.width)}" height="${px(view.height)}" preserveAspectRatio="none" href="${url}"/>` +
    particleOutlines(layout, view, "#20242c", 0.7)
  )
}

/** Values along the interfaces (damage, gap) as coloured outlines of the particles. */
export const interfacePicture = (
  layout: Layout,
  frames: readonly FieldFrame[],
  quantity: "damage" | "gap",
  room: number,
): FieldPicture | null => {
  const factor = quantity === "gap" ? 1e9 : 1
  const found = frames.flatMap((frame) => {
    const values = quantity === "gap" ? frame.interfaceGap : frame.interfaceDamage
    return values === null ? [] : [{ frame, values: values.map((value) => value * factor) }]
  })
  if (found.length === 0) return null
  const title = quantity === "gap" ? "Gap between particle and carbon/binder" : "Interface damage"
  const axis =
    quantity === "gap"
      ? axisOver(
          "Gap *λ* (nm)",
          found.map(({ values }) => values),
          { include: [0] },
        )
      : axisOver("Damage *d*", [[0, 1]], { within: [0, 1] })
  const shown: ColourScale = {
    axis: quantity === "gap" ? { ...axis, minimum: 0 } : axis,
    map: ember,
    below: false,
    above: false,
  }
  const drawing = panelsWithBar(
    layout,
    layout.electrode,
    room,
    shown,
    `interface-${quantity}`,
    found.map(({ frame, values }) => ({
      heading: frame.label,
      picture: (view: View) =>
        regionShapes(layout, view, (region) => regionFill(region, false)) +
        particleOutlines(layout, view, "#9aa1ab", 0.8) +
        colouredFacets(layout, view, values, shown),
    })),
  )
  const words =
    quantity === "gap"
      ? "Opening of the interfaces; closed ones stay grey."
      : "Damage along the interfaces, 0 whole to 1 debonded; undamaged ones stay grey."
  return { title, caption: words, drawing }
}

/** Facets in sixteen colours, those of one colour joined to one path; below a hundredth of the scale none. */
const colouredFacets = (layout: Layout, view: View, values: Float64Array, { axis, map }: ColourScale): string => {
  const levels = 16
  const paths: string[][] = Array.from({ length: levels }, () => [])
  const { nodes, interfaces } = layout.mesh
  for (let facet = 0; facet < interfaces.innerCell.length; facet++) {
    const mean = (values[2 * facet] + values[2 * facet + 1]) / 2
    const share = (mean - axis.minimum) / (axis.maximum - axis.minimum)
    if (!(share > 0.01)) continue
    const [a, b] = [interfaces.innerNode[2 * facet], interfaces.innerNode[2 * facet + 1]]
    const point = (node: number) => `${px(toX(view, nodes[2 * node]))} ${px(toY(view, nodes[2 * node + 1]))}`
    paths[Math.min(levels - 1, Math.floor(share * levels))].push(`M${point(a)}L${point(b)}`)
  }
  return paths
    .map((path, level) =>
      path.length === 0
        ? ""
        : `<path d="${path.join("")}" fill="none" stroke="${hex(colourAt(map, (level + 0.5) / levels))}" stroke-width="3" stroke-linecap="round"/>`,
    )
    .join("")
}

/** Pictures of the same view in a row (or one above the other where they are wide) with one colour bar. */
const panelsWithBar = (
  layout: Layout,
  bounds: { readonly minimum: readonly [number, number]; readonly maximum: readonly [number, number] },
  room: number,
  shown: ColourScale,
  key: string,
  panels: readonly { readonly heading: string; readonly picture: (view: View) => string }[],
): Drawing => {
  const aspect = (bounds.maximum[1] - bounds.minimum[1]) / (bounds.maximum[0] - bounds.minimum[0])
  const stacked = aspect < 0.6
  const barRoom = 78
  const stackGap = stacked ? 26 : 14
  const [padX, padTop, padBottom, gap] = [8, 26, 26, stackGap]
  const across = stacked ? 1 : panels.length
  const view = viewOf(
    bounds,
    (room - barRoom - 2 * padX - (across - 1) * gap) / across,
    stacked ? 420 : aspect > 1.6 ? 385 : 460,
  )
  // Headings need more room than a slender picture has.
  const pitch = Math.max(view.width, stacked ? 0 : Math.min(128, room / across)) + gap
  const rowHeight = padTop + view.height + padBottom
  const width = padX + across * pitch - gap + barRoom + padX
  const height = stacked ? rowHeight * panels.length : rowHeight
  const clip = `clip-${key}`
  const body = panels.map(({ heading, picture }, at) => {
    const x = padX + (stacked ? 0 : at * pitch + (pitch - gap - view.width) / 2)
    const y = padTop + (stacked ? at * rowHeight : 0)
    const bar = scaleBar(view)
    return (
      label(x + view.width / 2, y - 10, literal(heading), { size: 11.5, anchor: "middle", colour: ink.soft }) +
      `<g transform="translate(${px(x)} ${px(y)})"><g clip-path="url(#${clip})">${picture(view)}</g>${electrodes(layout, view)}</g>` +
      `<path d="M${px(x)} ${px(y + view.height + 10)}h${px(bar.pixels)}" stroke="${ink.text}" stroke-width="2"/>` +
      label(x + bar.pixels + 6, y + view.height + 14, bar.text, { size: 11, colour: ink.soft })
    )
  })
  const barX = padX + across * pitch - gap + 16
  const barHeight = Math.min(view.height, 260)
  return {
    width,
    height,
    body:
      `<clipPath id="${clip}"><rect x="-2" y="-2" width="${px(view.width + 4)}" height="${px(view.height + 4)}"/></clipPath>` +
      body.join("") +
      colourBar(shown, barX, padTop + (view.height - barHeight) / 2, barHeight),
    plots: [],
  }
}

const colourBar = ({ axis, map, below, above }: ColourScale, x: number, y: number, height: number): string => {
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
