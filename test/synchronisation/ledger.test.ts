import { describe, expect, it } from "vitest"
import { openLedger } from "../../src/synchronisation/ledger.ts"

describe("the ledger of an ensemble", () => {
  it("puts cycles in order, leaves formation out, and knows what is missing", () => {
    const ledger = openLedger(Float64Array.of(1, 3))
    ledger.bookCharge(10, Float64Array.of(0.4, 0.5))
    ledger.bookCharge(9, Float64Array.of(0.3, 0.5))
    ledger.bookCharge(0, Float64Array.of(0.1, 0.1))
    ledger.bookDischarge(9, Float64Array.of(0.9, 0.8))
    ledger.bookDamage(9, Float64Array.of(0, 0.1))
    ledger.bookDamage(9, Float64Array.of(0, 0.2))
    const { NaN: none } = Number
    expect(ledger.history()).toEqual({
      particleCount: 2,
      cycle: Int32Array.of(9, 10),
      endOfCharge: Float64Array.of(0.3, 0.5, 0.4, 0.5),
      endOfDischarge: Float64Array.of(0.9, 0.8, none, none),
      damage: Float64Array.of(0, 0.2, none, none),
      weight: Float64Array.of(0.25, 0.75),
    })
  })

  it("keeps what it was given, not the array", () => {
    const values = Float64Array.of(0.4, 0.5)
    const ledger = openLedger(Float64Array.of(1, 1))
    ledger.bookCharge(1, values)
    values.fill(0)
    expect(ledger.history().endOfCharge).toEqual(Float64Array.of(0.4, 0.5))
    expect(() => ledger.bookDamage(1, Float64Array.of(0))).toThrow("damage has 1 entries, 2 expected")
  })
})
