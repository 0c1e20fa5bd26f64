import { stepType } from "./cycler.ts"
import type { Observation } from "./observation.ts"
import type { Protocol } from "./protocol.ts"

type StepType = Observation["stepType"]

/** Charge and what belongs to it, or discharge and what belongs to it. */
export type Direction = "charge" | "discharge"

/**
 * What has ended with a step: the charge (its hold included) or the discharge; undefined where the next step goes on with
 * it, or where the step was a rest.
 * @param current  at the step's end, which tells the direction of a hold; > 0 on charge
 * @param next     type of the step that follows; undefined after the last
 */
export const blockEnd = (type: StepType, current: number, next: StepType | undefined): Direction | undefined => {
  if (type === "rest") return undefined
  const direction = type === "hold" ? (current >= 0 ? "charge" : "discharge") : type
  return next === "hold" || next === direction ? undefined : direction
}

/** What has ended with step `step` of a protocol. @param current at its end, > 0 on charge */
export const endedBlock = ({ steps }: Protocol, step: number, current: number): Direction | undefined => {
  const next = steps[step + 1]
  return blockEnd(stepType(steps[step].control), current, next === undefined ? undefined : stepType(next.control))
}

/** Whether a cycle (or the formation) ends with this step. */
export const endsCycle = ({ steps }: Protocol, step: number): boolean => steps[step + 1]?.cycle !== steps[step].cycle
