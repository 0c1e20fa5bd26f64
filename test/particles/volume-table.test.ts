import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Box, Triple } from "../../src/image/brick.ts"
import { describeColumns } from "../../src/particles/attribute-columns.ts"
import { boxWidenedBy, cubeAround, windowCounter } from "../../src/particles/density-windows.ts"
import { measureParticle, type ParticleMeasures } from "../../src/particles/measure-particle.ts"
import { nearestCentres } from "../../src/particles/nearest-centres.ts"
import { spatialAlignment } from "../../src/particles/orientation.ts"
import { defaultParticleSettings } from "../../src/particles/particle-settings.ts"
import { columnOf, type ParticleTable } from "../../src/particles/table.ts"
import {
  densityBoxes,
  type Estimator,
  particleTable3d,
  seesNeighbours,
  widerMargin,
} from "../../src/particles/volume-table.ts"
import { drawnCrop, evenNumbers, frameOf } from "./bodies.ts"

const geometric: Estimator = { kind: "geometric" }
const published: Estimator = { kind: "published" }
const edge = 2e-7
const grid = { shape: [60, 50, 70] as Triple, spacing: [edge, edge, edge] as Triple }
const balls: readonly (readonly [Triple, number])[] = [
  [[15, 15, 16], 9],
  [[34.5, 15, 18], 8],
  [[15.5, 34, 20], 7.5],
  [[40, 36, 40], 8.5],
  [[20, 22, 52], 8],
  [[44, 14, 60], 12],
]
const volume = drawnCrop(grid.shape, grid.spacing, (x, y, z) => {
  const at = balls.findIndex(([c, r]) => Math.hypot(x - c[0] * edge, y - c[1] * edge, z - c[2] * edge) <= r * edge)
  return at + 1
})
const gray = Float32Array.from(volume.labels, (label, i) => (label > 0 ? 50 * label + (i % 2) : 3))
const phases = Uint8Array.from(volume.labels, (label, i) => (label > 0 ? 1 : 2 * (i % 2)))
const settings = defaultParticleSettings(grid.spacing)
const measured = balls.map((_, k) => measureParticle({ ...volume, label: k + 1, gray, phases }, settings))

const counted = (boxes: readonly Box[]): Float64Array => {
  const counter = windowCounter(grid, boxes)
  const layer = grid.shape[0] * grid.shape[1]
  for (let z = 0; z < grid.shape[2]; z++) counter.addLayer(volume.labels.subarray(layer * z, layer * (z + 1)))
  return counter.shares()
}
const tableOf = (estimator: Estimator, some: readonly ParticleMeasures[] = measured): ParticleTable =>
  particleTable3d(some, { grid, density: counted(densityBoxes(some, estimator)) }, estimator)
const values = (table: ParticleTable, name: string): Float64Array => {
  const column = columnOf(table, name)
  if (!column) throw new Error(`no column ${name}`)
  return column.values
}

