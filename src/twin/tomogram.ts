import { Schema } from "effect"
import { defaultPhantomSettings, type PhantomSettings } from "../image/phantom.ts"
import { defaultSegmentSettings, type SegmentSettings } from "../image/settings.ts"
import { voxelEdge } from "../image/volume.ts"
import { MatrixNames } from "./geometry.ts"
import { nonNegative, positive, Quantity, share } from "./quantity.ts"

const length = Quantity("m", positive)
const pixels = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

const Denoise = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("none") }),
  Schema.Struct({ kind: Schema.Literal("median"), radius: pixels }),
  Schema.Struct({ kind: Schema.Literal("gaussian"), sigma: Quantity("", positive) }),
]).annotate({ identifier: "denoise", description: "How noise is taken off; radius and sigma in pixels" })

const Band = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("found"), "bright-share": Quantity("", { above: 0, below: 1 }) }),
  Schema.Struct({ kind: Schema.Literal("rows"), first: pixels, end: pixels }),
]).annotate({
  identifier: "band",
  description: "Rows of the stored image that the electrode takes: found by their share of bright pixels, or given",
})

const Threshold = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("otsu") }),
  Schema.Struct({ kind: Schema.Literal("value"), value: Schema.Finite }),
]).annotate({ identifier: "threshold", description: "Gray value that parts particles from matrix" })

const Split = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("otsu") }),
  Schema.Struct({ kind: Schema.Literal("share"), high: Quantity("", share) }),
]).annotate({ identifier: "split", description: "Which share of the matrix, the brighter one, conducts well" })

const { optionalKey } = Schema

/** How particles are found in a slice; whatever is left out takes the defaults of the classical method. */
const Segmentation = Schema.Struct({
  denoise: optionalKey(Denoise),
  band: optionalKey(Band),
  "separator-side": optionalKey(
    Schema.Literals(["top", "bottom", "darker"]).annotate({
      description: "Where the separator lies in the stored image; darker: the side whose band is darker",
    }),
  ),
  margin: optionalKey(length),
  threshold: optionalKey(Threshold),
  closings: optionalKey(Schema.Array(Quantity("m", nonNegative))),
  openings: optionalKey(Schema.Array(length)),
  voids: optionalKey(Schema.Array(Quantity("m^2", positive))),
  dynamics: optionalKey(length),
  "crack-mouth": optionalKey(Quantity("m", nonNegative)),
  "smallest-diameter": optionalKey(length),
  outline: optionalKey(length),
  matrix: optionalKey(
    Schema.Struct({
      length: optionalKey(length),
      split: optionalKey(Split),
      "smallest-domain": optionalKey(Quantity("m", nonNegative)),
    }),
  ),
}).annotate({ identifier: "segmentation" })
type Segmentation = typeof Segmentation.Type

const range = Schema.Tuple([Quantity("m", nonNegative), length])

const cell = {
  "separator-thickness": length,
  matrices: MatrixNames,
  segmentation: optionalKey(Segmentation),
}

/** A slice of a tomogram. */
export const Tomogram = Schema.Struct({
  kind: Schema.Literal("tomogram"),
  file: optionalKey(
    Schema.NonEmptyString.annotate({ description: "Seen from the folder of this file; --tomogram takes its place" }),
  ),
  "voxel-size": optionalKey(
    Quantity("m", voxelEdge).annotate({ description: "Needed where the file does not state it" }),
  ),
  slice: optionalKey(pixels.annotate({ description: "Which plane of a stack, from 0" })),
  crop: optionalKey(
    Schema.Struct({ x: optionalKey(range), y: optionalKey(range) }).annotate({
      description: "Part of the stored image that is used, from its top left corner",
    }),
  ),
  ...cell,
})
export type Tomogram = typeof Tomogram.Type

