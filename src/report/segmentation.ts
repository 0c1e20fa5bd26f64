import { decode, encode } from "fast-png"
import { ink, tinted } from "./colour.ts"
import { type Drawing, label, px } from "./drawing.ts"
import type { SegmentationPicture } from "./input.ts"
import { type Layout, particleOutlines } from "./layout.ts"
import { base64 } from "./raster.ts"
import { escaped } from "./text.ts"
import { scaleBar, toX, toY, type View, viewOf } from "./view.ts"

const pictureMarkup = (view: View, picture: SegmentationPicture): string => {
  const left = toX(view, picture.minimum[0])
  const top = toY(view, picture.maximum[1])
  const width = (picture.maximum[0] - picture.minimum[0]) * view.scale
  const height = (picture.maximum[1] - picture.minimum[1]) * view.scale
  return `<image x="${px(left)}" y="${px(top)}" width="${px(width)}" height="${px(height)}" preserveAspectRatio="none" href="${escaped(picture.dataUrl)}"/>`
}

/** The part of a picture that a view shows, with a pixel to spare; only PNG can be taken apart, others stay whole. */
const cropped = (picture: SegmentationPicture, view: View): SegmentationPicture => {
  const data = /^data:image\/png;base64,(.*)$/.exec(picture.dataUrl)?.[1]
  if (data === undefined) return picture
  const { width, height, channels, depth, data: pixels } = decode(Uint8Array.from(atob(data), byte))
  if (depth !== 8 || width !== picture.width || height !== picture.height) return picture
  const pixel = (picture.maximum[0] - picture.minimum[0]) / width
  const column = (x: number) => (x - picture.minimum[0]) / pixel
  const row = (y: number) => (picture.maximum[1] - y) / pixel
  const [left, right] = [column(view.minimum[0]) - 1, column(view.maximum[0]) + 1]
  const [top, bottom] = [row(view.maximum[1]) - 1, row(view.minimum[1]) + 1]
  const [x0, y0] = [Math.max(0, Math.floor(left)), Math.max(0, Math.floor(top))]
  const [x1, y1] = [Math.min(width, Math.ceil(right)), Math.min(height, Math.ceil(bottom))]
  if (!(x1 > x0 && y1 > y0)) return picture
  const part = new Uint8Array((x1 - x0) * (y1 - y0) * channels)
  for (let y = y0; y < y1; y++) {
    part.set(pixels.subarray((y * width + x0) * channels, (y * width + x1) * channels), (y - y0) * (x1 - x0) * channels)
  }
  const file = encode({ width: x1 - x0, height: y1 - y0, data: part, channels, depth })
  return {
    dataUrl: `data:image/png;base64,${base64(file)}`,
    width: x1 - x0,
    height: y1 - y0,
    minimum: [picture.minimum[0] + x0 * pixel, picture.maximum[1] - y1 * pixel],
    maximum: [picture.minimum[0] + x1 * pixel, picture.maximum[1] - y0 * pixel],
  }
}

const byte = (character: string): number => character.charCodeAt(0)

const framed = (view: View, inner: string, id: string): Drawing => {
  const bar = scaleBar(view)
  return {
    width: view.width + 2,
    height: view.height + 30,
    body:
      `<clipPath id="${id}"><rect width="${px(view.width)}" height="${px(view.height)}"/></clipPath>` +
      `<g transform="translate(1 2)"><g clip-path="url(#${id})">${inner}</g>` +
      `<rect width="${px(view.width)}" height="${px(view.height)}" fill="none" stroke="${ink.axis}"/>` +
      `<path d="M0 ${px(view.height + 14)}h${px(bar.pixels)}" stroke="${ink.text}" stroke-width="2"/>` +
      label(bar.pixels + 6, view.height + 18, bar.text, { size: 11, colour: ink.soft }) +
      `</g>`,
    plots: [],
  }
}

/** The picture with the outlines of the particles of the mesh on it. */
export const outlinesOnPicture = (layout: Layout, picture: SegmentationPicture, room: number): Drawing => {
  const within = (axis: 0 | 1) => [
    Math.max(layout.bounds.minimum[axis], picture.minimum[axis]),
    Math.min(layout.bounds.maximum[axis], picture.maximum[axis]),
  ]
  const [x, y] = [within(0), within(1)]
  const view = viewOf({ minimum: [x[0], y[0]], maximum: [x[1], y[1]] }, room, 640)
  const inner = pictureMarkup(view, picture) + outlines(layout, view, true, 1.3)
  return framed(view, inner, "clip-outlines")
}

