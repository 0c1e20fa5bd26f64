import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { defaultPhantomSettings, phantomSlice } from "../../src/image/phantom.ts"
import { meshLayout } from "../../src/mesh/layout.ts"
import { isMeshProblem } from "../../src/mesh/problem.ts"
import { particleTableFromMesh } from "../../src/particles/mesh-table.ts"
import { nearestParticles, neighbourColumns, planeAlignment } from "../../src/particles/neighbours.ts"
import { planeAxes } from "../../src/particles/plane-moments.ts"
import { type LabelledSlice, particleTable } from "../../src/particles/slice-table.ts"
import { columnOf, type ParticleTable, wholeParticles, withColumn } from "../../src/particles/table.ts"

/** A slice drawn by a function of the position above the lower left corner [pixel]. */
const drawn = (
  width: number,
  height: number,
  label: (x: number, z: number) => number,
  crack: (x: number, z: number) => boolean = () => false,
  pixel = 1e-7,
): LabelledSlice => {
  const labels = new Int32Array(width * height)
  const crackMask = new Uint8Array(width * height)
  for (let i = 0; i < labels.length; i++) {
    const [x, z] = [(i % width) + 0.5, height - Math.floor(i / width) - 0.5]
    labels[i] = label(x, z)
    crackMask[i] = labels[i] > 0 && crack(x, z) ? 1 : 0
  }
  const gray = Float32Array.from(labels, (l, i) => (crackMask[i] ? 20 : l > 0 ? 100 + 10 * (i % 2 === 0 ? 1 : -1) : 50))
  return { width, height, pixel, labels, particleCount: Math.max(...labels), crackMask, gray }
}
const value = (table: ParticleTable, name: string, row = 0): number => {
  const column = columnOf(table, name)
  if (!column) throw new Error(`no column ${name}`)
  return column.values[row]
}

describe("one particle on a slice", () => {
  it("a disc of 25 pixels with a round core of 8", () => {
    const table = particleTable(
      drawn(
        90,
        120,
        (x, z) => (Math.hypot(x - 40, z - 70) < 25 ? 1 : 0),
        (x, z) => Math.hypot(x - 40, z - 70) < 8,
      ),
    )
    expect(value(table, "X")).toBeCloseTo(4e-6, 12)
    expect(value(table, "Z")).toBeCloseTo(7e-6, 12)
    expect(Math.abs(value(table, "Volume") / (Math.PI * 6.25e-12) - 1)).toBeLessThan(0.01)
    expect(Math.abs(value(table, "SurfaceOuter") / (2 * Math.PI * 2.5e-6) - 1)).toBeLessThan(0.01)
    expect(Math.abs(value(table, "SurfaceInner") / (2 * Math.PI * 0.8e-6) - 1)).toBeLessThan(0.03)
    expect(value(table, "Damage") / (64 / 625)).toBeCloseTo(1, 1)
    expect(value(table, "Elongation")).toBeCloseTo(1, 2)
    expect(value(table, "Sphericity")).toBeCloseTo(1, 1)
    expect(Math.abs(value(table, "VSratio") * Math.sqrt(4 * Math.PI) - 1)).toBeLessThan(0.01)
    expect(value(table, "EDensity")).toBeCloseTo(100, 0)
    expect(value(table, "Homogeneity")).toBeCloseTo(0.1, 3)
    expect(value(table, "Contact")).toBe(0)
    expect(value(table, "ContactCB")).toBe(1)
    expect(value(table, "DistNearest")).toBeNaN()
    expect(table.missing.map(({ name }) => name)).toEqual(expect.arrayContaining(["Y", "Pitch", "Roll"]))
  })
  it.each([-80, -45, -10, 0, 20, 45, 75])("an ellipse turned by %i°", (degrees) => {
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
    const table = particleTable(
      drawn(120, 120, (x, z) => {
        const [u, v] = [(x - 60) * c + (z - 60) * s, (z - 60) * c - (x - 60) * s]
        return (u / 40) ** 2 + (v / 20) ** 2 <= 1 ? 1 : 0
      }),
    )
    expect(Math.abs(value(table, "Yaw") - degrees)).toBeLessThan(1)
    expect(Math.abs(value(table, "Elongation") / 2 - 1)).toBeLessThan(0.02)
  })
  it("scales with the pixel and is flagged where the border cuts it", () => {
    const shape = (x: number, z: number): number => (Math.hypot(x - 15, z - 30) < 20 ? 1 : 0)
    const small = particleTable(drawn(60, 60, shape))
    const large = particleTable(drawn(60, 60, shape, undefined, 3e-7))
    expect(small.cut[0]).toBe(1)
    expect(wholeParticles(small).particleCount).toBe(0)
    for (const [name, power] of [
      ["X", 1],
      ["Volume", 2],
      ["SurfaceOuter", 1],
      ["Sphericity", 0],
    ] as const) {
      expect(value(large, name) / value(small, name)).toBeCloseTo(3 ** power, 9)
    }
  })
})