describe("the table of particles in space", () => {
  const tables = [tableOf(geometric), tableOf(published)]

  it("has the twenty-four attributes first, the same names by both estimators, each described with its unit", () => {
    const described = describeColumns()
    expect(described.filter(({ beside }) => !beside).length).toBe(24)
    for (const [k, estimator] of [geometric, published].entries()) {
      expect(tables[k].columns.map(({ name }) => name)).toEqual(described.map(({ name }) => name))
      expect(tables[k].columns.map(({ unit }) => unit)).toEqual(described.map((column) => column[estimator.kind].unit))
      expect(tables[k].missing).toEqual([])
    }
    for (const { name, geometric: g, published: p } of described)
      for (const { definition } of [g, p]) expect(definition.length, name).toBeGreaterThan(10)
  })
  it("knows balls", () => {
    const [table] = tables
    balls.forEach(([centre, radius], row) => {
      if (table.cut[row] === 1) return
      for (const [a, name] of ["X", "Y", "Z"].entries())
        expect(Math.abs(values(table, name)[row] / edge - centre[a])).toBeLessThan(0.05)
      expect(values(table, "Volume")[row] / ((4 / 3) * Math.PI * (radius * edge) ** 3)).toBeCloseTo(1, 1)
      expect(values(table, "Sphericity")[row]).toBeCloseTo(0.995, 1)
      expect(values(table, "VSratio")[row]).toBeCloseTo(((4 / 3) * Math.PI) ** (1 / 3) / Math.sqrt(4 * Math.PI), 2)
      expect(values(table, "Yaw")[row]).toBeNaN()
      expect(values(table, "EDensity")[row]).toBeCloseTo(50 * (row + 1) + 0.5, 1)
      expect(values(table, "Homogeneity")[row]).toBeCloseTo(2, 2)
      expect(values(tables[1], "Homogeneity")[row]).toBeCloseTo(0.5, 2)
      expect(values(table, "Damage")[row]).toBe(0)
    })
    expect([...table.cut]).toEqual([0, 0, 0, 0, 0, 1])
    expect(values(table, "ContactBorder")[5]).toBeGreaterThan(0.02)
    expect([...values(table, "Label")]).toEqual([1, 2, 3, 4, 5, 6])
  })
  it("measures neighbours between surfaces, or between centres as the published code does", () => {
    const apart = (i: number, j: number): number => Math.hypot(...balls[i][0].map((v, a) => v - balls[j][0][a]))
    for (let i = 0; i < balls.length; i++) {
      const others = [...balls.keys()].filter((j) => j !== i)
      const centres = others.reduce((sum, j) => sum + apart(i, j), 0) / others.length
      const surfaces = others.reduce((sum, j) => sum + Math.max(0, apart(i, j) - balls[i][1] - balls[j][1]), 0)
      expect(Math.abs(values(tables[1], "DistNearest")[i] / edge - centres)).toBeLessThan(i === 5 ? 1 : 0.1)
      expect(values(tables[0], "DistNearestCentre")[i]).toBeCloseTo(values(tables[1], "DistNearest")[i], 12)
      expect(Math.abs(values(tables[0], "DistNearest")[i] / edge - surfaces / others.length)).toBeLessThan(0.4)
    }
    const volumes = [...values(tables[0], "Volume").subarray(1)]
    const mean = volumes.reduce((sum, v) => sum + v, 0) / 5
    const spread = Math.sqrt(volumes.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 5)
    expect(values(tables[0], "VolumeStd")[0] / spread).toBeCloseTo(1, 9)
    expect([...values(tables[0], "Coordination")]).toEqual(
      measured.map(({ neighbours }) => neighbours.filter(({ contactArea }) => contactArea > 0).length),
    )
  })
  it("turns with the depth: any axis, either way", () => {
    const density = new Float64Array(balls.length)
    const [plain] = tables
    for (const axis of [0, 1, 2] as const)
      for (const growing of [1, -1] as const) {
        const table = particleTable3d(measured, { grid, density, depth: { axis, growing } })
        const extent = grid.shape[axis] * edge
        const along = values(plain, "XYZ"[axis])
        values(table, "Z").forEach((z, row) => {
          expect(z).toBeCloseTo(growing === 1 ? along[row] : extent - along[row], 12)
        })
        expect(values(table, "X")).toEqual(values(plain, "XYZ"[(axis + 1) % 3]))
        expect(values(table, "Y")).toEqual(values(plain, "XYZ"[(axis + 2) % 3]))
      }
  })
  it("and so do the angles: of a rod aslant in each plane", () => {
    const [u, v, w] = [2, 3, 6].map((part) => part / 7)
    const rod = drawnCrop([40, 40, 40], [1, 1, 1], (x, y, z) => {
      const off = [x - 20, y - 20, z - 20]
      const along = u * off[0] + v * off[1] + w * off[2]
      return Math.abs(along) < 14 && off.reduce((sum, o) => sum + o * o, 0) - along * along < 16 ? 1 : 0
    })
    const measures = [measureParticle(rod, { closingRadius: 2, crackDepth: 2, contactReach: 1, roughnessLength: 3 })]
    const angles = (axis: 0 | 1 | 2, growing: 1 | -1): readonly number[] => {
      const table = particleTable3d(measures, { grid: rod, density: Float64Array.of(0), depth: { axis, growing } })
      return ["Yaw", "Pitch"].map((name) => values(table, name)[0])
    }
    const degrees = 180 / Math.PI
    for (const [axis, [x, y, z]] of [
      [u, v, w],
      [v, w, u],
      [w, u, v],
    ].map((axes, k) => [(k + 2) % 3, axes] as const))
      for (const growing of [1, -1] as const) {
        const [yaw, pitch] = angles(axis as 0 | 1 | 2, growing)
        expect(Math.abs(yaw - Math.atan2(y, x) * degrees)).toBeLessThan(1)
        expect(Math.abs(pitch + growing * Math.asin(z) * degrees)).toBeLessThan(1)
      }
  })
  it("says what it has not been given", () => {
    const { published: _, ...plain } = settings
    const bare = balls.map((_, k) => measureParticle({ ...volume, label: k + 1 }, plain))
    const table = tableOf(geometric, bare)
    expect(table.missing.map(({ name }) => name)).toEqual(["EDensity", "Homogeneity", "ContactCB", "ContactVoid"])
    for (const { name } of table.missing) expect(columnOf(table, name)).toBeUndefined()
    expect(() => tableOf(published, bare)).toThrow(/particle 1 was not measured/)
    expect(() => tableOf(geometric, [bare[0], bare[0]])).toThrow(/same label/)
    expect(() => particleTable3d(bare, { grid, density: new Float64Array(2) })).toThrow(/density has 2/)
    expect(particleTable3d([], { grid, density: new Float64Array(0) }).particleCount).toBe(0)
  })
})

