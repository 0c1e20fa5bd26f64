import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type LabelImage, type LabelMesh, type LabelOptions, meshLabels } from "../../src/mesh/labels.ts"
import type { Resolution } from "../../src/mesh/parts.ts"
import { measureQuality } from "../../src/mesh/quality.ts"
import { expectSound, particleAreas, particlePerimeters } from "./invariants.ts"

const pixel = 70e-9
const um = 1e-6
const coarse: Resolution = { interfaceLength: 0.3 * um, growth: 0.25, maximumLength: 1.5 * um }

/** An image of discs [pixel], x to the right and y up from the lower left corner; earlier discs win. */
const discs = (width: number, height: number, list: readonly (readonly [number, number, number])[]): LabelImage => {
  const labels = new Int32Array(width * height)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [x, y] = [column + 0.5, height - row - 0.5]
      labels[row * width + column] = list.findIndex(([cx, cy, r]) => (x - cx) ** 2 + (y - cy) ** 2 < r * r) + 1
    }
  }
  return { width, height, pixel, labels, matrixNames: ["high"], separatorThickness: 2 * um }
}

const meshed = (image: LabelImage, options: LabelOptions = {}, resolution = coarse): LabelMesh => {
  const mesh = meshLabels(image, resolution, options)
  if ("kind" in mesh) throw new Error(JSON.stringify(mesh))
  const height = image.height * pixel
  expectSound(mesh, image.width * pixel, height, height + image.separatorThickness)
  return mesh
}

describe("digitised discs", () => {
  interface Errors {
    /** Root mean square of the area's relative error, of the mesh and of the pixel count */
    area: number
    counted: number
    most: number
    /** Largest relative error, and the share of discs with more than 1 % */
    perimeter: number
    beyond: number
  }
  const spread = (radius: number, count: number): Errors => {
    let [square, counted, most, perimeter, beyond] = [0, 0, 0, 0, 0]
    for (let k = 0; k < count; k++) {
      // Places and radii that fill the unit cell evenly.
      const [u, v, w] = [(k * 0.819172513) % 1, (k * 0.671043607) % 1, (k * 0.549700478) % 1]
      const r = radius + w
      const side = Math.ceil(2 * r + 8)
      const image = discs(side, side, [[side / 2 + u, side / 2 + v, r]])
      const mesh = meshed(image, {}, { ...coarse, interfaceLength: 0.15 * um })
      const area = particleAreas(mesh)[0] / (Math.PI * (r * pixel) ** 2) - 1
      square += area * area
      counted += (image.labels.reduce((sum, label) => sum + label, 0) / (Math.PI * r * r) - 1) ** 2
      most = Math.max(most, Math.abs(area))
      const length = Math.abs(particlePerimeters(mesh)[0] / (2 * Math.PI * r * pixel) - 1)
      perimeter = Math.max(perimeter, length)
      if (length > 0.01) beyond += 1 / count
    }
    return { area: Math.sqrt(square / count), counted: Math.sqrt(counted / count), most, perimeter, beyond }
  }
  // The pixels of a disc of 8–9 pixels leave its area open by 2.6 % on average, by up to 9 %.
  it("of 8–9 pixels: area within 0.7 % (root mean square), clearly better than the pixel count", () => {
    const { area, counted, perimeter, beyond } = spread(8, 60)
    expect(area).toBeLessThan(0.007)
    expect(area).toBeLessThan(0.85 * counted)
    expect(beyond).toBeLessThan(0.1)
    expect(perimeter).toBeLessThan(0.02)
  })
  it("of 20–21 pixels: area within 0.5 %, perimeter within 0.3 %", () => {
    const { area, most, perimeter } = spread(20, 16)
    expect(area).toBeLessThan(0.002)
    expect(most).toBeLessThan(0.005)
    expect(perimeter).toBeLessThan(0.003)
  })
})

