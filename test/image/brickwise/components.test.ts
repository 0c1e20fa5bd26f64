import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import { copySharedInto } from "../../../src/formats/copy-box.ts"
import { type Box, boxShape, boxSize, bricksOf, type Triple, wholeOf } from "../../../src/image/brick.ts"
import { boxComponents, type Neighbours, touchingAcross } from "../../../src/image/brickwise/components.ts"
import { rimmed, seamsOf } from "../../../src/image/brickwise/seams.ts"
import { Union } from "../../../src/image/brickwise/union.ts"
import { components } from "../../../src/image/components.ts"
import type { Mask } from "../../../src/image/volume.ts"
import { Workspace } from "../../../src/kernels/workspace.ts"

const work = new Workspace()

const edge = fc.integer({ min: 1, max: 9 })
const masks = fc
  .record({ shape: fc.tuple(edge, edge, edge), seed: fc.integer(), share: fc.constantFrom(0, 0.1, 0.3, 0.6, 1) })
  .map(({ shape, seed, share }): Mask => {
    const random = seededRandom(seed)
    const values = Uint8Array.from({ length: shape[0] * shape[1] * shape[2] }, () => (random.uniform() < share ? 1 : 0))
    return { shape, spacing: [1, 1, 1], values }
  })
const connections = fc.constantFrom<Neighbours[]>(6, 18, 26)

/** Numbers of the parts within one box of a mask, from `base` on. */
const numbersIn = (mask: Mask, box: Box, neighbours: Neighbours, base: number) => {
  const wide = rimmed(box, 1)
  const stage = boxComponents(work, boxShape(wide), neighbours)
  stage.mask.fill(0)
  const inside = new Uint8Array(boxSize(box))
  copySharedInto({ ...wholeOf(mask), values: mask.values }, { ...box, values: inside })
  copySharedInto({ ...box, values: inside }, { ...wide, values: stage.mask })
  const count = stage.run()
  const values = new Int32Array(boxSize(box))
  copySharedInto({ ...wide, values: stage.numbered(base) }, { ...box, values })
  return { count, values }
}

/** Parts by walking from voxel to voxel, in scan order. */
const flooded = ({ shape, values }: Mask, neighbours: Neighbours): Int32Array => {
  const [nx, ny, nz] = shape
  const most = { 6: 1, 18: 2, 26: 3 }[neighbours]
  const out = new Int32Array(values.length)
  let count = 0
  for (let start = 0; start < values.length; start++) {
    if (values[start] === 0 || out[start] !== 0) continue
    out[start] = ++count
    const stack = [start]
    for (let here = stack.pop(); here !== undefined; here = stack.pop()) {
      const [x, y, z] = [here % nx, Math.floor(here / nx) % ny, Math.floor(here / (nx * ny))]
      for (let c = Math.max(0, z - 1); c <= Math.min(nz - 1, z + 1); c++)
        for (let b = Math.max(0, y - 1); b <= Math.min(ny - 1, y + 1); b++)
          for (let a = Math.max(0, x - 1); a <= Math.min(nx - 1, x + 1); a++) {
            const there = a + nx * (b + ny * c)
            if (Math.abs(a - x) + Math.abs(b - y) + Math.abs(c - z) > most) continue
            if (values[there] === 0 || out[there] !== 0) continue
            out[there] = count
            stack.push(there)
          }
    }
  }
  return out
}

describe("connected parts in one box", () => {
  it("are those of a flood fill", () => {
    fc.assert(
      fc.property(masks, connections, (mask, neighbours) => {
        const { count, values } = numbersIn(mask, wholeOf(mask), neighbours, 0)
        const expected = flooded(mask, neighbours)
        expect(values).toEqual(expected)
        expect(count).toBe(expected.reduce((most, number) => Math.max(most, number), 0))
      }),
    )
  })

  it("are those of two passes over the whole volume", () => {
    fc.assert(
      fc.property(
        masks.filter(({ shape }) => shape[2] > 1),
        (mask) => {
          expect(numbersIn(mask, wholeOf(mask), 26, 0).values).toEqual(components(mask, "full").values)
          expect(numbersIn(mask, wholeOf(mask), 6, 0).values).toEqual(components(mask, "face").values)
        },
      ),
    )
  })
})

describe("connected parts in many boxes", () => {
  const edges = fc.tuple(edge, edge, edge)

  it("are joined over the planes between them to those of the whole", () => {
    fc.assert(
      fc.property(masks, connections, edges, (mask, neighbours, cut: Triple) => {
        const whole = wholeOf(mask)
        const numbers = new Int32Array(mask.values.length)
        let given = 0
        for (const box of bricksOf(mask, cut)) {
          const { count, values } = numbersIn(mask, box, neighbours, given)
          given += count
          copySharedInto({ ...box, values }, { ...whole, values: numbers })
        }
        const union = new Union(given + 1)
        for (const { axis, box } of seamsOf(mask, cut)) {
          const wide = rimmed(box, 1)
          const part = [0, 1, 2].map((other) => (other === axis ? box : wide))
          const seam: Box = {
            from: [part[0].from[0], part[1].from[1], part[2].from[2]],
            to: [part[0].to[0], part[1].to[1], part[2].to[2]],
          }
          const values = new Int32Array(boxSize(seam))
          copySharedInto({ ...whole, values: numbers }, { ...seam, values })
          const pairs = touchingAcross(values, boxShape(seam), axis, neighbours)
          for (let k = 0; k < pairs.length; k += 2) union.unite(pairs[k], pairs[k + 1])
        }
        // The same parts: numbers correspond one to one.
        const expected = flooded(mask, neighbours)
        const seen = new Map<number, number>()
        numbers.forEach((number, i) => {
          const part = number === 0 ? 0 : union.find(number)
          if (!seen.has(part)) seen.set(part, expected[i])
          expect(expected[i]).toBe(seen.get(part))
        })
        expect(new Set(seen.values()).size).toBe(seen.size)
      }),
    )
  })
})
