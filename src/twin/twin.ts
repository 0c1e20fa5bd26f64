import { Schema } from "effect"
import { Drawing, MeshSettings } from "./geometry.ts"
import { Materials, Model, Solver } from "./materials.ts"
import { PackingGeometry } from "./packing.ts"
import { PhantomSlice, Tomogram } from "./tomogram.ts"
import { VolumeGeometry } from "./volume.ts"

const Geometry = Schema.Union([Drawing, Tomogram, PhantomSlice, PackingGeometry, VolumeGeometry]).annotate({
  description:
    "Where the particles come from: drawn, found in a slice or in a volume of a tomogram, in a generated slice, or packed at random",
})

/** A twin as written in twins/*.yaml; every quantity carries its unit. */
export const Twin = Schema.Struct({
  name: Schema.NonEmptyString,
  description: Schema.optionalKey(Schema.String),
  geometry: Geometry,
  mesh: Schema.optionalKey(MeshSettings),
  materials: Materials,
  model: Model,
  solver: Schema.optionalKey(Solver),
}).annotate({ title: "Synchrode twin" })
export type Twin = typeof Twin.Type

/** Whether a twin is solved as a network of particles, not by finite elements. */
export const isNetwork = ({ geometry, model }: Pick<Twin, "geometry" | "model">): boolean =>
  geometry.kind === "packing" || geometry.kind === "volume" || model.space === "network"
