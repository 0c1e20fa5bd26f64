import type { Observation } from "../model/observation.ts"
import type { Protocol, ProtocolStep } from "../model/protocol.ts"

/** How far a run has come. */
export interface Progress {
  /** 0 … 1, estimated */
  readonly share: number
  /** What is being done, such as "cycle 3 of 10: Charge at 5C until 4.5 V" */
  readonly doing: string
  /** Model time [s] */
  readonly time: number
  readonly voltage: number
  readonly steps: number
}

/** Guess of how long a step that only limits end will take [s] */
const expectedDuration = ({ control, duration }: ProtocolStep): number => {
  if (Number.isFinite(duration)) return duration
  if (control.kind === "c-rate") return (0.8 * 3600) / Math.abs(control.rate)
  return 1800
}

/** Follows a protocol and tells the share that is done. */
export const progressOf = (protocol: Protocol) => {
  const lengths = protocol.steps.map(expectedDuration)
  const before = [0]
  for (const length of lengths) before.push(before[before.length - 1] + length)
  const cycles = protocol.steps.at(-1)?.cycle ?? 0
  let step = 0
  let start = 0
  return {
    /** To be called when a protocol step has ended. */
    stepEnded: (ended: number, { time }: Observation): void => {
      step = ended + 1
      start = time
    },
    at: ({ time, voltage }: Observation, steps: number): Progress => {
      const length = lengths[step] ?? 0
      const within = Math.min(0.98 * length, time - start)
      const { cycle, phrase } = protocol.steps[Math.min(step, protocol.steps.length - 1)]
      const name = cycle === 0 ? "formation" : `cycle ${cycle} of ${cycles}`
      return {
        share: (before[step] + within) / before[lengths.length],
        doing: `${name}: ${phrase}`,
        time,
        voltage,
        steps,
      }
    },
  }
}
