import fc from "fast-check"
import type { Mesh } from "../../src/mesh/mesh.ts"
import { isMeshProblem } from "../../src/mesh/problem.ts"
import type { FailureReason } from "../../src/model/march.ts"
import type { Observation } from "../../src/model/observation.ts"
import type { Protocol, StepEnd } from "../../src/model/protocol.ts"
import type { HalfCellParameters, TimeSettings } from "../../src/model/resolved/parameters.ts"
import { type Checkpoint, createSimulation, type Simulation } from "../../src/model/resolved/simulation.ts"
import type { SmallTwin } from "../arbitrary/small-twin.ts"
import { builtSmallTwin } from "../arbitrary/small-twin-files.ts"

/** What {@link march} needs. */
export interface Runnable {
  readonly mesh: Mesh
  readonly parameters: HalfCellParameters
  readonly protocol: Protocol
  readonly time: TimeSettings
}

/** A simulation followed to its end. */
export interface March {
  /** At the start and after every accepted step */
  readonly observations: readonly Observation[]
  readonly ends: readonly { readonly end: StepEnd; readonly step: number; readonly observation: Observation }[]
  /** Why it could not go on */
  readonly failure: FailureReason | undefined
  readonly simulation: Simulation
}

/** No scenario of a small twin takes a tenth of this. */
const mostSteps = 5000

/**
 * Follows a simulation to the end of its protocol or to where it fails.
 * @param visit sees it after every accepted step
 */
export const march = (simulation: Simulation, visit?: (accepted: number) => void): March => {
  const observations = [simulation.observation]
  const ends: March["ends"][number][] = []
  for (let accepted = 1; accepted <= mostSteps; accepted++) {
    const advance = simulation.advance()
    if (advance.kind === "finished") return { observations, ends, failure: undefined, simulation }
    if (advance.kind === "failed") return { observations, ends, failure: advance.reason, simulation }
    observations.push(advance.observation)
    if (advance.kind === "step-ended")
      ends.push({ end: advance.end, step: advance.step, observation: advance.observation })
    visit?.(accepted)
  }
  throw new Error(`not at the end after ${mostSteps} accepted steps, at ${simulation.observation.time} s`)
}

export const startOf = ({ mesh, parameters, protocol, time }: Runnable): Simulation =>
  createSimulation(mesh, parameters, protocol, time)

/** A small twin ready to run; a cut that only grazes a particle has no mesh, and is no case. */
export const runnable = async (twin: SmallTwin): Promise<Runnable> => {
  const { mesh, ...rest } = await builtSmallTwin(twin)
  if (isMeshProblem(mesh)) {
    fc.pre(mesh.kind !== "cut-grazes-particle")
    throw new Error(`no mesh: ${JSON.stringify(mesh)}`)
  }
  return { mesh, ...rest }
}

/** A small twin's run, with a checkpoint from somewhere on the way. */
export interface SmallRun extends Runnable {
  readonly twin: SmallTwin
  readonly march: March
  /** Taken after `accepted` steps; undefined for a run shorter than that */
  readonly checkpoint: { readonly accepted: number; readonly saved: Checkpoint } | undefined
  readonly last: Checkpoint
}

/** Late enough to have two older states, early enough to leave most of the run. */
const checkpointAfter = 17

/** Runs a small twin, and takes a checkpoint on the way. */
export const smallRun = async (twin: SmallTwin): Promise<SmallRun> => {
  const parts = await runnable(twin)
  const simulation = startOf(parts)
  let checkpoint: SmallRun["checkpoint"]
  const marched = march(simulation, (accepted) => {
    if (accepted === checkpointAfter) checkpoint = { accepted, saved: structuredClone(simulation.checkpoint()) }
  })
  return { ...parts, twin, march: marched, checkpoint, last: simulation.checkpoint() }
}
