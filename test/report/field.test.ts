import { describe, expect, it } from "vitest"
import { fieldNames, fieldPicture, framesShown, interfacePicture } from "../../src/report/field.ts"
import { layoutOf } from "../../src/report/layout.ts"
import { fakeRun } from "./fake-run.ts"

const run = fakeRun({ cycles: 4, particles: 3, spans: 8 })
const layout = layoutOf(run.mesh ?? raise())
function raise(): never {
  throw new Error("the run has a mesh")
}

const withField = (name: string, unit: string, values: readonly Float64Array[]) =>
  run.frames.map((frame, at) => ({ ...frame, pointData: [{ name, unit, values: values[at] }] }))
const first = run.frames[0].pointData[0].values
const ramp = (low: number, high: number) => first.map((_, node) => low + ((high - low) * node) / (first.length - 1))

describe("field pictures", () => {
  it("show the first and the last end of charge", () => {
    const frames = [
      "start",
      "End of charge, cycle 1",
      "rest",
      "End of charge, cycle 2",
      "End of charge, cycle 3",
      "end",
    ].map((label) => ({ ...run.frames[0], label }))
    expect(framesShown(frames).map(({ label }) => label)).toEqual(["End of charge, cycle 1", "End of charge, cycle 3"])
    expect(framesShown([frames[0], frames[2]]).map(({ label }) => label)).toEqual(["start", "rest"])
    expect(framesShown([])).toEqual([])
  })

  it("come with the known fields first", () => {
    const frame = { ...run.frames[0], cellData: [{ name: "quality", unit: "", values: first }] }
    const names = fieldNames([frame])
    expect(names[0]).toBe("stoichiometry")
    expect(names[names.length - 1]).toBe("quality")
  })

  it("have one scale for all moments, symmetric where the sign matters", () => {
    const picture = fieldPicture(
      layout,
      withField("hydrostatic_stress", "Pa", [ramp(-1e8, 0), ramp(0, 3e8)]),
      "hydrostatic_stress",
      800,
    )
    expect(picture?.caption).toContain("from −100 to 300 MPa")
    expect(picture?.drawing.body).toContain(">−200<")
    expect(picture?.drawing.body).toContain(">200<")
  })

  it("show nearly even potentials about the mean of each moment, in millivolts", () => {
    const picture = fieldPicture(
      layout,
      withField("solid_potential", "V", [ramp(4.366, 4.374), ramp(4.756, 4.764)]),
      "solid_potential",
      800,
    )
    expect(picture?.caption).toContain("from −4 to 4 mV")
    expect(picture?.caption).toContain("4.370 V and 4.760 V")
    const wide = fieldPicture(
      layout,
      withField("electrolyte_potential", "V", [ramp(0, 0.3), ramp(0, 0.3)]),
      "electrolyte_potential",
      800,
    )
    expect(wide?.caption).toContain("from 0 to 0.3 V")
    const moved = fieldPicture(
      layout,
      withField("solid_potential", "V", [ramp(4.2, 4.4), ramp(4.6, 4.8)]),
      "solid_potential",
      800,
    )
    expect(moved?.caption).toContain("from −0.1 to 0.1 V. Shown about the mean of each moment: 4.300 V and 4.700 V")
  })

  it("are left out where there is nothing to show", () => {
    expect(fieldPicture(layout, run.frames, "temperature", 800)).toBeNull()
    const void_ = first.map(() => Number.NaN)
    expect(fieldPicture(layout, withField("x", "", [void_, void_]), "x", 800)).toBeNull()
    expect(
      interfacePicture(
        layout,
        run.frames.map((frame) => ({ ...frame, interfaceGap: null })),
        "gap",
        800,
      ),
    ).toBeNull()
  })

  it("colour only damaged interfaces", () => {
    const coloured = (damage: number) => {
      const frames = run.frames.map((frame) => ({
        ...frame,
        interfaceDamage: (frame.interfaceDamage ?? raise()).map(() => damage),
      }))
      return (interfacePicture(layout, frames, "damage", 800)?.drawing.body.match(/stroke-width="3"/g) ?? []).length
    }
    expect(coloured(0)).toBe(0)
    expect(coloured(0.6)).toBe(2)
  })

  it("draw the lithium only where the separator is in view", () => {
    const lithium = /stroke="#6f8fa8"/
    expect(fieldPicture(layout, run.frames, "stoichiometry", 800)?.drawing.body).not.toMatch(
      /stroke="#6f8fa8"[^>]*d="M/,
    )
    expect(fieldPicture(layout, run.frames, "electrolyte_concentration", 800)?.drawing.body).toMatch(lithium)
  })
})
