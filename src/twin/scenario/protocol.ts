import type { Limit, Protocol, ProtocolStep } from "../../model/protocol.ts"
import type { Profile } from "./profile.ts"
import type { Scenario, ScenarioStep } from "./schema.ts"

/** What is written while a scenario runs. */
export interface RecordSettings {
  /** Time between rows of the particles' history [s] */
  readonly particlesEvery: number
  readonly fieldsAtEndOfCharge: boolean
  readonly fieldsAtEndOfDischarge: boolean
  /** Cycles whose moments have their fields written, formation as 0; null for all */
  readonly fieldCycles: readonly number[] | null
  /** Ascending [s] */
  readonly fieldTimes: readonly number[]
  /** Cycles after which the attribute table is written */
  readonly tableCycles: readonly number[]
}

/** Time between rows of the particles' history if the scenario does not say [s] */
const defaultInterval = 10

/** Up to so many cycles fields are written in all of them; in longer runs they would fill the disk. */
const fieldsInAll = 12

/** Cycles with fields where the scenario does not say: null for all, else formation, 1, 2, 5, 10, 20, 50 … and the last. */
const landmarks = (last: number): readonly number[] | null => {
  if (last <= fieldsInAll) return null
  const found = [0]
  for (let ten = 1; ten <= last; ten *= 10) found.push(...[ten, 2 * ten, 5 * ten].filter((cycle) => cycle < last))
  return [...found, last]
}

export const recordSettings = (scenario: Scenario): RecordSettings => {
  const { record = {} } = scenario
  const all: readonly { readonly repeat?: number }[] = groups(scenario)
  const last = all.reduce((sum, { repeat = 1 }) => sum + repeat, 0)
  const asked = record["fields-at"] ?? []
  const moments = typeof asked === "string" ? [asked] : asked
  const times = moments.flatMap((moment) => (typeof moment === "string" ? [] : [moment.value]))
  return {
    particlesEvery: record["particles-every"]?.value ?? defaultInterval,
    fieldsAtEndOfCharge: moments.includes("end of charge"),
    fieldsAtEndOfDischarge: moments.includes("end of discharge"),
    fieldCycles: record["fields-at-cycles"] ?? landmarks(last),
    fieldTimes: times.sort((first, second) => first - second),
    tableCycles: record["tables-at-cycles"] ?? [],
  }
}

const protocolStep = (
  { text, phrase }: ScenarioStep,
  cycle: number,
  profiles: ReadonlyMap<string, Profile>,
): ProtocolStep => {
  if (phrase.kind === "step") {
    const { control, duration, limits } = phrase
    return { phrase: text, cycle, control, duration, limits }
  }
  const profile = profiles.get(phrase.file)
  if (profile === undefined) throw new Error(`profile ${phrase.file} was not read`)
  const { window } = phrase
  const limits: Limit[] =
    window === undefined
      ? []
      : [
          { kind: "voltage-below", voltage: window.lower },
          { kind: "voltage-above", voltage: window.upper },
        ]
  const { time, rate } = profile
  const duration = phrase.duration ?? time[time.length - 1]
  return { phrase: text, cycle, control: { kind: "profile", time, rate }, duration, limits }
}

/** Groups of steps in the order they are run; formation first. */
const groups = ({ cycle }: Scenario) => ("steps" in cycle ? [cycle] : cycle)

/** Drive profiles a scenario needs, with the paths of the steps that name them. */
export const driveFiles = (scenario: Scenario): ReadonlyMap<string, readonly PropertyKey[]> => {
  const found = new Map<string, readonly PropertyKey[]>()
  const collect = (steps: readonly ScenarioStep[], path: readonly PropertyKey[]): void => {
    for (const [index, { phrase }] of steps.entries()) {
      if (phrase.kind === "drive") found.set(phrase.file, [...path, "steps", index])
    }
  }
  if (scenario.formation !== undefined) collect(scenario.formation.steps, ["formation"])
  const single = "steps" in scenario.cycle
  for (const [index, { steps }] of groups(scenario).entries()) collect(steps, single ? ["cycle"] : ["cycle", index])
  return found
}

/**
 * The scenario with its repetitions written out.
 * @param profiles by file as named in the scenario
 */
export const protocolOf = (name: string, scenario: Scenario, profiles: ReadonlyMap<string, Profile>): Protocol => {
  const steps: ProtocolStep[] = []
  const { formation } = scenario
  for (let time = 0; formation !== undefined && time < (formation.repeat ?? 1); time++) {
    for (const step of formation.steps) steps.push(protocolStep(step, 0, profiles))
  }
  let cycle = 0
  for (const group of groups(scenario)) {
    for (let time = 0; time < (group.repeat ?? 1); time++) {
      cycle++
      for (const step of group.steps) steps.push(protocolStep(step, cycle, profiles))
    }
  }
  return { name, steps }
}
