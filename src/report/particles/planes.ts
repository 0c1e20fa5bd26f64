import { encode } from "fast-png"
import { ink, type Rgb, rgb } from "../colour.ts"
import { type Drawing, label, px } from "../drawing.ts"
import { base64 } from "../raster.ts"
import { scaleBar } from "../view.ts"
import type { PlanePicture } from "./input.ts"

/** Colours that stand out from gray and from one another; many labels share one, but no two that touch. */
const hues: readonly Rgb[] = [
  "#e6550d",
  "#3182bd",
  "#31a354",
  "#a55194",
  "#e7ba52",
  "#17becf",
  "#d6616b",
  "#8c6d31",
  "#9c9ede",
  "#637939",
  "#f7b6d2",
  "#7b4173",
].map(rgb)

/** Row-by-row neighbours in which two labels meet, as pairs of labels. */
const eachMeeting = ({ width, height, labels }: PlanePicture, visit: (a: number, b: number) => void): void => {
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const here = labels[x + width * y]
      if (here === 0) continue
      // Two pixels away as well: a thin seam should not join two of one colour.
      for (const step of [1, 2]) {
        if (x + step < width) visit(here, labels[x + step + width * y])
        if (y + step < height) visit(here, labels[x + width * (y + step)])
      }
    }
}

/** One of the hues for each label of a plane, another one than its neighbours have, as long as there are enough. */
export const planeHues = (plane: PlanePicture): ReadonlyMap<number, number> => {
  const beside = new Map<number, Set<number>>()
  for (const label of plane.labels) if (label > 0 && !beside.has(label)) beside.set(label, new Set())
  eachMeeting(plane, (a, b) => {
    if (b === 0 || a === b) return
    beside.get(a)?.add(b)
    beside.get(b)?.add(a)
  })
  const chosen = new Map<number, number>()
  for (const [label, others] of beside) {
    const taken = new Set([...others].map((other) => chosen.get(other)))
    // Starting at another hue for each label keeps the picture colourful.
    const start = (label * 7) % hues.length
    const free = hues.findIndex((_, at) => !taken.has((start + at) % hues.length))
    chosen.set(label, (start + Math.max(0, free)) % hues.length)
  }
  return chosen
}

const fillOpacity = 84

/** Of cracks and inner voids; strong, for they are small. */
const crackColour = [...rgb("#c8102e"), 200]

/** The labels as a clear picture to lay over the gray one: tinted inside, strong along the boundaries, red in cracks. */
const overlayUrl = (plane: PlanePicture): string => {
  const { width, height, labels, cracks } = plane
  const chosen = planeHues(plane)
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const here = labels[x + width * y]
      if (here === 0) continue
      if (cracks !== undefined && cracks[x + width * y] !== 0) {
        data[x + width * y] = 1 + 2 * hues.length
        continue
      }
      const isEdge =
        (x > 0 && labels[x - 1 + width * y] !== here) ||
        (x < width - 1 && labels[x + 1 + width * y] !== here) ||
        (y > 0 && labels[x + width * (y - 1)] !== here) ||
        (y < height - 1 && labels[x + width * (y + 1)] !== here)
      data[x + width * y] = 1 + (chosen.get(here) ?? 0) + (isEdge ? hues.length : 0)
    }
  // The encoder wants the clear entries first.
  const palette = [
    [0, 0, 0, 0],
    ...hues.map((hue) => [...hue, fillOpacity]),
    ...hues.map((hue) => [...hue, 255]),
    crackColour,
  ]
  return pngUrl(width, height, data, palette)
}

const pngUrl = (width: number, height: number, data: Uint8Array, palette?: number[][]): string => {
  const colours = palette === undefined ? {} : { palette: palette as [number, number, number, number][] }
  return `data:image/png;base64,${base64(encode({ width, height, data, channels: 1, depth: 8, ...colours }))}`
}

/** Where a plane is cut by another, as a line over the picture. */
export interface Crossing {
  readonly direction: "across" | "down"
  /** 0 … 1 from the left or from above */
  readonly share: number
  readonly name: string
}

/**
 * A plane in gray with its labels over it and a scale bar below.
 * @param room  width of the picture [px]
 */
export const planeDrawing = (plane: PlanePicture, crossings: readonly Crossing[], room: number): Drawing => {
  const scale = room / (plane.width * plane.pixel[0])
  const height = plane.height * plane.pixel[1] * scale
  const sharp = scale * plane.pixel[0] > 1.4 ? ' style="image-rendering:pixelated"' : ""
  const image = (url: string, kind: string): string =>
    `<image class="${kind}" width="${px(room)}" height="${px(height)}" preserveAspectRatio="none" href="${url}"${sharp}/>`
  const bar = scaleBar({ minimum: [0, 0], maximum: [room / scale, height / scale], scale, width: room, height })
  const lines = crossings.map(({ direction, share, name }) => {
    const at = px(share * (direction === "across" ? height : room))
    const path = direction === "across" ? `M0 ${at}h${px(room)}` : `M${at} 0v${px(height)}`
    const [x, y] = direction === "across" ? [room - 4, Number(at) - 4] : [Number(at) + 4, 12]
    return (
      `<path d="${path}" stroke="#fff" stroke-opacity="0.85" stroke-width="1" stroke-dasharray="7 5"/>` +
      label(x, y, name, { size: 11, colour: "#fff", anchor: direction === "across" ? "end" : "start" })
    )
  })
  return {
    width: room,
    height: height + 24,
    body:
      image(pngUrl(plane.width, plane.height, plane.gray), "gray") +
      image(overlayUrl(plane), "overlay") +
      `<g class="crossing">${lines.join("")}</g>` +
      `<path d="M0 ${px(height + 14)}h${px(bar.pixels)}" stroke="${ink.text}" stroke-width="2"/>` +
      label(bar.pixels + 6, height + 18, bar.text, { size: 11, colour: ink.soft }),
    plots: [],
  }
}
