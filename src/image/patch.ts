import type { Grid, Mask } from "./volume.ts"

/** A region's own small image, with a margin, and where it sits in the large one. */
export interface Patch {
  /** Upper left pixel; may lie outside the large image */
  readonly x0: number
  readonly y0: number
  readonly mask: Mask
}

/** The patch of a region given by its pixel indices in a plane image. */
export const patchOf = (pixels: Int32Array, grid: Grid, margin: number): Patch => {
  const width = grid.shape[0]
  let [x0, y0, x1, y1] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0]
  for (const pixel of pixels) {
    const x = pixel % width
    const y = (pixel - x) / width
    x0 = Math.min(x0, x)
    x1 = Math.max(x1, x)
    y0 = Math.min(y0, y)
    y1 = Math.max(y1, y)
  }
  x0 -= margin
  y0 -= margin
  const w = x1 - x0 + 1 + margin
  const h = y1 - y0 + 1 + margin
  const values = new Uint8Array(w * h)
  for (const pixel of pixels) {
    const x = pixel % width
    values[x - x0 + w * ((pixel - x) / width - y0)] = 1
  }
  return { x0, y0, mask: { shape: [w, h, 1], spacing: grid.spacing, values } }
}

/** Visits the pixels of a patch that lie inside the large image: index in the patch, index in the image. */
export const eachInside = (patch: Patch, grid: Grid, visit: (local: number, pixel: number) => void): void => {
  const [width, height] = grid.shape
  const [w, h] = patch.mask.shape
  for (let y = 0; y < h; y++) {
    const py = y + patch.y0
    if (py < 0 || py >= height) continue
    for (let x = 0; x < w; x++) {
      const px = x + patch.x0
      if (px >= 0 && px < width) visit(x + w * y, px + width * py)
    }
  }
}
