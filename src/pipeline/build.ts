import { basename, dirname, resolve } from "node:path"
import { Effect, Schema } from "effect"
import { readTomogramSlice } from "../formats/tomogram.ts"
import type { SliceOutOfRange, TomogramUnreadable, VoxelSizeMissing } from "../formats/tomogram-errors.ts"
import { phantomSlice } from "../image/phantom.ts"
import { describeSegmentProblem, isSegmentProblem, type Segmentation, segmentSlice } from "../image/segment.ts"
import { cropped, type Volume } from "../image/volume.ts"
import { meshLabels } from "../mesh/labels.ts"
import { meshLayout } from "../mesh/layout.ts"
import { particleCount } from "../mesh/mesh.ts"
import { isMeshProblem } from "../mesh/problem.ts"
import type { RunUnwritable } from "../store/errors.ts"
import type { TwinInvalid } from "../twin/errors.ts"
import { layoutOf, meshFault, resolutionOf } from "../twin/layout.ts"
import { type LoadedTwin, twinInvalid } from "../twin/load.ts"
import { type PhantomSlice, phantomSettings, segmentSettings, type Tomogram } from "../twin/tomogram.ts"
import { isNetwork } from "../twin/twin.ts"
import { buildPacking, buildPlanarNetwork } from "./build-network.ts"
import { buildVolume } from "./build-volume.ts"
import type { MeasuringLost, ParticleTooLarge } from "./particles/request.ts"
import type { RunSource } from "./run-source.ts"
import type { SegmentationError } from "./segmentation/segment-volume.ts"

