import { basename, dirname, resolve } from "node:path"
import { Effect, Schema } from "effect"
import type { Protocol } from "../../model/protocol.ts"
import type { ReadFile } from "../curve.ts"
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
  /** Drive profiles by name */
  readonly profiles: ReadonlyMap<string, Profile>
  /** Everything that was read */
  readonly files: readonly ReadFile[]
}

const decodeScenario = Schema.decodeUnknownEffect(Scenario, {
  errors: "all",
  onExcessProperty: "error",
  reportInput: true,
})

const invalid = (document: Document, faults: readonly Fault[]): Effect.Effect<never, ScenarioInvalid> =>
  Effect.fail(new ScenarioInvalid({ problems: locate(faults, document.place) }))

const scenarioName = (scenario: Scenario, file: string): string =>
  scenario.name ?? basename(file).replace(/\.(ya?ml|json)$/, "")

/** A scenario from a document and the drive profiles that it names. */
export const scenarioOf = Effect.fn("scenarioOf")(function* (
  document: Document,
  profiles: ReadonlyMap<string, Profile>,
): Effect.fn.Return<LoadedScenario, ScenarioInvalid> {
  const scenario = yield* decoded(document)
  const missing = [...driveFiles(scenario)].filter(([name]) => !profiles.has(name))
  if (missing.length > 0) {
    const faults = missing.map(([name, path]) => ({ path, expected: `the profile ${name}`, found: "nothing" }))
    return yield* invalid(document, faults)
  }
  const { file } = document
  const protocol = protocolOf(scenarioName(scenario, file), scenario, profiles)
  return { file, scenario, protocol, record: recordSettings(scenario), document, profiles, files: [] }
})

const decoded = (document: Document): Effect.Effect<Scenario, ScenarioInvalid> =>
  decodeScenario(document.data).pipe(Effect.catchTag("SchemaError", ({ issue }) => invalid(document, faultsOf(issue))))

/** Reads and checks one scenario. */
export const loadScenario = Effect.fn("loadScenario")(function* (
  file: string,
  settings: readonly Setting[] = [],
): Effect.fn.Return<LoadedScenario, FileUnreadable | ScenarioInvalid> {
  const written = yield* readDocument(file).pipe(
    Effect.catchTag("Malformed", ({ problem }) => Effect.fail(new ScenarioInvalid({ problems: [problem] }))),
  )
  const document = yield* overridden(written, settings).pipe(
    Effect.mapError((problem) => new ScenarioInvalid({ problems: [problem] })),
  )
  const files: ReadFile[] = [{ file, text: written.text }]
  const profiles = new Map<string, Profile>()
  for (const [name, path] of driveFiles(yield* decoded(document))) {
    const place = resolve(dirname(file), name)
    const text = yield* readText(place)
    const result = readProfile(text)
    if ("fault" in result) return yield* invalid(document, [{ path, ...result.fault }])
    profiles.set(name, result.profile)
    files.push({ file: place, text })
  }
  return { ...(yield* scenarioOf(document, profiles)), files }
})
