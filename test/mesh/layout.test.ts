import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { coverage, cutForCoverage, type Layout, meshLayout } from "../../src/mesh/layout.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"
import { angles, expectSound, particleAreas, particlePerimeters } from "./invariants.ts"

const um = 1e-6
const coarse = { interfaceLength: 0.4 * um, growth: 0.25, maximumLength: 2.5 * um }

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
        const sorted = angles(mesh)
        expect(sorted.filter((value) => value < 20).length).toBeLessThan(80)
      }),
      { numRuns: 20, seed: 1, endOnFailure: true },
    )
  })
})
