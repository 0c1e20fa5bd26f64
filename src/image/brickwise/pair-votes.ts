/**
 * What sections say of pairs of fragments that touch in them: sums of whole numbers, which are the same in whatever order
 * sections are added.
 */
export interface PairVotes {
  /** [pair, 2] numbers of both fragments, the lower first */
  readonly fragments: Int32Array
  /** [pair] weight of all sections, and of those that see both in one particle [`voteUnit`] */
  readonly weight: Float64Array
  readonly same: Float64Array
}

/** Votes are counted in this part of a pixel. */
export const voteUnit = 1 / 1024

/** Room for two numbers in one key. */
const keyStep = 2 ** 26

/**
 * The votes of one section. Two fragments are taken for one particle by the share of their pixels, drawn from both at
 * random, that lie in the same polygon; what lies in no polygon abstains. That share does not ask where exactly polygons
 * and fragments part, which pixels along a contact would. A section counts by the length of the contact in it, but by no
 * more than the edge of a square as large as the smaller of both: slivers, as along contacts that lie in the section,
 * say little.
 * @param fragment [row, column] numbers from 1, 0 none
 * @param owner    [row, column] polygons from 1, 0 none
 */
export const sectionVotes = (fragment: Int32Array, owner: Uint16Array, width: number, height: number): PairVotes => {
  /** Pixels that a fragment and a polygon share, found run by run */
  const shared = new Map<number, Map<number, number>>()
  const contact = new Map<number, number>()
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; ) {
      const start = y * width + x
      const [here, polygon] = [fragment[start], owner[start]]
      let count = 0
      for (; x < width && fragment[start + count] === here && owner[start + count] === polygon; x++) count++
      if (here === 0 || polygon === 0) continue
      const polygons = shared.get(here)
      if (polygons === undefined) shared.set(here, new Map([[polygon, count]]))
      else polygons.set(polygon, (polygons.get(polygon) ?? 0) + count)
    }
  const meet = (one: number, other: number): void => {
    if (one === other || one === 0 || other === 0) return
    const key = one < other ? one * keyStep + other : other * keyStep + one
    contact.set(key, (contact.get(key) ?? 0) + 1)
  }
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p++) {
      if (x > 0) meet(fragment[p - 1], fragment[p])
      if (y > 0) meet(fragment[p - width], fragment[p])
    }
  const covered = new Map<number, number>()
  for (const [key, polygons] of shared) {
    let sum = 0
    for (const count of polygons.values()) sum += count
    covered.set(key, sum)
  }
  const pairs: number[] = []
  const [weight, same]: [number[], number[]] = [[], []]
  for (const [key, length] of contact) {
    const [one, other] = [Math.floor(key / keyStep), key % keyStep]
    const [mine, theirs] = [shared.get(one), shared.get(other)]
    if (mine === undefined || theirs === undefined) continue
    const [size, otherSize] = [covered.get(one)!, covered.get(other)!]
    let together = 0
    for (const [polygon, count] of mine) together += count * (theirs.get(polygon) ?? 0)
    const counts = Math.min(length, Math.sqrt(Math.min(size, otherSize))) / voteUnit
    pairs.push(one, other)
    weight.push(Math.round(counts))
    same.push(Math.round((counts * together) / (size * otherSize)))
  }
  return { fragments: Int32Array.from(pairs), weight: Float64Array.from(weight), same: Float64Array.from(same) }
}

/** Sums of the votes of many sections, added in any order. */
export class VoteSums {
  readonly #slot = new Map<number, number>()
  readonly #pairs: number[] = []
  readonly #weight: number[] = []
  readonly #same: number[] = []

  add({ fragments, weight, same }: PairVotes): void {
    for (let k = 0; k < weight.length; k++) {
      const key = fragments[2 * k] * keyStep + fragments[2 * k + 1]
      const slot = this.#slot.get(key)
      if (slot === undefined) {
        this.#slot.set(key, this.#weight.length)
        this.#pairs.push(fragments[2 * k], fragments[2 * k + 1])
        this.#weight.push(weight[k])
        this.#same.push(same[k])
      } else {
        this.#weight[slot] += weight[k]
        this.#same[slot] += same[k]
      }
    }
  }

  /** All of them, in no particular order. */
  all(): PairVotes {
    return {
      fragments: Int32Array.from(this.#pairs),
      weight: Float64Array.from(this.#weight),
      same: Float64Array.from(this.#same),
    }
  }
}