describe("neighbours out of sight", () => {
  /** Rods in a lattice, of which a crop shows some. */
  const lattice = drawnCrop([60, 60, 60], [1, 1, 1], (x, y, z) => {
    const place = [x, y, z].map((v) => Math.floor(v / 12))
    const off = [x, y, z].map((v, a) => v - 12 * place[a] - 6)
    return Math.hypot(...off) <= 4 ? 1 + place[0] + 5 * (place[1] + 5 * place[2]) : 0
  })
  const middle = 1 + 2 + 5 * (2 + 5 * 2)
  const cropOf = (margin: number) => {
    const [low, high] = [26 - margin, 34 + margin]
    const labels: number[] = []
    for (let z = low; z < high; z++)
      for (let y = low; y < high; y++)
        for (let x = low; x < high; x++) labels.push(lattice.labels[x + 60 * (y + 60 * z)])
    const side = high - low
    return {
      shape: [side, side, side] as Triple,
      spacing: lattice.spacing,
      from: [low, low, low] as Triple,
      whole: [60, 60, 60] as Triple,
      label: middle,
      labels: Int32Array.from(labels),
    }
  }
  const small = { closingRadius: 2, crackDepth: 2, contactReach: 1, roughnessLength: 3 }

  it("ask for a wider crop until six are surely the nearest", () => {
    let margin = 2
    const tried: number[] = []
    for (;;) {
      tried.push(margin)
      const wider = widerMargin(measureParticle(cropOf(margin), small))
      if (wider === undefined) break
      expect(wider).toBeGreaterThan(margin)
      margin = wider
    }
    expect(tried.length).toBeLessThan(5)
    const found = measureParticle(cropOf(margin), small)
    expect(
      found.neighbours
        .slice(0, 6)
        .map(({ label }) => label)
        .sort((a, b) => a - b),
    ).toEqual([-25, -5, -1, 1, 5, 25].map((step) => middle + step))
    for (const { distance } of found.neighbours.slice(0, 6)) expect(Math.abs(distance - 4)).toBeLessThan(0.3)
  })
  it("leave a row without neighbour attributes rather than with wrong ones", () => {
    const blind = measureParticle(cropOf(4), small)
    // Of four voxels three are needed to measure whatever lies there.
    expect(blind.sight).toBe(1)
    expect(measureParticle({ ...cropOf(4), from: [0, 22, 22] }, small).sight).toBe(1)
    expect(measureParticle({ ...cropOf(9), spacing: [1, 1, 2] }, { ...small, closingRadius: 4 }).sight).toBe(6)
    expect(seesNeighbours(blind)).toBe(false)
    const table = particleTable3d([blind], {
      grid: { shape: [60, 60, 60], spacing: [1, 1, 1] },
      density: Float64Array.of(0),
    })
    for (const name of ["DistNearest", "VolumeStd", "OrienIso"]) expect(values(table, name)[0]).toBeNaN()
    expect(values(table, "Volume")[0]).toBeGreaterThan(200)
  })
})

describe("density windows", () => {
  /** A box that begins around the volume and ends behind its beginning, or holds nothing. */
  const boxes = fc
    .tuple(...Array.from({ length: 6 }, (_, k) => fc.integer({ min: k < 3 ? -20 : -3, max: 60 })))
    .map((v): Box => ({ from: [v[0], v[1], v[2]], to: [v[0] + v[3], v[1] + v[4], v[2] + v[5]] }))
  it("count exactly what a loop over the boxes counts", () => {
    fc.assert(
      fc.property(fc.array(boxes, { minLength: 4, maxLength: 12 }), (boxes) => {
        const shares = counted(boxes)
        boxes.forEach(({ from, to }, k) => {
          let [inside, all] = [0, 0]
          for (let z = Math.max(0, from[2]); z < Math.min(70, to[2]); z++)
            for (let y = Math.max(0, from[1]); y < Math.min(50, to[1]); y++)
              for (let x = Math.max(0, from[0]); x < Math.min(60, to[0]); x++) {
                all++
                if (volume.labels[x + 60 * (y + 50 * z)] > 0) inside++
              }
          expect(shares[k]).toBe(all > 0 ? inside / all : Number.NaN)
        })
      }),
      { numRuns: 20 },
    )
  })
  it("hold the voxels whose centres lie in the cube", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 9, noNaN: true }),
        fc.double({ min: 0.1, max: 9, noNaN: true }),
        (at, side) => {
          const { from, to } = cubeAround([at, 2, 3], side, [0.7, 1, 1])
          for (let x = -8; x < 30; x++) {
            const inside = Math.abs((x + 0.5) * 0.7 - at) < side / 2
            if (Math.abs(Math.abs((x + 0.5) * 0.7 - at) - side / 2) > 1e-9)
              expect(x >= from[0] && x < to[0]).toBe(inside)
          }
        },
      ),
    )
    expect(boxWidenedBy({ from: [1, 2, 3], to: [4, 5, 6] }, 10, [5, 4, 20])).toEqual({
      from: [-1, -1, 2],
      to: [6, 8, 7],
    })
  })
  it("want every layer once", () => {
    const counter = windowCounter({ shape: [2, 1, 1], spacing: [1, 1, 1] }, [{ from: [0, 0, 0], to: [2, 1, 1] }])
    expect(() => counter.shares()).toThrow(/0 were given/)
    expect(() => counter.addLayer([1])).toThrow(/layer has 1/)
    counter.addLayer([1, 0])
    expect([...counter.shares()]).toEqual([0.5])
    expect(() => counter.addLayer([1, 0])).toThrow(/one more/)
  })
})

