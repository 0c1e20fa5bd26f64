import { Heap } from "../../array/heap.ts"
import type { PairVotes } from "./pair-votes.ts"
import { Union } from "./union.ts"

/** A contact between two groups of fragments. */
interface Contact {
  weight: number
  same: number
}

/** A contact with the groups that it joins, as it was when it came into the queue. */
interface Offer {
  readonly share: number
  readonly weight: number
  readonly one: number
  readonly other: number
}

/** Which of two offers is taken first: the larger share, then the heavier one, then the fragments that come first. */
const isBefore = (a: Offer, b: Offer): boolean => {
  if (a.share !== b.share) return a.share > b.share
  if (a.weight !== b.weight) return a.weight > b.weight
  return a.one !== b.one ? a.one < b.one : a.other < b.other
}

/**
 * Fragments joined to particles by votes: from the best contact on, two groups of fragments become one as long as more
 * than a share of the votes along all contacts between them is for it (agglomeration by the mean over contacts). Whole
 * groups vote, so that one section in which a contact was not seen joins nothing.
 *
 * @param count fragments; their numbers are 1 … count and say in which order a scan meets them, so that equal votes are
 *   decided alike whatever the bricks
 * @param least share of the votes, 0 … 1
 * @returns [fragment] number of the first one of its group, entry 0 unused
 * @source A. Bailoni et al., CVPR (2022) 11645–11655, doi:10.1109/CVPR52688.2022.01135 (average linkage on signed graphs)
 */
export const votedFragments = (count: number, votes: PairVotes, least: number): Int32Array => {
  const contacts = Array.from({ length: count + 1 }, () => new Map<number, Contact>())
  const offers = new Heap(isBefore)
  const offer = (a: number, b: number, { weight, same }: Contact): void => {
    if (weight > 0 && same > least * weight)
      offers.push({ share: same / weight, weight, one: Math.min(a, b), other: Math.max(a, b) })
  }
  for (let k = 0; k < votes.weight.length; k++) {
    const [one, other] = [votes.fragments[2 * k], votes.fragments[2 * k + 1]]
    const contact = { weight: votes.weight[k], same: votes.same[k] }
    contacts[one].set(other, contact)
    contacts[other].set(one, contact)
    offer(one, other, contact)
  }
  const union = new Union(count + 1)
  for (let next = offers.pop(); next !== undefined; next = offers.pop()) {
    const { one, other, share, weight } = next
    const contact = contacts[one].get(other)
    // What changed since has been offered anew.
    if (contact === undefined || contact.weight !== weight || contact.same / contact.weight !== share) continue
    const kept = union.unite(one, other)
    const gone = kept === one ? other : one
    contacts[kept].delete(gone)
    for (const [far, theirs] of contacts[gone]) {
      if (far === kept) continue
      contacts[far].delete(gone)
      const mine = contacts[kept].get(far)
      const both = mine === undefined ? theirs : { weight: mine.weight + theirs.weight, same: mine.same + theirs.same }
      contacts[kept].set(far, both)
      contacts[far].set(kept, both)
      offer(kept, far, both)
    }
    contacts[gone].clear()
  }
  return Int32Array.from({ length: count + 1 }, (_, fragment) => union.find(fragment))
}
