import type { Mesh } from "../../mesh/mesh.ts"
import { createMarch, type March, type MarchCheckpoint, type SolverStatistics } from "../march.ts"
import type { Protocol } from "../protocol.ts"
import { exhaustion } from "../solution-range.ts"
import { type CellFields, fieldsOf } from "./fields.ts"
import { createHalfCell, type HalfCell } from "./half-cell.ts"
import { createImplicitStepper } from "./implicit-step.ts"
import { observe } from "./observe.ts"
import type { HalfCellParameters, TimeSettings } from "./parameters.ts"
import { type CellState, initialState } from "./state.ts"
import { concentrationRange } from "./unknowns.ts"

/** Everything that a run needs to go on bit-equally. */
export type Checkpoint = MarchCheckpoint<CellState>

/** A half-cell on its march through a protocol. */
export interface Simulation extends Pick<March<CellState>, "observation" | "advance" | "checkpoint" | "restore"> {
  readonly cell: HalfCell
  readonly fields: () => CellFields
  readonly statistics: () => SolverStatistics
}

/** Sets up a half-cell at rest and its march through a protocol. */
export const createSimulation = (
  mesh: Mesh,
  parameters: HalfCellParameters,
  protocol: Protocol,
  settings: TimeSettings,
): Simulation => {
  const cell = createHalfCell(mesh, parameters)
  const stepper = createImplicitStepper(cell, settings.tolerance)
  const { unknowns } = cell.electrochemistry
  const march = createMarch<CellState>(
    {
      initial: initialState(cell),
      attempt: stepper.attempt,
      forget: stepper.forget,
      oneC: cell.oneC,
      collectorArea: cell.collectorArea,
      voltage: ({ x }) => x[unknowns.voltage],
      exhaustion: ({ x }, current, margin) => exhaustion(x, concentrationRange(unknowns), current, margin),
      observe: (state, step) => observe(cell, state, step),
    },
    protocol,
    settings,
  )
  const { advance, checkpoint, restore } = march
  return {
    cell,
    get observation() {
      return march.observation
    },
    advance,
    checkpoint,
    restore,
    fields: () => fieldsOf(cell, march.state()),
    statistics: () => {
      const electrochemistry = stepper.newton.statistics()
      const counts = march.counts()
      const mechanics = cell.solids?.mechanics.statistics()
      const none = { assembly: 0, factor: 0, solve: 0 }
      const { seconds: own } = electrochemistry
      const solid = mechanics?.seconds ?? none
      return {
        accepted: counts.accepted,
        rejected: counts.rejected,
        passes: stepper.passes(),
        electrochemistry: {
          iterations: electrochemistry.iterations,
          krylov: electrochemistry.krylovIterations,
          factorisations: electrochemistry.factorisations,
        },
        mechanics: {
          iterations: mechanics?.iterations ?? 0,
          krylov: mechanics?.krylovIterations ?? 0,
          factorisations: mechanics?.factorisations ?? 0,
        },
        seconds: {
          "electrochemistry: assembly and laws": own.assembly,
          "electrochemistry: factorisation": own.factor,
          "electrochemistry: solves": own.solve,
          "mechanics: assembly and laws": solid.assembly,
          "mechanics: factorisation": solid.factor,
          "mechanics: solves": solid.solve,
          observation: counts.observing,
          total: counts.total,
        },
      }
    },
  }
}
