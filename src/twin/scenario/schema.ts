import { Effect, Schema, SchemaGetter } from "effect"
import { faultIssue, positive, Quantity } from "../quantity.ts"
import { type Phrase, phraseExamples, readPhrase } from "./phrase.ts"

/** A step of a scenario with the phrase it was read from. */
export interface ScenarioStep {
  readonly text: string
  readonly phrase: Phrase
}

const isStep = (input: unknown): input is ScenarioStep =>
  typeof input === "object" && input !== null && "text" in input && "phrase" in input

const Step = Schema.String.annotate({
  identifier: "step",
  description: "A step of a cycling protocol in words",
  examples: [...phraseExamples],
}).pipe(
  Schema.decodeTo(Schema.declare(isStep), {
    decode: SchemaGetter.transformEffect((text: string) => {
      const result = readPhrase(text)
      return "fault" in result
        ? Effect.fail(faultIssue(result.fault, text))
        : Effect.succeed<ScenarioStep>({ text, phrase: result.phrase })
    }),
    encode: SchemaGetter.transform(({ text }: ScenarioStep) => text),
  }),
)

const count = Schema.Int.check(Schema.isGreaterThan(0))

const Cycle = Schema.Struct({
  repeat: Schema.optionalKey(count.annotate({ description: "How often the steps are run, 1 if not given" })),
  steps: Schema.NonEmptyArray(Step),
}).annotate({ identifier: "cycle", description: "Steps and how often they are run" })

const Moment = Schema.Literals(["end of charge", "end of discharge"]).annotate({ identifier: "moment" })

const Record = Schema.Struct({
  "particles-every": Schema.optionalKey(
    Quantity("s", positive).annotate({
      description: "Least time between rows of particles-history.csv; the ends of all steps are always written",
    }),
  ),
  "fields-at": Schema.optionalKey(
    Schema.Union([Moment, Schema.Array(Schema.Union([Moment, Quantity("s", positive)]))]).annotate({
      description: "When fields are written for ParaView: a moment of every cycle, times of the run, or both in a list",
    }),
  ),
  "fields-at-cycles": Schema.optionalKey(
    Schema.Array(count).annotate({
      description:
        "Cycles in which the moments of fields-at count; if not given all of them in runs of up to 12 cycles, " +
        "1, 2, 5, 10, 20, 50 … and the last in longer ones",
    }),
  ),
  "tables-at-cycles": Schema.optionalKey(
    Schema.Array(count).annotate({ description: "Cycles after which the attribute table is written" }),
  ),
}).annotate({ description: "What is written while the scenario runs" })

/** A scenario as written in scenarios/*.yaml. */
export const Scenario = Schema.Struct({
  name: Schema.optionalKey(Schema.NonEmptyString.annotate({ description: "The file's name if not given" })),
  description: Schema.optionalKey(Schema.String),
  formation: Schema.optionalKey(Cycle.annotate({ description: "Steps before the first cycle; they count as cycle 0" })),
  cycle: Schema.Union([Cycle, Schema.NonEmptyArray(Cycle)]).annotate({
    description: "The steps that are repeated, or several such groups one after the other",
  }),
  record: Schema.optionalKey(Record),
}).annotate({ title: "Synchrode scenario" })
export type Scenario = typeof Scenario.Type
