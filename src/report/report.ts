import { contextOf } from "./context.ts"
import { svgDocument } from "./drawing.ts"
import { type PageFigure, reportFigures } from "./figures.ts"
import type { Figure, ReportInput } from "./input.ts"
import { pageOf } from "./page.ts"
import { runDrawing } from "./picture.ts"
import { type FontFace, fontFaceRules } from "./style.ts"
import { markupToPlain } from "./text.ts"

/** How a report is made. */
export interface ReportOptions {
  /** Faces to embed; without any the reader's own sans-serif is used. */
  readonly fonts?: readonly FontFace[]
}

/**
 * The report of a run as one HTML document that needs nothing else: no network, no other file. Scripts inside it
 * read values under the pointer and replay a cycle; without them all pictures stand still and are whole.
 */
export const renderReport = (input: ReportInput, options: ReportOptions = {}): string => {
  const context = contextOf(input)
  return pageOf(context, reportFigures(context), fontFaceRules(options.fonts ?? []))
}

/** All figures of the report as stand-alone SVG documents, in the order of the page. */
export const figures = (input: ReportInput, options: ReportOptions = {}): readonly Figure[] => {
  const faces = fontFaceRules(options.fonts ?? [])
  const { arrangement: _, replay: __, ...sections } = reportFigures(contextOf(input))
  return Object.values(sections)
    .flat()
    .map(({ name, title, caption, drawing }: PageFigure) => ({
      name,
      title: markupToPlain(title),
      caption: markupToPlain(caption),
      svg: svgDocument(drawing, markupToPlain(title), faces),
    }))
}

/** One picture of a run (layout, lithium content, spread, damage, deviation) as a stand-alone SVG document. */
export const runPicture = (input: ReportInput, options: ReportOptions = {}): string => {
  const { twin, scenario } = input.manifest
  return svgDocument(runDrawing(contextOf(input)), `${twin}, ${scenario}`, fontFaceRules(options.fonts ?? []))
}
