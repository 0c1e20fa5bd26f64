import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { coverage, cutForCoverage, type Layout, meshLayout, type Resolution } from "../../src/mesh/layout.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"
import { describeProblem, isMeshProblem, type MeshProblem } from "../../src/mesh/problem.ts"
import { measureQuality } from "../../src/mesh/quality.ts"
import { angles, doubleArea, expectSound, particleAreas, particlePerimeters } from "./invariants.ts"

const um = 1e-6
const coarse: Resolution = { interfaceLength: 0.4 * um, growth: 0.25, maximumLength: 2.5 * um }

const column = (count: number, side: number, ligament: number, first: number, last: number): Layout => {
  const radius = 5 * um
  const particles = Array.from({ length: count }, (_, k) => ({
    kind: "circle" as const,
    centre: [radius + side, side + radius + k * (2 * radius + ligament)] as const,
    radius,
  }))
  const cut = cutForCoverage({ ...particles[0], share: first }, { ...particles[count - 1], share: last })!
  return {
    width: 2 * (radius + side),
    height: 2 * side + count * 2 * radius + (count - 1) * ligament,
    separatorThickness: 25 * um,
    particles,
    cuts: [{ ...cut, left: "high", right: "low" }],
    matrix: "high",
  }
}
const three = column(3, 0.5 * um, 1 * um, 0.75, 0.25)
const five = column(5, 1 * um, 1 * um, 0.8, 0.2)

const meshed = (layout: Layout, resolution = coarse): Mesh => {
  const mesh = meshLayout(layout, resolution)
  if ("kind" in mesh) throw new Error(JSON.stringify(mesh))
  return mesh
}
const sound = (layout: Layout, mesh: Mesh): void =>
  expectSound(mesh, layout.width, layout.height, layout.height + layout.separatorThickness)

describe("reference layouts", () => {
  for (const [name, layout, wanted] of [
    ["three", three, [0.75, 0.5, 0.25]],
    ["five", five, [0.8, 0.633, 0.5, 0.367, 0.2]],
  ] as const) {
    it(`${name} particles: a sound mesh with the wanted coverage and exact particle areas`, () => {
      const mesh = meshed(layout)
      sound(layout, mesh)
      coverage(mesh, "high").forEach((share, k) => {
        expect(share).toBeCloseTo(wanted[k], 3)
      })
      for (const area of particleAreas(mesh)) expect(area / (Math.PI * 25e-12)).toBeCloseTo(1, 8)
      for (const length of particlePerimeters(mesh)) expect(length / (Math.PI * 10e-6)).toBeCloseTo(1, 3)
      expect(mesh.regions.map(({ kind }) => kind).sort()).toEqual(
        [...layout.particles.map(() => "particle"), "matrix", "matrix", "separator"].sort(),
      )
    })
  }

  it("keeps all angles above 20° but the one where the cut leaves three particles' domain (18.7°)", () => {
    expect(angles(meshed(five))[0]).toBeGreaterThan(20)
    const sorted = angles(meshed(three))
    expect(sorted[0]).toBeGreaterThan(15)
    expect(sorted[4]).toBeGreaterThan(20)
  })

  it("is the same every time", () => {
    expect(meshed(three)).toEqual(meshed(three))
  })
})

describe("sizes", () => {
  it("follow the resolution: interface edges have the wanted length, halving quadruples the cells", () => {
    const base = measureQuality(meshed(five))
    expect(base.meanInterfaceEdge / coarse.interfaceLength).toBeCloseTo(1, 1)
    expect(base.longestEdge).toBeLessThan(1.6 * coarse.maximumLength)
    const fine = measureQuality(meshed(five, { ...coarse, refine: 1 }))
    expect(fine.meanInterfaceEdge / base.meanInterfaceEdge).toBeCloseTo(0.5, 1)
    expect(fine.cells / base.cells).toBeGreaterThan(3.4)
    expect(fine.cells / base.cells).toBeLessThan(4.6)
  })
  it("grow away from the interfaces", () => {
    const mesh = meshed(five)
    const [near, far] = [0, 0].map(() => ({ sum: 0, count: 0 }))
    for (let cell = 0; cell < mesh.cellToRegion.length; cell++) {
      if (mesh.regions[mesh.cellToRegion[cell]].kind !== "separator") continue
      const y = mesh.nodes[2 * mesh.cellToNode[3 * cell] + 1] - five.height
      const bin = y < 2 * um ? near : y > 15 * um ? far : null
      if (bin === null) continue
      bin.sum += doubleArea(mesh, cell)
      bin.count++
    }
    expect(far.sum / far.count).toBeGreaterThan(4 * (near.sum / near.count))
  })
  it("put several edges across a gap where asked", () => {
    const one = measureQuality(meshed(three, { ...coarse, gapEdges: 1 }))
    const four = measureQuality(meshed(three, { ...coarse, gapEdges: 4 }))
    expect(four.cells).toBeGreaterThan(1.5 * one.cells)
    expect(four.unexcusedCells).toBe(0)
  })
})

