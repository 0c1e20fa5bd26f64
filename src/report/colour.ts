/** Red, green and blue, 0…255. */
export type Rgb = readonly [number, number, number]

/** A colour map as evenly spaced stops, linear between them. */
export interface ColourMap {
  readonly name: string
  readonly stops: readonly Rgb[]
}

/** "#rrggbb" as numbers. */
export const rgb = (hex: string): Rgb => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
]

export const hex = (colour: Rgb): string =>
  `#${colour.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`

const mapOf = (name: string, stops: string): ColourMap => ({ name, stops: stops.split(" ").map(rgb) })

/**
 * Perceptually uniform, blue to yellow.
 * @source S. van der Walt, N. Smith (2015), matplotlib's viridis, CC0
 */
export const viridis = mapOf(
  "viridis",
  "#440154 #482475 #414487 #355f8d #2a788e #21918c #22a884 #44bf70 #7ad151 #bddf26 #fde725",
)

/**
 * Perceptually uniform for readers with and without colour-vision deficiency.
 * @source J. R. Nuñez, C. R. Anderton, R. S. Renslow (2018), PLoS ONE 13, e0199239, doi:10.1371/journal.pone.0199239
 */
export const cividis = mapOf(
  "cividis",
  "#00204d #00336f #39486b #575c6d #707173 #8a8779 #a69d75 #c4b56c #e4cf5b #ffea46",
)

/**
 * Diverging, blue below and red above the middle.
 * @source C. A. Brewer (2003), ColorBrewer RdBu, colorbrewer2.org
 */
export const blueRed = mapOf(
  "blue-red",
  "#053061 #2166ac #4393c3 #92c5de #d1e5f0 #f7f7f7 #fddbc7 #f4a582 #d6604d #b2182b #67001f",
)

/**
 * Sequential, for damage: pale to dark red.
 * @source C. A. Brewer (2003), ColorBrewer YlOrRd, colorbrewer2.org
 */
export const ember = mapOf("ember", "#fbe9a9 #fed976 #feb24c #fd8d3c #fc4e2a #e31a1c #bd0026 #800026")

/** Colour at a share 0…1 of the map; ends continue outside. */
export const colourAt = ({ stops }: ColourMap, share: number): Rgb => {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1)
  const low = Math.min(Math.floor(place), stops.length - 2)
  const part = place - low
  const [a, b] = [stops[low], stops[low + 1]]
  return [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]), a[2] + part * (b[2] - a[2])]
}

/** A colour mixed with white; share 1 keeps it, 0 is white. */
export const tinted = (colour: string, share: number): string => {
  const [r, g, b] = rgb(colour)
  return hex([255 + share * (r - 255), 255 + share * (g - 255), 255 + share * (b - 255)])
}

/** Of more particles than this, every so many are drawn: more curves do not show more */
export const mostCurves = 120

/** Particles that can be told apart by colour alone. */
export const distinctParticles = 8

/**
 * Colours that readers with colour-vision deficiency can tell apart, darkened where they are lines on white.
 * @source M. Okabe, K. Ito (2008), Color Universal Design, jfly.uni-koeln.de/color
 */
const categorical = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7b3f9e", "#5a5a5a"]

/**
 * One colour a particle, the same in every picture of a report.
 * @param count   number of particles
 * @param place   [particle] what many particles are ordered by, such as depth; by index where null
 */
export const particleColours = (count: number, place: Float64Array | null): readonly string[] => {
  if (count <= distinctParticles) return categorical.slice(0, count)
  const order = Array.from({ length: count }, (_, particle) => particle)
  if (place !== null) order.sort((a, b) => place[a] - place[b])
  const colours = new Array<string>(count)
  order.forEach((particle, rank) => {
    colours[particle] = hex(colourAt(viridis, (0.92 * rank) / (count - 1)))
  })
  return colours
}

/** Inks and papers of the report. */
export const ink = {
  text: "#1f2430",
  soft: "#5b6270",
  axis: "#8a909c",
  grid: "#e9ebef",
  band: "#f5f6f9",
  accent: "#0b5fa5",
  mean: "#000000",
  charge: "#b3541e",
  discharge: "#0b5fa5",
} as const
