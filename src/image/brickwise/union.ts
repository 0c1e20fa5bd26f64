/** Sets of numbers 0 … count − 1 that are united pair by pair; each set is known by its lowest number. */
export class Union {
  readonly #parent: Int32Array

  constructor(count: number) {
    this.#parent = Int32Array.from({ length: count }, (_, index) => index)
  }

  /** The lowest number of the set that holds one. */
  find(one: number): number {
    const parent = this.#parent
    let at = one
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]]
      at = parent[at]
    }
    return at
  }

  unite(one: number, other: number): number {
    const [a, b] = [this.find(one), this.find(other)]
    const root = Math.min(a, b)
    this.#parent[Math.max(a, b)] = root
    return root
  }
}
