import { describe, expect, it } from "vitest"
import { classicalParticles } from "../../src/image/classical.ts"
import { bestEdge, columnsInView } from "../../src/image/crop.ts"
import { withFlakes } from "../../src/image/flakes.ts"
import { healedLabels, largestParts, renumbered, smoothLabels } from "../../src/image/outlines.ts"
import { defaultSegmentSettings } from "../../src/image/settings.ts"
import { type Labels, type Mask, planeGrid } from "../../src/image/volume.ts"

const width = 260
const height = 200
const grid = planeGrid(width, height, 1e-7)
type Inside = (x: number, y: number) => boolean
const disc =
  (cx: number, cy: number, radius: number): Inside =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) < radius
const bright = (inside: Inside): Mask => ({
  ...grid,
  values: Uint8Array.from({ length: width * height }, (_, i) => (inside(i % width, Math.floor(i / width)) ? 1 : 0)),
})
/** Particles with a large disc beside them that says what size is ordinary. */
const found = (inside: Inside, ordinary: Inside = disc(215, 160, 32)): ((x: number, y: number) => number) => {
  const { values } = classicalParticles(
    bright((x, y) => inside(x, y) || ordinary(x, y)),
    defaultSegmentSettings,
  )
  return (x, y) => values[x + width * y]
}

describe("classical particles", () => {
  it("part touching discs of equal and of different size", () => {
    const [a, b, c] = [disc(50, 60, 30), disc(109, 60, 30), disc(150, 68, 13)]
    const at = found((x, y) => a(x, y) || b(x, y) || c(x, y))
    expect(new Set([at(50, 60), at(109, 60), at(152, 70), 0]).size).toBe(4)
    expect(at(75, 60)).toBe(at(50, 60))
    expect(at(84, 60)).toBe(at(109, 60))
  })
  it("do not take the pocket between three discs for a core", () => {
    const discs = [disc(60, 60, 30.4), disc(120, 60, 30.4), disc(90, 112, 30.4)]
    const at = found((x, y) => discs.some((inside) => inside(x, y)))
    expect(new Set([at(60, 60), at(120, 60), at(90, 112), 0]).size).toBe(4)
    expect(at(90, 77)).toBe(0)
  })
  it("keep a hollow particle and a particle with open radial cracks whole", () => {
    const ring: Inside = (x, y) => disc(60, 60, 36)(x, y) && !disc(64, 58, 17)(x, y)
    const cracked: Inside = (x, y) => {
      const angle = Math.atan2(y - 130, x - 110)
      const slit = [0.3, 2.2, 4.4].some(
        (a) => Math.abs(Math.sin(angle - a)) * Math.hypot(x - 110, y - 130) < 2 && Math.cos(angle - a) > 0,
      )
      return disc(110, 130, 34)(x, y) && !slit
    }
    const at = found((x, y) => ring(x, y) || cracked(x, y))
    expect(at(30, 60)).toBeGreaterThan(0)
    expect(new Set([at(90, 60), at(60, 30), at(60, 92), at(64, 58)])).toEqual(new Set([at(30, 60)]))
    expect(at(110, 110)).toBeGreaterThan(0)
    expect(new Set([at(130, 130), at(95, 145), at(120, 155)])).toEqual(new Set([at(110, 110)]))
  })
  it("unite the slabs of a shattered particle but not small neighbours", () => {
    const shattered: Inside = (x, y) => disc(70, 70, 38)(x, y) && Math.abs((x - 70) % 19) > 3.5
    const small = [disc(150, 40, 11), disc(178, 40, 11), disc(164, 64, 11)]
    const at = found((x, y) => shattered(x, y) || small.some((inside) => inside(x, y)))
    expect(at(61, 70)).toBeGreaterThan(0)
    expect(new Set([at(43, 70), at(80, 70), at(98, 75)])).toEqual(new Set([at(61, 70)]))
    expect(new Set([at(150, 40), at(178, 40), at(164, 64), at(61, 70)]).size).toBe(4)
  })
  it("give a flake back to the particle it came from, and leave a round satellite alone", () => {
    const split: Inside = (x, y) => disc(70, 80, 38)(x, y) && !(x > 92 && x < 99)
    const satellite = disc(70, 30, 10)
    const at = found((x, y) => split(x, y) || satellite(x, y))
    expect(at(70, 80)).toBeGreaterThan(0)
    expect(at(103, 80)).toBe(at(70, 80))
    expect(at(70, 30)).not.toBe(at(70, 80))

    const image = bright((x, y) => split(x, y) || satellite(x, y))
    const pixelsWhere = (test: Inside): Int32Array =>
      Int32Array.from([...image.values.keys()].filter((i) => image.values[i] && test(i % width, Math.floor(i / width))))
    const regions = [pixelsWhere((x) => x <= 92), pixelsWhere(disc(70, 30, 11))]
    const [whole, other] = withFlakes(regions, image, 6e-7)
    expect(whole.includes(103 + width * 80)).toBe(true)
    expect(whole.includes(95 + width * 80)).toBe(true)
    expect(other).toEqual(regions[1])
  })
  it("find nothing in nothing", () => {
    expect(
      classicalParticles(
        bright(() => false),
        defaultSegmentSettings,
      ).count,
    ).toBe(0)
  })
})

