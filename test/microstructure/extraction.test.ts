import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { openVolume } from "../../src/formats/open-volume.ts"
import { volumeInMemory } from "../../src/formats/volume-in-memory.ts"
import type { ElectrodeNetwork } from "../../src/microstructure/electrode-network.ts"
import { defaultExtractionSettings, extractNetwork } from "../../src/microstructure/extraction.ts"
import { assertNetwork } from "../../src/microstructure/network-check.ts"
import type { Packing } from "../../src/microstructure/packing.ts"
import { defaultPackingMatrix, packingNetwork } from "../../src/microstructure/packing-network.ts"
import { segmentVolume } from "../../src/pipeline/segmentation/segment-volume.ts"
import { defaultVolumeSettings } from "../../src/pipeline/segmentation/settings.ts"
import { type Ball, labelledBalls, turned } from "./labelled-balls.ts"

const edge = 0.5e-6

/** Sum over the patches of a particle, weighted by their area. */
const over = ({ patches }: ElectrodeNetwork, particle: number, value: (patch: number) => number): number => {
  let sum = 0
  for (let k = patches.start[particle]; k < patches.start[particle + 1]; k++) sum += value(k) * patches.area[k]
  return sum
}
const areaOf = (network: ElectrodeNetwork, particle: number): number => over(network, particle, () => 1)

const pair: readonly Ball[] = [
  { centre: [22.3, 30.1, 29.7], radius: 12 },
  { centre: [50.2, 31.4, 33.1], radius: 12.6 },
]
const inMatrix = labelledBalls([76, 62, 62], edge, pair, () => 2)
const shells = 4
const ofPair = extractNetwork(inMatrix, { ...defaultExtractionSettings, shells })

