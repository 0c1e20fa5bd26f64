import { Schema } from "effect"
import { positive, Quantity } from "./quantity.ts"

const length = Quantity("m", positive)
const position = Schema.Tuple([Quantity("m"), Quantity("m")]).annotate({
  identifier: "position",
  description: "x from the left edge and y from the collector",
})

const Particle = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("circle"), centre: position, radius: length }),
  Schema.Struct({
    kind: Schema.Literal("ellipse"),
    centre: position,
    "half-axes": Schema.Tuple([length, length]),
    angle: Quantity("rad"),
  }),
  Schema.Struct({ kind: Schema.Literal("polygon"), vertices: Schema.Array(position).check(Schema.isMinLength(3)) }),
]).annotate({ identifier: "particle", description: "A particle's section" })

const Coverage = Schema.Struct({
  particle: Schema.Int.check(Schema.isGreaterThan(0)),
  share: Quantity("", { above: 0, below: 1 }),
}).annotate({ identifier: "coverage", description: "Share of a circle's surface on the left of the cut" })

const sides = { left: Schema.NonEmptyString, right: Schema.NonEmptyString }

const Cut = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("straight"), through: position, angle: Quantity("rad"), ...sides }),
  Schema.Struct({ kind: Schema.Literal("covering"), particles: Schema.Tuple([Coverage, Coverage]), ...sides }),
]).annotate({
  identifier: "cut",
  description:
    "A straight cut through the matrix: through a point at an angle clockwise from the vertical, or so that its left " +
    "side covers given shares of the surfaces of two circles; left and right name the matrices on its sides",
})

const Box = Schema.Struct({
  kind: Schema.Literals(["void", "matrix"]),
  name: Schema.NonEmptyString,
  from: position,
  to: position,
}).annotate({ identifier: "box" })

/** A drawn electrode: width and height are those of the carbon/binder domain; the collector is at its bottom. */
export const Drawing = Schema.Struct({
  kind: Schema.Literal("layout"),
  width: length,
  height: length,
  "separator-thickness": length,
  particles: Schema.NonEmptyArray(Particle),
  cuts: Schema.optionalKey(Schema.Array(Cut)),
  boxes: Schema.optionalKey(Schema.Array(Box)),
  matrix: Schema.NonEmptyString.annotate({ description: "Name of the matrix where there is no cut" }),
  mirrored: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Whether the mesh is its own mirror image, left and right; not with cuts" }),
  ),
})
export type Drawing = typeof Drawing.Type

/** Names of the two kinds of carbon/binder of an electrode that is not drawn. */
export const MatrixNames = Schema.Struct({ high: Schema.NonEmptyString, low: Schema.NonEmptyString }).annotate({
  description: "Names of the materials of the well and of the poorly conducting matrix",
})

/** How fine the mesh is. */
export const MeshSettings = Schema.Struct({
  "interface-length": length,
  growth: Quantity("", { above: 0, to: 1 }),
  "maximum-length": length,
  refine: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 })).annotate({
      description: "Halves all lengths that many times",
    }),
  ),
  "gap-edges": Schema.optionalKey(Quantity("", positive)),
}).annotate({ description: "Edge lengths of the mesh: at particle surfaces, their growth away from them, the longest" })
export type MeshSettings = typeof MeshSettings.Type
