import type { ReportContext } from "./context.ts"
import { composed, type Drawing } from "./drawing.ts"
import { panelGap, runPanels } from "./panels.ts"

const width = 1180
const pad = 14

/** Layout, lithium content, spread, damage and deviation in one frame, 1180 px wide. */
export const runDrawing = (context: ReportContext): Drawing => {
  const { arrangement, layout, content, spread, damage, deviation } = runPanels(context, width - 2 * pad)
  const rows: readonly (readonly (Drawing | null)[])[] =
    arrangement === "corner"
      ? [
          [layout, content],
          [spread, damage, deviation],
        ]
      : [...(arrangement === "above" ? [[layout]] : []), [content, spread], [damage, deviation]]
  const beside = arrangement === "beside" ? layout : null
  const parts: { drawing: Drawing; x: number; y: number }[] = []
  let y = pad
  for (const row of rows) {
    let x = pad + (beside === null ? 0 : beside.width + panelGap)
    let tallest = 0
    for (const drawing of row) {
      if (drawing === null) continue
      parts.push({ drawing, x, y })
      x += drawing.width + panelGap
      tallest = Math.max(tallest, drawing.height)
    }
    if (tallest > 0) y += tallest + panelGap
  }
  if (beside !== null) {
    parts.push({ drawing: beside, x: pad, y: pad })
    y = Math.max(y, pad + beside.height + panelGap)
  }
  return composed(width, y - panelGap + pad, parts)
}
