import { type Axis, axisOver } from "./axis.ts"
import { chartDrawing, roomForTicks } from "./chart.ts"
import type { Chart, ChartLine } from "./chart-spec.ts"
import { type ColourMap, colourAt, distinctParticles, ember, hex, ink, viridis } from "./colour.ts"
import { particleName, type ReportContext } from "./context.ts"
import { composed, type Drawing, label, px } from "./drawing.ts"
import { facetPaths } from "./field.ts"
import { type ColourScale, colourStrip } from "./field-scale.ts"
import { electrodes, type Layout, regionFill, regionShapes } from "./layout.ts"
import { particleLines } from "./panels.ts"
import { type ReplayTrack, replayFacets, replayTracks } from "./replay.ts"
import { withinCycle } from "./series.ts"
import { pathOf, scaleBar, toX, toY, type View, viewOf } from "./view.ts"

/** A cycle or two to be played: stills that a script sets in motion, and what it needs to know for it. */
export interface Replay {
  /** One for each cycle, drawn at its end of charge */
  readonly stills: readonly Drawing[]
  /** Colour bars */
  readonly legend: Drawing
  readonly data: ReplayData
  /** Mark-up */
  readonly caption: string
}

/** What the script of the page reads. */
export interface ReplayData {
  readonly tracks: readonly ReplayTrack[]
  /** Of the longest cycle [s] */
  readonly duration: number
  /** End of charge of the first track, where the clock stands before it runs [s] */
  readonly still: number
  /** Mean c/c_max at the ends of the colours */
  readonly range: readonly [number, number]
  /** Colours of content and damage, evenly spaced, linear between them */
  readonly contentColours: readonly string[]
  readonly damageColours: readonly string[]
  /** [facet] path data in the still, and the particle it belongs to; empty where facets are not drawn one by one */
  readonly facets: readonly string[]
  readonly facetParticle: readonly number[]
  /** [track][plot] where the cursor goes: left, top, width, height [px] */
  readonly plots: readonly (readonly (readonly [number, number, number, number])[])[]
  /** Range of the voltage axis [V] */
  readonly voltageRange: readonly [number, number]
}

/** Shades in which damage along the interfaces is drawn */
const damageShades = 16

/** A replay of the compared cycles; null where there is no layout or nothing was recorded. */
export const replayOf = (context: ReportContext, room: number): Replay | null => {
  const { layout } = context
  const tracks = replayTracks(context)
  if (layout === null || tracks.length === 0) return null
  const hasDamage = tracks.some(({ damage }) => damage.length > 0)
  const duration = Math.max(...tracks.map(({ end }) => end))
  const contents = tracks.flatMap((track) =>
    track.content.map((row) => row.map((value) => (value ?? Number.NaN) / 1000)),
  )
  // Colours run over just what occurs, so that small differences show.
  const shades = axisOver("Mean *c*/*c*_max", contents, { spans: 5, tight: true })
  const voltage = axisOver(
    "Voltage (V)",
    tracks.map(({ voltage: { value } }) => value),
    { spans: 3, snug: true },
  )
  const width = tracks.length === 1 ? Math.min(room, 760) : (room - 20) / 2
  const frame = frameOf(layout, width)
  const facetCount = replayFacets(layout)
  const axes: Axes = {
    time: axisOver("Time in the cycle (min)", [[0, duration / 60]], { tight: true, spans: 6 }),
    content: axisOver("Mean *c*/*c*_max", contents, { spans: 5, within: [0, 1] }),
    shades,
    voltage,
  }
  const stills = tracks.map((track) => stillOf(context, layout, frame, track, axes))
  return {
    stills,
    legend: legendOf(shades, hasDamage),
    caption: captionOf(tracks, hasDamage),
    data: {
      tracks,
      duration,
      still: tracks[0].endOfCharge,
      range: [shades.minimum, shades.maximum],
      contentColours: viridis.stops.map(hex),
      damageColours: ember.stops.map(hex),
      facets: tracks.some(({ keys }) => keys.length > 0) ? facetSegments(layout, frame.view, facetCount) : [],
      facetParticle: Array.from(
        layout.mesh.interfaces.innerCell.subarray(0, facetCount),
        (cell) => layout.mesh.regions[layout.mesh.cellToRegion[cell]].particle,
      ),
      plots: stills.map(({ plots }) => plots.map(({ box }) => box)),
      voltageRange: [voltage.minimum, voltage.maximum],
    },
  }
}

