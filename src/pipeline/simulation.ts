import type { Mesh } from "../mesh/mesh.ts"
import type { FailureReason } from "../model/march.ts"
import type { Protocol } from "../model/protocol.ts"
import type { HalfCellParameters, TimeSettings } from "../model/resolved/parameters.ts"
import { type Checkpoint, createSimulation, type Simulation } from "../model/resolved/simulation.ts"

export type { Advance, FailureReason } from "../model/march.ts"
export type { CellFields } from "../model/resolved/fields.ts"
export type { Checkpoint, Simulation } from "../model/resolved/simulation.ts"

/**
 * A simulation at the start of its protocol, or where a checkpoint left it.
 * @param checkpoint as read from a snapshot
 */
export const startSimulation = (
  mesh: Mesh,
  parameters: HalfCellParameters,
  protocol: Protocol,
  time: TimeSettings,
  checkpoint?: unknown,
): Simulation => {
  const simulation = createSimulation(mesh, parameters, protocol, time)
  if (checkpoint !== undefined) simulation.restore(checkpoint as Checkpoint)
  return simulation
}

/** Why a run cannot go on and what to try, in words. */
export const failureText = ({ time, step, phrase, cause }: FailureReason): string => {
  const what =
    cause.kind === "damage burst"
      ? `damage of a particle rises by ${cause.rise.toPrecision(2)} within a step`
      : cause.kind === "error control"
        ? "the time steps do not become accurate enough"
        : `the equations of the ${cause.kind} could not be solved`
  return (
    `"${phrase}" cannot go on at ${time.toFixed(3)} s: ${what}, even with a step of ${step.toExponential(1)} s; ` +
    "try a finer mesh (--set mesh.refine=1), a longer damage delay (--set materials.interface.cohesion.delay=20s), " +
    "or a looser solver.tolerance"
  )
}
