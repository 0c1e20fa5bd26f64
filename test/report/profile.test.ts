import { describe, expect, it } from "vitest"
import { layoutOf } from "../../src/report/layout.ts"
import { crossProfiles, depthProfiles, profilePlaces } from "../../src/report/profile.ts"
import { figures } from "../../src/report/report.ts"
import { discMesh } from "./disc-mesh.ts"
import { fakeRun } from "./fake-run.ts"

const radius = [5e-6, 4e-6]
const layout = layoutOf(discMesh({ columns: 1, rows: 2, tile: 12e-6, radius, spans: 20, separator: 10e-6, high: null }))
const { mesh, centroid } = layout

/** A field on the nodes of the particles, NaN elsewhere; from the place relative to the centroid [m]. */
const fieldOf = (value: (x: number, y: number, particle: number) => number): Float64Array => {
  const values = new Float64Array(mesh.nodes.length / 2).fill(Number.NaN)
  mesh.cellToRegion.forEach((region, cell) => {
    const { particle } = mesh.regions[region]
    if (particle < 0) return
    for (const node of mesh.cellToNode.subarray(3 * cell, 3 * cell + 3)) {
      const [x, y] = [
        mesh.nodes[2 * node] - centroid[2 * particle],
        mesh.nodes[2 * node + 1] - centroid[2 * particle + 1],
      ]
      values[node] = value(x, y, particle)
    }
  })
  return values
}

describe("profiles by depth", () => {
  it("of a field of the radius are that field", () => {
    const profiles = depthProfiles(
      layout,
      fieldOf((x, y, particle) => Math.hypot(x, y) / radius[particle]),
    )
    for (const profile of profiles) {
      for (const [bin, value] of profile.entries()) expect(Math.abs(value - profilePlaces[bin])).toBeLessThan(0.05)
    }
  })

  it("see nothing of a slope across, and keep particles apart", () => {
    const profiles = depthProfiles(
      layout,
      fieldOf((x, y, particle) => particle + (0.3 * x + 0.2 * y) / radius[particle]),
    )
    profiles.forEach((profile, particle) => {
      for (const value of profile) expect(value).toBeCloseTo(particle, 1)
    })
  })

  it("are gaps where the field is not defined", () => {
    const [first, second] = depthProfiles(
      layout,
      fieldOf((_x, _y, particle) => (particle === 0 ? Number.NaN : 0.7)),
    )
    expect([...first].every(Number.isNaN)).toBe(true)
    for (const value of second) expect(value).toBeCloseTo(0.7, 12)
  })
})

describe("profiles across", () => {
  it("of a linear field are that field from surface to surface", () => {
    const profiles = crossProfiles(
      layout,
      fieldOf((x, y) => 0.5 + 2e4 * x + 3e4 * y),
    )
    profiles.forEach(({ place, value }, particle) => {
      expect(place[0]).toBeCloseTo(-radius[particle], 7)
      expect(place[place.length - 1]).toBeCloseTo(radius[particle], 7)
      for (const [at, x] of place.entries()) expect(value[at]).toBeCloseTo(0.5 + 2e4 * x, 9)
      expect(place.every((x, at) => at === 0 || x > place[at - 1])).toBe(true)
    })
  })
})

describe("charts of profiles", () => {
  const namesOf = (...args: Parameters<typeof figures>) => figures(...args).map(({ name }) => name)

  it("come with fields of the lithium content, across only where particles can be told apart", () => {
    const run = fakeRun({ cycles: 2, particles: 3, spans: 6 })
    expect(namesOf(run)).toEqual(expect.arrayContaining(["profile-depth", "profile-across"]))
    const text = figures(run).find(({ name }) => name === "profile-depth")?.svg ?? ""
    expect(text).toMatch(/End of charge, cycle 1<.*End of charge, cycle 2</s)
    expect(namesOf({ ...run, frames: [] })).not.toContain("profile-depth")
    const many = namesOf(fakeRun({ cycles: 1, particles: 20, spans: 4 }))
    expect(many).toContain("profile-depth")
    expect(many).not.toContain("profile-across")
  })
})
