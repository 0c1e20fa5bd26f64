import { components } from "./components.ts"
import { opened } from "./morphology.ts"
import type { Volume } from "./volume.ts"
import { gridOf, type Mask, voxelCount } from "./volume.ts"

/** A parted area counts as padding from this share of the image on. */
const smallestPadding = 2e-4

/**
 * The part of a plane image that was measured. Reconstructions pad the rest with one constant gray value: every
 * connected area of exactly equal values that reaches the border and is larger than chance allows is outside.
 *
 * Measured pixels that carry the padding value by chance and hang on its edge are given back by an opening.
 */
export const fieldOfView = (gray: Volume): Mask => {
  const [nx, ny] = gray.shape
  const { values } = gray
  const padding = new Set<number>()
  const runs = new Map<number, number>()
  const count = (i: number): void => {
    runs.set(values[i], (runs.get(values[i]) ?? 0) + 1)
  }
  for (let x = 0; x < nx; x++) {
    count(x)
    count(x + nx * (ny - 1))
  }
  for (let y = 0; y < ny; y++) {
    count(nx * y)
    count(nx - 1 + nx * y)
  }
  for (const [value, times] of runs) if (times >= 3) padding.add(value)
  const outside = new Uint8Array(voxelCount(gray))
  for (const value of padding) {
    const same = components({ ...gridOf(gray), values: Uint8Array.from(values, (v) => (v === value ? 1 : 0)) })
    const size = new Float64Array(same.count + 1)
    const reaches = new Uint8Array(same.count + 1)
    for (let y = 0, i = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        size[same.values[i]]++
        if (x === 0 || y === 0 || x === nx - 1 || y === ny - 1) reaches[same.values[i]] = 1
      }
    for (let i = 0; i < outside.length; i++) {
      const part = same.values[i]
      if (part > 0 && reaches[part] === 1 && size[part] >= smallestPadding * outside.length) outside[i] = 1
    }
  }
  const solid = opened({ ...gridOf(gray), values: outside }, 1.5 * gray.spacing[0])
  return { ...gridOf(gray), values: solid.values.map((value) => 1 - value) }
}
