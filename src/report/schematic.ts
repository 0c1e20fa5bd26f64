import { distinctParticles, ink, tinted } from "./colour.ts"
import { type Drawing, label, px } from "./drawing.ts"
import {
  collectorColour,
  electrodes,
  type Layout,
  lithiumColour,
  particleOutlines,
  regionFill,
  regionShapes,
} from "./layout.ts"
import { percent } from "./number.ts"
import { literal, markupToPlain, textWidth } from "./text.ts"
import { pathOf, scaleBar, toX, toY, type View, viewOf } from "./view.ts"

/** Names of the well conducting regions of matrix; all where none is called so. */
const conductingNames = (layout: Layout): readonly string[] => {
  const matrices = layout.mesh.regions.filter(({ kind }) => kind === "matrix").map(({ name }) => name)
  const high = matrices.filter((name) => /high/i.test(name))
  return high.length > 0 && high.length < matrices.length ? high : matrices
}

/** Share of a particle's perimeter on the well conducting matrix; null where the layout knows no such difference. */
export const coverageShares = (layout: Layout): Float64Array | null => {
  const { regions, share } = layout.coverage
  const count = layout.area.length
  const wanted = conductingNames(layout)
  const others = regions.filter((name) => name !== "particles" && !wanted.includes(name))
  if (others.length === 0) return null
  return Float64Array.from({ length: count }, (_, particle) =>
    wanted.reduce((sum, name) => {
      const column = regions.indexOf(name)
      return sum + (column < 0 ? 0 : share[particle * regions.length + column])
    }, 0),
  )
}

/** Interfaces on the well conducting matrix as a bold line. */
const coveredFacets = ({ mesh, ...layout }: Layout, view: View): string => {
  const wanted = conductingNames({ mesh, ...layout })
  const paths: string[] = []
  const { innerNode, innerCell, outerCell } = mesh.interfaces
  for (let facet = 0; facet < innerCell.length; facet++) {
    const sides = [innerCell[facet], outerCell[facet]].map((cell) => mesh.regions[mesh.cellToRegion[cell]])
    if (sides.some(({ kind, name }) => kind === "matrix" && wanted.includes(name))) {
      paths.push(pathOf(mesh, view, innerNode.subarray(2 * facet, 2 * facet + 2), false))
    }
  }
  return `<path d="${paths.join("")}" fill="none" stroke="${ink.text}" stroke-width="1.3"/>`
}

/** What the coverage is a share of, in words. */
export const coverageWords = (layout: Layout): string =>
  layout.mesh.regions.some(({ kind, name }) => kind === "matrix" && /high/i.test(name))
    ? "perimeter on high-conductivity carbon/binder"
    : "perimeter on carbon/binder"

/**
 * Panel A: the layout as the mesh has it, with what touches what.
 * @param colours  [particle]
 * @param slender  names beside the layout, else in a row below it
 */
export const schematic = (
  layout: Layout,
  colours: readonly string[],
  { width, height }: { readonly width: number; readonly height: number },
  slender: boolean,
): Drawing => {
  const top = 36
  const few = colours.length <= distinctParticles
  const rows = slender ? [] : legendRows(legend(layout), width)
  const below = slender ? 26 : 28 + 18 * rows.length
  const view = viewOf(layout.bounds, width - (slender ? 136 : 8), height - top - below)
  const x = slender ? 6 : (width - view.width) / 2
  const bar = scaleBar(view)
  const body =
    label(2, 16, "A", { size: 15, weight: 700 }) +
    label(24, 16, coverageShares(layout) === null ? "Layout" : "Layout and coverage", {
      size: 13,
      weight: 600,
    }) +
    `<g transform="translate(${px(x)} ${top})">` +
    regionShapes(layout, view, (region) => (region.kind === "particle" ? null : regionFill(region, true)), "same") +
    regionShapes(layout, view, ({ kind, particle }) =>
      kind === "particle" ? tinted(colours[particle], few ? 0.38 : 0.8) : null,
    ) +
    particleOutlines(layout, view, few ? "#3c4250" : "#ffffff", few ? 1 : 0.4) +
    (few || coverageShares(layout) === null ? "" : coveredFacets(layout, view)) +
    electrodes(layout, view) +
    particleNames(layout, view, colours) +
    `</g>` +
    `<path d="M${px(x)} ${px(top + view.height + 14)}h${px(bar.pixels)}" stroke="${ink.text}" stroke-width="2"/>` +
    label(x + bar.pixels + 6, top + view.height + 18, bar.text, { size: 11, colour: ink.soft }) +
    (slender ? besideNames(layout, view, x + view.width + 10, top) : rowsMarkup(rows, top + view.height + 40))
  return { width, height, body, plots: [] }
}

