import { describe, expect, it } from "vitest"
import type { Layout } from "../../src/mesh/layout.ts"
import { layoutElectrode } from "../../src/mesh/layout-electrode.ts"
import { conductsWell } from "../../src/microstructure/planar-electrode.ts"

const layout: Layout = {
  width: 11e-6,
  height: 22e-6,
  separatorThickness: 5e-6,
  particles: [
    { kind: "circle", centre: [5.5e-6, 5.5e-6], radius: 5e-6 },
    { kind: "circle", centre: [5.5e-6, 16.5e-6], radius: 5e-6 },
  ],
  cuts: [{ through: [5.5e-6, 11e-6], angle: 0.1, left: "black", right: "white" }],
  matrix: "black",
}
const matter = { carbonBinderPorosity: 0.5, bruggeman: 1.5 }

describe("layoutElectrode", () => {
  it("keeps circles and says on which side of a cut carbon/binder conducts well", () => {
    const electrode = layoutElectrode(layout, (name) => name === "black", matter)
    if ("kind" in electrode) throw new Error(electrode.kind)
    expect(electrode.circles.map(({ radius }) => radius)).toEqual([5e-6, 5e-6])
    expect(electrode.height).toBe(22e-6)
    expect(conductsWell(electrode, 1e-6, 11e-6)).toBe(true)
    expect(conductsWell(electrode, 10e-6, 11e-6)).toBe(false)
    const other = layoutElectrode(layout, (name) => name === "white", matter)
    if ("kind" in other) throw new Error(other.kind)
    expect(conductsWell(other, 1e-6, 11e-6)).toBe(false)
  })

  it("tells what is no circle, and boxes", () => {
    const shapes = [
      layout.particles[0],
      { kind: "ellipse", centre: [5e-6, 16e-6], axes: [4e-6, 3e-6], angle: 0 } as const,
    ]
    expect(layoutElectrode({ ...layout, particles: shapes }, () => true, matter)).toEqual({
      kind: "not-a-circle",
      particle: 1,
    })
    const boxes = [{ x0: 0, y0: 0, x1: 1e-6, y1: 1e-6, kind: "void", name: "pore" } as const]
    expect(layoutElectrode({ ...layout, boxes }, () => true, matter)).toEqual({ kind: "has-boxes", count: 1 })
  })
})
