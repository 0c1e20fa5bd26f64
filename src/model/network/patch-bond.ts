import { failureOpening, onsetOpening } from "../../laws/cohesion.ts"
import type { CohesiveLaw } from "../../laws/contracts.ts"
import { hasFatigue, wearScale } from "../../laws/fatigue.ts"

/** A bond in series with a spring: opening, traction and tangent for a displacement of the spring's far end. */
export interface PatchBond {
  /**
   * Solves K (m − λ) = t(λ) for λ.
   * @param stiffness K > 0 of the spring [Pa/m]
   * @param mismatch  m, what spring and bond open together [m]
   * @param damage    at the start of the (implicit part of the) step
   * @param approach  share of the way to its target that damage goes in the step, Δt/(τ + Δt)
   * @param feltBefore load that wear felt at the start of the step
   * @param felt      the same at the start of its implicit part
   * @param out       [3] λ [m], t [Pa], dt/dm [Pa/m]
   */
  readonly solveInto: (
    stiffness: number,
    mismatch: number,
    damage: number,
    approach: number,
    feltBefore: number,
    felt: number,
    out: Float64Array,
  ) => void
}

/**
 * The cohesive law of `laws/cohesion` with delay, wear and contact, one normal opening at a time. Over one implicit step
 * its traction is a chain of straight pieces: contact; the intact part up to the opening where damage begins to grow;
 * softening, (1 − A) K λ + B K, up to failure; what remains beyond. Wear bends the second piece alone and scales those
 * after it. The first piece that the spring meets is taken: where none of the softening can be held, the bond snaps to
 * the last.
 */
export const createPatchBond = (law: CohesiveLaw): PatchBond => {
  const { stiffness: bond } = law
  const onset = onsetOpening(law)
  const failure = Math.max(failureOpening(law), onset)
  const softening = failure > onset ? failure / (failure - onset) : 1
  const wears = hasFatigue(law)
  const endurance = law.endurance ?? 0
  const scale = wears ? wearScale(law) : 1

  /**
   * λ on the piece from `low` to the onset, where wear goes on as the felt load rises by `rise` from one end to the other.
   * @param head  by how much the felt load stands above where wear goes on, at λ = 0
   */
  const worn = (
    stiffness: number,
    mismatch: number,
    intact: number,
    from: number,
    head: number,
    rise: number,
    out: Float64Array,
  ): boolean => {
    let low = from
    let high = onset
    const kept = (opening: number): number => Math.exp(-Math.max(0, head + (rise * opening) / onset) / scale)
    if (intact * bond * high * kept(high) < stiffness * (mismatch - high)) return false
    let opening = low
    let slope = 0
    for (let iteration = 0; iteration < 60; iteration++) {
      const held = intact * bond * kept(opening)
      const residual = held * opening - stiffness * (mismatch - opening)
      slope = held * (1 - (rise * opening) / (scale * onset))
      if (residual > 0) high = opening
      else low = opening
      let next = opening - residual / (slope + stiffness)
      if (!(next > low && next < high)) next = (low + high) / 2
      const change = Math.abs(next - opening)
      opening = next
      if (change <= 1e-13 * onset) break
    }
    out[0] = opening
    out[1] = stiffness * (mismatch - opening)
    out[2] = (stiffness * slope) / (stiffness + slope)
    return true
  }

  /** λ on the piece t = slope λ + rest. */
  const onPiece = (stiffness: number, mismatch: number, slope: number, rest: number, out: Float64Array): number => {
    const opening = (stiffness * mismatch - rest) / (stiffness + slope)
    out[0] = opening
    out[1] = slope * opening + rest
    out[2] = (stiffness * slope) / (stiffness + slope)
    return opening
  }

  return {
    solveInto: (stiffness, mismatch, damage, approach, feltBefore, felt, out) => {
      if (mismatch <= 0) {
        onPiece(stiffness, mismatch, bond, 0, out)
        return
      }
      const intact = 1 - damage
      const growing = damage < 1 ? Math.min(failure, onset / (1 - damage / softening)) : failure
      let kept = 1
      if (wears) {
        // Wear goes on where the felt load, felt + approach (λ/δ₀ − felt), passes its own past and the endurance limit.
        const head = (1 - approach) * felt - Math.max(endurance, feltBefore)
        const unworn = head >= 0 ? 0 : Math.min(onset, approach > 0 ? (-head / approach) * onset : onset)
        if (unworn > 0 && onPiece(stiffness, mismatch, intact * bond, 0, out) <= unworn) return
        if (unworn < onset && worn(stiffness, mismatch, intact, unworn, head, approach, out)) return
        kept = Math.exp(-Math.max(0, head + approach) / scale)
      }
      if (onPiece(stiffness, mismatch, kept * intact * bond, 0, out) <= growing) return
      const held = damage + approach * (softening - damage)
      const slope = kept * (1 - held) * bond
      if (slope + stiffness > 0) {
        const opening = onPiece(stiffness, mismatch, slope, kept * approach * softening * onset * bond, out)
        if (opening <= failure) return
      }
      onPiece(stiffness, mismatch, kept * intact * (1 - approach) * bond, 0, out)
    },
  }
}
