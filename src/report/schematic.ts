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
import { scaleBar, toX, toY, type View, viewOf } from "./view.ts"

/** Share of a particle's perimeter on the well conducting matrix; null where the layout knows no such difference. */
export const coverageShares = (layout: Layout): Float64Array | null => {
  const { regions, share } = layout.coverage
  const count = layout.area.length
  const matrices = layout.mesh.regions.filter(({ kind }) => kind === "matrix").map(({ name }) => name)
  const high = matrices.filter((name) => /high/i.test(name))
  const wanted = high.length > 0 && high.length < matrices.length ? high : matrices
  const others = regions.filter((name) => name !== "particles" && !wanted.includes(name))
  if (others.length === 0) return null
  return Float64Array.from({ length: count }, (_, particle) =>
    wanted.reduce((sum, name) => {
      const column = regions.indexOf(name)
      return sum + (column < 0 ? 0 : share[particle * regions.length + column])
    }, 0),
  )
}

/** What the coverage is a share of, in words. */
export const coverageWords = (layout: Layout): string =>
  layout.mesh.regions.some(({ kind, name }) => kind === "matrix" && /high/i.test(name))
    ? "perimeter on high-conductivity carbon/binder"
    : "perimeter on carbon/binder"

/** Whether a layout is drawn beside the charts (slender) or above them (wide). */
export const isSlender = (layout: Layout): boolean =>
  layout.bounds.maximum[1] - layout.bounds.minimum[1] > 0.9 * (layout.bounds.maximum[0] - layout.bounds.minimum[0])

interface Entry {
  readonly fill: string
  readonly text: string
}

/** Panel A: the layout as the mesh has it, with what touches what. */
export const schematic = (
  layout: Layout,
  colours: readonly string[],
  width: number,
  height: number,
  letter = "A",
): Drawing => {
  const slender = isSlender(layout)
  const entries = legend(layout)
  const legendHeight = slender ? 18 * entries.length + 34 : 44
  const top = 34
  const view = viewOf(layout.bounds, width - 24, height - top - legendHeight - (slender ? 12 : 8))
  const x = slender ? Math.max(12, (width - view.width) / 2 - 20) : (width - view.width) / 2
  const few = colours.length <= distinctParticles
  const heading = few ? "Layout and coverage" : "Layout"
  const body =
    label(2, 16, letter, { size: 15, weight: 700 }) +
    label(letter === "" ? 2 : 24, 16, heading, { size: 13, weight: 600 }) +
    `<g transform="translate(${px(x)} ${top})">` +
    regionShapes(layout, view, (region) => (region.kind === "particle" ? null : regionFill(region, true)), "same") +
    regionShapes(layout, view, ({ kind, particle }) =>
      kind === "particle" ? tinted(colours[particle], few ? 0.38 : 0.8) : null,
    ) +
    particleOutlines(layout, view, few ? "#3c4250" : "#ffffff", few ? 1 : 0.4) +
    electrodes(layout, view) +
    particleNames(layout, view, colours) +
    `</g>` +
    legendMarkup(layout, view, entries, x, top + view.height + 16, slender)
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

const legend = (layout: Layout): readonly Entry[] => {
  const { regions, boundaries } = layout.mesh
  const matrices = regions.filter(({ kind }) => kind === "matrix")
  return [
    ...(boundaries.lithium.facetToCell.length > 0 ? [{ fill: lithiumColour, text: "lithium" }] : []),
    ...regions
      .filter(({ kind }) => kind === "separator")
      .slice(0, 1)
      .map((region) => ({ fill: regionFill(region, true), text: "separator" })),
    ...matrices.map((region) => ({
      fill: regionFill(region, true),
      text:
        matrices.length === 1
          ? "carbon/binder"
          : `carbon/binder, ${region.name}${/^(high|low)$/i.test(region.name) ? " conductivity" : ""}`,
    })),
    ...(regions.some(({ kind }) => kind === "void") ? [{ fill: "#ffffff", text: "pore" }] : []),
    ...(boundaries.collector.facetToCell.length > 0 ? [{ fill: collectorColour, text: "current collector" }] : []),
  ]
}

const legendMarkup = (
  layout: Layout,
  view: View,
  entries: readonly Entry[],
  x: number,
  y: number,
  slender: boolean,
): string => {
  const bar = scaleBar(view)
  const rule =
    `<path d="M${px(x)} ${px(y)}h${px(bar.pixels)}" stroke="${ink.text}" stroke-width="2"/>` +
    label(x + bar.pixels + 6, y + 4, bar.text, { size: 11, colour: ink.soft })
  let across = x + bar.pixels + 90
  const note =
    layout.coverage.regions.length > 0 && slender && coverageShares(layout) !== null
      ? label(8, y + 18 * entries.length + 22, `%: ${coverageWords(layout)}`, { size: 11, colour: ink.soft })
      : ""
  return (
    rule +
    entries
      .map(({ fill, text }, at) => {
        const left = slender ? 8 : across
        const base = slender ? y + 22 + 18 * at : y + 4
        across += 30 + 6 * text.length + 14
        return (
          `<rect x="${px(left)}" y="${px(base - 9)}" width="14" height="10" fill="${fill}" stroke="${ink.axis}" stroke-width="0.5"/>` +
          label(left + 20, base, text, { size: 11.5, colour: ink.soft })
        )
      })
      .join("") +
    note
  )
}
