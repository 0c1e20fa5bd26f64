import { Effect } from "effect"
import type { Parsed } from "./arguments.ts"
import { progressMeter } from "./progress-meter.ts"

/** How a verb speaks: results on standard output, everything else on standard error. */
export interface Output {
  readonly json: boolean
  readonly quiet: boolean
  /** The result in words, and as data for --json. */
  readonly result: (text: string, record: Readonly<Record<string, unknown>>) => Effect.Effect<void>
  /** Something worth knowing; said once. */
  readonly note: (text: string) => Effect.Effect<void>
  readonly meter: ReturnType<typeof progressMeter>
}

export const outputOf = ({ switches }: Parsed): Output => {
  const json = switches.has("json")
  const quiet = switches.has("quiet")
  const meter = progressMeter(process.stderr, quiet)
  const write = (stream: NodeJS.WriteStream, text: string): Effect.Effect<void> =>
    Effect.sync(() => void stream.write(text.endsWith("\n") ? text : `${text}\n`))
  const told = new Set<string>()
  return {
    json,
    quiet,
    meter,
    result: (text, record) =>
      json ? write(process.stdout, JSON.stringify(record)) : quiet ? Effect.void : write(process.stdout, text),
    note: (text) =>
      Effect.suspend(() => {
        if (quiet || told.has(text)) return Effect.void
        told.add(text)
        meter.clear()
        return write(process.stderr, `note: ${text}`)
      }),
  }
}
