import fc from "fast-check"
import { expect, it } from "vitest"
import { VoxelPool } from "../../src/image/voxel-pool.ts"

it("never hands out what is in use, and hands out again what came back", () => {
  const step = fc.record({ count: fc.integer({ min: 1, max: 1_500_000 }), gives: fc.nat() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const pool = new VoxelPool()
      const used: Uint8Array<ArrayBuffer>[] = []
      for (const { count, gives } of steps) {
        const taken = pool.bytes(count)
        expect(taken).toHaveLength(count)
        expect(used.some(({ buffer }) => buffer === taken.buffer)).toBe(false)
        used.push(taken)
        if (gives % 2 === 1) pool.give(...used.splice(gives % used.length, 1))
      }
    }),
    { numRuns: 30 },
  )
  const pool = new VoxelPool()
  const [small, large] = [pool.bytes(300_000), pool.bytes(900_000)]
  pool.give(small, large)
  expect(pool.bytes(290_000).buffer).toBe(small.buffer)
  // What is given back may hold anything; zeros are asked for.
  large.fill(7)
  const zeros = pool.zeros(800_000)
  expect(zeros.buffer).toBe(large.buffer)
  expect(zeros.every((value) => value === 0)).toBe(true)
})

it("gives up an array that has become too small for a larger one", () => {
  const pool = new VoxelPool()
  const small = pool.bytes(300_000)
  pool.give(small)
  const large = pool.bytes(3_000_000)
  expect(pool.bytes(300_000).buffer).not.toBe(small.buffer)
  expect(large.buffer.byteLength).toBeGreaterThanOrEqual(3_000_000)
})
