import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import { copySharedInto } from "../../../src/formats/copy-box.ts"
import { type Box, boxShape, bricksOf, type Triple, wholeOf } from "../../../src/image/brick.ts"
import { boxBasins, boxSaddles, type Saddles } from "../../../src/image/brickwise/basins.ts"
import { mergedBasins } from "../../../src/image/brickwise/merged-basins.ts"
import { HighestPasses } from "../../../src/image/brickwise/passes.ts"
import { rimmed } from "../../../src/image/brickwise/seams.ts"
import { components } from "../../../src/image/components.ts"
import { type Mask, maskWhere, type Volume, voxelCount } from "../../../src/image/volume.ts"
import { hMaxima } from "../../../src/image/watershed.ts"
import { Workspace } from "../../../src/kernels/workspace.ts"

const work = new Workspace()

interface Field extends Volume {
  readonly values: Float32Array
}

const edge = fc.integer({ min: 1, max: 9 })
const spacings = fc.constantFrom<Triple[]>([1, 1, 1], [0.7, 1.1, 2])

/** Fields with many equal values (few levels) or none; 0 outside. */
const fields = (levels: number) =>
  fc
    .record({
      shape: fc.tuple(edge, edge, edge),
      spacing: spacings,
      seed: fc.integer(),
      share: fc.constantFrom(0.5, 0.9, 1),
    })
    .map(({ shape, spacing, seed, share }): Field => {
      const random = seededRandom(seed)
      const values = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, () =>
        random.uniform() > share ? 0 : Math.fround((1 + random.integer(levels)) / 16),
      )
      return { shape, spacing, values }
    })
const any = fc.oneof(fields(3), fields(2 ** 24))

const placeOf = ([nx, ny]: Triple, i: number): Triple => [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]

const neighboursOf = (shape: Triple, here: number): number[] => {
  const [nx, ny, nz] = shape
  const [x, y, z] = placeOf(shape, here)
  const out: number[] = []
  for (let c = Math.max(0, z - 1); c <= Math.min(nz - 1, z + 1); c++)
    for (let b = Math.max(0, y - 1); b <= Math.min(ny - 1, y + 1); b++)
      for (let a = Math.max(0, x - 1); a <= Math.min(nx - 1, x + 1); a++) {
        const there = a + nx * (b + ny * c)
        if (there !== here) out.push(there)
      }
  return out
}

/** Where a path goes from a voxel: the rule in plain words. */
const next = ({ shape, spacing, values }: Field, here: number): number => {
  const f = Math.fround
  const at = placeOf(shape, here)
  let best = f(0)
  let found = here
  let equal = here
  for (const there of neighboursOf(shape, here)) {
    const to = placeOf(shape, there)
    const length = Math.hypot(...at.map((a, axis) => (a - to[axis]) * spacing[axis])) / spacing[0]
    const slope = f(f(values[there] - values[here]) * f(1 / length))
    if (slope > best) {
      best = slope
      found = there
    }
    if (values[there] === values[here] && there > here) equal = there
  }
  return found === here ? equal : found
}

/** Peak of every voxel, 0 … ; −1 outside. */
const peaksByWalking = (field: Field): Int32Array =>
  Int32Array.from(field.values, (value, start) => {
    if (!(value > 0)) return -1
    let here = start
    for (let there = next(field, here); there !== here; there = next(field, here)) here = there
    return here
  })

/** Peak of every voxel by the kernel, whole volume in one box. */
const peaksOf = (field: Field): { readonly peak: Int32Array; readonly count: number } => {
  const whole = wholeOf(field)
  const wide = rimmed(whole, 1)
  const shape = boxShape(wide)
  const stage = boxBasins(work, shape, field.spacing)
  stage.field.fill(0)
  copySharedInto({ ...whole, values: field.values }, { ...wide, values: stage.field })
  const { at, count } = stage.run()
  const ends = Array.from(at, (end) => {
    const [x, y, z] = placeOf(shape, end)
    return x - 1 + field.shape[0] * (y - 1 + field.shape[1] * (z - 1))
  })
  const numbers = new Int32Array(voxelCount(field))
  copySharedInto({ ...wide, values: stage.numbered(0) }, { ...whole, values: numbers })
  return { peak: numbers.map((number) => (number === 0 ? -1 : ends[number - 1])), count }
}

