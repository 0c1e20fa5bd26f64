import { opened } from "./morphology.ts"
import { gridOf, type Mask, neighbourWalker, type Volume, voxelCount } from "./volume.ts"

/** An area of equal values counts as padding from this share of the image on. */
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
  const outside = new Uint8Array(voxelCount(gray))
  const visited = new Uint8Array(outside.length)
  const neighboursOf = neighbourWalker(gray, "face")
  const near = new Int32Array(6)
  const flood = (start: number): void => {
    if (visited[start] === 1) return
    visited[start] = 1
    const area = [start]
    for (let k = 0; k < area.length; k++) {
      const count = neighboursOf(area[k], near)
      for (let n = 0; n < count; n++) {
        if (visited[near[n]] === 1 || values[near[n]] !== values[start]) continue
        visited[near[n]] = 1
        area.push(near[n])
      }
    }
    if (area.length >= smallestPadding * outside.length) for (const pixel of area) outside[pixel] = 1
  }
  for (let x = 0; x < nx; x++) {
    flood(x)
    flood(x + nx * (ny - 1))
  }
  for (let y = 0; y < ny; y++) {
    flood(nx * y)
    flood(nx - 1 + nx * y)
  }
  const solid = opened({ ...gridOf(gray), values: outside }, 1.5 * gray.spacing[0])
  const inside = new Uint8Array(outside.length)
  for (let i = 0; i < inside.length; i++) inside[i] = 1 - solid.values[i]
  return { ...gridOf(gray), values: inside }
}
