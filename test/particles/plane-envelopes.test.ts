import { expect, it } from "vitest"
import type { Box, Triple } from "../../src/image/brick.ts"
import { planeEnvelopes } from "../../src/particles/plane-envelopes.ts"

const n = 120
const shape: Triple = [n, n, 1]
const spacing: Triple = [1e-7, 1e-7, 1e-7]
const settings = { closingRadius: 4e-7, crackDepth: 2e-7 }
const box = (x0: number, y0: number, x1: number, y1: number): Box => ({ from: [x0, y0, 0], to: [x1, y1, 1] })

/** A plane drawn pixel by pixel. */
const drawn = (at: (x: number, y: number) => number): Int32Array =>
  Int32Array.from({ length: n * n }, (_, i) => at(i % n, Math.floor(i / n)))
const disc = (x: number, y: number, cx: number, cy: number, r: number): boolean => Math.hypot(x - cx, y - cy) <= r
const count = (values: ArrayLike<number>, wanted: number): number =>
  Array.from(values).filter((value) => value === wanted).length

it("finds a slit to the surface and a void within, of known area", () => {
  const whole = drawn((x, y) => (disc(x, y, 40, 60, 30) ? 1 : 0))
  const slit = (x: number, y: number): boolean => x > 30 && Math.abs(y - 60) <= 1
  const hollow = (x: number, y: number): boolean => disc(x, y, 30, 42, 6)
  const labels = drawn((x, y) => (disc(x, y, 40, 60, 30) && !slit(x, y) && !hollow(x, y) ? 1 : 0))
  const found = planeEnvelopes({ shape, spacing, labels }, [box(10, 30, 71, 91)], settings)
  const missing = count(whole, 1) - count(labels, 1)
  expect(missing).toBeGreaterThan(200)
  expect(Math.abs(count(found.crackMask, 1) - missing)).toBeLessThan(0.03 * missing)
  expect(count(found.labels, 1) - count(found.crackMask, 1)).toBe(count(labels, 1))
})

it("finds nothing in a whole disc, nor between two that touch", () => {
  const labels = drawn((x, y) => (disc(x, y, 30, 60, 25) ? 1 : disc(x, y, 82, 60, 26) ? 2 : 0))
  const boxes = [box(5, 35, 56, 86), box(56, 34, 109, 87)]
  const found = planeEnvelopes({ shape, spacing, labels }, boxes, settings)
  expect(count(found.crackMask, 1)).toBe(0)
  expect(found.labels).toEqual(labels)
})

it("takes pixels of a label that are no particle as cracks, and leaves enclosed particles alone", () => {
  const labels = drawn((x, y) =>
    disc(x, y, 60, 60, 5) ? 2 : disc(x, y, 60, 60, 8) ? 0 : disc(x, y, 60, 60, 40) ? 1 : 0,
  )
  const phases = Uint8Array.from(labels, (label, i) => (label > 0 && i % n !== 30 ? 1 : 0))
  const boxes = [box(20, 20, 101, 101), box(55, 55, 66, 66)]
  const found = planeEnvelopes({ shape, spacing, labels, phases }, boxes, settings)
  expect(count(found.labels, 2)).toBe(count(labels, 2))
  const line = labels.reduce((sum, label, i) => sum + (label === 1 && i % n === 30 ? 1 : 0), 0)
  const ring = count(
    drawn((x, y) => (disc(x, y, 60, 60, 8) && !disc(x, y, 60, 60, 5) ? 1 : 0)),
    1,
  )
  expect(count(found.crackMask, 1)).toBe(line + ring)
})
