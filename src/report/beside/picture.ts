import { encode } from "fast-png"
import { assertLength } from "../../array/assert.ts"
import { ink, type Rgb, rgb } from "../colour.ts"
import { type Drawing, label, px } from "../drawing.ts"
import { base64 } from "../raster.ts"
import { scaleBar } from "../view.ts"
import type { BesidePlane } from "./input.ts"

/** Colours of the outlines; where both ways draw one, it is white. */
export const lines = { first: "#3aa0ff", second: "#ff8a1f", both: "#ffffff", truth: "#35d07f" } as const

/** Pixels of a picture for each of a plane that is small, so that outlines are thin beside what they enclose. */
const magnification = ({ width, height }: BesidePlane): number =>
  Math.max(1, Math.min(6, Math.floor(720 / Math.max(width, height))))

/** Whether an outline runs along the low side of a pixel of the picture. */
const isOutline = (
  labels: Int32Array,
  { width, height }: BesidePlane,
  times: number,
  x: number,
  y: number,
): boolean => {
  const at = (u: number, v: number): number =>
    labels[Math.min(width - 1, Math.floor(u / times)) + width * Math.min(height - 1, Math.floor(v / times))]
  const own = at(x, y)
  return (x > 0 && at(x - 1, y) !== own) || (y > 0 && at(x, y - 1) !== own)
}

/** Red, green and blue of a plane with outlines. @returns picture [row, column, 3] and its edges */
export const besidePixels = (
  plane: BesidePlane,
): { readonly width: number; readonly height: number; readonly pixels: Uint8Array } => {
  const count = plane.width * plane.height
  assertLength("gray", plane.gray, count)
  assertLength("first", plane.first, count)
  assertLength("second", plane.second, count)
  const times = magnification(plane)
  const [width, height] = [times * plane.width, times * plane.height]
  const pixels = new Uint8Array(3 * width * height)
  const [first, second, both, truth] = [lines.first, lines.second, lines.both, lines.truth].map(rgb)
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p += 3) {
      const tone = plane.gray[Math.floor(x / times) + plane.width * Math.floor(y / times)]
      const inFirst = isOutline(plane.first, plane, times, x, y)
      const inSecond = isOutline(plane.second, plane, times, x, y)
      let colour: Rgb = [tone, tone, tone]
      if (inFirst && inSecond) colour = both
      else if (inFirst) colour = first
      else if (inSecond) colour = second
      else if (plane.truth !== null && isOutline(plane.truth, plane, times, x, y)) colour = truth
      pixels.set(colour, p)
    }
  return { width, height, pixels }
}

/** A plane with the outlines over it, and a scale bar. @param room width of the picture [px] */
export const besideDrawing = (plane: BesidePlane, room: number): Drawing => {
  const scale = room / (plane.width * plane.pixel[0])
  const tall = plane.height * plane.pixel[1] * scale
  const { width, height, pixels } = besidePixels(plane)
  const file = encode({ width, height, data: pixels, channels: 3, depth: 8 })
  const bar = scaleBar({ minimum: [0, 0], maximum: [room / scale, tall / scale], scale, width: room, height: tall })
  return {
    width: room,
    height: tall + 46,
    body:
      label(0, 13, plane.name, { size: 13, weight: 600 }) +
      `<g transform="translate(0 22)"><image width="${px(room)}" height="${px(tall)}" preserveAspectRatio="none" href="data:image/png;base64,${base64(file)}"/>` +
      `<rect width="${px(room)}" height="${px(tall)}" fill="none" stroke="${ink.grid}"/>` +
      `<path d="M0 ${px(tall + 14)}h${px(bar.pixels)}" stroke="${ink.text}" stroke-width="2"/>` +
      `${label(bar.pixels + 6, tall + 18, bar.text, { size: 11, colour: ink.soft })}</g>`,
    plots: [],
  }
}
