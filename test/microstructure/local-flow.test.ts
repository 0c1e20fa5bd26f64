import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type ConductorPiece, halfResistances } from "../../src/microstructure/local-flow.ts"

/** Unit cubes in a bar of nx × ny, its throats at the ends (or at one only), or all four sides of a plate. */
const bar = (nx: number, ny: number, sides: readonly ("left" | "right" | "top" | "bottom")[]): ConductorPiece => {
  const links: [number, number][] = []
  const faces: [number, number][] = []
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++) {
      const cell = x + nx * y
      if (x + 1 < nx) links.push([cell, cell + 1])
      if (y + 1 < ny) links.push([cell, cell + nx])
      const at = { left: x === 0, right: x === nx - 1, bottom: y === 0, top: y === ny - 1 }
      sides.forEach((side, throat) => {
        if (at[side]) faces.push([cell, throat])
      })
    }
  return {
    cells: nx * ny,
    weight: new Float64Array(nx * ny).fill(1),
    place: Float64Array.from({ length: 3 * nx * ny }, (_, k) =>
      k % 3 === 0 ? Math.floor(k / 3) % nx : k % 3 === 1 ? Math.floor(k / 3 / nx) : 0,
    ),
    one: Int32Array.from(links, ([one]) => one),
    other: Int32Array.from(links, ([, other]) => other),
    shape: new Float64Array(links.length).fill(1),
    faceCell: Int32Array.from(faces, ([cell]) => cell),
    faceThroat: Int32Array.from(faces, ([, throat]) => throat),
    faceShape: new Float64Array(faces.length).fill(1),
    throats: sides.length,
  }
}

describe("halfResistances", () => {
  it("a bar has half its length over its area to each end", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 6 }), (length, area) => {
        for (const half of halfResistances(bar(length, area, ["left", "right"])))
          expect(half).toBeCloseTo(length / area / 2, 2)
      }),
      { numRuns: 30 },
    )
  })

  it("a bar whose current fades along it has a third of its length over its area", () => {
    const [half] = halfResistances(bar(60, 2, ["left"]))
    expect(Math.abs(half / (60 / 2 / 3) - 1)).toBeLessThan(0.01)
  })

  it("large pieces, solved step by step, have the resistances of small ones", () => {
    // 24 × 900 voxels are taken at once, 60 × 360 are not.
    const [atOnce] = halfResistances(bar(900, 24, ["left", "right"]))
    const [stepByStep] = halfResistances(bar(360, 60, ["left", "right"]))
    expect(atOnce / (900 / 24 / 2)).toBeCloseTo(1, 3)
    expect(stepByStep / (360 / 60 / 2)).toBeCloseTo(1, 2)
  })

  it("refuses a piece that falls apart", () => {
    const whole = bar(6, 1, ["left", "right"])
    const broken = { ...whole, one: whole.one.slice(1), other: whole.other.slice(1), shape: whole.shape.slice(1) }
    expect(() => halfResistances(broken)).toThrow("not connected")
  })

  it("a plate open on four sides is the same to each", () => {
    const [left, right, top, bottom] = halfResistances(bar(21, 21, ["left", "right", "top", "bottom"]))
    for (const other of [right, top, bottom]) expect(other / left).toBeCloseTo(1, 3)
    // From side to side it would be a half; some of the current turns off to the sides before.
    expect(left).toBeLessThan(0.5)
    expect(left).toBeGreaterThan(0.35)
  })
})
