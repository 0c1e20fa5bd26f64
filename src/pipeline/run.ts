import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { availableParallelism, hostname } from "node:os"
import { join } from "node:path"
import { Cause, Effect, Exit, type Scope } from "effect"
import type { Protocol } from "../model/protocol.ts"
import {
  type RunOccupied,
  type RunUnreadable,
  type RunUnwritable,
  type SnapshotMissing,
  unwritable,
} from "../store/errors.ts"
import { type Manifest, readManifest, writeManifest } from "../store/manifest.ts"
import { assertUnoccupied, createRunDirectory, runFiles, sizeIn } from "../store/run-directory.ts"
import { latestSnapshot, snapshotFiles } from "../store/snapshots.ts"
import type { Synchronisation } from "../synchronisation/ensemble.ts"
import type { FileUnreadable, ScenarioInvalid, TwinInvalid } from "../twin/errors.ts"
import { type LoadedTwin, loadTwin, plainDocument, twinOf } from "../twin/load.ts"
import { parameterRows } from "../twin/provenance.ts"
import { type LoadedScenario, loadScenario, scenarioOf } from "../twin/scenario/load.ts"
import { type BuildError, type BuiltTwin, buildTwin } from "./build.ts"
import { cycleEndedBy, march, type RunState } from "./march.ts"
import { crewOf, crewSize } from "./network-crew.ts"
import { program } from "./program.ts"
import type { Progress } from "./progress.ts"
import { openRecorder } from "./recorder.ts"
import { readRunEnsemble, runEnsemble } from "./run-ensemble.ts"
import { particleWeights, type RunSource, readSource, sourceSizes, writeSource } from "./run-source.ts"
import { type Settings, splitSettings } from "./settings.ts"
import { startSimulation } from "./simulation.ts"
import { writeSynchronisation } from "./synchronisation.ts"

/** A run as a user asks for it. */
export interface RunRequest {
  readonly twin: string
  readonly scenario: string
  readonly tomogram?: string
  readonly out: string
  readonly overwrite: boolean
  /** For a network; as many as there are processors where not given */
  readonly threads?: number
  readonly set: readonly string[]
}

/** What a run ended with; its directory holds the rest. */
export interface RunOutcome {
  readonly folder: string
  readonly status: "done" | "failed"
  readonly reason: string
  readonly manifest: Manifest
  readonly synchronisation: Synchronisation
}

/** Why a run cannot begin or go on. */
export type RunError =
  | FileUnreadable
  | TwinInvalid
  | ScenarioInvalid
  | BuildError
  | RunUnwritable
  | RunUnreadable
  | RunOccupied
  | SnapshotMissing

/** Who is told how a run goes. */
export interface RunListener {
  /** What is being prepared, such as the mesh */
  readonly onStage: (text: string) => Effect.Effect<void>
  readonly onProgress: (progress: Progress) => Effect.Effect<void>
  /** Something worth knowing that stops nothing */
  readonly onNote: (note: string) => Effect.Effect<void>
}

const digest = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex")

const inputsOf = (
  twin: Pick<LoadedTwin, "files">,
  scenario: LoadedScenario,
  tomogram: string | null,
): Effect.Effect<Manifest["inputs"], RunUnwritable> =>
  Effect.try({
    try: () => [
      ...[...twin.files, ...scenario.files].map(({ file, text }) => ({ file, sha256: digest(text) })),
      ...(tomogram === null ? [] : [{ file: tomogram, sha256: digest(readFileSync(tomogram)) }]),
    ],
    catch: (cause) => unwritable(tomogram ?? "", cause),
  })

const now = (): string => new Date().toISOString()
const owner = () => ({ id: process.pid, host: hostname() })

/** The scenario part of a manifest. */
export const scenarioRecord = (scenario: LoadedScenario): Manifest["scenario"] => ({
  name: scenario.protocol.name,
  description: scenario.scenario.description ?? "",
  file: scenario.file,
  content: scenario.document.data,
  profiles: profilesOf(scenario),
})

const profilesOf = ({ profiles }: LoadedScenario): Manifest["scenario"]["profiles"] =>
  Object.fromEntries([...profiles].map(([name, { time, rate }]) => [name, { time: [...time], rate: [...rate] }]))