describe("partial volumes", () => {
  /** Share of a disc in each pixel, from 16 × 16 points. */
  const partial = (side: number, cx: number, cy: number, r: number): Float32Array => {
    const out = new Float32Array(side * side)
    for (let k = 0; k < out.length; k++) {
      for (let s = 0; s < 256; s++) {
        const x = (k % side) + ((s % 16) + 0.5) / 16
        const y = side - 1 - Math.floor(k / side) + (Math.floor(s / 16) + 0.5) / 16
        if ((x - cx) ** 2 + (y - cy) ** 2 < r * r) out[k] += 1 / 256
      }
    }
    return out
  }
  it("put a surface right that the labels miss by half a pixel, and one that noise hides where the labels are", () => {
    const side = 40
    const share = partial(side, 20, 20, 12)
    const eroded = Int32Array.from(partial(side, 20, 20, 11.5), (value) => (value > 0.5 ? 1 : 0))
    const image = { width: side, height: side, pixel, labels: eroded, share, matrixNames: ["high"] }
    const radius = (shareNoise: number): number => {
      const mesh = meshed(
        { ...image, shareNoise, separatorThickness: 2 * um },
        {},
        { ...coarse, interfaceLength: 0.15 * um },
      )
      return Math.sqrt(particleAreas(mesh)[0] / Math.PI) / pixel
    }
    expect(Math.abs(radius(0) - 12)).toBeLessThan(0.1)
    expect(Math.abs(radius(2) - 11.5)).toBeLessThan(0.1)
  })
  it("give the area of any disc of 8 pixels or more within 0.5 %, its perimeter within 1 %", () => {
    for (const [r, dx, dy] of [
      [8, 0, 0],
      [8, 0.5, 0.5],
      [8.3, 0.5, 0],
      [9.7, 0.31, 0.77],
      [12, 0.5, 0.5],
      [25, 0, 0],
    ]) {
      const side = 2 * Math.ceil(r) + 8
      const share = partial(side, side / 2 + dx, side / 2 + dy, r)
      const image: LabelImage = {
        width: side,
        height: side,
        pixel,
        labels: Int32Array.from(share, (value) => (value > 0.5 ? 1 : 0)),
        share,
        matrixNames: ["high"],
        separatorThickness: 2 * um,
      }
      const mesh = meshed(image, {}, { ...coarse, interfaceLength: 0.15 * um })
      expect(Math.abs(particleAreas(mesh)[0] / (Math.PI * (r * pixel) ** 2) - 1)).toBeLessThan(0.004)
      expect(Math.abs(particlePerimeters(mesh)[0] / (2 * Math.PI * r * pixel) - 1)).toBeLessThan(0.006)
    }
  })
})

describe("hard places", () => {
  it("touching discs share a doubled boundary", () => {
    const mesh = meshed(
      discs(80, 50, [
        [25, 25, 16],
        [55, 25, 16],
      ]),
    )
    const contact = mesh.interfaces.outerCell.filter((cell) => mesh.regions[mesh.cellToRegion[cell]].particle >= 0)
    expect(contact.length).toBeGreaterThan(2)
    expect([...mesh.particleToLabel]).toEqual([1, 2])
  })

  it("ligaments and gaps of one pixel stay open", () => {
    const image = discs(70, 60, [
      [15, 30, 10],
      [50, 30, 10],
    ])
    // A bridge of particle 1 and slits of matrix, straight and diagonal.
    for (let column = 20; column < 36; column++) image.labels[30 * 70 + column] = 1
    for (let row = 20; row < 32; row++) image.labels[row * 70 + 50] = 0
    for (let k = 0; k < 12; k++) image.labels[(24 + k) * 70 + 10 + k] = 0
    const mesh = meshed(image)
    expect(measureQuality(mesh).unexcusedCells).toBe(0)
    // Matrix in the slit, particle in the bridge.
    const at = (x: number, y: number): string => regionAt(mesh, x * pixel, y * pixel)
    expect(at(50.5, 60 - 25)).toBe("high")
    expect(at(33.5, 60 - 30.5)).toBe("particle 1")
  })

  it("particles on the frame are cut flat, or dropped", () => {
    const image = discs(60, 50, [
      [0, 20, 12],
      [40, 48, 9],
      [30, 20, 10],
      [59, 1, 6],
    ])
    const cut = meshed(image)
    expect([...cut.particleToLabel]).toEqual([1, 2, 3, 4])
    expect(particleAreas(cut)[0] / ((Math.PI / 2) * (12 * pixel) ** 2)).toBeCloseTo(1, 1)
    const dropped = meshed(image, { dropAtBorder: true })
    expect([...dropped.particleToLabel]).toEqual([3])
    expect(dropped.dropped.map(({ label, reason }) => `${label} ${reason}`).sort()).toEqual([
      "1 border",
      "2 border",
      "4 border",
    ])
  })

  it("drops islands and fills pores that the electrolyte cannot reach", () => {
    const image = discs(60, 50, [
      [30, 25, 14],
      [8, 8, 1.2],
    ])
    for (const [x, y] of [
      [30, 25],
      [31, 25],
      [30, 26],
    ])
      image.labels[(50 - y) * 60 + x] = 0
    const mesh = meshed(image)
    expect(mesh.dropped.map(({ label, reason }) => `${label} ${reason}`)).toEqual(["2 small"])
    expect(mesh.enclosed.length).toBe(1)
    expect(mesh.enclosed[0].area / pixel ** 2).toBeCloseTo(3)
    expect(mesh.enclosed[0].centre[0] / pixel).toBeCloseTo(30.83, 1)
  })

  it("keeps void, and matrix classes cell by cell or smooth", () => {
    const image = discs(80, 60, [[40, 30, 14]])
    const matrixClass = image.labels.map((_, k) => (k % 80 < 40 ? 1 : 0))
    const voidMask = discs(80, 60, [[15, 45, 8]]).labels
    const input = {
      ...image,
      matrixClass: Uint8Array.from(matrixClass),
      voidMask: Uint8Array.from(voidMask),
      matrixNames: ["low", "high"],
    }
    for (const smoothClasses of [false, true]) {
      const mesh = meshed(input, { smoothClasses })
      expect(mesh.regions.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
        "particle particle 1",
        "matrix low",
        "matrix high",
        "separator separator",
        "void void",
      ])
      expect(regionAt(mesh, 10 * pixel, 10 * pixel)).toBe("high")
      expect(regionAt(mesh, 70 * pixel, 10 * pixel)).toBe("low")
      expect(regionAt(mesh, 15 * pixel, 45 * pixel)).toBe("void")
    }
  })

  it("bad values come back as such; wrong lengths throw", () => {
    const image = discs(30, 30, [[15, 15, 8]])
    expect(meshLabels({ ...image, pixel: 0 }, coarse)).toMatchObject({ kind: "bad-value", field: "pixel" })
    expect(meshLabels(image, { ...coarse, growth: -1 })).toMatchObject({ kind: "bad-value", field: "growth" })
    expect(() => meshLabels({ ...image, labels: new Int32Array(3) }, coarse)).toThrow(RangeError)
  })
})

