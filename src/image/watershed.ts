import { components } from "./components.ts"
import {
  assertFills,
  type Connectivity,
  gridOf,
  type Labels,
  type Mask,
  neighbourWalker,
  type Volume,
} from "./volume.ts"

/** Priority queue of voxels: highest level first, first come first served within a level. */
export class Flood {
  private level = new Float64Array(1024)
  private order = new Float64Array(1024)
  private voxel = new Int32Array(1024)
  private size = 0
  private arrivals = 0

  get length(): number {
    return this.size
  }

  /** Level of the voxel that `pop` will return. */
  get top(): number {
    return this.level[0]
  }

  private before(a: number, b: number): boolean {
    return this.level[a] > this.level[b] || (this.level[a] === this.level[b] && this.order[a] < this.order[b])
  }

  private swap(a: number, b: number): void {
    const level = this.level[a]
    this.level[a] = this.level[b]
    this.level[b] = level
    const order = this.order[a]
    this.order[a] = this.order[b]
    this.order[b] = order
    const voxel = this.voxel[a]
    this.voxel[a] = this.voxel[b]
    this.voxel[b] = voxel
  }

  push(level: number, voxel: number): void {
    if (this.size === this.voxel.length) {
      const grown = <A extends Float64Array | Int32Array>(values: A, larger: A): A => {
        larger.set(values as never)
        return larger
      }
      this.level = grown(this.level, new Float64Array(2 * this.size))
      this.order = grown(this.order, new Float64Array(2 * this.size))
      this.voxel = grown(this.voxel, new Int32Array(2 * this.size))
    }
    let at = this.size++
    this.level[at] = level
    this.order[at] = this.arrivals++
    this.voxel[at] = voxel
    while (at > 0) {
      const up = (at - 1) >> 1
      if (!this.before(at, up)) break
      this.swap(at, up)
      at = up
    }
  }

  pop(): number {
    const voxel = this.voxel[0]
    this.swap(0, --this.size)
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      if (left >= this.size) break
      const child = left + 1 < this.size && this.before(left + 1, left) ? left + 1 : left
      if (!this.before(child, at)) break
      this.swap(child, at)
      at = child
    }
    return voxel
  }
}

/**
 * Greyscale reconstruction by dilation: the largest surface below `mask` whose every peak is a peak of `marker`.
 * @param marker [voxel] ≤ mask
 * @source L. Vincent, IEEE Trans. Image Process. 2 (1993) 176–201, doi:10.1109/83.217222; here by one priority flood
 */
export const reconstructed = (marker: Volume, mask: Volume, connectivity: Connectivity = "full"): Volume => {
  assertFills("marker", mask, marker.values)
  const values = Float64Array.from(marker.values, (value, i) => Math.min(value, mask.values[i]))
  const neighboursOf = neighbourWalker(mask, connectivity)
  const near = new Int32Array(26)
  const queue = new Flood()
  for (let i = 0; i < values.length; i++) {
    const count = neighboursOf(i, near)
    for (let k = 0; k < count; k++)
      if (values[near[k]] < values[i] && values[near[k]] < mask.values[near[k]]) {
        queue.push(values[i], i)
        break
      }
  }
  while (queue.length > 0) {
    const level = queue.top
    const here = queue.pop()
    if (values[here] !== level) continue
    const count = neighboursOf(here, near)
    for (let k = 0; k < count; k++) {
      const next = near[k]
      const raised = Math.min(level, mask.values[next])
      if (raised > values[next]) {
        values[next] = raised
        queue.push(raised, next)
      }
    }
  }
  return { ...gridOf(mask), values }
}

/** Numbered plateaus of a mask without a higher neighbour inside or outside of it. A constant volume is one plateau. */
export const regionalMaxima = (volume: Volume, inside: Mask, connectivity: Connectivity = "full"): Labels => {
  const { values } = volume
  const neighboursOf = neighbourWalker(volume, connectivity)
  const near = new Int32Array(26)
  const beaten = new Uint8Array(values.length)
  const stack: number[] = []
  for (let i = 0; i < values.length; i++) {
    if (inside.values[i] === 0) continue
    const count = neighboursOf(i, near)
    for (let k = 0; k < count; k++)
      if (values[near[k]] > values[i]) {
        beaten[i] = 1
        stack.push(i)
        break
      }
  }
  while (stack.length > 0) {
    const here = stack.pop() as number
    const count = neighboursOf(here, near)
    for (let k = 0; k < count; k++) {
      const next = near[k]
      if (inside.values[next] !== 0 && beaten[next] === 0 && values[next] === values[here]) {
        beaten[next] = 1
        stack.push(next)
      }
    }
  }
  const peaks = new Uint8Array(beaten.length)
  for (let i = 0; i < peaks.length; i++) peaks[i] = beaten[i] === 0 && inside.values[i] !== 0 ? 1 : 0
  return components({ ...gridOf(volume), values: peaks }, connectivity)
}

/**
 * Numbered maxima that stand out by at least `height` from the saddle to any higher maximum.
 * @param height in the unit of the values, > 0
 * @source P. Soille, Morphological Image Analysis (2003), §6.3.4
 */
export const hMaxima = (volume: Volume, inside: Mask, height: number): Labels => {
  const lowered = Float64Array.from(volume.values, (value) => value - height)
  return regionalMaxima(reconstructed({ ...gridOf(volume), values: lowered }, volume), inside)
}

/**
 * Floods a mask downhill from numbered markers; every voxel that a marker can reach takes the number of the marker
 * whose flood comes first. Voxels at equal level are taken in the order of their arrival.
 * @source F. Meyer, Signal Processing 38 (1994) 113–125; R. Beare, G. Lehmann, Insight J. (2006)
 */
export const watershed = (
  height: Volume,
  markers: Labels,
  inside: Mask,
  connectivity: Connectivity = "face",
): Labels => {
  assertFills("height", markers, height.values)
  const labels = new Int32Array(markers.values.length)
  const neighboursOf = neighbourWalker(height, connectivity)
  const near = new Int32Array(26)
  const queue = new Flood()
  for (let i = 0; i < labels.length; i++) {
    if (markers.values[i] === 0 || inside.values[i] === 0) continue
    labels[i] = markers.values[i]
    queue.push(height.values[i], i)
  }
  while (queue.length > 0) {
    const level = queue.top
    const here = queue.pop()
    const count = neighboursOf(here, near)
    for (let k = 0; k < count; k++) {
      const next = near[k]
      if (labels[next] !== 0 || inside.values[next] === 0) continue
      labels[next] = labels[here]
      queue.push(Math.min(level, height.values[next]), next)
    }
  }
  return { ...gridOf(height), values: labels, count: markers.count }
}
