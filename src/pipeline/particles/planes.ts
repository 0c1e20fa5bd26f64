import { Effect } from "effect"
import type { Box, Triple } from "../../image/brick.ts"
import type { PlanePicture } from "../../report/particles/input.ts"
import type { ScratchUnusable } from "../../store/scratch-volume.ts"
import type { LabelledVolume } from "../segmentation/labelled-volume.ts"

/** Pixels of a picture along its longer side at most. */
const most = 720

const names = ["x", "y", "z"] as const

/** Axes of the planes that are shown: across, down and normal. */
const views: readonly (readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 2, 0],
]

/** How bright phases are shown: void, particle, carbon/binder. */
const phaseTones = [24, 190, 96]

/** Every n-th value of a plane along both sides. */
const thinned = <A extends Int32Array | Float32Array>(values: A, width: number, step: number): A => {
  const height = values.length / width
  const [w, h] = [Math.ceil(width / step), Math.ceil(height / step)]
  const out = new (values.constructor as new (length: number) => A)(w * h)
  for (let row = 0; row < h; row++)
    for (let column = 0; column < w; column++) out[column + w * row] = values[step * column + width * step * row]
  return out
}

interface RawPlane extends Omit<PlanePicture, "gray"> {
  readonly tone: Float32Array
}

/** Tones from 0 to 255 between the outermost hundredths of all planes together. */
const stretched = (planes: readonly RawPlane[]): readonly PlanePicture[] => {
  const all = planes.flatMap(({ tone }) => [...tone.filter((_, at) => at % 7 === 0)]).sort((a, b) => a - b)
  const low = all[Math.floor(0.005 * (all.length - 1))] ?? 0
  const high = all[Math.ceil(0.995 * (all.length - 1))] ?? 1
  const span = high > low ? high - low : 1
  return planes.map(({ tone, ...plane }) => ({
    ...plane,
    gray: Uint8Array.from(tone, (value) => Math.max(0, Math.min(255, Math.round((255 * (value - low)) / span)))),
  }))
}

/** The three middle planes of a volume, for the eye. */
export const middlePlanes = Effect.fn("middlePlanes")(function* (
  volume: LabelledVolume,
): Effect.fn.Return<readonly PlanePicture[], ScratchUnusable> {
  const { shape, spacing } = volume.grid
  const planes: RawPlane[] = []
  for (const [across, down, normal] of views) {
    const at = Math.floor(shape[normal] / 2)
    const corner = (end: number): Triple => {
      const out: [number, number, number] = end === 0 ? [0, 0, 0] : [...shape]
      out[normal] = at + end
      return out
    }
    const box: Box = { from: corner(0), to: corner(1) }
    const step = Math.ceil(Math.max(shape[across], shape[down]) / most)
    const labels = thinned(yield* volume.readLabels(box), shape[across], step)
    const tone =
      volume.readGray !== undefined
        ? yield* volume.readGray(box)
        : volume.readPhases !== undefined
          ? Float32Array.from(yield* volume.readPhases(box), (phase) => phaseTones[phase])
          : undefined
    planes.push({
      across: names[across],
      down: names[down],
      normal: names[normal],
      at,
      of: shape[normal],
      width: Math.ceil(shape[across] / step),
      height: Math.ceil(shape[down] / step),
      pixel: [step * spacing[across], step * spacing[down]],
      labels,
      tone:
        tone === undefined
          ? Float32Array.from(labels, (label) => phaseTones[label > 0 ? 1 : 0])
          : thinned(tone, shape[across], step),
    })
  }
  return volume.readGray === undefined
    ? planes.map(({ tone, ...plane }) => ({ ...plane, gray: Uint8Array.from(tone) }))
    : stretched(planes)
})
