import type { Labels, Mask } from "./volume.ts"

/** Pixels [x, x + width) × [y, y + height) of the stored image. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Bounding boxes of all labels. */
export const labelBoxes = (labels: Labels): readonly (Rectangle & { readonly area: number })[] => {
  const [width, height] = labels.shape
  const box = Array.from({ length: labels.count }, () => ({ x0: width, x1: -1, y0: height, y1: -1, area: 0 }))
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const label = labels.values[i]
      if (label === 0) continue
      const b = box[label - 1]
      b.x0 = Math.min(b.x0, x)
      b.x1 = Math.max(b.x1, x)
      b.y0 = Math.min(b.y0, y)
      b.y1 = Math.max(b.y1, y)
      b.area++
    }
  return box.map((b) => ({ x: b.x0, y: b.y0, width: b.x1 - b.x0 + 1, height: b.y1 - b.y0 + 1, area: b.area }))
}

/** Columns that are in view in all of the rows [first, end), widest stretch: [from, to). */
export const columnsInView = (view: Mask, first: number, end: number): readonly [number, number] => {
  const [width] = view.shape
  let best: [number, number] = [0, 0]
  let start = -1
  for (let x = 0; x <= width; x++) {
    let visible = x < width
    for (let y = first; visible && y < end; y++) visible = view.values[x + width * y] !== 0
    if (visible && start < 0) start = x
    if (!visible && start >= 0) {
      if (x - start > best[1] - best[0]) best = [start, x]
      start = -1
    }
  }
  return best
}

/** How much worse it is to leave the rest of a cut particle in the picture than to lose as much of a whole one. */
const remnantPenalty = 2
/** The crop gives up at most this share of the width on either side. */
const mostGivenUp = 0.15

/**
 * Left or right edge that loses least: particles that the edge cuts are dropped, and what remains of them inside the
 * crop becomes matrix, which counts double.
 *
 * @param limit  outermost possible edge, `step` +1 where the crop begins there and −1 where it ends
 * @param gap    free pixels wanted between a particle and the edge
 */
export const bestEdge = (labels: Labels, limit: number, step: 1 | -1, span: number, gap: number): number => {
  const [width] = labels.shape
  const boxes = labelBoxes(labels)
  /** [label, column] pixels */
  const columns = boxes.map((box) => new Int32Array(box.width))
  for (let i = 0; i < labels.values.length; i++) {
    const label = labels.values[i]
    if (label > 0) columns[label - 1][(i % width) - boxes[label - 1].x]++
  }
  let best = limit
  let least = Number.POSITIVE_INFINITY
  for (let moved = 0; moved <= mostGivenUp * span; moved++) {
    const edge = limit + step * moved
    let cost = 0
    boxes.forEach((box, k) => {
      const near = step === 1 ? box.x - edge : edge - (box.x + box.width)
      if (near >= gap) return
      cost += box.area
      for (let c = 0; c < box.width; c++) {
        const inside = step === 1 ? box.x + c >= edge : box.x + c < edge
        if (inside) cost += remnantPenalty * columns[k][c]
      }
    })
    if (cost < least) {
      least = cost
      best = edge
    }
  }
  return best
}
