/** Whole numbers in a row that grows: four bytes each, where a list of numbers takes eight and its old copies. */
export class IntList {
  #values = new Int32Array(1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(2 * this.#length)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = value
  }

  /** Takes the last one off; there must be one. */
  pop(): number {
    return this.#values[--this.#length]
  }

  clear(): void {
    this.#length = 0
  }

  /** What is in it now; void after the next push. */
  get values(): Int32Array {
    return this.#values.subarray(0, this.#length)
  }
}
