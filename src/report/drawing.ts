import { ink } from "./colour.ts"
import { escaped, markupToSvg } from "./text.ts"

/** What a reader can point at: a plot's rectangle, its ranges and the curves in it. */
export interface HoverPlot {
  /** Rectangle of the plot in the drawing: left, top, width, height [px] */
  readonly box: readonly [number, number, number, number]
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
  /** Plain text, such as "t/τ" */
  readonly xTitle: string
  readonly curves: readonly HoverCurve[]
}

export interface HoverCurve {
  readonly name: string
  readonly colour: string
  readonly x: readonly number[]
  /** null at gaps */
  readonly y: readonly (number | null)[]
}

/** Part of a picture: SVG children in a frame of its own. */
export interface Drawing {
  /** [px] */
  readonly width: number
  readonly height: number
  readonly body: string
  readonly plots: readonly HoverPlot[]
}

/** The report's face where it is installed or embedded, else the reader's own sans-serif. */
export const fontFamily =
  "'Source Sans 3 Variable','Source Sans 3','Source Sans Pro','Segoe UI','Helvetica Neue',Arial,'DejaVu Sans',sans-serif"

/** A coordinate with at most two decimals. */
export const px = (value: number): string => String(Math.round(value * 100) / 100)

export interface LabelStyle {
  readonly size?: number
  readonly colour?: string
  readonly anchor?: "start" | "middle" | "end"
  readonly weight?: number
  /** Degrees, about the label's point. */
  readonly turn?: number
  /** White outline that keeps the text readable on pictures. */
  readonly halo?: boolean
}

/** Text at a point; `markup` as in text.ts. */
export const label = (x: number, y: number, markup: string, style: LabelStyle = {}): string => {
  const { size = 12, colour = ink.text, anchor = "start", weight = 400, turn = 0, halo = false } = style
  return (
    `<text x="${px(x)}" y="${px(y)}" font-size="${size}" fill="${colour}"` +
    (anchor === "start" ? "" : ` text-anchor="${anchor}"`) +
    (weight === 400 ? "" : ` font-weight="${weight}"`) +
    (turn === 0 ? "" : ` transform="rotate(${turn} ${px(x)} ${px(y)})"`) +
    (halo ? ' stroke="#fff" stroke-width="2.6" stroke-linejoin="round" paint-order="stroke"' : "") +
    `>${markupToSvg(markup, size)}</text>`
  )
}

/** Drawings side by side, above or over one another, each at its place. */
export const composed = (
  width: number,
  height: number,
  parts: readonly { readonly drawing: Drawing; readonly x: number; readonly y: number }[],
): Drawing => ({
  width,
  height,
  body: parts
    .map(({ drawing, x, y }) =>
      drawing.body === "" ? "" : `<g transform="translate(${px(x)} ${px(y)})">${drawing.body}</g>`,
    )
    .join("\n"),
  plots: parts.flatMap(({ drawing, x, y }) =>
    drawing.plots.map((plot) => ({
      ...plot,
      box: [plot.box[0] + x, plot.box[1] + y, plot.box[2], plot.box[3]] as const,
    })),
  ),
})

/** A stand-alone SVG document on white; `title` is what screen readers say. */
export const svgDocument = (drawing: Drawing, title: string, fontFaces = ""): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
  `width="${px(drawing.width)}" height="${px(drawing.height)}" viewBox="0 0 ${px(drawing.width)} ${px(drawing.height)}" ` +
  `role="img" font-family="${fontFamily}">` +
  `<title>${escaped(title)}</title>` +
  (fontFaces === "" ? "" : `<style>${fontFaces}</style>`) +
  `<rect width="100%" height="100%" fill="#fff"/>${drawing.body}</svg>`