const newManifest = (
  twin: LoadedTwin,
  scenario: LoadedScenario,
  inputs: Manifest["inputs"],
  { source, warnings }: BuiltTwin,
  request: RunRequest,
): Manifest => ({
  format: 1,
  program,
  twin: {
    name: twin.twin.name,
    description: twin.twin.description ?? "",
    file: twin.file,
    content: twin.document.data,
  },
  scenario: scenarioRecord(scenario),
  settings: request.set,
  parameters: parameterRows(twin.twin),
  inputs,
  ...sourceSizes(source),
  seed: "seed" in twin.twin.geometry ? twin.twin.geometry.seed : null,
  threads: crewSize(source, request.threads),
  process: owner(),
  started: now(),
  ended: null,
  status: "running",
  reason: "",
  warnings,
  wallTime: 0,
  time: 0,
  solver: {},
  mechanicalEnergy: null,
  snapshot: null,
})

/** What a session goes on from. */
export interface Resumed {
  readonly state: RunState
  /** Size of every table when the state was kept [byte] */
  readonly sizes: Readonly<Record<string, number>>
}

/** A run about to go on, or to begin. */
export interface Session {
  readonly folder: string
  readonly manifest: Manifest
  readonly twin: LoadedTwin
  readonly scenario: LoadedScenario
  readonly source: RunSource
  readonly resumed: Resumed | undefined
}

/** Times of the cycles that were over when a state was kept; a cycle that is run again is timed again. */
const finishedCycles = ({ cycleTimes = [] }: Manifest, protocol: Protocol, resumed: Resumed | undefined): number[] => {
  const before = resumed?.state.checkpoint.protocolStep ?? 0
  const finished = protocol.steps.filter((_, step) => step < before && cycleEndedBy(protocol, step) !== undefined)
  return cycleTimes.slice(0, finished.length)
}

const marched = Effect.fnUntraced(function* (
  { folder, manifest, twin, scenario, source, resumed }: Session,
  listener: RunListener,
): Effect.fn.Return<RunOutcome, RunUnwritable | RunUnreadable, Scope.Scope> {
  const begun = performance.now()
  const { protocol, record } = scenario
  yield* listener.onStage("assembling the equations")
  const crew = yield* crewOf(source, twin, Math.min(manifest.threads, availableParallelism()))
  const simulation = startSimulation(source, twin, protocol, resumed?.state.checkpoint, crew)
  yield* writeManifest(folder, manifest)

  // Of a cycle that was broken off, the part that this session runs.
  const cycleTimes = finishedCycles(manifest, protocol, resumed)
  let cycleBegun = begun

  const present = (status: Manifest["status"], reason: string, warnings: readonly string[]): Manifest => {
    const { seconds, electrochemistry, mechanics, ...counts } = simulation.statistics()
    return {
      ...manifest,
      status,
      reason,
      warnings,
      ended: status === "running" ? null : now(),
      cycleTimes: [...cycleTimes],
      wallTime: manifest.wallTime + (performance.now() - begun) / 1000,
      time: simulation.observation.time,
      mechanicalEnergy: twin.parameters.mechanics ? { ...simulation.observation.mechanicalEnergy } : null,
      solver: {
        ...counts,
        electrochemistry: { ...electrochemistry },
        mechanics: { ...mechanics },
        seconds: { ...seconds },
      },
      snapshot: snapshotFiles(join(folder, runFiles.snapshots))[0] ?? null,
    }
  }

  const analysed = (isDone: boolean) =>
    Effect.flatMap(runEnsemble(folder, particleWeights(source), isDone), (history) =>
      writeSynchronisation(folder, history),
    )

  const whole = Effect.gen(function* () {
    const recorder = yield* openRecorder(
      folder,
      simulation,
      protocol,
      record,
      resumed === undefined ? undefined : { state: resumed.state.recorder, sizes: resumed.sizes },
    )
    const { end, warnings } = yield* march(
      folder,
      simulation,
      recorder,
      protocol,
      {
        steps: resumed?.state.steps ?? 0,
        protocolStep: resumed?.state.checkpoint.protocolStep ?? 0,
        warnings: resumed?.state.warnings ?? manifest.warnings,
      },
      listener.onProgress,
      () => {
        cycleTimes.push((performance.now() - cycleBegun) / 1000)
        cycleBegun = performance.now()
        return writeManifest(folder, present("running", "", manifest.warnings))
      },
    )
    yield* recorder.finish
    yield* recorder.sync
    return { end, warnings }
  })

  const { end, warnings } = yield* Effect.scoped(whole).pipe(
    Effect.onExit((exit) => {
      if (Exit.isSuccess(exit)) return Effect.void
      const interrupted = Cause.hasInterruptsOnly(exit.cause)
      const reason = interrupted ? "stopped by the user" : Cause.pretty(exit.cause).split("\n")[0]
      const last = present(interrupted ? "interrupted" : "failed", reason, manifest.warnings)
      // A full disk will not take these either; the first failure is the one to report.
      return Effect.ignore(Effect.andThen(writeManifest(folder, last), analysed(false)))
    }),
  )
  const last = end.kind === "done" ? present("done", "", warnings) : present("failed", end.text, warnings)
  yield* writeManifest(folder, last)
  const synchronisation = yield* analysed(end.kind === "done")
  return { folder, status: end.kind, reason: last.reason, manifest: last, synchronisation }
})

