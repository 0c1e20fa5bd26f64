import type { LabelledPhases } from "../../src/microstructure/patch-surface.ts"

export interface Ball {
  readonly centre: readonly [number, number, number]
  readonly radius: number
}

/**
 * Balls in a volume, lengths in voxels; the phase of each other voxel by a function of its middle.
 * @param edge of a voxel [m]
 */
export const labelledBalls = (
  shape: readonly [number, number, number],
  edge: number,
  balls: readonly Ball[],
  phase: (x: number, y: number, z: number) => 0 | 2,
): LabelledPhases => {
  const [nx, ny, nz] = shape
  const labels = new Int32Array(nx * ny * nz)
  const phases = new Uint8Array(nx * ny * nz)
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        const at = [x + 0.5, y + 0.5, z + 0.5]
        const ball = balls.findIndex(
          ({ centre, radius }) => Math.hypot(...at.map((each, axis) => each - centre[axis])) < radius,
        )
        labels[i] = ball + 1
        phases[i] = ball >= 0 ? 1 : phase(at[0], at[1], at[2])
      }
  return { shape, spacing: [edge, edge, edge], labels, phases }
}

/** The volume with its axes exchanged: new axis k is the old axis order[k], run backwards where told. */
export const turned = (
  { shape, spacing, labels, phases }: LabelledPhases,
  order: readonly [number, number, number],
  backwards: readonly [boolean, boolean, boolean],
): LabelledPhases => {
  const to = order.map((axis) => shape[axis]) as [number, number, number]
  const out = {
    shape: to,
    spacing: order.map((axis) => spacing[axis]) as [number, number, number],
    labels: new Int32Array(labels.length),
    phases: new Uint8Array(phases.length),
  }
  for (let c = 0, i = 0; c < to[2]; c++)
    for (let b = 0; b < to[1]; b++)
      for (let a = 0; a < to[0]; a++, i++) {
        const at = [0, 0, 0]
        ;[a, b, c].forEach((each, k) => {
          at[order[k]] = backwards[k] ? to[k] - 1 - each : each
        })
        const from = at[0] + shape[0] * (at[1] + shape[1] * at[2])
        out.labels[i] = labels[from]
        out.phases[i] = phases[from]
      }
  return out
}
