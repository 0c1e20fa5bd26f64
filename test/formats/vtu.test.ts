import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Grid, readPvd, readVtu, writePvd, writeVtu } from "../../src/formats/vtu.ts"

const square: Grid = {
  dimension: 2,
  points: Float64Array.of(0, 0, 1, 0, 1, 1, 0, 1),
  cell: "triangle",
  cellToPoint: Int32Array.of(0, 1, 2, 0, 2, 3),
  pointData: [
    { name: "stoichiometry", unit: "", components: 1, values: Float64Array.of(0.1, Number.NaN, -0, 1e-300) },
    { name: "displacement", unit: "m", components: 3, values: Float64Array.from({ length: 12 }, (_, k) => k * 1e-9) },
  ],
  cellData: [{ name: 'a < b & "c"', unit: "A/m^2", components: 1, values: Int32Array.of(7, -7) }],
}

describe("VTU", () => {
  it("reads back bit for bit", () => {
    const back = readVtu(writeVtu(square, 432))
    expect(back?.time).toBe(432)
    expect(back?.grid).toMatchObject({
      cell: "triangle",
      cellToPoint: square.cellToPoint,
      pointData: square.pointData,
      cellData: square.cellData,
    })
    expect(back?.grid.points).toEqual(Float64Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0))
  })

  it("holds any number", () => {
    fc.assert(
      fc.property(fc.float64Array({ minLength: 4, maxLength: 4 }), (values) => {
        const field = { name: "x", unit: "", components: 1, values }
        expect(readVtu(writeVtu({ ...square, pointData: [field], cellData: [] }, 0))?.grid.pointData[0].values).toEqual(
          values,
        )
      }),
    )
  })

  it("writes lines and tetrahedra", () => {
    const line = { ...square, cell: "line" as const, cellToPoint: Int32Array.of(0, 1, 2, 3), cellData: [] }
    expect(readVtu(writeVtu(line, 0))?.grid.cell).toBe("line")
    const solid: Grid = {
      dimension: 3,
      points: Float64Array.from({ length: 12 }, (_, k) => k),
      cell: "tetrahedron",
      cellToPoint: Int32Array.of(0, 1, 2, 3),
      pointData: [],
      cellData: [],
    }
    expect(readVtu(writeVtu(solid, 0))?.grid).toEqual(solid)
  })

  it("is what VTK expects: a 64-bit byte count before the data", () => {
    const text = writeVtu(square, 0)
    expect(text).toContain(
      '<VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">',
    )
    expect(text).toContain('<InformationKey name="UNITS_LABEL" location="vtkDataArray">m</InformationKey>')
    const connectivity = /Name="connectivity"[^>]*>([^<]*)</.exec(text)?.[1] ?? ""
    const bytes = Buffer.from(connectivity, "base64")
    expect(bytes.readBigUInt64LE(0)).toBe(24n)
    expect(bytes.length).toBe(32)
  })

  it("refuses a file that was cut off", () => {
    expect(readVtu(writeVtu(square, 0).slice(0, -20))).toBeUndefined()
    expect(readVtu("")).toBeUndefined()
  })

  it("lists a series", () => {
    const entries = [
      { time: 0, part: 0, file: "fields/cells-0001.vtu", label: "Start" },
      { time: 432.1, part: 1, file: "fields/interfaces-0001.vtu", label: "End of charge, cycle 1" },
    ]
    expect(readPvd(writePvd(entries))).toEqual(entries)
  })
})
