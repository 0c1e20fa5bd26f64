import { describe, expect, it } from "vitest"
import { endedBlock, endsCycle } from "../../src/model/blocks.ts"
import { collectEnsemble } from "../../src/model/ensemble.ts"
import type { Control, Protocol } from "../../src/model/protocol.ts"

const charge: Control = { kind: "c-rate", rate: 5 }
const slow: Control = { kind: "current", density: 2 }
const hold: Control = { kind: "voltage", voltage: 4.5 }
const rest: Control = { kind: "rest" }
const discharge: Control = { kind: "c-rate", rate: -5 }
const drive: Control = { kind: "profile", time: Float64Array.of(0, 1), rate: Float64Array.of(-1, -2) }

const protocolOf = (...steps: readonly (readonly [number, Control])[]): Protocol => ({
  name: "p",
  steps: steps.map(([cycle, control]) => ({ phrase: "", cycle, control, duration: 1, limits: [] })),
})

describe("blocks of a protocol", () => {
  const protocol = protocolOf([1, charge], [1, slow], [1, hold], [1, rest], [1, discharge], [1, drive], [2, charge])
  it("end with the last step of their direction, a hold or a drive the same way included", () => {
    // Current at the end of each step; a hold goes the way of its current
    const currents = [5, 2, 0.1, 0, -5, -2, 5]
    expect(currents.map((current, step) => endedBlock(protocol, step, current))).toEqual([
      undefined,
      undefined,
      "charge",
      undefined,
      undefined,
      "discharge",
      "charge",
    ])
    expect(endedBlock(protocol, 2, -0.1)).toBe("discharge")
  })
  it("make cycles", () => {
    expect(protocol.steps.map((_, step) => endsCycle(protocol, step))).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      true,
    ])
  })
})

describe("the collector of an ensemble", () => {
  it("notes ends of charge and discharge after formation, and damage at the ends of cycles", () => {
    const cycle: readonly Control[] = [charge, rest, discharge, rest]
    const protocol = protocolOf(...[0, 1, 2].flatMap((number) => cycle.map((each) => [number, each] as const)))
    const collector = collectEnsemble(protocol, Float64Array.of(2, 2))
    for (const step of protocol.steps.keys()) {
      if (step === 11) break
      collector.stepEnded(step, {
        current: 0,
        particles: { meanStoichiometry: Float64Array.of(step, -step), damage: Float64Array.of(step / 10, 0) },
      })
    }
    expect(collector.history()).toEqual({
      particleCount: 2,
      cycle: Int32Array.of(1, 2),
      endOfCharge: Float64Array.of(4, -4, 8, -8),
      endOfDischarge: Float64Array.of(6, -6, 10, -10),
      damage: Float64Array.of(0.7, 0, Number.NaN, Number.NaN),
      weight: Float64Array.of(0.5, 0.5),
    })
  })
})
