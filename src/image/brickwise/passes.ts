import type { Saddles } from "./basins.ts"

const slotOf = (one: number, other: number, mask: number): number => {
  let hash = Math.imul(one, 0x9e3779b1) ^ Math.imul(other, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) & mask
}

/**
 * The highest pass between each pair of basins, gathered from boxes in any order: a maximum by (height, place), which
 * merges as a commutative monoid.
 */
export class HighestPasses {
  #bits: number
  #count = 0
  /** [slot, 2]; 0 free */
  #basins: Int32Array
  #height: Float32Array
  #place: Float64Array

  constructor(bits = 10) {
    this.#bits = bits
    this.#basins = new Int32Array(2 ** (bits + 1))
    this.#height = new Float32Array(2 ** bits)
    this.#place = new Float64Array(2 ** bits)
  }

  get count(): number {
    return this.#count
  }

  /** Adds those of another box; numbers of basins are the same in all. */
  add({ basins, height, place }: Saddles): void {
    for (let k = 0; k < height.length; k++) this.#raise(basins[2 * k], basins[2 * k + 1], height[k], place[k])
  }

  #raise(low: number, high: number, height: number, place: number): void {
    const mask = this.#height.length - 1
    let slot = slotOf(low, high, mask)
    for (; this.#basins[2 * slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#basins[2 * slot] !== low || this.#basins[2 * slot + 1] !== high) continue
      const old = this.#height[slot]
      if (height > old || (height === old && place > this.#place[slot])) {
        this.#height[slot] = height
        this.#place[slot] = place
      }
      return
    }
    this.#basins[2 * slot] = low
    this.#basins[2 * slot + 1] = high
    this.#height[slot] = height
    this.#place[slot] = place
    if (++this.#count > 0.6 * this.#height.length) this.#grow()
  }

  #grow(): void {
    const all = this.all()
    this.#bits++
    this.#count = 0
    this.#basins = new Int32Array(2 ** (this.#bits + 1))
    this.#height = new Float32Array(2 ** this.#bits)
    this.#place = new Float64Array(2 ** this.#bits)
    this.add(all)
  }

  /** All of them, in no particular order. */
  all(): Saddles {
    const basins = new Int32Array(2 * this.#count)
    const height = new Float32Array(this.#count)
    const place = new Float64Array(this.#count)
    for (let slot = 0, k = 0; slot < this.#height.length; slot++) {
      if (this.#basins[2 * slot] === 0) continue
      basins[2 * k] = this.#basins[2 * slot]
      basins[2 * k + 1] = this.#basins[2 * slot + 1]
      height[k] = this.#height[slot]
      place[k++] = this.#place[slot]
    }
    return { basins, height, place }
  }
}
