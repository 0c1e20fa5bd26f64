import { cellCount } from "../mesh/mesh.ts"
import { axisOver } from "./axis.ts"
import { colourAt, ember, hex, ink } from "./colour.ts"
import { type Drawing, label, px } from "./drawing.ts"
import { type ColourScale, colourBar, fieldKinds, kindOf, knownFields, readingOf, scaleOf } from "./field-scale.ts"
import type { Field, FieldFrame } from "./input.ts"
import { electrodes, type Layout, particleOutlines, regionFill, regionShapes } from "./layout.ts"
import { percent, significant } from "./number.ts"
import { type FieldValues, pngDataUrl, rasterised } from "./raster.ts"
import { literal } from "./text.ts"
import { scaleBar, toX, toY, type View, viewOf } from "./view.ts"

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

/** The first and the last frame at end of charge of numbered cycles; where there is none, of all frames. */
export const framesShown = (frames: readonly FieldFrame[]): readonly FieldFrame[] => {
  const charged = frames.filter(({ label }) => /end of charge, cycle/i.test(label))
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
    {
      below: (view) => regionShapes(layout, view, (region) => regionFill(region, false)),
      above: (view) => particleOutlines(layout, view, "#20242c", 0.7),
    },
  )
  const range = `from ${significant(sorted[0], 4)} to ${significant(sorted[sorted.length - 1], 4)}${unit === "" ? "" : ` ${unit}`}`
  const clipped =
    scale.below || scale.above
      ? ` The colours leave out the outermost ${percent(kind.trim)} of values at either end.`
      : ""
  return {
    title: kind.title,
    caption: `${kind.title}${kind.symbol === "" ? "" : ` ${kind.symbol}`}, ${range}.${clipped}${note}${kind.look === "" ? "" : ` ${kind.look}`}`,
    drawing,
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
  return `<image x="0" y="0" width="${px(view.width)}" height="${px(view.height)}" preserveAspectRatio="none" href="${url}"/>`
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
      picture: (view: View) => colouredFacets(layout, view, values, shown),
    })),
    {
      below: (view) =>
        regionShapes(layout, view, (region) => regionFill(region, false)) +
        particleOutlines(layout, view, "#9aa1ab", 0.8),
      above: () => "",
    },
  )
  const words =
    quantity === "gap"
      ? "Opening of the interfaces, on which the contact resistance depends; closed ones stay grey."
      : "Damage along the interfaces, 0 whole to 1 debonded; undamaged ones stay grey. It begins where the shrinking particle is pulled most, and spreads along the interface."
  return { title, caption: words, drawing }
}

/** Facets in sixteen colours, those of one colour joined to one path. */
const colouredFacets = (layout: Layout, view: View, values: Float64Array, { axis, map }: ColourScale): string => {
  const levels = 16
  return facetPaths(layout, view, values, [axis.minimum, axis.maximum], levels)
    .map((path, level) =>
      path === ""
        ? ""
        : `<path d="${path}" fill="none" stroke="${hex(colourAt(map, (level + 0.5) / levels))}" stroke-width="3" stroke-linecap="round"/>`,
    )
    .join("")
}

/**
 * Path data of the facets in each of so many equal parts of a range; below a hundredth of the range none.
 * @param values [facet, 2] at the ends of each facet
 */
export const facetPaths = (
  layout: Layout,
  view: View,
  values: Float64Array,
  range: readonly [number, number],
  levels: number,
): readonly string[] => {
  const paths: string[][] = Array.from({ length: levels }, () => [])
  const { nodes, interfaces } = layout.mesh
  for (let facet = 0; facet < interfaces.innerCell.length; facet++) {
    const mean = (values[2 * facet] + values[2 * facet + 1]) / 2
    const share = (mean - range[0]) / (range[1] - range[0])
    if (!(share > 0.01)) continue
    const [a, b] = [interfaces.innerNode[2 * facet], interfaces.innerNode[2 * facet + 1]]
    const point = (node: number) => `${px(toX(view, nodes[2 * node]))} ${px(toY(view, nodes[2 * node + 1]))}`
    paths[Math.min(levels - 1, Math.floor(share * levels))].push(`M${point(a)}L${point(b)}`)
  }
  return paths.map((path) => path.join(""))
}

/** Pictures of the same view in a row (or one above the other where they are wide) with one colour bar. */
const panelsWithBar = (
  layout: Layout,
  bounds: { readonly minimum: readonly [number, number]; readonly maximum: readonly [number, number] },
  room: number,
  shown: ColourScale,
  key: string,
  panels: readonly { readonly heading: string; readonly picture: (view: View) => string }[],
  /** Drawn below and above each picture alike */
  { below, above }: { readonly below: (view: View) => string; readonly above: (view: View) => string },
): Drawing => {
  const aspect = (bounds.maximum[1] - bounds.minimum[1]) / (bounds.maximum[0] - bounds.minimum[0])
  const stacked = aspect < 0.28
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
  // The second picture refers to what the first one draws.
  const alike = (name: string, at: number, markup: string) =>
    at === 0 ? `<g id="${name}-${key}">${markup}</g>` : `<use href="#${name}-${key}"/>`
  const body = panels.map(({ heading, picture }, at) => {
    const x = padX + (stacked ? 0 : at * pitch + (pitch - gap - view.width) / 2)
    const y = padTop + (stacked ? at * rowHeight : 0)
    const bar = scaleBar(view)
    return (
      label(x + view.width / 2, y - 10, literal(heading), { size: 11.5, anchor: "middle", colour: ink.soft }) +
      `<g transform="translate(${px(x)} ${px(y)})"><g clip-path="url(#${clip})">${alike("below", at, below(view))}${picture(view)}${alike("above", at, above(view))}</g>${electrodes(layout, view)}</g>` +
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
