import { describe, expect, it } from "vitest"
import * as ascentBytes from "../../src/kernels/generated/ascent.ts"
import * as componentsBytes from "../../src/kernels/generated/components.ts"
import * as denoiseBytes from "../../src/kernels/generated/denoise.ts"
import * as denseBytes from "../../src/kernels/generated/dense.ts"
import * as dilationBytes from "../../src/kernels/generated/dilation.ts"
import * as distanceBytes from "../../src/kernels/generated/distance.ts"
import * as gaussianBytes from "../../src/kernels/generated/gaussian.ts"
import * as networkBytes from "../../src/kernels/generated/network.ts"
import * as numericBytes from "../../src/kernels/generated/numeric.ts"
import * as saddlesBytes from "../../src/kernels/generated/saddles.ts"
import * as sparseBytes from "../../src/kernels/generated/sparse.ts"
import * as symbolicBytes from "../../src/kernels/generated/symbolic.ts"
import { growMemory, kernel, Layout, returnMemory, takeMemory } from "../../src/kernels/loader.ts"

describe("kernels", () => {
  it.each(
    Object.entries({
      ascentBytes,
      componentsBytes,
      denoiseBytes,
      denseBytes,
      dilationBytes,
      distanceBytes,
      gaussianBytes,
      networkBytes,
      numericBytes,
      saddlesBytes,
      sparseBytes,
      symbolicBytes,
    }),
  )("%s can be instantiated", (_, bytes) => {
    const exports = kernel<Record<string, unknown>>(bytes).instantiate(takeMemory(1))
    expect(Object.keys(exports).length).toBeGreaterThan(0)
  })

  it("compute the same with and without fused multiplication, to rounding", () => {
    interface Product {
      multiplyVector: (a: number, rows: number, columns: number, stride: number, x: number, out: number) => void
    }
    const results = [denseBytes, { ...denseBytes, fusedBase64: "" }].map((bytes) => {
      const memory = takeMemory(1 << 16)
      const numbers = new Float64Array(memory.buffer)
      for (let i = 0; i < 200; i++) numbers[i] = Math.sin(i)
      kernel<Product>(bytes).instantiate(memory).multiplyVector(0, 10, 10, 80, 800, 1600)
      return numbers.slice(200, 210)
    })
    for (let i = 0; i < 10; i++) {
      let sum = 0
      for (let j = 0; j < 10; j++) sum += Math.sin(10 * i + j) * Math.sin(100 + j)
      for (const result of results) expect(result[i]).toBeCloseTo(sum, 13)
    }
  })
})

describe("memory", () => {
  it("is taken again after it was given back", () => {
    const memory = takeMemory(3e6)
    expect(memory.buffer.byteLength).toBeGreaterThanOrEqual(3e6)
    returnMemory(memory)
    expect(takeMemory(2e6)).toBe(memory)
    expect(takeMemory(2e6)).not.toBe(memory)
  })

  it("grows and never shrinks", () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 100 })
    growMemory(memory, 65537)
    expect(memory.buffer.byteLength).toBe(2 * 65536)
    growMemory(memory, 1)
    expect(memory.buffer.byteLength).toBe(2 * 65536)
    expect(() => takeMemory(2 ** 33)).toThrow(RangeError)
  })

  it("is laid out without overlap, on lines of 64 bytes", () => {
    const layout = new Layout()
    const blocks = [1, 64, 65, 0, 1000].map((bytes) => [layout.reserve(bytes), bytes])
    for (let i = 0; i < blocks.length; i++) {
      expect(blocks[i][0] % 64).toBe(0)
      expect(blocks[i][0]).toBeGreaterThan(0)
      if (i > 0) expect(blocks[i][0]).toBeGreaterThanOrEqual(blocks[i - 1][0] + blocks[i - 1][1])
    }
    expect(layout.bytes).toBeGreaterThanOrEqual(blocks[4][0] + 1000)
  })
})