describe("steepest paths", () => {
  it("end where walking them voxel by voxel ends", () => {
    fc.assert(
      fc.property(any, (field) => {
        const expected = peaksByWalking(field)
        const { peak, count } = peaksOf(field)
        expect(peak).toEqual(expected)
        expect(count).toBe(new Set(expected.filter((at) => at >= 0)).size)
      }),
    )
  })

  it("lead out of a box over its rim, into the voxel that they would go to", () => {
    fc.assert(
      fc.property(any, fc.tuple(edge, edge, edge), (field, cut) => {
        for (const box of bricksOf(field, cut)) {
          const wide = rimmed(box, 1)
          const shape = boxShape(wide)
          const stage = boxBasins(work, shape, field.spacing)
          stage.field.fill(0)
          copySharedInto({ ...wholeOf(field), values: field.values }, { ...wide, values: stage.field })
          const pointers = stage.pointers()
          for (let i = 0; i < pointers.length; i++) {
            const within = placeOf(shape, i)
            const isRim = within.some((p, axis) => p === 0 || p === shape[axis] - 1)
            if (isRim || !(stage.field[i] > 0)) {
              expect(pointers[i]).toBe(i)
              continue
            }
            const global = (p: Triple): number =>
              p[0] + wide.from[0] + field.shape[0] * (p[1] + wide.from[1] + field.shape[1] * (p[2] + wide.from[2]))
            expect(global(placeOf(shape, pointers[i]))).toBe(next(field, global(within)))
          }
        }
      }),
      { numRuns: 40 },
    )
  })
})

/** Passes between basins in a box of the volume. */
const saddlesIn = (field: Field, basins: Int32Array, box: Box): Saddles => {
  const whole = wholeOf(field)
  const wide = rimmed(box, 1)
  const stage = boxSaddles(work, wide, field)
  stage.basins.fill(0)
  stage.field.fill(0)
  copySharedInto({ ...whole, values: basins }, { ...wide, values: stage.basins })
  copySharedInto({ ...whole, values: field.values }, { ...wide, values: stage.field })
  return stage.run()
}

/** Basins numbered from 1. */
const basinsOf = (field: Field) => {
  const { peak } = peaksOf(field)
  const places = [...new Set(peak.filter((at) => at >= 0))]
  const number = new Map(places.map((place, k) => [place, k + 1]))
  return { places, basins: peak.map((at) => number.get(at) ?? 0) }
}

const listed = ({ basins, height, place }: Saddles): string[] =>
  Array.from(height, (value, k) => `${basins[2 * k]}-${basins[2 * k + 1]} ${value} ${place[k]}`).sort()

describe("passes", () => {
  it("are the highest over all pairs of neighbours", () => {
    fc.assert(
      fc.property(any, (field) => {
        const { basins } = basinsOf(field)
        const highest = new Map<string, number>()
        basins.forEach((one, here) => {
          for (const there of neighboursOf(field.shape, here)) {
            const other = basins[there]
            if (one === 0 || other === 0 || one >= other) continue
            const height = Math.min(field.values[here], field.values[there])
            highest.set(`${one}-${other}`, Math.max(height, highest.get(`${one}-${other}`) ?? 0))
          }
        })
        const found = saddlesIn(field, basins, wholeOf(field))
        const pairs = Array.from(found.height, (value, k) => [
          `${found.basins[2 * k]}-${found.basins[2 * k + 1]}`,
          value,
        ])
        expect(new Map(pairs as [string, number][])).toEqual(highest)
        expect(found.height.length).toBe(highest.size)
        expect(new Set(found.place).size).toBe(found.place.length)
      }),
    )
  })

  it("merge over boxes, in any order, to those of the whole volume", () => {
    fc.assert(
      fc.property(any, fc.tuple(edge, edge, edge), fc.integer(), (field, cut, seed) => {
        const { basins } = basinsOf(field)
        const parts = bricksOf(field, cut).map((box) => saddlesIn(field, basins, box))
        const passes = new HighestPasses(1)
        for (const k of seededRandom(seed).permutation(parts.length)) passes.add(parts[k])
        expect(listed(passes.all())).toEqual(listed(saddlesIn(field, basins, wholeOf(field))))
      }),
    )
  })

  it("stay what they are when the table has to grow", () => {
    // A checkerboard of basins of one voxel: every pair of neighbours is a pass.
    const shape: Triple = [60, 60, 8]
    const field: Field = {
      shape,
      spacing: [1, 1, 1],
      values: Float32Array.from({ length: 28800 }, (_, i) => 1 + (i % 7)),
    }
    const basins = Int32Array.from({ length: 28800 }, (_, i) => i + 1)
    const found = saddlesIn(field, basins, wholeOf(field))
    const pairs = [...basins.keys()].reduce((sum, here) => sum + neighboursOf(shape, here).length, 0) / 2
    expect(found.height.length).toBe(pairs)
  })
})

