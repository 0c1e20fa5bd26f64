import { describe, expect, it } from "vitest"
import type { ParticleTable } from "../../../src/particles/table.ts"
import { isByWatershed, type ParticlesRequest } from "../../../src/pipeline/particles/request.ts"
import { tableWarnings } from "../../../src/pipeline/particles/warnings.ts"
import { defaultVolumeSettings } from "../../../src/pipeline/segmentation/settings.ts"

const cracked: ParticleTable = {
  particleCount: 2,
  columns: [{ name: "Damage", unit: "", values: Float64Array.of(0.2, 0) }],
  missing: [],
  cut: Uint8Array.of(0, 0),
}

describe("what is said of a table with cracked particles", () => {
  it.each([
    ["a watershed", {}, true],
    ["a network", { segmenter: { file: "n.onnx" } }, false],
    ["given labels", { settings: { ...defaultVolumeSettings, meaning: { kind: "labels" } } }, false],
  ] as const)("names the cure for cracks that part particles where there is one: %s", (_, changes, expected) => {
    const request = { settings: defaultVolumeSettings, ...changes } as unknown as ParticlesRequest
    const words = tableWarnings(cracked, isByWatershed(request)).map(({ message }) => message)
    expect(words.some((message) => message.includes("--close-cracks"))).toBe(expected)
    expect(words.some((message) => message.includes("only 2 whole particles"))).toBe(true)
  })
})
