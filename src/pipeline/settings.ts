import { Effect } from "effect"
import { TwinInvalid } from "../twin/errors.ts"
import { readSetting, type Setting } from "../twin/override.ts"

/** `--set` options, parted by what they change. */
export interface Settings {
  readonly twin: readonly Setting[]
  readonly scenario: readonly Setting[]
}

/** First keys of paths that lie in a scenario; all others lie in the twin. */
const scenarioKeys = ["cycle", "formation", "record"]

/** Reads `--set path=value` options; `scenario.` and `twin.` before a path say where it lies. */
export const splitSettings = Effect.fn("splitSettings")(function* (
  texts: readonly string[],
): Effect.fn.Return<Settings, TwinInvalid> {
  const settings: { twin: Setting[]; scenario: Setting[] } = { twin: [], scenario: [] }
  for (const text of texts) {
    const setting = yield* readSetting(text).pipe(
      Effect.mapError((problem) => new TwinInvalid({ problems: [problem] })),
    )
    const [first, ...rest] = setting.path
    if ((first === "twin" || first === "scenario") && rest.length > 0) settings[first].push({ ...setting, path: rest })
    else settings[scenarioKeys.includes(String(first)) ? "scenario" : "twin"].push(setting)
  }
  return settings
})