interface Axes {
  readonly time: Axis
  readonly content: Axis
  /** Mean c/c_max as colours */
  readonly shades: Axis
  readonly voltage: Axis
}

/** Where the parts of a still stand: a tall electrode beside its curves, a wide one above them. */
interface Frame {
  readonly width: number
  readonly height: number
  readonly view: View
  readonly picture: readonly [number, number]
  readonly charts: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
}

const top = 52
const barRoom = 26

const frameOf = ({ electrode }: Layout, width: number): Frame => {
  const aspect = (electrode.maximum[1] - electrode.minimum[1]) / (electrode.maximum[0] - electrode.minimum[0])
  if (aspect > 0.9) {
    const view = viewOf(electrode, 0.46 * width, 390)
    const height = top + Math.max(view.height + barRoom, 330)
    const x = view.width + 22
    return { width, height, view, picture: [4, top], charts: { x, y: top - 6, width: width - x, height: height - top } }
  }
  const view = viewOf(electrode, width - 8, 400)
  const y = top + view.height + barRoom + 10
  return {
    width,
    height: y + 300,
    view,
    picture: [(width - view.width) / 2, top],
    charts: { x: 0, y, width, height: 300 },
  }
}

const stillOf = (
  context: ReportContext,
  layout: Layout,
  frame: Frame,
  track: ReplayTrack,
  { time, content, shades, voltage }: Axes,
): Drawing => {
  const curves = withinCycle(context.stoichiometry, track.cycle)
  const { lines, bands } = particleLines(
    context,
    curves,
    curves.time.map((value) => value / 60),
  )
  const cell: ChartLine = {
    name: "voltage (V)",
    colour: ink.accent,
    x: Float64Array.from(track.voltage.time, (value) => value / 60),
    y: Float64Array.from(track.voltage.value),
    width: 1.6,
  }
  const { charts } = frame
  const many = context.particleCount > distinctParticles
  const common: Pick<Chart, "width" | "x" | "left" | "right"> = {
    width: charts.width,
    x: time,
    left: Math.max(roomForTicks(content), roomForTicks(voltage)),
    right: many ? 66 : 34,
  }
  const upper = Math.round(0.45 * charts.height)
  const plots = composed(frame.width, frame.height, [
    {
      x: charts.x,
      y: charts.y,
      drawing: chartDrawing({ ...common, height: upper, xLabels: false, y: voltage, lines: [cell] }),
    },
    {
      x: charts.x,
      y: charts.y + upper,
      drawing: chartDrawing({
        ...common,
        height: charts.height - upper,
        y: content,
        lines: many ? lines.filter(({ quiet }) => quiet !== true) : lines,
        bands,
        names: "ends",
      }),
    },
  ])
  const [x, y] = frame.picture
  const bar = scaleBar(frame.view)
  const base = y + frame.view.height + 16
  return {
    ...plots,
    body:
      label(4, 17, `Cycle ${track.cycle}`, { size: 15, weight: 650 }) +
      `<text class="reading" x="4" y="37" font-size="13" fill="${ink.soft}"></text>` +
      `<g transform="translate(${px(x)} ${px(y)})">` +
      regionShapes(layout, frame.view, (region) =>
        region.kind === "particle" || region.kind === "separator" ? null : regionFill(region, false),
      ) +
      particlePaths(context, layout, frame.view, track, shades) +
      names(context, layout, frame.view) +
      electrodes(layout, frame.view) +
      `</g><path d="M${px(x)} ${px(base - 4)}h${px(bar.pixels)}" stroke="${ink.text}" stroke-width="2"/>` +
      label(x + bar.pixels + 6, base, bar.text, { size: 11, colour: ink.soft }) +
      plots.body +
      cursorMarks(plots),
  }
}

/** The moment of a track nearest to the end of charge. */
const stillMoment = ({ time, endOfCharge }: ReplayTrack): number =>
  time.reduce((best, value, at) => (Math.abs(value - endOfCharge) < Math.abs(time[best] - endOfCharge) ? at : best), 0)