const labelled = (label: (x: number, y: number) => number): Labels => {
  const values = Int32Array.from({ length: width * height }, (_, i) => label(i % width, Math.floor(i / width)))
  return { ...grid, values, count: Math.max(...values) }
}

describe("outlines", () => {
  it("healing closes mouths and voids and takes nothing from others", () => {
    const labels = labelled((x, y) => {
      if (disc(60, 60, 30)(x, y)) return Math.abs(y - 60) < 2 && x > 60 ? 0 : disc(45, 60, 5)(x, y) ? 0 : 1
      return disc(119, 60, 29)(x, y) ? 2 : 0
    })
    const healed = healedLabels(labels, 4e-7).values
    expect(healed[75 + width * 60]).toBe(1)
    expect(healed[45 + width * 60]).toBe(1)
    expect(healed[119 + width * 60]).toBe(2)
    labels.values.forEach((label, i) => {
      if (label > 0 && healed[i] !== label) throw new Error(`pixel ${i} changed hands`)
    })
  })
  it("smoothing keeps the area and parts neighbours where they were", () => {
    const labels = labelled((x, y) => (disc(60, 60, 30)(x, y) && x < 70 ? 1 : disc(60, 60, 30)(x, y) ? 2 : 0))
    const smooth = smoothLabels(labels, 1.5).values
    const area = (values: Int32Array): number => values.filter((v) => v > 0).length
    expect(Math.abs(area(smooth) / area(labels.values) - 1)).toBeLessThan(0.01)
    expect(smooth[69 + width * 60]).toBe(1)
    expect(smooth[70 + width * 60]).toBe(2)
  })
  it("only the largest part stays; numbers close up", () => {
    const labels = labelled((x, y) =>
      disc(40, 40, 20)(x, y) || disc(100, 40, 5)(x, y) ? 3 : disc(60, 120, 10)(x, y) ? 7 : 0,
    )
    const clean = renumbered(largestParts(labels))
    expect(clean.count).toBe(2)
    expect(clean.values[40 + width * 40]).toBe(1)
    expect(clean.values[100 + width * 40]).toBe(0)
    expect(clean.values[60 + width * 120]).toBe(2)
  })
})

describe("crop", () => {
  it("goes around a particle at the edge rather than through it, if that costs less", () => {
    const labels = labelled((x, y) => (disc(12, 50, 20)(x, y) ? 1 : disc(80, 120, 30)(x, y) ? 2 : 0))
    expect(bestEdge(labels, 0, 1, width, 3)).toBe(32)
    expect(bestEdge(labels, width, -1, width, 3)).toBe(width)
  })
  it("keeps to columns that are in view in every row", () => {
    const view = bright((x, y) => x > 20 + y / 10 && x < 240 - y / 20)
    expect(columnsInView(view, 0, height)).toEqual([40, 231])
    expect(
      columnsInView(
        bright(() => false),
        0,
        height,
      ),
    ).toEqual([0, 0])
  })
})
