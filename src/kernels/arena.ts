import { growMemory, sharedMemory } from "./loader.ts"

/** Numbers in memory that kernels of several threads share; addresses are offsets of the views. */
export interface Arena {
  readonly memory: WebAssembly.Memory
  /**
   * The next numbers. Threads that ask in the same order get the same.
   * @param fill what the thread that made the memory puts there; otherwise they are 0
   * @throws RangeError beyond 4 GiB
   */
  readonly floats: (length: number, fill?: (values: Float64Array) => void) => Float64Array
}

/** Vectors begin at multiples of so many bytes. */
const alignment = 64

/** @param shared memory that another thread has filled; a memory of its own where not given */
export const createArena = (shared?: WebAssembly.Memory): Arena => {
  const memory = shared ?? sharedMemory()
  // 0 is no address.
  let end = alignment
  return {
    memory,
    floats: (length, fill) => {
      const at = end
      end = alignment * Math.ceil((at + length * Float64Array.BYTES_PER_ELEMENT) / alignment)
      if (shared === undefined) growMemory(memory, end)
      const values = new Float64Array(memory.buffer, at, length)
      if (shared === undefined) fill?.(values)
      return values
    },
  }
}
