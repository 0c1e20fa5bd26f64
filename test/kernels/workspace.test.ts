import { describe, expect, it } from "vitest"
import * as distanceBytes from "../../src/kernels/generated/distance.ts"
import { kernel } from "../../src/kernels/loader.ts"
import { Workspace } from "../../src/kernels/workspace.ts"

describe("a workspace", () => {
  it("lays blocks out without overlap and grows to what is asked for", () => {
    const work = new Workspace()
    const [a, b, c] = work.lay(100, 3e6, 10)
    expect(b).toBeGreaterThanOrEqual(a + 100)
    expect(c).toBeGreaterThanOrEqual(b + 3e6)
    work.floats(b, 750_000).fill(1)
    expect(work.bytes(c, 10).every((byte) => byte === 0)).toBe(true)
    expect(work.doubles(a, 12)).toHaveLength(12)
  })

  it("keeps a kernel at work while it grows", () => {
    const distances = kernel<{ rooted: (values: number, count: number, scale: number) => void }>(distanceBytes)
    const work = new Workspace()
    const first = work.use(distances)
    const [at] = work.lay(5e6)
    expect(work.use(distances)).toBe(first)
    work.floats(at, 5).set([1, 4, 9, 16, 25])
    first.rooted(at, 5, 2)
    expect([...work.floats(at, 5)]).toEqual([2, 4, 6, 8, 10])
  })

  it("gives its memory to the next one", () => {
    const work = new Workspace()
    work.lay(1e6)
    const buffer = work.bytes(0, 1).buffer
    work.close()
    const next = new Workspace()
    next.lay(1000)
    expect(next.bytes(0, 1).buffer).toBe(buffer)
  })
})