describe("alignment in space", () => {
  it("is 1 for parallel axes whatever their heads, 0 for three perpendicular ones and for none", () => {
    expect(
      spatialAlignment([
        [1, 0, 0],
        [-1, 0, 0],
      ]),
    ).toBeCloseTo(1, 12)
    expect(
      spatialAlignment([
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]),
    ).toBeCloseTo(0, 12)
    expect(spatialAlignment([undefined, undefined])).toBeCloseTo(0, 12)
    expect(spatialAlignment([[0, 0, 1], undefined])).toBeCloseTo(0.5, 12)
    expect(spatialAlignment([])).toBeNaN()
  })
  it("vanishes over many directions at random, like 1/√n", () => {
    const even = evenNumbers(4)
    const some = Array.from({ length: 4000 }, () => frameOf(even(), even(), even())[0])
    expect(spatialAlignment(some)).toBeLessThan(0.05)
  })
  it("reaches the column: rods in one direction and in all", () => {
    const rods = (axisOf: (k: number) => 0 | 1 | 2): ParticleTable => {
      const crop = drawnCrop([60, 60, 20], [1, 1, 1], (x, y, z) => {
        const [i, j] = [Math.floor(x / 20), Math.floor(y / 20)]
        const off = [x - 20 * i - 10, y - 20 * j - 10, z - 10]
        const along = off[axisOf(i + 3 * j)]
        return Math.abs(along) <= 7 && off.reduce((sum, v) => sum + v * v, 0) - along * along <= 9 ? 1 + i + 3 * j : 0
      })
      const all = Array.from({ length: 9 }, (_, k) =>
        measureParticle(
          { ...crop, label: k + 1 },
          {
            closingRadius: 2,
            crackDepth: 2,
            contactReach: 1,
            roughnessLength: 3,
          },
        ),
      )
      return particleTable3d(all, { grid: crop, density: new Float64Array(9) })
    }
    for (const value of values(
      rods(() => 1),
      "OrienIso",
    ))
      expect(value).toBeCloseTo(1, 9)
    // The middle one sees itself and six others: of seven, three along one axis and two along each other.
    const mixed = values(
      rods((k) => (k % 3) as 0 | 1 | 2),
      "OrienIso",
    )
    for (const value of mixed) expect(value).toBeLessThan(0.6)
    expect(Math.min(...mixed)).toBeCloseTo((3 * (3 / 7) - 1) / 2, 6)
  })
})

describe("nearest centres", () => {
  it("are those of a search through all", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer(), fc.constantFrom(0, 1, 1e-3), (count, seed, depth) => {
        const even = evenNumbers(seed)
        const places = Float64Array.from({ length: 3 * count }, (_, i) => even() * (i % 3 === 2 ? depth : 1) * 1e-4)
        const squared = (p: number, q: number): number =>
          [0, 1, 2].reduce((sum, a) => sum + (places[3 * p + a] - places[3 * q + a]) ** 2, 0)
        const found = nearestCentres(places, 6)
        expect(found.length).toBe(count)
        found.forEach((list, p) => {
          const all = [...Array(count).keys()].filter((q) => q !== p)
          all.sort((a, b) => squared(p, a) - squared(p, b) || a - b)
          expect(list).toEqual(all.slice(0, 6))
        })
      }),
      { numRuns: 20 },
    )
    expect(nearestCentres(Float64Array.of(1, 1, 1, 1, 1, 1), 6)).toEqual([[1], [0]])
  })
})
