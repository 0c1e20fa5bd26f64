import { Workspace } from "../kernels/workspace.ts"

/** Bytes are taken in steps, so that arrays of nearly equal size fit into one another's place. */
const step = 2 ** 18

/**
 * Arrays that are used again and again: what one thread works in, one piece of work after the other. What the collector
 * has not yet taken, and what the allocator keeps of it, would otherwise be several times as much.
 */
export class VoxelPool {
  /** For kernels; nothing in it outlives a call */
  readonly workspace = new Workspace()
  readonly #spare: ArrayBuffer[] = []

  #take(bytes: number): ArrayBuffer {
    let best = -1
    let largest = -1
    this.#spare.forEach(({ byteLength }, k) => {
      if (byteLength >= bytes && (best < 0 || byteLength < this.#spare[best].byteLength)) best = k
      if (largest < 0 || byteLength > this.#spare[largest].byteLength) largest = k
    })
    if (best >= 0) return this.#spare.splice(best, 1)[0]
    // A larger one takes the place of one that has become too small.
    if (largest >= 0) this.#spare.splice(largest, 1)
    return new ArrayBuffer(Math.ceil(bytes / step) * step)
  }

  /** [count] holding anything */
  bytes(count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#take(count), 0, count)
  }

  /** [count] zeros */
  zeros(count: number): Uint8Array<ArrayBuffer> {
    return this.bytes(count).fill(0)
  }

  /** Gives back arrays that came from here; they may not be used any more. */
  give(...arrays: readonly ArrayBufferView[]): void {
    for (const { buffer } of arrays) this.#spare.push(buffer as ArrayBuffer)
  }
}