/** Runs from the start or from a snapshot, and keeps the manifest true however it ends. */
export const runSession = (
  session: Session,
  listener: RunListener,
): Effect.Effect<RunOutcome, RunUnwritable | RunUnreadable> => Effect.scoped(marched(session, listener))

const threadNote = (threads: number): string => `--threads ${threads}: a twin on a mesh is solved on one thread`

/** Builds a twin and runs a scenario on it into a new run directory. */
export const runTwin = Effect.fn("runTwin")(function* (
  request: RunRequest,
  listener: RunListener,
): Effect.fn.Return<RunOutcome, RunError> {
  const settings: Settings = yield* splitSettings(request.set)
  const twin = yield* loadTwin(request.twin, settings.twin)
  const scenario = yield* loadScenario(request.scenario, settings.scenario)
  const built = yield* buildTwin(twin, request.tomogram, listener.onStage)
  yield* Effect.forEach(built.warnings, listener.onNote)
  if (built.source.kind === "mesh" && (request.threads ?? 1) > 1)
    yield* listener.onNote(threadNote(request.threads ?? 1))
  const inputs = yield* inputsOf(twin, scenario, built.tomogram)
  yield* createRunDirectory(request.out, request.overwrite)
  const { source } = built
  yield* writeSource(request.out, source)
  const manifest = newManifest(twin, scenario, inputs, built, request)
  return yield* runSession({ folder: request.out, manifest, twin, scenario, source, resumed: undefined }, listener)
})

/** Drive profiles that a manifest holds. */
export const profilesIn = ({ scenario }: Manifest) =>
  new Map(
    Object.entries(scenario.profiles).map(([name, { time, rate }]) => [
      name,
      { time: Float64Array.from(time), rate: Float64Array.from(rate) },
    ]),
  )

/** A manifest of a run that goes on in this process. */
export const reopened = (manifest: Manifest): Manifest => ({
  ...manifest,
  status: "running",
  reason: "",
  process: owner(),
  ended: null,
})

/** Goes on from the last snapshot that can be trusted; the result is that of an unbroken run, bit for bit. */
export const resumeRun = Effect.fn("resumeRun")(function* (
  folder: string,
  listener: RunListener,
): Effect.fn.Return<RunOutcome, RunError> {
  const manifest = yield* readManifest(folder)
  if (manifest.status === "done") {
    const synchronisation = yield* writeSynchronisation(folder, yield* readRunEnsemble(folder))
    return { folder, status: "done", reason: "", manifest, synchronisation }
  }
  yield* assertUnoccupied(folder, manifest)
  const twin = yield* twinOf(plainDocument(manifest.twin.file, manifest.twin.content))
  const scenario = yield* scenarioOf(
    plainDocument(manifest.scenario.file, manifest.scenario.content),
    profilesIn(manifest),
  )
  const source = yield* readSource(folder)
  const { snapshot, warnings } = yield* latestSnapshot(join(folder, runFiles.snapshots), (file) => sizeIn(folder, file))
  yield* Effect.forEach(warnings, listener.onNote)
  const state = snapshot.state as RunState
  const going = reopened(manifest)
  const resumed = { state: { ...state, warnings: [...state.warnings, ...warnings] }, sizes: snapshot.sizes }
  return yield* runSession({ folder, manifest: going, twin, scenario, source, resumed }, listener)
})
