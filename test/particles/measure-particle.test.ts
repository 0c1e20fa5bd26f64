import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Triple } from "../../src/image/brick.ts"
import { measureParticle } from "../../src/particles/measure-particle.ts"
import { attitudeOf, principalAxes } from "../../src/particles/orientation.ts"
import type { ParticleSettings } from "../../src/particles/particle-settings.ts"
import {
  type Body,
  ball,
  bodyCrop,
  capsule,
  capsuleElongation,
  ellipsoid,
  evenNumbers,
  type Frame,
  frameOf,
} from "./bodies.ts"

/** Lengths in units of the coarsest voxel edge; the second estimator has its own tests. */
const settings: ParticleSettings = { closingRadius: 2.5, crackDepth: 2, contactReach: 1, roughnessLength: 3 }

/**
 * Turns and places at random: on a lattice that lies along its axes, with its centre on a voxel, a digitised capsule of
 * twelve voxels has 2 % less volume than the true one, and no measure can know.
 */
const anywhere = fc.noShrink(fc.integer({ min: 0, max: 2 ** 30 })).map((seed) => {
  const even = evenNumbers(seed)
  return {
    turn: frameOf(even(), even(), even()),
    shift: [even() - 0.5, even() - 0.5, even() - 0.5] as Triple,
    radius: 10 + 3 * even(),
    long: even(),
  }
})
/** The coarsest edge is 1, so that ten of it are ten voxels along every axis. */
const spacings = fc.constantFrom<Triple>([1, 1, 1], [0.8, 0.8, 1], [1, 0.7, 0.85])

const within = (found: number, exact: number, share: number): void => {
  expect(Math.abs(found / exact - 1)).toBeLessThan(share)
}
/** Volume, area and what follows from them, at half of the accuracies that are promised. */
const expectBody = (body: Body, elongation: number, spacing: Triple, shift: Triple) => {
  const crop = bodyCrop(body, { spacing, shift })
  const found = measureParticle(crop, settings)
  within(found.volume, body.volume, 0.005)
  within(found.surfaceOuter, body.area, 0.01)
  within(found.volume ** 2 / found.surfaceOuter ** 3, body.volume ** 2 / body.area ** 3, 0.02)
  within(found.elongation, elongation, 0.015)
  found.centroid.forEach((value, a) => {
    expect(Math.abs(value - crop.centre[a])).toBeLessThan(0.05)
  })
  expect(found.damage).toBe(0)
  expect(found.surfaceInner).toBe(0)
  expect(found.roughInner).toBeNaN()
  expect(found.roughOuter).toBeLessThan(0.15)
  expect(found.cut).toBe(false)
  return found
}
const degreesBetween = (a: Triple, b: Triple): number =>
  (Math.acos(Math.min(1, Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]))) * 180) / Math.PI

describe("bodies known exactly, at any turn, place and voxel", () => {
  it("balls", () => {
    fc.assert(
      fc.property(anywhere, spacings, ({ radius, shift }, spacing) => {
        expectBody(ball(radius), 1, spacing, shift)
      }),
      { numRuns: 8 },
    )
  })
  it("ellipsoids of three axes, with their directions", () => {
    fc.assert(
      fc.property(anywhere, spacings, ({ radius, turn, shift, long }, spacing) => {
        const [a, b] = [radius * (1.5 + 0.5 * long), 1.2 * radius]
        const { tensor } = expectBody(ellipsoid(a, b, radius, turn), a / radius, spacing, shift)
        const { axes } = principalAxes(tensor)
        for (const k of [0, 1, 2]) expect(degreesBetween(axes[k], turn[k])).toBeLessThan(0.5)
      }),
      { numRuns: 8 },
    )
  })
  it("capsules", () => {
    fc.assert(
      fc.property(anywhere, spacings, ({ radius, turn, shift, long }, spacing) => {
        const half = radius * (0.5 + long)
        const body = capsule(radius, half, turn)
        const { tensor } = expectBody(body, capsuleElongation(radius, half), spacing, shift)
        expect(degreesBetween(principalAxes(tensor).axes[0], turn[0])).toBeLessThan(0.5)
      }),
      { numRuns: 8 },
    )
  })
})

/** The turn that three angles stand for, as its columns: z by yaw, then y by pitch, then x by roll. */
const turnOf = (yaw: number, pitch: number, roll: number): Frame => {
  const [a, b, c] = [yaw, pitch, roll].map((angle) => (angle * Math.PI) / 180)
  const [ca, sa, cb, sb, cc, sc] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), Math.cos(c), Math.sin(c)]
  return [
    [ca * cb, sa * cb, -sb],
    [ca * sb * sc - sa * cc, sa * sb * sc + ca * cc, cb * sc],
    [ca * sb * cc + sa * sc, sa * sb * cc - ca * sc, cb * cc],
  ]
}
const angle = fc.double({ min: -89, max: 89, noNaN: true })

describe("yaw, pitch and roll", () => {
  it("turn x, y, z onto the axes, whatever their signs", () => {
    fc.assert(
      fc.property(angle, angle, angle, fc.boolean(), fc.boolean(), (yaw, pitch, roll, first, second) => {
        const turn = turnOf(yaw, pitch, roll)
        const flipped = turn.map((axis, k) => axis.map((v) => ([first, second, first][k] ? -v : v))) as unknown as Frame
        const found = attitudeOf({ moments: [9, 4, 1], axes: flipped })
        expect(found.yaw).toBeCloseTo(yaw, 6)
        expect(found.pitch).toBeCloseTo(pitch, 6)
        expect(found.roll).toBeCloseTo(roll, 6)
      }),
    )
  })
  it("of a turned ellipsoid within one degree", () => {
    fc.assert(
      fc.property(
        angle,
        fc.double({ min: -70, max: 70, noNaN: true }),
        angle,
        anywhere,
        (yaw, pitch, roll, { shift }) => {
          const crop = bodyCrop(ellipsoid(18, 14, 10, turnOf(yaw, pitch, roll)), { shift })
          const found = attitudeOf(principalAxes(measureParticle(crop, settings).tensor))
          const apart = (a: number, b: number): number => Math.abs(((a - b + 270) % 180) - 90)
          expect(apart(found.yaw, yaw)).toBeLessThan(1)
          expect(Math.abs(found.pitch - pitch)).toBeLessThan(1)
          expect(apart(found.roll, roll)).toBeLessThan(1)
        },
      ),
      { numRuns: 6 },
    )
  })
  it("have rules where axes are equal or stand upright", () => {
    const axes = turnOf(0, 0, 0)
    expect(attitudeOf({ moments: [1.005, 1, 0.5], axes })).toEqual({
      yaw: Number.NaN,
      pitch: Number.NaN,
      roll: Number.NaN,
    })
    expect(attitudeOf({ moments: [4, 1.005, 1], axes })).toEqual({ yaw: 0, pitch: 0, roll: Number.NaN })
    const [x, y, z] = axes
    expect(attitudeOf({ moments: [4, 2, 1], axes: [z, y, x] })).toEqual({ yaw: 0, pitch: 90, roll: 0 })
    expect(attitudeOf({ moments: [4, 2, 1], axes: [y, x, z] }).yaw).toBe(90)
    expect(attitudeOf({ moments: [4, 2, 1], axes: [x, z, y] }).roll).toBe(90)
  })
})
