import { Schema } from "effect"
import { Drawing, MeshSettings } from "./geometry.ts"
import { Materials, Model, Solver } from "./materials.ts"
import { PhantomSlice, Tomogram } from "./tomogram.ts"

const Geometry = Schema.Union([Drawing, Tomogram, PhantomSlice]).annotate({
  description: "Where the particles come from: drawn, found in a tomogram, or in a generated slice",
})

/** A twin as written in twins/*.yaml; every quantity carries its unit. */
export const Twin = Schema.Struct({
  name: Schema.NonEmptyString,
  description: Schema.optionalKey(Schema.String),
  geometry: Geometry,
  mesh: MeshSettings,
  materials: Materials,
  model: Model,
  solver: Schema.optionalKey(Solver),
}).annotate({ title: "Synchrode twin" })
export type Twin = typeof Twin.Type
