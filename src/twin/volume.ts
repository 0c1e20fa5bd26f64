import { Schema } from "effect"
import { voxelEdge } from "../image/volume.ts"
import type { ConductorQuality } from "../microstructure/conductor-quality.ts"
import { defaultExtractionSettings, type ExtractionSettings } from "../microstructure/extraction.ts"
import type { TortuositySource } from "../microstructure/ion-layers.ts"
import type { DepthAxis } from "../particles/volume-table.ts"
import { MatrixNames } from "./geometry.ts"
import { nonNegative, positive, Quantity, share } from "./quantity.ts"

const length = Quantity("m", positive)
const { optionalKey } = Schema
const values = Schema.Array(Schema.Finite)

const WellConducting = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("all") }),
  Schema.Struct({ kind: Schema.Literal("thickest"), share: Quantity("", share) }),
  Schema.Struct({ kind: Schema.Literal("random"), share: Quantity("", share), seed: Schema.Int }),
]).annotate({
  identifier: "well-conducting",
  description: "Which carbon/binder conducts well: all of it, its thickest pieces up to a share, or some at random",
})

/** A volume of a tomogram with phases, reduced to a network of all its particles. */
export const VolumeGeometry = Schema.Struct({
  kind: Schema.Literal("volume"),
  file: optionalKey(
    Schema.NonEmptyString.annotate({ description: "Seen from the folder of this file; --tomogram takes its place" }),
  ),
  "voxel-size": optionalKey(
    Quantity("m", voxelEdge).annotate({ description: "Needed where the file does not state it" }),
  ),
  dataset: optionalKey(Schema.NonEmptyString.annotate({ description: "Which one of a file with several" })),
  phases: optionalKey(
    Schema.Struct({ void: values, particle: values, "carbon-binder": values }).annotate({
      description: "Values by phase; 0 void, 1 particle, 2 carbon/binder if not given",
    }),
  ),
  "depth-axis": optionalKey(
    Schema.Literals(["x", "y", "z", "-x", "-y", "-z"]).annotate({
      description: "From the current collector; -z where it is at the high end; z if not given",
    }),
  ),
  "close-cracks": optionalKey(
    Quantity("m", nonNegative).annotateKey({ description: "Width of open cracks that do not part a particle" }),
  ),
  "smallest-diameter": optionalKey(length.annotateKey({ description: "Smaller particles are dropped" })),
  "well-conducting": optionalKey(WellConducting),
  tortuosity: optionalKey(
    Schema.Literals(["measured", "bruggeman"]).annotate({
      description:
        "Of the layers: from a solution of Laplace's equation through the volume (if not given), or ε^(1 − b)",
    }),
  ),
  layer: optionalKey(length.annotateKey({ description: "Thickness of the layers of electrolyte; 5 um if not given" })),
  "separator-thickness": length,
  matrices: MatrixNames,
}).annotate({ description: "A volume of a tomogram; for network twins" })
export type VolumeGeometry = typeof VolumeGeometry.Type

/** Axis and sense of the depth. */
export const depthAxisOf = (written: VolumeGeometry["depth-axis"] = "z"): DepthAxis => ({
  axis: "xyz".indexOf(written.slice(-1)) as 0 | 1 | 2,
  growing: written.startsWith("-") ? -1 : 1,
})

const qualityOf = (written: VolumeGeometry["well-conducting"]): ConductorQuality => {
  if (written === undefined || written.kind === "all") return { kind: "all" }
  return written.kind === "thickest"
    ? { kind: "thickest", share: written.share.value }
    : { kind: "random", share: written.share.value, seed: written.seed }
}

const tortuosityOf = (written: VolumeGeometry["tortuosity"], bruggeman: number): TortuositySource =>
  written === "bruggeman"
    ? { kind: "bruggeman", exponent: bruggeman }
    : { kind: "measured", carbonBinderExponent: bruggeman, coarsening: 2 }

/** Settings of the extraction. @param porosity and exponent of the carbon/binder */
export const extractionSettings = (
  written: VolumeGeometry,
  { porosity, bruggeman }: { readonly porosity: number; readonly bruggeman: number },
): ExtractionSettings => ({
  ...defaultExtractionSettings,
  depth: depthAxisOf(written["depth-axis"]),
  quality: qualityOf(written["well-conducting"]),
  ions: {
    ...defaultExtractionSettings.ions,
    carbonBinderPorosity: porosity,
    tortuosity: tortuosityOf(written.tortuosity, bruggeman),
    ...(written.layer === undefined ? {} : { layer: written.layer.value }),
  },
})