/** Particles filled by their lithium content and outlined by their damage, each an element of its own. */
const particlePaths = (
  context: ReportContext,
  layout: Layout,
  view: View,
  track: ReplayTrack,
  { minimum, maximum }: Axis,
): string => {
  const moment = stillMoment(track)
  const shade = (map: ColourMap, share: number) => hex(colourAt(map, share))
  const paths = context.colours.map((_, particle) => {
    const rings = layout.mesh.regions.flatMap((region, at) =>
      region.particle === particle ? layout.rings[at].map((ring) => pathOf(layout.mesh, view, ring, true)) : [],
    )
    const content = track.content[moment][particle] ?? null
    const fill = content === null ? ink.grid : shade(viridis, (content / 1000 - minimum) / (maximum - minimum))
    const damage = track.keys.length > 0 ? null : (track.damage[moment]?.[particle] ?? null)
    const isWorn = damage !== null && damage >= 10
    const outline = isWorn ? shade(ember, damage / 1000) : "#ffffff"
    return `<path class="particle" d="${rings.join("")}" fill="${fill}" stroke="${outline}" stroke-width="${isWorn ? 3 : 1}" fill-rule="evenodd"/>`
  })
  return paths.join("") + facetGroups(context, layout, view, track)
}

const names = ({ colours }: ReportContext, layout: Layout, view: View): string =>
  colours.length > distinctParticles
    ? ""
    : colours
        .map((colour, particle) =>
          label(
            toX(view, layout.centroid[2 * particle]),
            toY(view, layout.centroid[2 * particle + 1]) + 5,
            particleName(particle),
            {
              size: 13,
              weight: 700,
              anchor: "middle",
              colour,
              halo: true,
            },
          ),
        )
        .join("")

/** One path for each shade of damage, least first; what they hold at the end of charge comes from its fields. */
const facetGroups = (context: ReportContext, layout: Layout, view: View, track: ReplayTrack): string => {
  if (track.keys.length === 0) return ""
  const origin = context.spans.find(({ cycle }) => cycle === track.cycle)?.from ?? 0
  const frame = context.input.frames.find(({ time }) => Math.abs(time - origin - track.endOfCharge) < 0.01)
  const filled =
    frame?.interfaceDamage == null ? [] : facetPaths(layout, view, frame.interfaceDamage, [0, 1], damageShades)
  return Array.from({ length: damageShades }, (_, shade) => {
    const colour = hex(colourAt(ember, (shade + 0.5) / damageShades))
    return `<path class="facets" d="${filled[shade] ?? ""}" fill="none" stroke="${colour}" stroke-width="3.4" stroke-linecap="round"/>`
  }).join("")
}

const facetSegments = ({ mesh }: Layout, view: View, count: number): readonly string[] =>
  Array.from({ length: count }, (_, facet) => {
    const [a, b] = [mesh.interfaces.innerNode[2 * facet], mesh.interfaces.innerNode[2 * facet + 1]]
    const point = (node: number) => `${px(toX(view, mesh.nodes[2 * node]))} ${px(toY(view, mesh.nodes[2 * node + 1]))}`
    return `M${point(a)}L${point(b)}`
  })

/** A line through each plot and a dot on the voltage, which only a script can place. */
const cursorMarks = ({ plots }: Drawing): string =>
  plots.map(() => `<path class="cursor" stroke="${ink.soft}" stroke-width="1" fill="none"/>`).join("") +
  `<circle class="dot" r="0" fill="${ink.accent}"/>`

const legendOf = (content: Axis, hasDamage: boolean): Drawing => {
  const scale = (axis: Axis, map: ColourMap): ColourScale => ({ axis, map, below: false, above: false })
  const damage = axisOver("Interface damage *d*", [[0, 1]], { within: [0, 1], spans: 4 })
  return {
    width: hasDamage ? 520 : 270,
    height: 46,
    body:
      colourStrip(scale(content, viridis), 12, 18, 230) +
      (hasDamage ? colourStrip(scale(damage, ember), 276, 18, 230) : ""),
    plots: [],
  }
}

const captionOf = (tracks: readonly ReplayTrack[], hasDamage: boolean): string => {
  const alongside =
    tracks.length > 1
      ? `Cycles ${tracks[0].cycle} and ${tracks[1].cycle} side by side, both from their beginning. `
      : ""
  const keyed = tracks.some(({ keys }) => keys.length > 0)
  const damage = !hasDamage
    ? ""
    : keyed
      ? " Coloured outlines are interface damage: where it sits is known at the recorded fields; in between, every facet goes from one to the next in step with the recorded damage of its particle."
      : " The colour of an outline is the mean interface damage of the particle (where it sits along the interface was not recorded)."
  return `${alongside}The fill of a particle is its mean lithium content.${damage} Drawn first: the end of charge of each.`
}
