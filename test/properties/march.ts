import fc from "fast-check"
import type { Mesh } from "../../src/mesh/mesh.ts"
import { isMeshProblem } from "../../src/mesh/problem.ts"
import type { Advance, FailureReason, MarchCheckpoint } from "../../src/model/march.ts"
import type { Observation } from "../../src/model/observation.ts"
import type { Protocol, StepEnd } from "../../src/model/protocol.ts"
import type { HalfCellParameters, TimeSettings } from "../../src/model/resolved/parameters.ts"
import { createSimulation, type Simulation } from "../../src/model/resolved/simulation.ts"
import type { SmallTwin } from "../arbitrary/small-twin.ts"
import { builtSmallTwin } from "../arbitrary/small-twin-files.ts"

/** What {@link march} needs. */
export interface Runnable {
  readonly mesh: Mesh
  readonly parameters: HalfCellParameters
  readonly protocol: Protocol
  readonly time: TimeSettings
}

/** A simulation of any twin, as far as it is followed. */
export interface Marching {
  readonly observation: Observation
  readonly advance: () => Advance
}

/** A simulation followed to its end. */
export interface March {
  /** At the start and after every accepted step */
  readonly observations: readonly Observation[]
  readonly ends: readonly { readonly end: StepEnd; readonly step: number; readonly observation: Observation }[]
  /** Why it could not go on */
  readonly failure: FailureReason | undefined
}

/** No scenario of a small twin takes a tenth of this. */
const mostSteps = 5000

/**
 * Follows a simulation to the end of its protocol or to where it fails.
 * @param visit sees it after every accepted step
 */
export const march = (simulation: Marching, visit?: (accepted: number) => void): March => {
  const observations = [simulation.observation]
  const ends: March["ends"][number][] = []
  for (let accepted = 1; accepted <= mostSteps; accepted++) {
    const advance = simulation.advance()
    if (advance.kind === "finished") return { observations, ends, failure: undefined }
    if (advance.kind === "failed") return { observations, ends, failure: advance.reason }
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

/** State of a run, as far as two of them are compared. */
interface Compared {
  readonly x: Float64Array
  readonly mechanical: { readonly damage: Float64Array }
}

/** A checkpoint, as far as two of them are compared. */
export type Saved = MarchCheckpoint<Compared>

/** A twin's run with all that a judgement on it must know, whatever the model. */
export interface JudgedRun {
  readonly march: March
  readonly protocol: Protocol
  readonly active: HalfCellParameters["active"]
  readonly time: TimeSettings
  readonly cell: {
    /** [A/m], in space [A] */
    readonly oneC: number
    readonly collectorArea: number
    /** [particle] */
    readonly surface: Float64Array
  }
  /** Whether a particle has no path to the collector */
  readonly isCutOff: (particle: number) => boolean
  /** Accepted steps after which a checkpoint was taken; undefined for a run shorter than that */
  readonly savedAfter: number | undefined
  readonly last: Saved
  /** The end of a run that goes on from that checkpoint */
  readonly resumedLast: () => Saved | undefined
  /** The same run from its start with another control of its steps */
  readonly restarted: (time: TimeSettings) => Marching
}

/** Late enough to have two older states, early enough to leave most of the run. */
const checkpointAfter = 17

/** Follows a simulation to its end, and takes a checkpoint on the way. @param started the simulation at its start */
export const marchWithCheckpoint = <Kept extends Saved>(
  started: () => Marching & { readonly checkpoint: () => Kept; readonly restore: (saved: Kept) => void },
): Pick<JudgedRun, "march" | "savedAfter" | "last" | "resumedLast"> => {
  const simulation = started()
  let saved: Kept | undefined
  const marched = march(simulation, (accepted) => {
    if (accepted === checkpointAfter) saved = structuredClone(simulation.checkpoint())
  })
  return {
    march: marched,
    savedAfter: saved === undefined ? undefined : checkpointAfter,
    last: simulation.checkpoint(),
    resumedLast: () => {
      if (saved === undefined) return undefined
      const resumed = started()
      resumed.restore(saved)
      march(resumed)
      return resumed.checkpoint()
    },
  }
}

/** A small twin's run. */
export interface SmallRun extends Runnable, JudgedRun {
  readonly twin: SmallTwin
}

/** Runs a small twin. */
export const smallRun = async (twin: SmallTwin): Promise<SmallRun> => {
  const parts = await runnable(twin)
  const { oneC, collectorArea, particles } = startOf(parts).cell
  return {
    ...parts,
    ...marchWithCheckpoint(() => startOf(parts)),
    twin,
    active: parts.parameters.active,
    cell: { oneC, collectorArea, surface: particles.surface },
    isCutOff: (particle) => particle >= twin.particles.length - twin.severed,
    restarted: (time) => startOf({ ...parts, time }),
  }
}
