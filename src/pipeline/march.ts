import { join } from "node:path"
import { Effect } from "effect"
import type { Protocol, StepEnd } from "../model/protocol.ts"
import type { RunUnwritable } from "../store/errors.ts"
import { runFiles } from "../store/run-directory.ts"
import { writeCycleSnapshot, writeSnapshot } from "../store/snapshots.ts"
import { type Progress, progressOf } from "./progress.ts"
import type { Recorder, RecorderState } from "./recorder.ts"
import { type Checkpoint, type FailureReason, failureText, type Simulation } from "./simulation.ts"

/** What a snapshot holds. */
export interface RunState {
  readonly checkpoint: Checkpoint
  readonly recorder: RecorderState
  readonly steps: number
  /** What was worth a warning so far */
  readonly warnings: readonly string[]
}

/** How a march through the protocol ended. */
export type MarchEnd =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly reason: FailureReason; readonly text: string }

/** The cycle whose last step this is, if it is one. */
export const cycleEndedBy = ({ steps }: Protocol, step: number): number | undefined =>
  steps[step].cycle === steps[step + 1]?.cycle ? undefined : steps[step].cycle

/** Accepted time steps between snapshots within a protocol step: fixed, so that a resumed run takes the same path. */
const snapshotInterval = 20

/** Lets signals and timers in between two time steps. */
const breathe = Effect.callback<void>((resume) => {
  const handle = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(handle))
})

const endWarning = (protocol: Protocol, step: number, end: StepEnd, time: number): string | undefined => {
  const { phrase, cycle, limits } = protocol.steps[step]
  const where = `${cycle === 0 ? "formation" : `cycle ${cycle}`}, "${phrase}"`
  if (end === "cannot carry the current")
    return `${where}: the electrode could not carry the current at ${time.toFixed(1)} s`
  // "until" was written, but the time ran out first: no fault, but worth knowing where limits matter.
  return end === "duration" || limits.some(({ kind }) => kind === end) ? undefined : `${where}: ended by ${end}`
}

/**
 * Takes a simulation to the end of its protocol, writing tables, fields and snapshots on the way.
 * @param steps    accepted before a break, 0 at the start
 * @param onCycle  is told when a cycle (or formation) is over and safe
 * @param onStep   is told how far it has come after every accepted step
 */
export const march = Effect.fn("march")(function* (
  folder: string,
  simulation: Simulation,
  recorder: Recorder,
  protocol: Protocol,
  begun: { readonly steps: number; readonly protocolStep: number; readonly warnings: readonly string[] },
  onStep: (progress: Progress) => Effect.Effect<void>,
  onCycle: () => Effect.Effect<void, RunUnwritable>,
): Effect.fn.Return<{ readonly end: MarchEnd; readonly warnings: readonly string[] }, RunUnwritable> {
  const progress = progressOf(protocol)
  const warnings = [...begun.warnings]
  let { steps } = begun
  let sinceSnapshot = 0

  const snapshot = Effect.fnUntraced(function* (endedCycle?: number) {
    const state: RunState = { checkpoint: simulation.checkpoint(), recorder: recorder.state(), steps, warnings }
    const head = { step: steps, time: simulation.observation.time, sizes: yield* recorder.sync }
    const snapshots = join(folder, runFiles.snapshots)
    yield* writeSnapshot(snapshots, head, state)
    if (endedCycle !== undefined) yield* writeCycleSnapshot(snapshots, endedCycle, head, state)
    sinceSnapshot = 0
  })

  if (begun.protocolStep > 0) progress.stepEnded(begun.protocolStep - 1, simulation.observation)
  if (steps === 0) yield* snapshot()
  for (;;) {
    yield* breathe
    const advance = simulation.advance(recorder.nextTime(simulation.observation.time))
    if (advance.kind === "finished") return { end: { kind: "done" }, warnings }
    if (advance.kind === "failed") {
      const { reason } = advance
      yield* recorder.frame(`Last accepted state, ${advance.observation.time.toFixed(1)} s`)
      return { end: { kind: "failed", reason, text: failureText(reason) }, warnings }
    }
    const { observation } = advance
    steps++
    sinceSnapshot++
    if (advance.kind === "step") {
      yield* recorder.accept(observation)
      if (sinceSnapshot >= snapshotInterval) yield* snapshot()
    } else {
      const { step, end } = advance
      const warning = endWarning(protocol, step, end, observation.time)
      if (warning !== undefined) warnings.push(warning)
      yield* recorder.accept(observation, { step, end })
      progress.stepEnded(step, observation)
      const endedCycle = cycleEndedBy(protocol, step)
      yield* snapshot(endedCycle)
      if (endedCycle !== undefined) yield* onCycle()
    }
    yield* onStep(progress.at(observation, steps))
  }
})
