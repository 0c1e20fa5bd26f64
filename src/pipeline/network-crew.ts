import { availableParallelism } from "node:os"
import { Effect, type Scope } from "effect"
import { openCrew } from "../engine/crew.ts"
import type { Arena } from "../kernels/arena.ts"
import type { ElectrodeNetwork } from "../microstructure/electrode-network.ts"
import { alone, type Crew, type SharedFloats, type ShareWork } from "../model/network/crew.ts"
import { totalOneC } from "../model/network/network-cell.ts"
import { createParticleWork } from "../model/network/particle-work.ts"
import { type LoadedTwin, plainDocument, twinOf } from "../twin/load.ts"
import { codeEnding } from "./program.ts"
import type { RunSource } from "./run-source.ts"

/** What another thread makes the work of a network from. */
interface Brief {
  readonly file: string
  /** The twin's document */
  readonly content: unknown
  readonly network: ElectrodeNetwork
  /** [m] */
  readonly separatorThickness: number
}

/** For a handful of particles a second thread costs more than it brings. */
const fewestParticles = 50

/** Threads that solve a twin. @param asked as many as there are processors where not given */
export const crewSize = (source: RunSource, asked: number | undefined): number =>
  source.kind === "mesh" || source.network.particles.count < fewestParticles ? 1 : (asked ?? availableParallelism())

/**
 * Who solves a twin.
 * @param threads this one included, as `crewSize` has it
 */
export const crewOf = (
  source: RunSource,
  { file, document }: LoadedTwin,
  threads: number,
): Effect.Effect<Crew | undefined, never, Scope.Scope> => {
  if (source.kind === "mesh") return Effect.succeed(undefined)
  const { network, separatorThickness } = source
  const { count } = network.particles
  if (threads === 1) return Effect.succeed(alone(count))
  const brief: Brief = { file, content: document.data, network, separatorThickness }
  return openCrew(new URL(`./network-worker.${codeEnding}`, import.meta.url), threads, count, brief)
}

/** Makes the work in a thread of its own. */
export const networkShareWork = async (brief: unknown, floats: SharedFloats, arena: Arena): Promise<ShareWork> => {
  const { file, content, network, separatorThickness } = brief as Brief
  const twin = await Effect.runPromise(twinOf(plainDocument(file, content)))
  const parameters = { ...twin.parameters, separatorThickness }
  return createParticleWork(network, parameters, totalOneC(network, parameters), { floats, arena }).work
}
