import { describe, expect, it } from "vitest"
import { type IonSettings, ionLayersOfVolume } from "../../src/microstructure/ion-layers.ts"
import { labelledBalls, turned } from "./labelled-balls.ts"

const edge = 1e-6
const up = { axis: 2, growing: 1 } as const
const measured: IonSettings = {
  carbonBinderPorosity: 0.5,
  layer: 10e-6,
  tortuosity: { kind: "measured", carbonBinderExponent: 1.5, coarsening: 1 },
}

describe("layers of the electrolyte", () => {
  it("straight ways have the tortuosity 1, carbon/binder that of its porosity", () => {
    // Pore above 20 voxels, carbon/binder below: in series, so that each layer shows its own.
    const volume = labelledBalls([8, 8, 40], edge, [], (_x, _y, z) => (z < 20 ? 2 : 0))
    const { count, porosity, tortuosity } = ionLayersOfVolume(volume, up, measured)
    expect(count).toBe(4)
    for (const [k, share, tau] of [
      [0, 0.5, Math.SQRT2],
      [1, 0.5, Math.SQRT2],
      [2, 1, 1],
      [3, 1, 1],
    ]) {
      expect(porosity[k]).toBeCloseTo(share, 12)
      expect(Math.abs(tortuosity[k] / tau - 1)).toBeLessThan(1e-4)
    }
  })

  it("walls that leave a straight slit open have the tortuosity 1 at its porosity", () => {
    const volume = labelledBalls([10, 6, 30], edge, [], () => 0)
    for (let i = 0; i < volume.phases.length; i++) if (i % 10 < 4) volume.phases[i] = 1
    const { porosity, tortuosity } = ionLayersOfVolume(volume, up, measured)
    for (const share of porosity) expect(share).toBeCloseTo(0.6, 12)
    for (const tau of tortuosity) expect(tau).toBeCloseTo(1, 3)
  })

  it("dilute balls obstruct as Maxwell found, and coarsening changes little", () => {
    const balls = [0, 1, 2, 3].map((k) => ({ centre: [12, 12, 12 + 24 * k] as const, radius: 8 }))
    const volume = labelledBalls([24, 24, 96], edge, balls, () => 0)
    const share = 1 - ((4 / 3) * Math.PI * 512) / 24 ** 3
    // σ_eff/σ = 2ε/(3 − ε), so τ = (3 − ε)/2.
    const fine = ionLayersOfVolume(volume, up, { ...measured, layer: 24e-6 })
    for (const tau of fine.tortuosity) expect(Math.abs(tau / ((3 - share) / 2) - 1)).toBeLessThan(0.03)
    const coarse = ionLayersOfVolume(volume, up, {
      ...measured,
      layer: 24e-6,
      tortuosity: { kind: "measured", carbonBinderExponent: 1.5, coarsening: 2 },
    })
    coarse.tortuosity.forEach((tau, k) => {
      expect(Math.abs(tau / fine.tortuosity[k] - 1)).toBeLessThan(0.03)
    })
  })

  it("does not depend on the axis, and begins at the collector", () => {
    const balls = [
      { centre: [9, 8, 7], radius: 6 },
      { centre: [10, 11, 24], radius: 7 },
    ] as const
    const volume = labelledBalls([20, 18, 33], edge, balls, (x) => (x < 9 ? 2 : 0))
    const plain = ionLayersOfVolume(volume, up, measured)
    const other = ionLayersOfVolume(turned(volume, [2, 0, 1], [true, false, false]), { axis: 0, growing: -1 }, measured)
    plain.porosity.forEach((share, k) => {
      expect(other.porosity[k]).toBeCloseTo(share, 12)
      expect(other.tortuosity[k]).toBeCloseTo(plain.tortuosity[k], 3)
    })
    expect(plain.porosity[0]).not.toBeCloseTo(plain.porosity[2], 2)
  })

  it("refuses a volume through which no way leads", () => {
    const volume = labelledBalls([6, 6, 20], edge, [], () => 0)
    for (let i = 36 * 9; i < 36 * 11; i++) volume.phases[i] = 1
    expect(() => ionLayersOfVolume(volume, up, measured)).toThrow("no side to the other")
  })
})
