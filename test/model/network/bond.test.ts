import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { delayedDamageInto, failureOpening, onsetOpening } from "../../../src/laws/cohesion.ts"
import type { CohesiveLaw } from "../../../src/laws/contracts.ts"
import { addFatigueInto, feltLoadInto } from "../../../src/laws/fatigue.ts"
import { createPatchBond } from "../../../src/model/network/patch-bond.ts"
import { networkParameters } from "./reference.ts"

const { cohesion } = networkParameters
const onset = onsetOpening(cohesion)

/** Traction and damage of the law itself at an opening, after one implicit step. */
const byLaw = (law: CohesiveLaw, opening: number, before: number, feltBefore: number, stage: number, step: number) => {
  const driving = Float64Array.of(Math.max(0, opening))
  const damage = new Float64Array(1)
  const slope = new Float64Array(1)
  delayedDamageInto(law, driving, Float64Array.of(before), step, damage, slope)
  const felt = new Float64Array(1)
  feltLoadInto(law, Float64Array.of(stage), driving, step, felt)
  addFatigueInto(law, Float64Array.of(feltBefore), felt, driving, step, damage, slope)
  return {
    damage: damage[0],
    traction: opening < 0 ? law.stiffness * opening : (1 - damage[0]) * law.stiffness * opening,
  }
}

const laws = fc.record({
  strength: fc.double({ min: 1e7, max: 5e8, noNaN: true }),
  delay: fc.constantFrom(0, 1, 20),
  endurance: fc.double({ min: 0, max: 0.9, noNaN: true }),
  loss: fc.double({ min: 0, max: 0.95, noNaN: true }),
})

describe("a bond in series with a ligament", () => {
  it("has the traction of the cohesive law, delayed, worn or pressed, at the opening that it finds", () => {
    fc.assert(
      fc.property(
        laws,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: -4, max: 0, noNaN: true }),
        ({ strength, delay, endurance, loss }, before, feltBefore, stage, stepPower, pull, softness) => {
          const law: CohesiveLaw = {
            ...cohesion,
            strength,
            delay,
            endurance,
            fatigueLoss: loss,
          }
          const step = 10 ** stepPower
          const approach = delay > 0 ? step / (delay + step) : 1
          const stiffness = law.stiffness * 10 ** softness
          const mismatch = Math.sign(pull) * 10 ** Math.abs(pull) * 0.1 * onsetOpening(law)
          const out = new Float64Array(3)
          createPatchBond(law).solveInto(stiffness, mismatch, before, approach, feltBefore, stage, out)
          const { traction } = byLaw(law, out[0], before, feltBefore, stage, step)
          const scale = Math.max(law.strength, stiffness * Math.abs(mismatch))
          expect(Math.abs(out[1] - traction)).toBeLessThanOrEqual(1e-9 * scale)
          expect(Math.abs(out[1] - stiffness * (mismatch - out[0]))).toBeLessThanOrEqual(1e-9 * scale)
        },
      ),
      { numRuns: 500 },
    )
  })

  it("has the slope of its traction", () => {
    const bond = createPatchBond({ ...cohesion, fatigueLoss: 0.2, endurance: 0.25 })
    const stiffness = 0.3 * cohesion.stiffness
    const tractionAt = (mismatch: number, out: Float64Array): number => {
      bond.solveInto(stiffness, mismatch, 0.1, 0.3, 0.3, 0.4, out)
      return out[1]
    }
    for (const relative of [-1, 0.5, 1.5, 3, 12, 150]) {
      const out = new Float64Array(3)
      tractionAt(relative * onset, out)
      const slope = out[2]
      const width = 1e-4 * onset
      const difference =
        (tractionAt(relative * onset + width, out) - tractionAt(relative * onset - width, out)) / (2 * width)
      expect(slope / stiffness).toBeCloseTo(difference / stiffness, 5)
    }
  })

  it("takes the fracture energy when it is pulled apart", () => {
    const law = { ...cohesion, delay: 0 }
    const bond = createPatchBond(law)
    const out = new Float64Array(3)
    let damage = 0
    let work = 0
    let [opening, traction] = [0, 0]
    for (let k = 1; k <= 4000; k++) {
      bond.solveInto(law.stiffness, (k / 4000) * 1.2 * failureOpening(law), damage, 1, 0, 0, out)
      work += ((out[1] + traction) / 2) * (out[0] - opening)
      ;[opening, traction] = out
      damage = byLaw(law, opening, damage, 0, 0, 1).damage
    }
    expect(damage).toBe(1)
    expect(traction).toBe(0)
    expect(work / law.fractureEnergy).toBeCloseTo(1, 3)
  })

  it("snaps where the ligament is too soft to hold the softening bond", () => {
    const law = { ...cohesion, delay: 0 }
    const stiffness = 1e15
    const out = new Float64Array(3)
    const critical = onset + law.strength / stiffness
    createPatchBond(law).solveInto(stiffness, 0.999 * critical, 0, 1, 0, 0, out)
    expect(out[1]).toBeCloseTo(0.999 * law.strength, -2)
    createPatchBond(law).solveInto(stiffness, 1.001 * critical, 0, 1, 0, 0, out)
    expect(out[1]).toBe(0)
    expect(out[0]).toBe(1.001 * critical)
  })
})
