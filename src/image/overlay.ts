/** Four bytes a pixel: red, green, blue, opacity. */
export interface Rgba {
  readonly width: number
  readonly height: number
  /** [pixel, 4] */
  readonly pixels: Uint8ClampedArray
}

/** A colour for every label, neighbours in number far apart in hue (golden angle), as bright as text needs. */
const hueOf = (label: number): readonly [number, number, number] => {
  const hue = (label * 137.507764) % 360
  const channel = (shift: number): number => {
    const k = (shift + hue / 30) % 12
    return 255 * (0.55 - 0.45 * Math.max(-1, Math.min(k - 3, 9 - k, 1)))
  }
  return [channel(0), channel(8), channel(4)]
}

/**
 * Gray image with coloured outlines and a light tint of every particle, cracks in red.
 * @param gray   [pixel]; scaled from its 1 % to its 99 % quantile
 * @param labels [pixel], 0 matrix
 * @param cracks [pixel], non-zero in cracks and inner voids
 */
export const labelOverlay = (
  width: number,
  height: number,
  gray: ArrayLike<number>,
  labels: ArrayLike<number>,
  cracks?: ArrayLike<number>,
): Rgba => {
  const sorted = Float64Array.from({ length: Math.min(gray.length, 20_000) }, (_, k) => {
    return gray[Math.floor((k * gray.length) / Math.min(gray.length, 20_000))]
  }).sort()
  const low = sorted[Math.floor(0.01 * (sorted.length - 1))]
  const high = sorted[Math.ceil(0.99 * (sorted.length - 1))]
  const scale = high > low ? 255 / (high - low) : 0
  const pixels = new Uint8ClampedArray(4 * width * height)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const label = labels[i]
      const shade = (gray[i] - low) * scale
      const edge =
        label > 0 &&
        ((x > 0 && labels[i - 1] !== label) ||
          (x + 1 < width && labels[i + 1] !== label) ||
          (y > 0 && labels[i - width] !== label) ||
          (y + 1 < height && labels[i + width] !== label))
      const colour = hueOf(label)
      const tint = label === 0 ? 0 : edge ? 1 : 0.16
      const crack = cracks !== undefined && cracks[i] !== 0 ? 0.55 : 0
      for (let c = 0; c < 3; c++) {
        const base = shade * (1 - tint) + colour[c] * tint
        pixels[4 * i + c] = base * (1 - crack) + [235, 30, 30][c] * crack
      }
      pixels[4 * i + 3] = 255
    }
  return { width, height, pixels }
}
