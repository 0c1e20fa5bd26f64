import { describe, expect, it } from "vitest"
import { chen2020OpenCircuit } from "../../../src/laws/open-circuit.ts"
import { potentialTable } from "../../../src/model/network/potential-table.ts"

describe("the potential table", () => {
  it("is the law to 1e-8 V, with the slope of its pieces, and the law itself beyond", () => {
    const { evaluateInto } = potentialTable(chen2020OpenCircuit)
    const out = new Float64Array(2)
    for (let k = 0; k <= 5000; k++) {
      const x = -0.2 + (1.4 * k) / 5000
      evaluateInto(x, out)
      // Where the law has a kink, at full, no cubic follows it.
      if (Math.abs(x - 1) < 1e-3) continue
      expect(Math.abs(out[0] - chen2020OpenCircuit.potential(x))).toBeLessThan(1e-8)
      expect(Math.abs(out[1] - chen2020OpenCircuit.slope(x))).toBeLessThan(2e-4)
    }
  })
})
