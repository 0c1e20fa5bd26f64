import { encode } from "fast-png"
import { assertLength } from "../../array/assert.ts"
import { ink, rgb } from "../colour.ts"
import { type Drawing, label, px } from "../drawing.ts"
import { base64 } from "../raster.ts"
import { scaleBar } from "../view.ts"
import type { ComparedPlane } from "./input.ts"

/** Colours of the true and of the found labels, for lines; their areas are paler. */
export const sides = { truth: "#0072b2", found: "#d55e00", both: "#1f2430" } as const

/** What a pixel shows, as its place in the palette. */
const palette: readonly (readonly [name: string, colour: string])[] = [
  ["matrix", "#ffffff"],
  ["both", "#e4e6ea"],
  ["truth only", "#b5d9ee"],
  ["found only", "#f8d3b5"],
  ["outline of truth", sides.truth],
  ["outline of found", sides.found],
  ["both outlines", sides.both],
]

/** Whether an object's pixel lies at its edge: the next to the right or below, left or above is of another label. */
const isEdge = (labels: Int32Array, x: number, y: number, width: number, height: number): boolean => {
  const i = x + width * y
  const own = labels[i]
  return (
    own !== 0 &&
    ((x > 0 && labels[i - 1] !== own) ||
      (x + 1 < width && labels[i + 1] !== own) ||
      (y > 0 && labels[i - width] !== own) ||
      (y + 1 < height && labels[i + width] !== own))
  )
}

/** Each pixel's place in the palette. */
export const comparedPixels = ({ width, height, truth, found }: ComparedPlane): Uint8Array => {
  assertLength("truth", truth, width * height)
  assertLength("found", found, width * height)
  const out = new Uint8Array(width * height)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const edges = (isEdge(truth, x, y, width, height) ? 1 : 0) + (isEdge(found, x, y, width, height) ? 2 : 0)
      const areas = (truth[i] !== 0 ? 1 : 0) + (found[i] !== 0 ? 2 : 0)
      out[i] = edges > 0 ? 3 + edges : areas === 3 ? 1 : areas === 0 ? 0 : 1 + areas
    }
  return out
}

/**
 * A plane with the outlines of true and found objects, and a scale bar.
 * @param room width of the picture [px]
 */
export const comparedDrawing = (plane: ComparedPlane, room: number): Drawing => {
  const { width, height, pixel, name } = plane
  const scale = room / (width * pixel[0])
  const tall = height * pixel[1] * scale
  const colours = palette.map(([, colour]): [number, number, number, number] => [...rgb(colour), 255])
  const file = encode({ width, height, data: comparedPixels(plane), channels: 1, depth: 8, palette: colours })
  const sharp = room > width ? ' style="image-rendering:pixelated"' : ""
  const bar = scaleBar({ minimum: [0, 0], maximum: [room / scale, tall / scale], scale, width: room, height: tall })
  return {
    width: room,
    height: tall + 46,
    body:
      label(0, 13, name, { size: 13, weight: 600 }) +
      `<g transform="translate(0 22)"><image width="${px(room)}" height="${px(tall)}" preserveAspectRatio="none" href="data:image/png;base64,${base64(file)}"${sharp}/>` +
      `<rect width="${px(room)}" height="${px(tall)}" fill="none" stroke="${ink.grid}"/>` +
      `<path d="M0 ${px(tall + 14)}h${px(bar.pixels)}" stroke="${ink.text}" stroke-width="2"/>` +
      `${label(bar.pixels + 6, tall + 18, bar.text, { size: 11, colour: ink.soft })}</g>`,
    plots: [],
  }
}

/** The colours of the planes in words. */
export const planeKey = (): string =>
  palette
    .slice(1)
    .map(
      ([name, colour]) =>
        `<span style="white-space:nowrap;margin-right:18px"><span class="mark" style="background:${colour}"></span>${name}</span>`,
    )
    .join(" ")
