import { describe, expect, it } from "vitest"
import { type Triple, wholeOf } from "../../src/image/brick.ts"
import { phantomPresets } from "../../src/image/phantom-volume/settings.ts"
import { addTally, emptyTally, particleTruths, solidLabels } from "../../src/image/phantom-volume/truth.ts"
import { phantomBox, phantomVolume } from "../../src/image/phantom-volume/volume.ts"
import { measureParticle, type ParticleMeasures } from "../../src/particles/measure-particle.ts"
import {
  defaultParticleSettings,
  type ParticleSettings,
  publishedSettings,
} from "../../src/particles/particle-settings.ts"
import { ball, bodyCrop, evenNumbers, type Frame, frameOf } from "./bodies.ts"

const settings: ParticleSettings = { closingRadius: 10, crackDepth: 2, contactReach: 1, roughnessLength: 3 }
const radius = 15
const whole = ball(radius)
const shift: Triple = [0.1, 0.3, 0.2]

type Inside = (x: number, y: number, z: number) => boolean
const cracked = (crack: Inside, extra: Partial<ParticleSettings> = {}): ParticleMeasures => {
  const inside: Inside = (x, y, z) => whole.inside(x, y, z) && !crack(x, y, z)
  return measureParticle(bodyCrop({ ...whole, inside }, { shift, margin: 11 }), { ...settings, ...extra })
}
const along = (axis: Triple, x: number, y: number, z: number): number => axis[0] * x + axis[1] * y + axis[2] * z
const even = evenNumbers(17)
const frames: readonly Frame[] = Array.from({ length: 4 }, () => frameOf(even(), even(), even()))
const [frame] = frames