describe("mirror images", () => {
  it("have mirrored statistics", () => {
    const flipped: Layout = {
      ...three,
      cuts: three.cuts!.map(({ through: [x, y], angle, left, right }) => ({
        through: [three.width - x, y],
        angle: -angle,
        left: right,
        right: left,
      })),
    }
    const [one, other] = [measureQuality(meshed(three)), measureQuality(meshed(flipped))]
    expect(other.cells / one.cells).toBeCloseTo(1, 1)
    expect(other.interfaces).toBe(one.interfaces)
    expect(other.meanInterfaceEdge / one.meanInterfaceEdge).toBeCloseTo(1, 3)
    coverage(meshed(flipped), "high").forEach((share, k) => {
      expect(share).toBeCloseTo(coverage(meshed(three), "high")[k], 4)
    })
  })
  it("are exact with `mirrored`", () => {
    const layout: Layout = {
      width: 24 * um,
      height: 24 * um,
      separatorThickness: 5 * um,
      particles: [
        { kind: "circle", centre: [12 * um, 6 * um], radius: 5 * um },
        { kind: "circle", centre: [6 * um, 17 * um], radius: 4 * um },
        { kind: "circle", centre: [18 * um, 17 * um], radius: 4 * um },
      ],
      matrix: "carbon",
      mirrored: true,
    }
    const mesh = meshed(layout)
    sound(layout, mesh)
    const places = new Set<string>()
    const name = (x: number, y: number): string => `${(x / um).toFixed(9)} ${(y / um).toFixed(9)}`
    for (let k = 0; k < mesh.nodes.length; k += 2) places.add(name(mesh.nodes[k], mesh.nodes[k + 1]))
    for (let k = 0; k < mesh.nodes.length; k += 2) {
      expect(places.has(name(layout.width - mesh.nodes[k], mesh.nodes[k + 1]))).toBe(true)
    }
    const areas = particleAreas(mesh)
    expect(areas[0] / (Math.PI * 25e-12)).toBeCloseTo(1, 8)
    expect(Math.abs(areas[1] / areas[2] - 1)).toBeLessThan(1e-12)
    expect(mesh.regions.length).toBe(5)
    expect(measureQuality(mesh).smallestAngle).toBeGreaterThan(Math.PI / 9)
    expect(meshLayout({ ...layout, cuts: three.cuts! }, coarse)).toEqual({ kind: "not-mirrored", particle: -1 })
    expect(meshLayout({ ...layout, particles: layout.particles.slice(0, 2) }, coarse)).toEqual({
      kind: "not-mirrored",
      particle: 1,
    })
  })
})

describe("other shapes", () => {
  it("ellipses, polygons, boxes and several cuts give sound meshes with exact areas", () => {
    const layout: Layout = {
      width: 40 * um,
      height: 24 * um,
      separatorThickness: 6 * um,
      particles: [
        { kind: "ellipse", centre: [8 * um, 12 * um], axes: [6 * um, 3 * um], angle: 0.7 },
        // Clockwise, with one corner cut by a box edge.
        { kind: "polygon", vertices: Float64Array.of(18, 6, 16, 14, 22, 18, 27, 9).map((value) => value * um) },
        { kind: "circle", centre: [33 * um, 15 * um], radius: 4 * um },
      ],
      boxes: [
        { x0: 20 * um, y0: 0, x1: 36 * um, y1: 8 * um, kind: "void", name: "pore" },
        { x0: 0, y0: 18 * um, x1: 14 * um, y1: 24 * um, kind: "matrix", name: "dense" },
      ],
      cuts: [
        { through: [13 * um, 12 * um], angle: 0.2, left: "a", right: "b" },
        { through: [30 * um, 12 * um], angle: -0.3, left: "b", right: "c" },
      ],
      matrix: "unused",
    }
    const mesh = meshed(layout)
    sound(layout, mesh)
    expect(mesh.regions.map((region) => region.name).sort()).toEqual(
      ["a", "b", "c", "dense", "particle 1", "particle 2", "particle 3", "pore", "separator"].sort(),
    )
    const areas = particleAreas(mesh)
    const polygon = ((18 - 22) * (14 - 9) - (16 - 27) * (6 - 18)) / 2
    expect(areas[0] / (Math.PI * 18e-12)).toBeCloseTo(1, 8)
    expect(areas[1] / (Math.abs(polygon) * 1e-12)).toBeCloseTo(1, 8)
    expect(areas[2] / (Math.PI * 16e-12)).toBeCloseTo(1, 8)
    expect(measureQuality(mesh).unexcusedCells).toBe(0)
  })
})