describe("extractNetwork on balls of known truth", () => {
  it("areas, volumes and centres to the accuracy of the attribute table, patches that sum to them", () => {
    const { network, report } = ofPair
    assertNetwork(network)
    expect(report.dropped).toEqual([])
    pair.forEach(({ radius, centre }, i) => {
      const r = radius * edge
      expect(Math.abs(areaOf(network, i) / (4 * Math.PI * r * r) - 1)).toBeLessThan(0.015)
      expect(Math.abs(network.particles.volume[i] / ((4 / 3) * Math.PI * r ** 3) - 1)).toBeLessThan(0.015)
      for (let axis = 0; axis < 3; axis++)
        expect(Math.abs(network.particles.centre[3 * i + axis] - centre[axis] * edge)).toBeLessThan(0.1 * edge)
      expect(network.patches.start[i + 1] - network.patches.start[i]).toBe(14)
    })
    expect(report.carbonBinderShare).toBeCloseTo(1, 12)
    expect([...report.floating]).toEqual([0, 0])
  })

  it("ligaments and neighbours as the same balls have without voxels", () => {
    const { network } = ofPair
    const packing: Packing = {
      dimension: 3,
      width: 200 * edge,
      thickness: 200 * edge,
      isPeriodic: false,
      gap: edge,
      count: 2,
      centre: Float64Array.from(pair.flatMap(({ centre }) => centre.map((each) => (each + 60) * edge))),
      radius: Float64Array.from(pair, ({ radius }) => radius * edge),
      particleShare: 0.1,
    }
    const layout = {
      coverage: 0.5,
      coverageScatter: 0,
      coverageGradient: 0,
      morphology: 0,
      fingers: { kind: "bridges" as const },
      poreShare: 0,
      seed: 1,
    }
    const exact = packingNetwork(packing, layout, { ...defaultPackingMatrix(packing), bridging: 0 })
    let facing = 0
    for (let k = 0; k < 28; k++) {
      // Without voxels both are followed up to the mean radius, here each up to its own.
      if (exact.patches.ligament[k] > 0.8 * 12 * edge) continue
      expect(network.patches.neighbour[k]).toBe(exact.patches.neighbour[k])
      expect(exact.patches.neighbour[k]).toBe(k < 14 ? 1 : 0)
      facing++
      // Both follow normals up to about a radius; voxels know a gap to a part of a voxel.
      expect(Math.abs(network.patches.ligament[k] - exact.patches.ligament[k])).toBeLessThan(
        0.15 * exact.patches.ligament[k],
      )
      expect(Math.abs(network.patches.area[k] / exact.patches.area[k] - 1)).toBeLessThan(0.06)
      for (let axis = 0; axis < 3; axis++)
        expect(Math.abs(network.patches.normal[3 * k + axis] - exact.patches.normal[3 * k + axis])).toBeLessThan(0.05)
    }
    expect(facing).toBeGreaterThanOrEqual(2)
  })

  it("coverage of a ball that carbon/binder covers up to a height", () => {
    const balls: readonly Ball[] = [{ centre: [20.2, 19.8, 20.4], radius: 14 }]
    for (const height of [-8, 0, 6]) {
      const { network, report } = extractNetwork(
        labelledBalls([40, 40, 40], edge, balls, (_x, _y, z) => (z < 20.4 + height ? 2 : 0)),
      )
      assertNetwork(network)
      const covered = over(network, 0, (k) => network.patches.highShare[k] + network.patches.lowShare[k])
      expect(Math.abs(covered / areaOf(network, 0) - (14 + height) / 28)).toBeLessThan(0.03)
      expect(report.carbonBinderShare).toBeCloseTo(covered / areaOf(network, 0), 9)
      // Patches that lie across the edge are parted.
      expect(network.patches.count).toBeGreaterThan(14)
      expect(network.patches.count).toBeLessThanOrEqual(20)
      for (let k = 0; k < network.patches.count; k++)
        expect(network.patches.node[k] >= 0).toBe(network.patches.highShare[k] > 0)
    }
  })

  it("particles in contact know one another, and what carbon/binder does not reach floats", () => {
    const balls: readonly Ball[] = [
      { centre: [15, 20, 20], radius: 10 },
      { centre: [31, 20, 20], radius: 10 },
      { centre: [50, 20, 36], radius: 6 },
    ]
    const volume = labelledBalls([62, 42, 46], edge, balls, (x, _y, z) => (x < 16 && z < 22 ? 2 : 0))
    const { network, report } = extractNetwork(volume)
    assertNetwork(network)
    expect([...report.floating]).toEqual([0, 1, 1])
    const contact = (i: number): number => over(network, i, (k) => network.patches.contactShare[k])
    // The disc in which both balls meet: 16 apart, each of 10: 6 in radius.
    const disc = Math.PI * (100 - 8 ** 2) * edge * edge
    for (const i of [0, 1]) {
      expect(Math.abs(contact(i) / disc - 1)).toBeLessThan(0.35)
      let facing = -1
      for (let k = network.patches.start[i]; k < network.patches.start[i + 1]; k++)
        if (network.patches.contactShare[k] > 0.2) facing = network.patches.neighbour[k]
      expect(facing).toBe(1 - i)
    }
    expect(contact(2)).toBe(0)
  })

  it("drops what is too small, flags what is cut, and leaves the border out of the surface", () => {
    const balls: readonly Ball[] = [
      { centre: [20, 20, 0], radius: 12 },
      { centre: [33, 33, 33], radius: 1.5 },
    ]
    const { network, report } = extractNetwork(labelledBalls([40, 40, 40], edge, balls, () => 2))
    expect(report.dropped.map(({ label, reason }) => [label, reason])).toEqual([[2, "too small"]])
    expect([...network.particles.cut]).toEqual([1])
    const half = 2 * Math.PI * (12 * edge) ** 2
    expect(Math.abs(areaOf(network, 0) / half - 1)).toBeLessThan(0.04)
    for (let k = 0; k < network.patches.count; k++) expect(network.patches.normal[3 * k + 2]).toBeGreaterThan(-0.2)
  })

  it("shells of a ball are those of a ball", () => {
    const { shellShare } = ofPair.network.particles
    for (let k = 0; k < shells; k++) expect(Math.abs(shellShare![k] - ((k + 1) ** 3 - k ** 3) / 64)).toBeLessThan(0.03)
  })

  it("rejects volumes that are no labelled phases", () => {
    expect(() => extractNetwork({ ...inMatrix, labels: new Int32Array(5) })).toThrow("labels has 5 values")
    expect(() => extractNetwork({ ...inMatrix, phases: inMatrix.phases.map(() => 3) })).toThrow("phase 3 at voxel 0")
  })
})