/** A generated slice, for demonstrations and tests: the same seed gives the same image. */
export const PhantomSlice = Schema.Struct({
  kind: Schema.Literal("phantom"),
  seed: pixels,
  width: length,
  height: length,
  "voxel-size": Quantity("m", voxelEdge),
  "particle-share": optionalKey(
    Quantity("", { above: 0, to: 0.6 }).annotateKey({ description: "Of the electrode's area" }),
  ),
  diameter: optionalKey(length.annotateKey({ description: "Median of the particles" })),
  "diameter-spread": optionalKey(
    Quantity("", nonNegative).annotateKey({ description: "Standard deviation of the diameter's logarithm" }),
  ),
  "contact-share": optionalKey(Quantity("", share).annotateKey({ description: "Of particles pushed against another" })),
  "cracked-share": optionalKey(Quantity("", share).annotateKey({ description: "Of particles with cracks" })),
  noise: optionalKey(Quantity("", nonNegative).annotateKey({ description: "Standard deviation in gray values" })),
  ...cell,
})
export type PhantomSlice = typeof PhantomSlice.Type

/** Settings of the generated slice, with the defaults of the generator. */
export const phantomSettings = (written: PhantomSlice): PhantomSettings => ({
  ...defaultPhantomSettings,
  seed: written.seed,
  width: written.width.value,
  height: written.height.value,
  pixel: written["voxel-size"].value,
  particleShare: written["particle-share"]?.value ?? defaultPhantomSettings.particleShare,
  diameter: written.diameter?.value ?? defaultPhantomSettings.diameter,
  diameterSpread: written["diameter-spread"]?.value ?? defaultPhantomSettings.diameterSpread,
  contactShare: written["contact-share"]?.value ?? defaultPhantomSettings.contactShare,
  crackedShare: written["cracked-share"]?.value ?? defaultPhantomSettings.crackedShare,
  noise: written.noise?.value ?? defaultPhantomSettings.noise,
})

const value = ({ value: number }: { readonly value: number }): number => number

const denoiseOf = (denoise: NonNullable<Segmentation["denoise"]>): SegmentSettings["denoise"] =>
  denoise.kind === "gaussian" ? { kind: "gaussian", sigma: denoise.sigma.value } : denoise

const bandOf = (band: NonNullable<Segmentation["band"]>): SegmentSettings["band"] =>
  band.kind === "rows" ? band : { kind: "found", brightShare: band["bright-share"].value }

const matrixOf = (matrix: Segmentation["matrix"] = {}): SegmentSettings["matrix"] => {
  const fallback = defaultSegmentSettings.matrix
  const { split } = matrix
  return {
    length: matrix.length?.value ?? fallback.length,
    split:
      split === undefined ? fallback.split : split.kind === "share" ? { kind: "share", high: split.high.value } : split,
    smallestDomain: matrix["smallest-domain"]?.value ?? fallback.smallestDomain,
  }
}

/** Settings of the segmentation, with the defaults of the classical method. */
export const segmentSettings = (written: Segmentation = {}): SegmentSettings => {
  const fallback = defaultSegmentSettings
  return {
    ...fallback,
    denoise: written.denoise === undefined ? fallback.denoise : denoiseOf(written.denoise),
    band: written.band === undefined ? fallback.band : bandOf(written.band),
    separator: written["separator-side"] ?? fallback.separator,
    margin: written.margin?.value ?? fallback.margin,
    threshold: written.threshold ?? fallback.threshold,
    closings: written.closings?.map(value) ?? fallback.closings,
    openings: written.openings?.map(value) ?? fallback.openings,
    voids: written.voids?.map(value) ?? fallback.voids,
    dynamics: written.dynamics?.value ?? fallback.dynamics,
    crackMouth: written["crack-mouth"]?.value ?? fallback.crackMouth,
    smallestDiameter: written["smallest-diameter"]?.value ?? fallback.smallestDiameter,
    outline: written.outline?.value ?? fallback.outline,
    matrix: matrixOf(written.matrix),
  }
}
