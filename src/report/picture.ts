import type { ReportContext } from "./context.ts"
import { composed, type Drawing } from "./drawing.ts"
import { contentPanel, damagePanel, deviationPanel, spreadPanel } from "./panels.ts"
import { isSlender, schematic } from "./schematic.ts"

/** Layout, lithium content, spread, damage and deviation in one frame, 1180 px wide. */
export const runDrawing = (context: ReportContext): Drawing => {
  const width = 1180
  const pad = 14
  const { layout } = context
  const slender = layout !== null && isSlender(layout)
  const left = slender ? 256 : 0
  const rowHeight = 290
  const charts = width - 2 * pad - left
  const wide = Math.round(0.58 * (charts - 20))
  const half = (charts - 20) / 2
  const aspect =
    layout === null
      ? 0
      : (layout.bounds.maximum[1] - layout.bounds.minimum[1]) / (layout.bounds.maximum[0] - layout.bounds.minimum[0])
  const above = layout !== null && !slender ? Math.min(520, (width - 2 * pad) * aspect + 90) : 0
  const x = pad + left
  return composed(width, 2 * pad + above + 2 * rowHeight + 10, [
    ...(layout === null
      ? []
      : [
          {
            x: pad,
            y: pad,
            drawing: slender
              ? schematic(layout, context.colours, 236, 2 * rowHeight)
              : schematic(layout, context.colours, width - 2 * pad, above),
          },
        ]),
    { x, y: pad + above, drawing: contentPanel(context, wide, rowHeight) },
    { x: x + wide + 20, y: pad + above, drawing: spreadPanel(context, charts - 20 - wide, rowHeight) },
    { x, y: pad + above + rowHeight + 10, drawing: damagePanel(context, half, rowHeight) },
    { x: x + half + 20, y: pad + above + rowHeight + 10, drawing: deviationPanel(context, half, rowHeight) },
  ])
}