const particleNames = (layout: Layout, view: View, colours: readonly string[]): string => {
  const shares = coverageShares(layout)
  return colours
    .map((colour, particle) => {
      const radius = Math.sqrt(layout.area[particle] / Math.PI) * view.scale
      if (radius < 9) return ""
      const x = toX(view, layout.centroid[2 * particle])
      const y = toY(view, layout.centroid[2 * particle + 1])
      const named = radius >= 24 && shares !== null
      const size = radius >= 24 ? 14 : Math.max(8, radius * 0.75)
      return (
        label(x, y + (named ? -1 : size * 0.36), `P${particle + 1}`, {
          size,
          weight: 700,
          anchor: "middle",
          colour: colours.length <= distinctParticles ? colour : ink.text,
          halo: colours.length > distinctParticles,
        }) + (named ? label(x, y + 14, percent(shares[particle]), { size: 12, anchor: "middle" }) : "")
      )
    })
    .join("")
}

interface Entry {
  readonly fill: string
  readonly text: string
}

const matrixWords = (layout: Layout, name: string): readonly string[] => {
  const several = layout.mesh.regions.filter(({ kind }) => kind === "matrix").length > 1
  if (!several) return ["carbon/binder"]
  return /^(high|low)$/i.test(name) ? ["carbon/binder,", `${name} conductivity`] : ["carbon/binder,", literal(name)]
}

const legend = (layout: Layout): readonly Entry[] => {
  const { regions, boundaries } = layout.mesh
  const separator = regions.find(({ kind }) => kind === "separator")
  return [
    ...(boundaries.lithium.facetToCell.length > 0 ? [{ fill: lithiumColour, text: "lithium" }] : []),
    ...(separator === undefined ? [] : [{ fill: regionFill(separator, true), text: "separator" }]),
    ...regions
      .filter(({ kind }) => kind === "matrix")
      .map((region) => ({ fill: regionFill(region, true), text: matrixWords(layout, region.name).join(" ") })),
    ...(regions.some(({ kind }) => kind === "void") ? [{ fill: "#ffffff", text: "pore" }] : []),
    ...(boundaries.collector.facetToCell.length > 0 ? [{ fill: collectorColour, text: "current collector" }] : []),
  ]
}

const swatch = (x: number, base: number, fill: string): string =>
  `<rect x="${px(x)}" y="${px(base - 9)}" width="13" height="10" fill="${fill}" stroke="${ink.axis}" stroke-width="0.5"/>`

interface Placed extends Entry {
  readonly x: number
}

const legendRows = (entries: readonly Entry[], width: number): readonly (readonly Placed[])[] => {
  const rows: Placed[][] = [[]]
  let x = 0
  for (const entry of entries) {
    const room = 20 + Math.ceil(textWidth(markupToPlain(entry.text), 11.5)) + 18
    if (x > 0 && x + room > width) {
      rows.push([])
      x = 0
    }
    rows[rows.length - 1].push({ ...entry, x })
    x += room
  }
  return rows
}

const rowsMarkup = (rows: readonly (readonly Placed[])[], top: number): string =>
  rows
    .flatMap((row, at) =>
      row.map(
        ({ fill, text, x }) =>
          swatch(x + 6, top + 18 * at, fill) + label(x + 25, top + 18 * at, text, { size: 11.5, colour: ink.soft }),
      ),
    )
    .join("")

/** Names at the height of what they name. */
const besideNames = (layout: Layout, view: View, x: number, top: number): string => {
  const { mesh, electrode, bounds } = layout
  const text = (y: number, markup: string, fill: string | null) =>
    (fill === null ? "" : swatch(x, y, fill)) +
    label(x + (fill === null ? 0 : 19), y, markup, { size: 11.5, colour: ink.soft })
  const parts: string[] = []
  const { lithium, collector } = mesh.boundaries
  if (lithium.facetToNode.length > 0) {
    parts.push(text(top + toY(view, mesh.nodes[2 * lithium.facetToNode[0] + 1]) + 4, "lithium", lithiumColour))
  }
  if (collector.facetToNode.length > 0) {
    parts.push(
      text(top + toY(view, mesh.nodes[2 * collector.facetToNode[0] + 1]) + 4, "current collector", collectorColour),
    )
  }
  const separator = mesh.regions.find(({ kind }) => kind === "separator")
  if (separator !== undefined) {
    const middle = (bounds.maximum[1] + electrode.maximum[1]) / 2
    parts.push(text(top + toY(view, middle) + 4, "separator", regionFill(separator, true)))
  }
  let y = top + toY(view, electrode.maximum[1]) + 24
  for (const region of mesh.regions.filter(({ kind }) => kind === "matrix")) {
    matrixWords(layout, region.name).forEach((words, line) => {
      parts.push(
        line === 0
          ? text(y, words, regionFill(region, true))
          : label(x + 19, y, words, { size: 11.5, colour: ink.soft }),
      )
      y += 15
    })
    y += 9
  }
  if (coverageShares(layout) !== null) {
    for (const words of ["%: share of", "perimeter on", ...coverageEnd(layout)]) {
      parts.push(label(x, y + 6, words, { size: 11.5, colour: ink.soft }))
      y += 15
    }
  }
  return parts.join("")
}

const coverageEnd = (layout: Layout): readonly string[] =>
  /high/.test(coverageWords(layout)) ? ["high-conductivity", "carbon/binder"] : ["carbon/binder"]
