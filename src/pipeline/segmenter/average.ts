import { existsSync, rmSync } from "node:fs"
import { join } from "node:path"
import { Effect, Schema } from "effect"
import { averagedModel, averagingFault } from "../../inference/averaged-model.ts"
import type { ModelUnreadable } from "../../inference/errors.ts"
import { decodeModel, encodeModel, type OnnxModel } from "../../inference/onnx-model.ts"
import { trainingKey, trainingOf } from "../../inference/star-model.ts"
import { writeAtomically } from "../../store/atomic.ts"
import { RunOccupied, type RunUnwritable, unwritable } from "../../store/errors.ts"
import { madeFolder } from "../../store/made-folder.ts"
import { program } from "../program.ts"
import { trainingFiles } from "./checkpoint.ts"
import { modelBytes } from "./identify.ts"

/** Networks to be joined into one. */
export interface AverageRequest {
  /** Networks of this program, two or more */
  readonly files: readonly string[]
  /** Directory that the network is written to */
  readonly out: string
  readonly overwrite: boolean
}

/** Networks that cannot be joined. */
export class NetworksApart extends Schema.TaggedError<NetworksApart>()("NetworksApart", {
  files: Schema.Array(Schema.String),
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.files.join(", ")}: ${this.reason}`
  }
}

/** Writes a network that answers with the mean of others, with what each learnt from. */
export const averageSegmenters = Effect.fn("averageSegmenters")(function* ({
  files,
  out,
  overwrite,
}: AverageRequest): Effect.fn.Return<
  { readonly model: string; readonly modelSize: number },
  ModelUnreadable | RunOccupied | RunUnwritable | NetworksApart
> {
  const models: OnnxModel[] = []
  for (const file of files) models.push(yield* decodeModel(file, yield* modelBytes(file)))
  const averaged = models.map(trainingOf)
  const pixels = averaged.map(({ pixel }) => pixel)
  const fault =
    averagingFault(models) ??
    (pixels.every((pixel) => pixel === pixels[0])
      ? undefined
      : `expected networks that learnt from pixels of one size; found ${pixels.map((pixel) => (pixel === undefined ? "none stated" : `${pixel} m`)).join(", ")}`)
  if (fault !== undefined) return yield* new NetworksApart({ files, reason: fault })
  const { model: name, ...others } = trainingFiles
  if (!overwrite && [trainingFiles.checkpoint, name].some((file) => existsSync(join(out, file)))) {
    return yield* new RunOccupied({
      path: out,
      reason: "holds a network or a training; choose another --out, or give --overwrite",
    })
  }
  const bytes = encodeModel(
    averagedModel(models, {
      [trainingKey]: JSON.stringify({ program: program.version, pixel: pixels[0], averaged }),
    }),
  )
  yield* madeFolder(out)
  const model = join(out, name)
  yield* writeAtomically(model, bytes)
  // What is left of a training tells of another network, and would go on from there.
  yield* Effect.try({
    try: () => {
      for (const file of Object.values(others)) rmSync(join(out, file), { force: true })
    },
    catch: (cause) => unwritable(out, cause),
  })
  return { model, modelSize: bytes.length }
})