describe("extractNetwork and the axes", () => {
  const balls: readonly Ball[] = [
    { centre: [14.3, 12.1, 13.7], radius: 8 },
    { centre: [33.2, 15.4, 20.1], radius: 9.6 },
    { centre: [20.2, 30.4, 27.1], radius: 7.1 },
  ]
  // Carbon/binder in slanted walls, so that there is something to part.
  const volume = labelledBalls([46, 40, 36], edge, balls, (x, y, z) => ((x + 0.7 * y + 0.4 * z) % 13.3 < 6.1 ? 2 : 0))
  const plain = extractNetwork(volume)
  const total = (values: Float64Array): number => values.reduce((sum, each) => sum + each, 0)

  it.each([
    {
      order: [1, 2, 0] as const,
      backwards: [false, false, false] as const,
      depth: { axis: 1 as const, growing: 1 as const },
    },
    {
      order: [2, 0, 1] as const,
      backwards: [false, false, false] as const,
      depth: { axis: 0 as const, growing: 1 as const },
    },
    {
      order: [0, 1, 2] as const,
      backwards: [false, false, true] as const,
      depth: { axis: 2 as const, growing: -1 as const },
    },
    {
      order: [0, 1, 2] as const,
      backwards: [true, false, false] as const,
      depth: { axis: 2 as const, growing: 1 as const },
    },
  ])("turned by $order, backwards $backwards, it is the same electrode", ({ order, backwards, depth }) => {
    const other = extractNetwork(turned(volume, order, backwards), { ...defaultExtractionSettings, depth })
    assertNetwork(other.network)
    const [a, b] = [plain.network, other.network]
    for (let i = 0; i < 3; i++) {
      expect(areaOf(b, i) / areaOf(a, i)).toBeCloseTo(1, 9)
      expect(b.patches.start[i + 1] - b.patches.start[i]).toBe(a.patches.start[i + 1] - a.patches.start[i])
      for (const share of ["highShare", "poreShare", "contactShare"] as const)
        expect(over(b, i, (k) => b.patches[share][k])).toBeCloseTo(
          over(a, i, (k) => a.patches[share][k]),
          20,
        )
      expect(over(b, i, (k) => b.patches.ligament[k]) / over(a, i, (k) => a.patches.ligament[k])).toBeCloseTo(1, 2)
      const mirrored = backwards[0]
        ? [46 * edge - a.particles.centre[3 * i], ...a.particles.centre.subarray(3 * i + 1, 3 * i + 3)]
        : a.particles.centre.subarray(3 * i, 3 * i + 3)
      for (let axis = 0; axis < 3; axis++) expect(b.particles.centre[3 * i + axis]).toBeCloseTo(mirrored[axis], 12)
    }
    a.ions.porosity.forEach((share, k) => {
      expect(b.ions.porosity[k]).toBeCloseTo(share, 12)
    })
    expect(other.report.connectedShare).toBeCloseTo(plain.report.connectedShare, 12)
    // Pieces may be drawn a little differently where distances are equal.
    expect(Math.abs(total(b.electrons.highShape) / total(a.electrons.highShape) - 1)).toBeLessThan(0.15)
  })

  it("shares of well-conducting carbon/binder: thickest, random and measured", () => {
    for (const quality of [
      { kind: "thickest" as const, share: 0.4 },
      { kind: "random" as const, share: 0.4, seed: 3 },
    ]) {
      const { network, report } = extractNetwork(volume, {
        ...defaultExtractionSettings,
        pieces: { relevance: 0.3, smallest: 10, longest: 3e-6 },
        quality,
      })
      assertNetwork(network)
      expect(Math.abs(report.highShare - 0.4)).toBeLessThan(0.05)
      expect(total(network.electrons.lowShape)).toBeGreaterThan(0)
      expect(total(network.patches.lowShare)).toBeGreaterThan(0)
    }
    const share = new Uint8Array(volume.phases.length).map((_, i) => (i % 46 < 23 ? 255 : 0))
    const { network } = extractNetwork(volume, { ...defaultExtractionSettings, quality: { kind: "measured", share } })
    for (let k = network.patches.start[1]; k < network.patches.start[2]; k++)
      if (network.patches.normal[3 * k] > 0.6) expect(network.patches.highShare[k]).toBeLessThan(0.35)
  })
})

const nrel = new URL("../../../shared/data/nrel-nmc/nmc-1-cal-cbd.tif", import.meta.url)
describe.skipIf(!existsSync(nrel))("a measured cathode (skipped where ../shared/data is absent)", () => {
  it("a part of it becomes a network that keeps its contract, with surfaces as the volume has", async () => {
    const from = [100, 100, 0] as const
    const to = [200, 200, 120] as const
    const volume = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const whole = yield* openVolume(fileURLToPath(nrel), { voxelSize: 398e-9 })
          const grid = { shape: [100, 100, 120] as const, spacing: whole.spacing }
          const source = volumeInMemory(grid, yield* whole.read({ from, to }))
          const resources = { memory: 2e9, threads: 1, scratch: "." }
          const found = yield* segmentVolume(source, defaultVolumeSettings, resources, () => Effect.void)
          const box = { from: [0, 0, 0] as const, to: grid.shape }
          return { ...grid, labels: yield* found.readLabels(box), phases: yield* found.readPhases!(box) }
        }),
      ),
    )
    const { network, report } = extractNetwork(volume)
    assertNetwork(network)
    expect(network.particles.count).toBeGreaterThan(80)
    expect(report.floating.filter((each) => each === 1).length).toBeLessThan(0.1 * network.particles.count)
    expect(report.connectedShare).toBeGreaterThan(0.9)
    expect(report.carbonBinderShare + report.poreShare + report.contactShare).toBeCloseTo(1, 9)
    // Particles of 8 µm at half the volume have 0.3 … 0.6 µm² of surface in a µm³.
    const specific = report.area / (100 * 100 * 120 * 398e-9 ** 3)
    expect(specific).toBeGreaterThan(0.3e6)
    expect(specific).toBeLessThan(0.6e6)
  })
})
