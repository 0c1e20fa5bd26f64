/** A priority queue: what comes before all else is on top. */
export class Heap<T> {
  readonly #entries: T[] = []
  readonly #isBefore: (one: T, other: T) => boolean

  /** @param isBefore a strict order */
  constructor(isBefore: (one: T, other: T) => boolean) {
    this.#isBefore = isBefore
  }

  push(entry: T): void {
    const entries = this.#entries
    let hole = entries.length
    entries.push(entry)
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if (!this.#isBefore(entry, entries[parent])) break
      entries[hole] = entries[parent]
      hole = parent
    }
    entries[hole] = entry
  }

  /** Takes the first; undefined when none is left. */
  pop(): T | undefined {
    const entries = this.#entries
    const top = entries[0]
    const last = entries.pop()
    if (last === undefined || entries.length === 0) return top
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= entries.length) break
      if (child + 1 < entries.length && this.#isBefore(entries[child + 1], entries[child])) child++
      if (!this.#isBefore(entries[child], last)) break
      entries[hole] = entries[child]
      hole = child
    }
    entries[hole] = last
    return top
  }
}
