import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { phantomPresets } from "../../src/image/phantom-volume/settings.ts"
import { defaultVolumeSettings } from "../../src/pipeline/segmentation/settings.ts"
import { phantomStudies } from "../../validation/analytic/watershed-phantoms/study.ts"

const study = (preset: keyof typeof phantomPresets, closings: readonly number[]) =>
  Effect.runPromise(
    phantomStudies(
      [phantomPresets[preset]([64, 64, 64], 600e-9, 2)],
      closings.map((closing) => ({ ...defaultVolumeSettings, healing: { ...defaultVolumeSettings.healing, closing } })),
    ),
  )

describe("watershed on a small phantom", () => {
  it("parts touching particles", async () => {
    const [{ agreement, f1 }] = await study("touching", [0])
    expect(agreement.trueCount).toBeGreaterThan(20)
    expect(f1).toEqual([agreement.scores[0].f1])
    expect(agreement.scores[0].f1).toBeGreaterThan(0.85)
    expect(agreement.errors.splitTruths).toBeLessThanOrEqual(1)
    expect(Math.abs(agreement.matchedVolume.bias)).toBeLessThan(0.02)
    // Sound particles have no damage, found or true.
    expect(agreement.damage?.distribution).toMatchObject({ trueMean: 0 })
  })

  it("splits cracked ones; closing their cracks first joins the pieces", async () => {
    const [plain, closed] = await study("cracked", [0, 1e-6])
    expect(plain.trueDamage).toBeGreaterThan(0.005)
    // Closing and filling find the cracks that the phantom has drawn.
    expect(Math.abs(plain.measuringError.bias)).toBeLessThan(0.3 * plain.trueDamage)
    expect(closed.agreement.errors.surplusPieces).toBeLessThan(plain.agreement.errors.surplusPieces)
    expect(closed.agreement.scores[0].f1).toBeGreaterThan(plain.agreement.scores[0].f1)
  })
})