describe("cracks of known volume in a ball", () => {
  const countOf = (inside: Inside): number =>
    bodyCrop({ ...whole, inside }, { shift }).labels.filter((label: number) => label === 1).length
  const count = countOf(whole.inside)
  const shareOf = (crack: Inside): number => 1 - countOf((...p) => whole.inside(...p) && !crack(...p)) / count

  it.each([3, 5, 8])("a hollow core of %i voxels: exact volume, surface within 5 %", (core) => {
    const hollow: Inside = (x, y, z) => x * x + y * y + z * z <= core * core
    const found = cracked(hollow)
    expect(found.damage).toBeCloseTo(shareOf(hollow), 12)
    expect(Math.abs(found.surfaceInner / (4 * Math.PI * core ** 2) - 1)).toBeLessThan(0.05)
    expect(found.cracks).toMatchObject({ count: 1, largest: 1, open: 0 })
    if (core === 8) expect(found.cracks.core).toBe(1)
    expect(found.roughInner).toBeLessThan(0.1)
  })
  it.each([1, 2, 4])("a slit of %i voxels through and through: closed at the surface, volume within 6 %", (width) => {
    const slit: Inside = (x, y, z) => Math.abs(along(frame[0], x, y, z)) <= width / 2
    const found = cracked(slit)
    expect(found.damage / shareOf(slit)).toBeGreaterThan(0.94)
    expect(found.damage / shareOf(slit)).toBeLessThan(1.001)
    expect(Math.abs(found.surfaceInner / (2 * Math.PI * (radius ** 2 - width ** 2 / 4)) - 1)).toBeLessThan(0.07)
    expect(Math.abs(found.surfaceOuter / whole.area - 1)).toBeLessThan(0.01)
    expect(found.cracks).toMatchObject({ count: 1, largest: 1, open: 1 })
  })
  it("two apart, one of them open: counted, and shared out", () => {
    const found = cracked((x, y, z) => {
      const height = along(frame[0], x, y, z)
      const across = Math.hypot(along(frame[1], x, y, z), along(frame[2], x, y, z))
      return (height > 3 && height < 6) || (height < -3 && height > -6 && across < 6)
    })
    expect(found.cracks.count).toBe(2)
    expect(found.cracks.open).toBeCloseTo(found.cracks.largest, 12)
    expect(found.cracks.open).toBeGreaterThan(0.7)
    expect(found.cracks.open).toBeLessThan(0.95)
  })
  it("told by the phases instead of the labels", () => {
    const slit: Inside = (x, y, z) => Math.abs(along(frame[0], x, y, z)) <= 1
    const byLabel = cracked(slit)
    const crop = bodyCrop(whole, { shift, margin: 11 })
    const parts = bodyCrop({ ...whole, inside: (...p) => whole.inside(...p) && !slit(...p) }, { shift, margin: 11 })
    const byPhase = measureParticle({ ...crop, phases: Uint8Array.from(parts.labels) }, settings)
    expect(byPhase.solidVolume).toBe(byLabel.solidVolume)
    expect(byPhase.damage).toBeGreaterThanOrEqual(byLabel.damage)
    expect(byPhase.damage / byLabel.damage).toBeLessThan(1.05)
  })
  it("a dent is none, nor is a notch that carbon/binder fills", () => {
    const dent = cracked((x, y, z) => along(frame[0], x, y, z) > radius - 2.5)
    expect(dent.damage).toBe(0)
    const notch: Inside = (x, y, z) => Math.abs(along(frame[0], x, y, z)) <= 1.5 && along(frame[1], x, y, z) > 4
    const open = cracked(notch)
    expect(open.damage).toBeGreaterThan(0.02)
    const inside: Inside = (x, y, z) => whole.inside(x, y, z) && !notch(x, y, z)
    const crop = bodyCrop({ ...whole, inside }, { shift, margin: 11 })
    const filled = measureParticle({ ...crop, phases: Uint8Array.from(crop.labels, (l) => (l > 0 ? 1 : 2)) }, settings)
    expect(filled.damage).toBe(0)
    expect(filled.contactCarbonBinder).toBe(1)
  })
  it("another particle in the mouth of a crack is not taken in", () => {
    const notch: Inside = (x, y, z) => Math.abs(along(frame[0], x, y, z)) <= 2 && along(frame[1], x, y, z) > 0
    const inside: Inside = (x, y, z) => whole.inside(x, y, z) && !notch(x, y, z)
    const crop = bodyCrop({ ...whole, inside }, { shift, margin: 11 })
    const full = bodyCrop(whole, { shift, margin: 11 })
    const labels = Int32Array.from(crop.labels, (l, i) => (l === 0 && full.labels[i] === 1 ? 2 : l))
    const found = measureParticle({ ...crop, labels }, settings)
    expect(found.damage).toBe(0)
    expect(found.neighbours).toMatchObject([{ label: 2, distance: 0 }])
    expect(found.contact).toBeGreaterThan(0.22)
    expect(found.contact).toBeLessThan(0.26)
  })
})

/** Correlation coefficient. */
const correlation = (a: readonly number[], b: readonly number[]): number => {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [p, q] = [mean(a), mean(b)]
  const product = (u: readonly number[], r: number, v: readonly number[], s: number): number =>
    mean(u.map((value, k) => (value - r) * (v[k] - s)))
  return product(a, p, b, q) / Math.sqrt(product(a, p, a, p) * product(b, q, b, q))
}