describe("particles among each other", () => {
  it("two squares in contact share a quarter of their perimeter; distances count from surface to surface", () => {
    const table = particleTable(
      drawn(120, 60, (x, z) => {
        if (z < 20 || z > 40) return 0
        return x > 20 && x < 40 ? 1 : x > 40 && x < 60 ? 2 : x > 80 && x < 100 ? 3 : 0
      }),
    )
    expect(value(table, "Contact", 0)).toBeGreaterThan(0.22)
    expect(value(table, "Contact", 0)).toBeLessThan(0.32)
    expect(value(table, "Contact", 2)).toBe(0)
    expect(value(table, "DistNearest", 0)).toBeCloseTo((0 + 40e-7) / 2, 12)
    expect(value(table, "DistNearest", 1)).toBeCloseTo((0 + 20e-7) / 2, 12)
    expect(value(table, "DistNearestCentre", 1)).toBeCloseTo((20e-7 + 40e-7) / 2, 12)
    expect(value(table, "PDensity", 0)).toBeCloseTo(1200 / 7200, 9)
    expect(value(table, "VolumeStd", 0)).toBeCloseTo(0, 20)
  })
  it("alignment is 1 for parallel, 0 for crossed, and ignores the sign of an axis", () => {
    expect(planeAlignment([0.3, 0.3, 0.3 + Math.PI])).toBeCloseTo(1, 12)
    expect(planeAlignment([0, Math.PI / 2])).toBeCloseTo(0, 12)
    expect(planeAlignment([0.1, Number.NaN])).toBeCloseTo(0.5, 12)
  })
  it("takes six neighbours, nearest surface first, and the deviation over them alone", () => {
    const count = 9
    const x = Float64Array.from({ length: count }, (_, i) => i)
    const zero = new Float64Array(count)
    const surfaceDistance = new Float64Array(count * count)
    for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) surfaceDistance[i * count + j] = Math.abs(i - j) / 2
    const input = { x, z: zero, volume: x, elongation: x, sphericity: x, angle: zero, surfaceDistance }
    expect(nearestParticles(input)[0]).toEqual([1, 2, 3, 4, 5, 6])
    expect(nearestParticles(input)[4]).toEqual([3, 5, 2, 6, 1, 7])
    const spread = neighbourColumns(input).find(({ name }) => name === "ElongStd")
    expect(spread?.values[0]).toBeCloseTo(Math.sqrt(35 / 12), 12)
    expect(spread?.values[4]).toBeCloseTo(Math.sqrt(28 / 6), 12)
  })
  it("axes turn with the tensor", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1.1, max: 5, noNaN: true }),
        fc.double({ min: -1.5, max: 1.5, noNaN: true }),
        (e, a) => {
          const [l, s] = [e * e, 1]
          const [c, n] = [Math.cos(a), Math.sin(a)]
          const axes = planeAxes(l * c * c + s * n * n, l * n * n + s * c * c, (l - s) * c * n)
          expect(axes.elongation).toBeCloseTo(e, 6)
          expect(axes.angle).toBeCloseTo(a, 6)
        },
      ),
    )
    expect(planeAxes(2, 2, 0).angle).toBeNaN()
  })
})