/** A slice in which no electrode can be found. */
export class SliceUnusable extends Schema.TaggedError<SliceUnusable>()("SliceUnusable", {
  file: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.file}: ${this.reason}`
  }
}

/** A twin as the simulation wants it. */
export interface BuiltTwin {
  readonly source: RunSource
  /** The tomogram's file, if there was one */
  readonly tomogram: string | null
  readonly warnings: readonly string[]
}

/** Why a twin cannot be built. */
export type BuildError =
  | TwinInvalid
  | SliceUnusable
  | TomogramUnreadable
  | SliceOutOfRange
  | VoxelSizeMissing
  | SegmentationError
  | MeasuringLost
  | ParticleTooLarge
  | RunUnwritable

const pixelRange = (
  written: readonly [{ readonly value: number }, { readonly value: number }] | undefined,
  spacing: number,
  count: number,
): readonly [number, number] =>
  written === undefined
    ? [0, count]
    : [Math.max(0, Math.round(written[0].value / spacing)), Math.min(count, Math.round(written[1].value / spacing))]

/** The part of an image that the twin asks for, or undefined where nothing is left of it. */
const croppedTo = (image: Volume, crop: Tomogram["crop"]): Volume | undefined => {
  if (crop === undefined) return image
  const [width, height] = image.shape
  const [x0, x1] = pixelRange(crop.x, image.spacing[0], width)
  const [y0, y1] = pixelRange(crop.y, image.spacing[1], height)
  return x1 - x0 > 1 && y1 - y0 > 1 ? cropped(image, [x0, y0, 0], [x1, y1, 1]) : undefined
}

const tomogramImage = Effect.fnUntraced(function* (loaded: LoadedTwin, geometry: Tomogram, given: string | undefined) {
  if (given === undefined && geometry.file === undefined) {
    return yield* twinInvalid(loaded, {
      path: ["geometry", "file"],
      expected: "the file of a tomogram, here or with --tomogram",
      found: "nothing",
    })
  }
  const place = loaded.document.place(["geometry", "file"]).file
  const file = given ?? resolve(dirname(place), geometry.file ?? "")
  const { image } = yield* readTomogramSlice(file, {
    ...(geometry["voxel-size"] === undefined ? {} : { voxelSize: geometry["voxel-size"].value }),
    ...(geometry.slice === undefined ? {} : { slice: geometry.slice }),
  })
  const part = croppedTo(image, geometry.crop)
  if (part === undefined) {
    const [width, height] = image.shape
    return yield* twinInvalid(loaded, {
      path: ["geometry", "crop"],
      expected: `a part of the image, which measures ${width} × ${height} pixels of ${image.spacing[0] * 1e9} nm`,
      found: "a part outside of it",
    })
  }
  return { image: part, file }
})

const sliceWarnings = (slice: Segmentation, name: string): string[] => {
  const cut = slice.dropped.filter(({ reason }) => reason === "cut by the border").length
  const small = slice.dropped.length - cut
  const parts = [cut > 0 ? `${cut} cut by its border` : "", small > 0 ? `${small} too small` : ""].filter(Boolean)
  return parts.length === 0 ? [] : [`${name}: particles left out of the twin: ${parts.join(", ")}`]
}

const meshSlice = Effect.fnUntraced(function* (
  loaded: LoadedTwin,
  geometry: Tomogram | PhantomSlice,
  image: Volume,
  file: string | null,
  onStage: (text: string) => Effect.Effect<void>,
): Effect.fn.Return<BuiltTwin, BuildError> {
  const name = file ?? `${loaded.file} (generated slice)`
  yield* onStage("finding particles")
  const slice = segmentSlice(image, segmentSettings(geometry.segmentation))
  if (isSegmentProblem(slice)) {
    return yield* new SliceUnusable({ file: name, reason: describeSegmentProblem(slice) })
  }
  yield* onStage(`meshing ${slice.particleCount} particles`)
  const mesh = meshLabels(
    {
      width: slice.width,
      height: slice.height,
      pixel: slice.pixel,
      labels: slice.labels,
      share: slice.share,
      shareNoise: slice.shareNoise,
      matrixClass: slice.matrixClass,
      matrixNames: [geometry.matrices.low, geometry.matrices.high],
      separatorThickness: geometry["separator-thickness"].value,
    },
    resolutionOf(loaded.twin.mesh),
  )
  if (isMeshProblem(mesh)) return yield* twinInvalid(loaded, meshFault(mesh))
  if (particleCount(mesh) === 0) {
    return yield* new SliceUnusable({ file: name, reason: "no particle is large enough to be meshed" })
  }
  const { particleToLabel, dropped, enclosed, ...plain } = mesh
  const warnings = sliceWarnings(slice, basename(name))
  if (dropped.length > 0) warnings.push(`${dropped.length} pieces of particles were too small to be meshed`)
  if (enclosed.length > 0) warnings.push(`${enclosed.length} pores without a way to the separator were filled`)
  return { source: { kind: "mesh", mesh: plain, slice, particleToLabel }, tomogram: file, warnings }
})

/**
 * Mesh of a twin: drawn, or from a tomogram's slice by way of its segmentation; or its network.
 * @param tomogram file given on the command line, in the place of the twin's own
 * @param onStage  is told what comes next
 */
export const buildTwin = Effect.fn("buildTwin")(function* (
  loaded: LoadedTwin,
  tomogram?: string,
  onStage: (text: string) => Effect.Effect<void> = () => Effect.void,
): Effect.fn.Return<BuiltTwin, BuildError> {
  const { geometry } = loaded.twin
  if (geometry.kind === "tomogram") {
    const { image, file } = yield* tomogramImage(loaded, geometry, tomogram)
    return yield* meshSlice(loaded, geometry, image, file, onStage)
  }
  if (geometry.kind === "volume") return yield* buildVolume(loaded, geometry, tomogram, onStage)
  if (tomogram !== undefined) {
    return yield* twinInvalid(loaded, {
      path: ["geometry", "kind"],
      expected: '"tomogram", as --tomogram was given',
      found: `"${geometry.kind}"`,
    })
  }
  if (geometry.kind === "packing") {
    yield* onStage(`packing ${geometry.count} particles`)
    return { source: yield* buildPacking(loaded, geometry), tomogram: null, warnings: [] }
  }
  if (isNetwork(loaded.twin)) {
    yield* onStage("reducing the layout to a network")
    return { source: yield* buildPlanarNetwork(loaded), tomogram: null, warnings: [] }
  }
  if (geometry.kind === "phantom") {
    yield* onStage("generating the slice")
    return yield* meshSlice(loaded, geometry, phantomSlice(phantomSettings(geometry)).gray, null, onStage)
  }
  const drawn = layoutOf(geometry)
  if ("faults" in drawn) return yield* twinInvalid(loaded, drawn.faults[0])
  yield* onStage("meshing")
  const mesh = meshLayout(drawn.layout, resolutionOf(loaded.twin.mesh))
  if (isMeshProblem(mesh)) return yield* twinInvalid(loaded, meshFault(mesh))
  return {
    source: { kind: "mesh", mesh, slice: null, particleToLabel: new Int32Array(0) },
    tomogram: null,
    warnings: [],
  }
})