/** Particles by basins, as numbers of their markers from 0; −1 outside. */
const merged = (field: Field, relevance: (height: number) => number): Int32Array => {
  const { places, basins } = basinsOf(field)
  const saddles = saddlesIn(field, basins, wholeOf(field))
  const peaks = { height: Float32Array.from(places, (at) => field.values[at]), place: Float64Array.from(places) }
  const marker = mergedBasins(peaks, { ...saddles, basins: saddles.basins.map((basin) => basin - 1) }, relevance)
  return basins.map((basin) => (basin === 0 ? -1 : marker[basin - 1]))
}

describe("merged basins", () => {
  const inside = (field: Field): Mask => maskWhere(field, (value) => value > 0)
  const generic = fields(2 ** 24).filter(({ shape }) => shape[2] > 1)

  it("are as many as there are h-maxima, and each holds the top of one", () => {
    fc.assert(
      fc.property(generic, fc.constantFrom(0.5e5, 2e5, 6e5), (field, height) => {
        const scaled = { ...field, values: Float64Array.from(field.values) }
        const maxima = hMaxima(scaled, inside(field), height)
        const label = merged(field, () => height)
        expect(new Set(label.filter((marker) => marker >= 0)).size).toBe(maxima.count)
        const tops = new Map<number, number>()
        maxima.values.forEach((number, i) => {
          if (number > 0 && field.values[i] > (field.values[tops.get(number) ?? -1] ?? 0)) tops.set(number, i)
        })
        expect(new Set([...tops.values()].map((top) => label[top])).size).toBe(maxima.count)
      }),
    )
  })

  it("are the connected regions where no height is enough", () => {
    fc.assert(
      fc.property(generic, (field) => {
        const label = merged(field, () => Number.POSITIVE_INFINITY)
        expect(new Set(label.filter((marker) => marker >= 0)).size).toBe(components(inside(field), "full").count)
      }),
    )
  })

  it("are all basins where any height is", () => {
    fc.assert(
      fc.property(generic, (field) => {
        const label = merged(field, () => 0)
        expect(new Set(label.filter((marker) => marker >= 0)).size).toBe(basinsOf(field).places.length)
      }),
    )
  })

  it("give a hill between two peaks to the one over the higher pass", () => {
    //          peak   pass  hill  pass  peak
    const values = [9, 8, 6, 6.5, 5, 7, 8.5, 4]
    const field: Field = { shape: [8, 1, 1], spacing: [1, 1, 1], values: Float32Array.from(values) }
    const label = merged(field, () => 1)
    expect([...label]).toEqual([label[0], label[0], label[0], label[0], label[7], label[7], label[7], label[7]])
    expect(label[0]).not.toBe(label[7])
  })

  it("do not depend on how basins are numbered", () => {
    fc.assert(
      fc.property(fields(3), fc.integer(), (field, seed) => {
        const { places, basins } = basinsOf(field)
        const saddles = saddlesIn(field, basins, wholeOf(field))
        const count = places.length
        const order = seededRandom(seed).permutation(count)
        const heights = Float32Array.from(places, (at) => field.values[at])
        const straight = mergedBasins(
          { height: heights, place: Float64Array.from(places) },
          { ...saddles, basins: saddles.basins.map((basin) => basin - 1) },
          () => 1 / 16,
        )
        const turned = mergedBasins(
          {
            height: Float32Array.from({ length: count }, (_, k) => heights[order.indexOf(k)]),
            place: Float64Array.from({ length: count }, (_, k) => places[order.indexOf(k)]),
          },
          { ...saddles, basins: saddles.basins.map((basin) => order[basin - 1]) },
          () => 1 / 16,
        )
        for (let basin = 0; basin < count; basin++) expect(turned[order[basin]]).toBe(order[straight[basin]])
      }),
    )
  })
})