describe("the two estimators on one ball whose cracks grow", () => {
  /** Damage and form by both estimators, over a family of cracks. */
  const family = (cracks: readonly Inside[]) => {
    const found = cracks.map((crack) => cracked(crack, { published: publishedSettings }))
    const published = found.map(({ published: p }) => {
      if (!p) throw new Error("not measured")
      const total = p.surfaceInner + p.surfaceOuter
      return {
        damage: p.damage,
        sphericity: (36 * Math.PI * p.filledCount ** 2) / total ** 3,
        ratio: Math.cbrt(p.filledCount) / Math.sqrt(total),
        outer: p.surfaceOuter,
      }
    })
    return {
      damage: found.map(({ damage }) => damage),
      sphericity: found.map(({ volume, surfaceOuter }) => (36 * Math.PI * volume ** 2) / surfaceOuter ** 3),
      publishedDamage: published.map(({ damage }) => damage),
      publishedSphericity: published.map(({ sphericity }) => sphericity),
      publishedRatio: published.map(({ ratio }) => ratio),
      publishedOuter: published.map(({ outer }) => outer),
    }
  }
  const slit =
    (width: number, depth: number): Inside =>
    (x, y, z) =>
      Math.abs(along(frame[0], x, y, z)) <= width / 2 && along(frame[1], x, y, z) > radius - depth
  const deeper = family([0, 6, 12, 18, 24].map((depth) => slit(2, depth)))
  const wider = family([1.5, 2, 3, 4, 5].map((width) => slit(width, 2 * radius)))
  const hollow = family([0, 4, 6, 8].map((core) => (x, y, z) => x * x + y * y + z * z < core * core))
  const more = family(
    [0, 1, 2, 3].map((count) => (x, y, z) => frames.slice(0, count).some((f) => Math.abs(along(f[0], x, y, z)) <= 1)),
  )

  it("agree on Damage within half a percent of the volume", () => {
    for (const { damage, publishedDamage } of [deeper, wider, hollow, more])
      damage.forEach((value, k) => {
        expect(Math.abs(publishedDamage[k] - value)).toBeLessThan(0.005)
      })
  })
  it("published Sphericity and VSratio fall with Damage as cracks deepen, hollow out or multiply", () => {
    for (const { damage, publishedSphericity, publishedRatio } of [deeper, hollow, more]) {
      expect(correlation(damage, publishedSphericity)).toBeLessThan(-0.84)
      expect(correlation(damage, publishedRatio)).toBeLessThan(-0.91)
    }
    expect(correlation(deeper.damage, deeper.publishedSphericity)).toBeLessThan(-0.97)
    // The same ball loses two thirds of its published Sphericity to two cracks of two voxels.
    expect(more.publishedSphericity[2] / more.publishedSphericity[0]).toBeLessThan(0.33)
  })
  it("and rise with it as a crack only widens", () => {
    expect(correlation(wider.damage, wider.publishedSphericity)).toBeGreaterThan(0.98)
    expect(correlation(wider.damage, wider.publishedRatio)).toBeGreaterThan(0.98)
  })
  it("geometric Sphericity stays that of a ball", () => {
    for (const { sphericity } of [deeper, wider, hollow, more])
      for (const value of sphericity) {
        expect(value).toBeGreaterThan(0.96)
        expect(value).toBeLessThan(1)
      }
  })
  it("perimeter voxels of an intact ball are a fifth fewer than its area, so that published Sphericity is about two", () => {
    expect(deeper.publishedOuter[0] / whole.area).toBeGreaterThan(0.75)
    expect(deeper.publishedOuter[0] / whole.area).toBeLessThan(0.85)
    expect(deeper.publishedSphericity[0]).toBeGreaterThan(1.7)
    expect(deeper.publishedSphericity[0]).toBeLessThan(2.3)
  })
})

it("finds the cracks of a phantom's particles from the labels without them, to 0.7 % of the volume", () => {
  const phantom = phantomVolume(phantomPresets.cracked([96, 96, 96], 3.5e-7, 1))
  const part = phantomBox(phantom, wholeOf(phantom))
  const tally = emptyTally(phantom)
  addTally(phantom, part, tally)
  const whole = particleTruths(phantom, tally).filter(({ isCut }) => !isCut)
  expect(whole.filter(({ damage }) => damage > 0.01).length).toBeGreaterThan(3)
  const crop = {
    shape: phantom.shape,
    spacing: phantom.spacing,
    from: [0, 0, 0] as Triple,
    whole: phantom.shape,
    labels: solidLabels(part),
  }
  const { published: _, ...geometric } = defaultParticleSettings(phantom.spacing)
  for (const { label, damage, volume } of whole) {
    const found = measureParticle({ ...crop, label }, geometric)
    expect(Math.abs(found.damage - damage)).toBeLessThan(0.007)
    expect(Math.abs(found.volume / volume - 1)).toBeLessThan(0.01)
    if (damage === 0) expect(found.damage).toBe(0)
  }
})
