import type { Mask, Volume } from "./volume.ts"

/**
 * First and end row of the electrode: the rows between the first and the last in which a share of the pixels in view
 * is bright. Speckle should be opened away beforehand, or a noisy collector counts as electrode.
 */
export const foundRows = (bright: Mask, view: Mask, share: number): readonly [number, number] => {
  const [width, height] = bright.shape
  const lit = new Float64Array(height)
  for (let y = 0; y < height; y++) {
    let seen = 0
    for (let i = width * y; i < width * (y + 1); i++) {
      seen += view.values[i]
      lit[y] += bright.values[i] & view.values[i]
    }
    lit[y] = seen > 0 ? lit[y] / seen : 0
  }
  let first = 0
  while (first < height && lit[first] < share) first++
  let end = height
  while (end > first && lit[end - 1] < share) end--
  return [first, end]
}

/** Mean gray value in view over some rows; the number of pixels lets empty bands be told. */
const meanOver = (gray: Volume, view: Mask, from: number, to: number): { mean: number; count: number } => {
  const [width] = gray.shape
  let sum = 0
  let count = 0
  for (let i = width * from; i < width * to; i++)
    if (view.values[i] !== 0) {
      sum += gray.values[i]
      count++
    }
  return { mean: count > 0 ? sum / count : Number.NaN, count }
}

/**
 * The side whose band beyond the electrode is darker holds the separator: phase and attenuation follow the density,
 * and a porous polymer full of electrolyte or air is far less dense than a metal foil. Where one of the two bands is
 * out of view nothing can be told, and the separator is taken to lie below.
 */
export const separatorSide = (gray: Volume, view: Mask, first: number, end: number): "top" | "bottom" => {
  const above = meanOver(gray, view, 0, first)
  const below = meanOver(gray, view, end, gray.shape[1])
  return above.count > 0 && below.count > 0 && above.mean < below.mean ? "top" : "bottom"
}
