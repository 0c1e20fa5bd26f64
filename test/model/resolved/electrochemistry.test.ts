import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import type { Mesh } from "../../../src/mesh/mesh.ts"
import { createHalfCell } from "../../../src/model/resolved/half-cell.ts"
import type { HalfCellParameters } from "../../../src/model/resolved/parameters.ts"
import { variableBackwardDifference } from "../../../src/solve/bdf.ts"
import type { SparseOperator } from "../../../src/solve/linear-operator.ts"
import { columnLayout, curvedElectrolyte, meshed, referenceParameters } from "./reference.ts"

const variants: Record<string, HalfCellParameters> = {
  "particles fed by the carbon/binder they touch": {
    ...referenceParameters,
    electrolyte: curvedElectrolyte,
    mechanics: false,
  },
  "equipotential particles": {
    ...referenceParameters,
    electrolyte: curvedElectrolyte,
    mechanics: false,
    particleConduction: "equipotential",
  },
}

const plain = meshed(columnLayout(1), 1e-6)
/** The same mesh with part of the particle's surroundings on the collector, as where a particle touches it. */
const touching: Mesh = {
  ...plain,
  boundaries: {
    ...plain.boundaries,
    collector: {
      facetToNode: Int32Array.from([
        ...plain.boundaries.collector.facetToNode,
        ...plain.interfaces.outerNode.subarray(0, 6),
      ]),
      facetToCell: Int32Array.from([
        ...plain.boundaries.collector.facetToCell,
        ...plain.interfaces.outerCell.subarray(0, 3),
      ]),
    },
  },
}
const cases = Object.entries(variants).flatMap(([name, parameters]) => [
  { name, mesh: plain, parameters },
  { name: `${name}, touching the collector`, mesh: touching, parameters },
])

describe.each(cases)("electrochemistry of $name", ({ mesh, parameters }) => {
  const cell = createHalfCell(mesh, parameters)
  const { electrochemistry } = cell
  const { unknowns, system, points, solidVolume } = electrochemistry
  const random = seededRandom(7)
  const disturbed = (): Float64Array => {
    const x = electrochemistry.initial()
    for (let i = 0; i < x.length; i++) {
      const size = i < unknowns.electronicOffset ? 0.3 : i < unknowns.electrolyteOffset ? 1e-2 : 0.2
      x[i] += size * (random.uniform() - (i < unknowns.electronicOffset ? 1 : 0.5))
    }
    return x
  }
  electrochemistry.setMechanics(
    Float64Array.from({ length: points.count }, () => 2e-9 * random.uniform()),
    Float64Array.from({ length: solidVolume.length }, () => 1e9 * random.uniform()),
  )
  const previous = disturbed()
  const older = disturbed()

  it.each(["current", "voltage"] as const)("has the Jacobian of its residual under imposed %s", (kind) => {
    const drive = kind === "current" ? { kind, total: 1e-3 } : { kind, voltage: 4.1 }
    electrochemistry.setStep({ formula: variableBackwardDifference(2, 1), step: 2, drive, previous, older })
    const { matrix } = system.jacobian as SparseOperator
    const x = disturbed()
    const residual = new Float64Array(unknowns.count)
    system.evaluateInto(x, residual)
    const jacobian = matrix.values.slice()
    const direction = Float64Array.from(x, () => random.uniform() - 0.5)
    const product = new Float64Array(unknowns.count)
    const { rowStart, columnIndex } = matrix.pattern
    for (let row = 0; row < unknowns.count; row++)
      for (let at = rowStart[row]; at < rowStart[row + 1]; at++)
        product[row] += jacobian[at] * direction[columnIndex[at]]
    const size = 1e-6
    const at = (sign: number): Float64Array => {
      const out = new Float64Array(unknowns.count)
      system.evaluateInto(
        x.map((value, i) => value + sign * size * direction[i]),
        out,
      )
      return out
    }
    const ahead = at(1)
    const behind = at(-1)
    const floor = 1e-6 * product.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
    product.forEach((value, row) => {
      const difference = Math.abs(value - (ahead[row] - behind[row]) / (2 * size))
      expect(difference / Math.max(Math.abs(value), floor), `row ${row}`).toBeLessThan(1e-3)
    })
  })

  it("conserves charge and lithium for any state: the rows sum to the currents at the two electrodes", () => {
    electrochemistry.setStep({
      formula: variableBackwardDifference(2, 1),
      step: 2,
      drive: { kind: "current", total: 0 },
      previous,
      older,
    })
    const x = disturbed()
    const residual = new Float64Array(unknowns.count)
    system.evaluateInto(x, residual)
    const totals = electrochemistry.totals(x)
    const sum = (from: number, to: number): number =>
      residual.subarray(from, to).reduce((total, value) => total + value, 0)
    const size = residual.reduce((total, value) => total + Math.abs(value), 0)
    const end = unknowns.particleOffset < 0 ? unknowns.count : unknowns.particleOffset
    const electrons = sum(unknowns.electronicOffset, unknowns.electrolyteOffset)
    const particles = sum(end, unknowns.count)
    expect(Math.abs(electrons + particles - totals.interfaces) / size).toBeLessThan(1e-12)
    expect(Math.abs(sum(unknowns.ionicOffset, end) + totals.interfaces - totals.lithium) / size).toBeLessThan(1e-12)
  })

  it("rests at the open-circuit potential", () => {
    const x = electrochemistry.initial()
    electrochemistry.setMechanics(new Float64Array(points.count), new Float64Array(solidVolume.length))
    electrochemistry.setStep({
      formula: variableBackwardDifference(2, 1),
      step: 2,
      drive: { kind: "current", total: 0 },
      previous: x,
      older: x,
    })
    const residual = new Float64Array(unknowns.count)
    system.evaluateInto(x, residual)
    expect(Math.max(...residual.map(Math.abs)) / cell.oneC).toBeLessThan(1e-10)
  })
})
