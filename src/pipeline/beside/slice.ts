import { join } from "node:path"
import { Effect, type Scope } from "effect"
import { wholeOf } from "../../image/brick.ts"
import { classicalParticles } from "../../image/classical.ts"
import type { SegmentSettings } from "../../image/settings.ts"
import { cropped, gridOf, type Identify } from "../../image/volume.ts"
import { particleFiles } from "../../store/particles-manifest.ts"
import { writeVolume } from "../particles/label-files.ts"
import type { ParticlesError, Task } from "../particles/particles.ts"
import { resourcesOf, wayName, wayOf } from "../particles/settings-words.ts"
import { sliceIdentify } from "../particles/slice-work.ts"
import { program } from "../program.ts"
import { besideInput } from "./compared.ts"
import { planeSide, watched } from "./slice-sides.ts"
import { trueLabels } from "./volume-sides.ts"
import { writeBeside } from "./written.ts"

/** A slice's settings that have another way look at the same, and what is written of both afterwards. */
export interface BesideSlice {
  readonly settings: SegmentSettings
  /** What is to be said of it */
  readonly written: Effect.Effect<readonly string[], ParticlesError, Scope.Scope>
}

/**
 * Two ways of finding the particles of a gray slice beside one another: both see the very same rows and threshold. What
 * they find is compared before outlines are smoothed and cut particles left out.
 */
export const besideSlice = Effect.fn("besideSlice")(function* (
  task: Task,
  settings: SegmentSettings,
): Effect.fn.Return<BesideSlice, ParticlesError> {
  const { request, source, title } = task
  const { beside, segmenter, out } = request
  if (beside === undefined || request.settings.meaning.kind !== "gray") {
    return { settings, written: Effect.succeed([]) }
  }
  const classical: Identify = ({ bright }) => classicalParticles(bright, settings)
  const other =
    beside.way.kind === "watershed"
      ? classical
      : ((yield* sliceIdentify(source, beside.way.file, request.threads))?.identify ?? classical)
  const grid = gridOf(source)
  const { identify, seen } = watched(grid, settings.identify ?? classical, other, settings)
  const written = Effect.gen(function* () {
    const both = seen()
    if (both === undefined) return []
    const gray = { ...grid, values: Float32Array.from(yield* source.read(wholeOf(source))) }
    const side = (name: string, labels: Int32Array) => planeSide(name, grid, labels, both.bright)
    const truth =
      beside.truth === undefined
        ? null
        : yield* Effect.flatMap(
            trueLabels(beside.truth, source, resourcesOf(request), () => Effect.void),
            (known) =>
              Effect.map(known.readLabels(wholeOf(grid)), (labels) =>
                // Beyond the rows that were looked at nothing can be found.
                side(
                  "truth",
                  labels.map((label, p) => {
                    const row = Math.floor(p / grid.shape[0])
                    return row >= both.firstRow && row < both.endRow ? label : 0
                  }),
                ),
              ),
          )
    const input = yield* besideInput(
      { title, programVersion: program.version },
      grid,
      {
        first: side(wayName(wayOf(segmenter)), both.first),
        second: side(wayName(beside.way), both.second),
        truth,
        readGray: ({ from, to }) => Effect.sync(() => cropped(gray, from, to).values),
      },
      () => Effect.void,
    )
    yield* writeVolume(
      join(out, particleFiles.besideLabels),
      { ...grid, voxelType: "int32", read: () => Effect.succeed(both.second) },
      undefined,
    )
    return [yield* writeBeside(out, input)]
  })
  return { settings: { ...settings, identify }, written }
})