/**
 * The mesh itself, on the picture where there is one: a window around the particle that is nearest to the middle
 * of the electrode, small enough that single triangles are seen.
 */
export const meshWindow = (layout: Layout, picture: SegmentationPicture | null, room: number): Drawing => {
  const { centroid, electrode } = layout
  const middle = [0, 1].map((axis) => (electrode.minimum[axis] + electrode.maximum[axis]) / 2)
  let nearest = -1
  let least = Number.POSITIVE_INFINITY
  for (let particle = 0; particle < layout.area.length; particle++) {
    const distance = Math.hypot(centroid[2 * particle] - middle[0], centroid[2 * particle + 1] - middle[1])
    if (distance < least) {
      least = distance
      nearest = particle
    }
  }
  const centre = nearest < 0 ? middle : [centroid[2 * nearest], centroid[2 * nearest + 1]]
  const half = nearest < 0 ? 5e-6 : 1.15 * Math.sqrt(layout.area[nearest] / Math.PI)
  const [wide, tall] = [1.7 * half, half].map((size, axis) =>
    Math.min(size, (layout.bounds.maximum[axis] - layout.bounds.minimum[axis]) / 2),
  )
  const within = (value: number, reach: number, axis: number) =>
    Math.min(Math.max(value, layout.bounds.minimum[axis] + reach), layout.bounds.maximum[axis] - reach)
  const [cx, cy] = [within(centre[0], wide, 0), within(centre[1], tall, 1)]
  const view = viewOf({ minimum: [cx - wide, cy - tall], maximum: [cx + wide, cy + tall] }, room, 420)
  const inner =
    (picture === null ? "" : pictureMarkup(view, cropped(picture, view))) +
    triangles(layout, view, picture !== null) +
    outlines(layout, view, picture !== null, 1.8)
  return framed(view, inner, "clip-mesh")
}

/** Outlines that stand out from paper, or from light and dark alike: white on black. */
const outlines = (layout: Layout, view: View, onPicture: boolean, width: number): string =>
  onPicture
    ? particleOutlines(layout, view, "#000000", width + 1.4) + particleOutlines(layout, view, "#ffffff", width)
    : particleOutlines(layout, view, "#d8432b", width)

const triangles = (layout: Layout, view: View, onPicture: boolean): string => {
  const { mesh } = layout
  const lines: string[] = []
  const fills: string[] = []
  const nodes = mesh.nodes.length / 2
  const drawn = new Set<number>()
  for (let cell = 0; cell < mesh.cellToRegion.length; cell++) {
    const corners = mesh.cellToNode.subarray(3 * cell, 3 * cell + 3)
    const x = Array.from(corners, (node) => toX(view, mesh.nodes[2 * node]))
    const y = Array.from(corners, (node) => toY(view, mesh.nodes[2 * node + 1]))
    if (Math.max(...x) < 0 || Math.min(...x) > view.width || Math.max(...y) < 0 || Math.min(...y) > view.height)
      continue
    if (mesh.regions[mesh.cellToRegion[cell]].kind === "particle") {
      fills.push(`M${px(x[0])} ${px(y[0])}L${px(x[1])} ${px(y[1])}L${px(x[2])} ${px(y[2])}Z`)
    }
    for (let side = 0; side < 3; side++) {
      const next = (side + 1) % 3
      const key = Math.min(corners[side], corners[next]) * nodes + Math.max(corners[side], corners[next])
      if (drawn.has(key)) continue
      drawn.add(key)
      lines.push(`M${px(x[side])} ${px(y[side])}L${px(x[next])} ${px(y[next])}`)
    }
  }
  const fill = onPicture ? "" : `<path d="${fills.join("")}" fill="${tinted(ink.accent, 0.1)}"/>`
  const stroke = (colour: string, width: number, opacity: number) =>
    `<path d="${lines.join("")}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-opacity="${opacity}"/>`
  return fill + (onPicture ? stroke("#000000", 1.5, 0.45) + stroke("#ffffff", 0.6, 0.9) : stroke("#6c7686", 0.55, 1))
}
