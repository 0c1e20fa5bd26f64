import { basename, dirname, resolve } from "node:path"
import { Effect, Schema } from "effect"
import type { Protocol } from "../../model/protocol.ts"
import { type Document, readDocument, readText } from "../document.ts"
import { type FileUnreadable, ScenarioInvalid } from "../errors.ts"
import { overridden, type Setting } from "../override.ts"
import { type Fault, faultsOf, locate } from "../problem.ts"
import { type Profile, readProfile } from "./profile.ts"
import { driveFiles, protocolOf, type RecordSettings, recordSettings } from "./protocol.ts"
import { Scenario } from "./schema.ts"

/** A scenario ready to be run. */
export interface LoadedScenario {
  readonly file: string
  readonly scenario: Scenario
  readonly protocol: Protocol
  readonly record: RecordSettings
  readonly document: Document
}

const decodeScenario = Schema.decodeUnknownEffect(Scenario, {
  errors: "all",
  onExcessProperty: "error",
  reportInput: true,
})

const invalid = (document: Document, faults: readonly Fault[]): Effect.Effect<never, ScenarioInvalid> =>
  Effect.fail(new ScenarioInvalid({ problems: locate(faults, document.place) }))

/** Reads and checks one scenario. */
export const loadScenario = Effect.fn("loadScenario")(function* (
  file: string,
  settings: readonly Setting[] = [],
): Effect.fn.Return<LoadedScenario, FileUnreadable | ScenarioInvalid> {
  const document = yield* readDocument(file).pipe(
    Effect.catchTag("Malformed", ({ problem }) => Effect.fail(new ScenarioInvalid({ problems: [problem] }))),
    Effect.flatMap((read) =>
      Effect.mapError(overridden(read, settings), (problem) => new ScenarioInvalid({ problems: [problem] })),
    ),
  )
  const scenario = yield* decodeScenario(document.data).pipe(
    Effect.catchTag("SchemaError", ({ issue }) => invalid(document, faultsOf(issue))),
  )
  const profiles = new Map<string, Profile>()
  for (const [name, path] of driveFiles(scenario)) {
    const result = readProfile(yield* readText(resolve(dirname(file), name)))
    if ("fault" in result) return yield* invalid(document, [{ path, ...result.fault }])
    profiles.set(name, result.profile)
  }
  const name = scenario.name ?? basename(file).replace(/\.(ya?ml|json)$/, "")
  const protocol = protocolOf(name, scenario, profiles)
  return { file, scenario, protocol, record: recordSettings(scenario), document }
})
