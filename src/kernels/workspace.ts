import { growMemory, type Kernel, Layout, returnMemory, takeMemory } from "./loader.ts"

/**
 * Memory that kernels use one after the other, each laying it out anew: what one thread works in. It grows to what the
 * largest piece of work needs.
 */
export class Workspace {
  #memory = takeMemory(1)
  readonly #instances = new Map<unknown, unknown>()

  /**
   * Addresses of blocks of so many bytes; whatever was there before is lost, and views of it are void.
   * @throws RangeError beyond 4 GiB, or where the host has no more
   */
  lay(...bytes: readonly number[]): readonly number[] {
    const layout = new Layout()
    const addresses = bytes.map((count) => layout.reserve(count))
    // Vectors may read beyond the end of the last block.
    growMemory(this.#memory, layout.bytes + 64)
    return addresses
  }

  /** The kernel at work in this memory. */
  use<Exports>(kernel: Kernel<Exports>): Exports {
    const known = this.#instances.get(kernel) as Exports | undefined
    if (known !== undefined) return known
    const exports = kernel.instantiate(this.#memory)
    this.#instances.set(kernel, exports)
    return exports
  }

  bytes(address: number, count: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, address, count)
  }

  ints(address: number, count: number): Int32Array {
    return new Int32Array(this.#memory.buffer, address, count)
  }

  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, count)
  }

  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.#memory.buffer, address, count)
  }

  /** Gives the memory back; nothing of it may be used any more. */
  close(): void {
    returnMemory(this.#memory)
  }
}
