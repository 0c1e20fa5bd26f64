import { Schema } from "effect"

const { optionalKey } = Schema

const Value = Schema.Unknown.annotate({
  description: "A value of the twin or the scenario with its unit, as --set takes it",
})
const Levels = Schema.NonEmptyArray(Value).annotate({ identifier: "levels", description: "Values one by one" })

const End = Schema.Union([Schema.String, Schema.Finite])
const Range = Schema.Struct({
  from: End,
  to: End,
  spacing: optionalKey(
    Schema.Literals(["linear", "logarithmic"]).annotate({
      description: "Whether differences or ratios count alike; linear if not given",
    }),
  ),
}).annotate({ identifier: "range", description: "All values between two ends, both written in the same unit" })

const paths =
  "By path as --set takes it, such as materials.interface.cohesion.strength or cycle.repeat; twin and scenario stand for whole files"

const Grid = Schema.Struct({
  kind: Schema.Literal("grid"),
  vary: Schema.Record(Schema.NonEmptyString, Levels).annotate({ description: paths }),
}).annotate({ description: "Every combination of the values" })

const List = Schema.Struct({
  kind: Schema.Literal("list"),
  points: Schema.NonEmptyArray(Schema.Record(Schema.NonEmptyString, Value).annotate({ description: paths })),
}).annotate({ description: "Runs one by one" })

const LatinHypercube = Schema.Struct({
  kind: Schema.Literal("latin-hypercube"),
  samples: Schema.Int.check(Schema.isGreaterThan(0)),
  seed: optionalKey(Schema.Int.annotate({ description: "1 if not given" })),
  vary: Schema.Record(Schema.NonEmptyString, Schema.Union([Levels, Range])).annotate({ description: paths }),
}).annotate({ description: "So many runs that each range is covered evenly" })

/** A sweep as written in a file. */
export const Sweep = Schema.Struct({
  description: optionalKey(Schema.String),
  twin: optionalKey(Schema.NonEmptyString.annotate({ description: "A twin's file, seen from this one's folder" })),
  scenario: optionalKey(
    Schema.NonEmptyString.annotate({ description: "A scenario's file, seen from this one's folder" }),
  ),
  set: optionalKey(
    Schema.Record(Schema.NonEmptyString, Value).annotate({ description: "Values that all runs share, by path" }),
  ),
  design: Schema.Union([Grid, List, LatinHypercube]).annotate({ description: "Which runs are made" }),
}).annotate({ title: "Synchrode sweep" })
export type Sweep = typeof Sweep.Type