describe("random images", () => {
  const blobs = fc.record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    count: fc.integer({ min: 2, max: 12 }),
    speckle: fc.double({ min: 0, max: 0.03, noNaN: true }),
  })
  it("give sound meshes", () => {
    fc.assert(
      fc.property(blobs, ({ seed, count, speckle }) => {
        let state = seed
        const random = (): number => {
          state = (state * 1_664_525 + 1_013_904_223) >>> 0
          return state / 2 ** 32
        }
        const [width, height] = [72, 56]
        const centres = Array.from({ length: count }, () => [random() * width, random() * height, 3 + 12 * random()])
        const labels = new Int32Array(width * height)
        for (let row = 0; row < height; row++) {
          for (let column = 0; column < width; column++) {
            // Cells of a weighted Voronoi diagram with ragged edges: contacts, slits, islands.
            let [best, nearest] = [0, 1]
            centres.forEach(([x, y, r], k) => {
              const distance = Math.hypot(column - x, row - y) / r + 0.06 * random()
              if (distance < nearest) [best, nearest] = [k + 1, distance]
            })
            labels[row * width + column] = random() < speckle ? Math.floor(random() * (count + 1)) : best
          }
        }
        const mesh = meshed({ width, height, pixel, labels, matrixNames: ["m"], separatorThickness: 1 * um })
        const quality = measureQuality(mesh)
        expect(quality.unexcusedCells).toBe(0)
      }),
      { numRuns: 18, seed: 3, endOnFailure: true },
    )
  })
})

/** Name of the region at a point. */
const regionAt = (mesh: LabelMesh, x: number, y: number): string => {
  for (let cell = 0; cell < mesh.cellToRegion.length; cell++) {
    const inside = [0, 1, 2].every((k) => {
      const [a, b] = [2 * mesh.cellToNode[3 * cell + k], 2 * mesh.cellToNode[3 * cell + ((k + 1) % 3)]]
      const { nodes } = mesh
      return (nodes[b] - nodes[a]) * (y - nodes[a + 1]) - (nodes[b + 1] - nodes[a + 1]) * (x - nodes[a]) >= 0
    })
    if (inside) return mesh.regions[mesh.cellToRegion[cell]].name
  }
  return "nowhere"
}