describe("table from a mesh", () => {
  const layout = {
    width: 24e-6,
    height: 22e-6,
    separatorThickness: 5e-6,
    matrix: "high",
    particles: [
      { kind: "circle", centre: [6e-6, 6e-6], radius: 4e-6 },
      { kind: "ellipse", centre: [17e-6, 8e-6], axes: [5e-6, 3e-6], angle: 0.6 },
      { kind: "circle", centre: [9e-6, 16e-6], radius: 3.5e-6 },
    ],
  } as const
  const mesh = meshLayout(layout, { interfaceLength: 0.3e-6, growth: 0.25, maximumLength: 1e-6 })
  if (isMeshProblem(mesh)) throw new Error(JSON.stringify(mesh))
  const table = particleTableFromMesh(mesh)

  it("knows circles and ellipses exactly", () => {
    expect(value(table, "Volume", 0) / (Math.PI * 16e-12)).toBeCloseTo(1, 6)
    expect(value(table, "SurfaceOuter", 0) / (8e-6 * Math.PI)).toBeCloseTo(1, 3)
    expect(value(table, "Z", 1)).toBeCloseTo(8e-6, 10)
    expect(value(table, "Elongation", 1)).toBeCloseTo(5 / 3, 2)
    expect(value(table, "Yaw", 1)).toBeCloseTo((0.6 * 180) / Math.PI, 0)
    expect(value(table, "ContactCB", 2)).toBeCloseTo(1, 9)
    const distance = Math.hypot(3, 10) - 7.5
    expect(value(table, "DistNearestCentre", 0)).toBeCloseTo(((Math.hypot(3, 10) + Math.hypot(11, 2)) / 2) * 1e-6, 9)
    expect(value(table, "DistNearest", 0)).toBeGreaterThan(0.9 * distance * 0.5e-6)
    const areas = Math.PI * (16 + 15 + 12.25)
    expect(value(table, "PDensity", 0)).toBeCloseTo(areas / (24 * 22), 4)
  })
  it("agrees with the table of the same layout drawn in pixels, column by column", () => {
    const slice = drawn(240, 220, (x, z) => {
      const [u, v] = [x - 170, z - 80]
      const [c, s] = [Math.cos(0.6), Math.sin(0.6)]
      if (Math.hypot(x - 60, z - 60) <= 40) return 1
      if (((u * c + v * s) / 50) ** 2 + ((v * c - u * s) / 30) ** 2 <= 1) return 2
      return Math.hypot(x - 90, z - 160) <= 35 ? 3 : 0
    })
    const drawnTable = particleTable(slice)
    for (const column of table.columns) {
      const other = columnOf(drawnTable, column.name)
      if (!other || column.name === "Yaw" || column.name === "OrienIso") continue
      expect(other.unit).toBe(column.unit)
      column.values.forEach((v, row) => {
        const scale = Math.max(Math.abs(v), { m: 1e-6, "m^2": 1e-12 }[column.unit] ?? 0.05)
        expect(Math.abs(other.values[row] - v) / scale, `${column.name} ${row}`).toBeLessThan(0.05)
      })
    }
    const missing = table.missing.map(({ name }) => name)
    for (const { name } of drawnTable.columns)
      expect(columnOf(table, name) !== undefined || missing.includes(name)).toBe(true)
  })
})

it("columns of a phantom are finite and plausible; a replaced column keeps its place", () => {
  const { gray, labels, cracks, band } = phantomSlice({ ...defaultPhantomSettings, seed: 3 })
  const [width, height] = gray.shape
  const slice = {
    width,
    height,
    pixel: 1e-7,
    labels: labels.values,
    particleCount: labels.count,
    crackMask: cracks.values,
    gray: gray.values,
  }
  const table = particleTable(slice)
  for (const { name, values } of table.columns) for (const v of values) expect(Number.isFinite(v), name).toBe(true)
  for (const name of ["Damage", "Contact", "ContactCB", "PDensity", "OrienIso"])
    for (const v of columnOf(table, name)?.values ?? []) expect(v >= 0 && v <= 1, name).toBe(true)
  const depth = (height - band[0]) * 1e-7
  for (const z of columnOf(table, "Z")?.values ?? []) expect(z > 0 && z < depth).toBe(true)
  const replaced = withColumn(table, { name: "Damage", unit: "", values: new Float64Array(labels.count) })
  expect(replaced.columns.map(({ name }) => name)).toEqual(table.columns.map(({ name }) => name))
  expect(Math.max(...(columnOf(replaced, "Damage")?.values ?? [1]))).toBe(0)
  expect(() => withColumn(table, { name: "Damage", unit: "", values: new Float64Array(1) })).toThrow(/rows/)
})