describe("what cannot be meshed comes back with its fields", () => {
  const circle = (x: number, y: number, radius: number): Layout["particles"][number] => ({
    kind: "circle",
    centre: [x * um, y * um],
    radius: radius * um,
  })
  const plain = (...particles: Layout["particles"]): Layout => ({
    width: 20 * um,
    height: 20 * um,
    separatorThickness: 5 * um,
    particles,
    matrix: "m",
  })
  it("overlap, closeness, outside, grazing cut, bad numbers", () => {
    const overlap = meshLayout(plain(circle(6, 6, 4), circle(12, 6, 3)), coarse)
    expect(overlap).toMatchObject({ kind: "particles-overlap", first: 0, second: 1 })
    if (isMeshProblem(overlap) && overlap.kind === "particles-overlap") expect(overlap.overlap / um).toBeCloseTo(1, 9)
    expect(describeProblem(overlap as MeshProblem)).toBe("particles 1 and 2 overlap by 1.000 µm")
    expect(meshLayout(plain(circle(6, 6, 4), circle(13.001, 6, 3)), coarse)).toMatchObject({
      kind: "particles-too-close",
    })
    expect(meshLayout(plain(circle(6, 18, 4)), coarse)).toMatchObject({ kind: "particle-outside-domain", edge: "top" })
    const grazing: Layout = {
      ...plain(circle(10, 10, 4)),
      cuts: [{ through: [14 * um, 0], angle: 0, left: "l", right: "r" }],
    }
    expect(meshLayout(grazing, coarse)).toMatchObject({ kind: "cut-grazes-particle", cut: 0, particle: 0 })
    expect(meshLayout(plain(circle(10, 10, Number.NaN)), coarse)).toMatchObject({ kind: "bad-value" })
    expect(meshLayout({ ...plain(), width: -1 }, coarse)).toMatchObject({ kind: "bad-value", field: "width" })
    expect(isMeshProblem(meshed(plain(circle(10, 10, 4))))).toBe(false)
  })
  it("a layout without particles is a plain rectangle", () => {
    const layout = plain()
    const mesh = meshed(layout)
    sound(layout, mesh)
    expect(mesh.interfaces.innerCell.length).toBe(0)
  })
})

describe("random layouts", () => {
  const circles = fc.record({
    seed: fc.array(fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 999 })), {
      minLength: 8,
      maxLength: 60,
      size: "max",
    }),
    gap: fc.double({ min: 0.02, max: 0.5, noNaN: true }),
    angle: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
  })
  it("are sound, with angles above 20° away from sharper input", () => {
    fc.assert(
      fc.property(circles, ({ seed, gap, angle }) => {
        const width = 30 * um
        const height = 24 * um
        // Each circle grows until it is `gap` radii from the nearest one or from the edge.
        const particles: { kind: "circle"; centre: readonly [number, number]; radius: number }[] = []
        for (const [u, v] of seed) {
          const [x, y] = [(u / 1000) * width, (v / 1000) * height]
          let room = Math.min(x, y, width - x, height - y)
          for (const { centre, radius } of particles) {
            room = Math.min(room, Math.hypot(x - centre[0], y - centre[1]) - radius)
          }
          const radius = Math.min(5 * um, room / (1 + gap))
          if (radius > 1 * um && particles.length < 20) particles.push({ kind: "circle", centre: [x, y], radius })
        }
        if (particles.length < 2) return
        const layout: Layout = {
          width,
          height,
          separatorThickness: 5 * um,
          particles,
          cuts: [{ through: [width / 2, height / 2], angle, left: "high", right: "low" }],
          matrix: "high",
        }
        const mesh = meshLayout(layout, coarse)
        if ("kind" in mesh) {
          expect(mesh.kind).toBe("cut-grazes-particle")
          return
        }
        sound(layout, mesh)
        particleAreas(mesh).forEach((area, k) => {
          expect(area / (Math.PI * particles[k].radius ** 2)).toBeCloseTo(1, 8)
        })
        const quality = measureQuality(mesh)
        expect(quality.unexcusedCells).toBe(0)
        expect(quality.thinCells).toBeLessThan(40)
      }),
      { numRuns: 12, seed: 1, endOnFailure: true },
    )
  })
})
