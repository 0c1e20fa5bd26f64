import type { Table } from "../formats/table.ts"
import type { Grid } from "../formats/vtu.ts"
import type { Advance, FailureReason, MarchCheckpoint, SolverStatistics } from "../model/march.ts"
import type { Crew } from "../model/network/crew.ts"
import { createNetworkSimulation } from "../model/network/simulation.ts"
import type { Observation } from "../model/observation.ts"
import type { Protocol } from "../model/protocol.ts"
import { createSimulation, type Checkpoint as MeshCheckpoint } from "../model/resolved/simulation.ts"
import type { ParticleTable } from "../particles/table.ts"
import type { LoadedTwin } from "../twin/load.ts"
import { attributeTable, geometryTable, networkAttributes } from "./attribute-table.ts"
import { cellGrid, interfaceGrid } from "./field-grids.ts"
import { conductorNow, particlesNow } from "./network-grids.ts"
import type { RunSource } from "./run-source.ts"

export type { Advance, FailureReason } from "../model/march.ts"
export type { CellFields } from "../model/resolved/fields.ts"

/** What a run needs to go on bit-equally, of whatever model it is. */
export type Checkpoint = MarchCheckpoint<{ readonly time: number; readonly current: number }>

/** A model on its march through a protocol, as a run uses it. */
export interface Simulation {
  readonly observation: Observation
  readonly advance: (latest?: number) => Advance
  readonly checkpoint: () => Checkpoint
  readonly restore: (checkpoint: Checkpoint) => void
  readonly statistics: () => SolverStatistics
  /** Attributes of the particles now, as a measurement would give them, and what only a simulation knows */
  readonly table: () => Table
  /** Fields now, by the names of their files */
  readonly grids: () => readonly { readonly name: string; readonly grid: Grid }[]
}

const meshSimulation = (
  source: Extract<RunSource, { kind: "mesh" }>,
  { parameters, time }: LoadedTwin,
  protocol: Protocol,
): Simulation => {
  const { mesh } = source
  const simulation = createSimulation(mesh, parameters, protocol, time)
  let geometry: ParticleTable | undefined
  return {
    get observation() {
      return simulation.observation
    },
    advance: simulation.advance,
    checkpoint: simulation.checkpoint,
    restore: (checkpoint) => simulation.restore(checkpoint as MeshCheckpoint),
    statistics: simulation.statistics,
    table: () => {
      geometry ??= geometryTable(source)
      return attributeTable(geometry, mesh, simulation.observation, simulation.fields())
    },
    grids: () => {
      const fields = simulation.fields()
      return [
        { name: "cells", grid: cellGrid(mesh, fields) },
        { name: "interfaces", grid: interfaceGrid(mesh, fields) },
      ]
    },
  }
}

const networkSimulation = (
  source: Extract<RunSource, { kind: "network" }>,
  { parameters, time }: LoadedTwin,
  protocol: Protocol,
  crew?: Crew,
): Simulation => {
  const { network, separatorThickness, attributes } = source
  const simulation = createNetworkSimulation(network, { ...parameters, separatorThickness }, protocol, time, crew)
  return {
    get observation() {
      return simulation.observation
    },
    advance: simulation.advance,
    checkpoint: simulation.checkpoint,
    restore: (checkpoint) => simulation.restore(checkpoint as ReturnType<typeof simulation.checkpoint>),
    statistics: simulation.statistics,
    table: () => networkAttributes(attributes, simulation),
    grids: () => [
      { name: "particles", grid: particlesNow(simulation) },
      { name: "conductor", grid: conductorNow(simulation) },
    ],
  }
}

/**
 * A simulation at the start of its protocol, or where a checkpoint left it.
 * @param checkpoint as read from a snapshot
 * @param crew       solves the particles of a network; this thread alone unless told
 */
export const startSimulation = (
  source: RunSource,
  twin: LoadedTwin,
  protocol: Protocol,
  checkpoint?: unknown,
  crew?: Crew,
): Simulation => {
  const simulation =
    source.kind === "mesh" ? meshSimulation(source, twin, protocol) : networkSimulation(source, twin, protocol, crew)
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
