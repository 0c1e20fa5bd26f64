import { Schema } from "effect"
import type { ConductorLayout } from "../microstructure/layout.ts"
import type { PackingSettings } from "../microstructure/packing.ts"
import { MatrixNames } from "./geometry.ts"
import { nonNegative, positive, Quantity, share } from "./quantity.ts"

const length = Quantity("m", positive)
const { optionalKey } = Schema

const Fingers = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("bridges") }),
  Schema.Struct({ kind: Schema.Literal("random") }),
  Schema.Struct({
    kind: Schema.Literal("aligned"),
    direction: Schema.Tuple([Schema.Finite, Schema.Finite, Schema.Finite]),
  }),
]).annotate({
  identifier: "fingers",
  description: "Where fingers of carbon/binder sit: towards the nearest surface, at random, or all on one side",
})

/** How well-conducting carbon/binder lies on the particles. */
export const Conductor = Schema.Struct({
  coverage: Quantity("", { above: 0, below: 1 }).annotateKey({ description: "Mean share of the surface" }),
  "coverage-scatter": optionalKey(
    Quantity("", share).annotateKey({ description: "Standard deviation of that share between particles" }),
  ),
  "coverage-gradient": optionalKey(
    Quantity("", { above: -1, below: 1 }).annotateKey({
      description: "How much more it covers at the separator than at the collector",
    }),
  ),
  morphology: optionalKey(
    Quantity("", share).annotateKey({
      description: "0: a film on every part of the surface; 1: fingers on some parts",
    }),
  ),
  fingers: optionalKey(Fingers),
  "pore-share": optionalKey(
    Quantity("", share).annotateKey({ description: "Of the remaining surface; the rest is on poor carbon/binder" }),
  ),
}).annotate({ identifier: "conductor", description: "How well-conducting carbon/binder lies on the particles" })
export type Conductor = typeof Conductor.Type

/** A generated packing of balls or circles: the same seed gives the same electrode. */
export const PackingGeometry = Schema.Struct({
  kind: Schema.Literal("packing"),
  dimension: optionalKey(Schema.Literals([2, 3]).annotate({ description: "2: circles; 3 if not given: balls" })),
  count: Schema.Int.check(Schema.isGreaterThan(0)).annotate({ description: "Particles" }),
  diameter: length.annotateKey({ description: "Median of the particles" }),
  "diameter-spread": optionalKey(
    Quantity("", nonNegative).annotateKey({ description: "Standard deviation of the diameter's logarithm" }),
  ),
  "particle-share": Quantity("", { above: 0, to: 0.8 }).annotateKey({ description: "Of the electrode's volume" }),
  thickness: length.annotateKey({ description: "From collector to separator" }),
  gap: optionalKey(length.annotateKey({ description: "Least distance between surfaces" })),
  seed: Schema.Int,
  conductor: Conductor,
  "separator-thickness": length,
  matrices: MatrixNames,
}).annotate({ description: "A generated packing of particles; for network twins" })
export type PackingGeometry = typeof PackingGeometry.Type

/** Settings of the packing, in SI. */
export const packingSettings = (written: PackingGeometry): PackingSettings => {
  const radius = written.diameter.value / 2
  const spread = written["diameter-spread"]?.value ?? 0
  return {
    dimension: written.dimension ?? 3,
    count: written.count,
    sizes: spread === 0 ? { kind: "equal", radius } : { kind: "lognormal", median: radius, spread },
    particleShare: written["particle-share"].value,
    thickness: written.thickness.value,
    gap: written.gap?.value ?? radius / 10,
    isPeriodic: true,
    seed: written.seed,
  }
}

/** How the conductor lies, in SI. @param seed of what is drawn at random */
export const conductorLayout = (written: Conductor, seed: number): ConductorLayout => ({
  coverage: written.coverage.value,
  coverageScatter: written["coverage-scatter"]?.value ?? 0,
  coverageGradient: written["coverage-gradient"]?.value ?? 0,
  morphology: written.morphology?.value ?? 0,
  fingers: written.fingers ?? { kind: "bridges" },
  poreShare: written["pore-share"]?.value ?? 0,
  seed,
})
