import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { Effect, Schema } from "effect"
import { makeFolder } from "../formats/make-folder.ts"
import { writePvd } from "../formats/vtu.ts"
import type { Protocol } from "../model/protocol.ts"
import { type RunUnwritable, unwritable } from "../store/errors.ts"
import { type Manifest, readManifest } from "../store/manifest.ts"
import { createRunDirectory, cycleTableFile, runFiles, sizeIn } from "../store/run-directory.ts"
import { cycleSnapshotFile, cycleSnapshots, readCycleSnapshot } from "../store/snapshots.ts"
import { ScenarioInvalid, TwinInvalid } from "../twin/errors.ts"
import { plainDocument, twinOf } from "../twin/load.ts"
import { overridden, type Setting } from "../twin/override.ts"
import { type LoadedScenario, loadScenario, scenarioOf } from "../twin/scenario/load.ts"
import { openAccount } from "./cycles.ts"
import type { RunState } from "./march.ts"
import {
  profilesIn,
  type RunError,
  type RunListener,
  type RunOutcome,
  reopened,
  runSession,
  scenarioRecord,
} from "./run.ts"
import { readSource, writeSource } from "./run-source.ts"
import { splitSettings } from "./settings.ts"

/** Another way to go on from the end of a cycle of a run. */
export interface BranchRequest {
  /** The run to go on from; it is left as it is */
  readonly from: string
  /** Cycle after whose end the new run goes its own way */
  readonly cycle: number
  readonly out: string
  readonly overwrite: boolean
  /** A scenario file in the place of the run's own; its cycles up to `cycle` count as done */
  readonly scenario?: string
  /** `--set path=value` for the scenario */
  readonly set: readonly string[]
}

/** A branch that has nowhere to go. */
export class BranchImpossible extends Schema.TaggedError<BranchImpossible>()("BranchImpossible", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}`
  }
}

export type BranchError = RunError | BranchImpossible

/** A state belongs to the twin it was computed on. */
const refuseTwinSettings = ([first]: readonly Setting[]): Effect.Effect<void, TwinInvalid> =>
  first === undefined
    ? Effect.void
    : Effect.fail(
        new TwinInvalid({
          problems: [
            {
              file: `--set ${first.text}`,
              path: first.path.join("."),
              expected: "a value of the scenario (cycle, formation, record): a state belongs to its twin",
              found: "a value of the twin; begin a run of its own with synchrode run",
            },
          ],
        }),
      )

const scenarioFor = Effect.fnUntraced(function* (request: BranchRequest, manifest: Manifest) {
  const settings = yield* splitSettings(request.set)
  yield* refuseTwinSettings(settings.twin)
  if (request.scenario !== undefined) return yield* loadScenario(request.scenario, settings.scenario)
  const written = plainDocument(manifest.scenario.file, manifest.scenario.content)
  const document = yield* overridden(written, settings.scenario).pipe(
    Effect.mapError((problem) => new ScenarioInvalid({ problems: [problem] })),
  )
  return yield* scenarioOf(document, profilesIn(manifest))
})

/** First step after the end of a cycle. */
const stepAfter = ({ steps }: Protocol, cycle: number): number => steps.findIndex((step) => step.cycle > cycle)

/** Copies what the run had written by then: tables up to their size, fields, attribute tables, earlier ends of cycles. */
const copyPast = (
  from: string,
  out: string,
  cycle: number,
  sizes: Readonly<Record<string, number>>,
  { recorder }: RunState,
): Effect.Effect<void, RunUnwritable> =>
  Effect.try({
    try: () => {
      for (const [file, size] of Object.entries(sizes))
        writeFileSync(join(out, file), readFileSync(join(from, file)).subarray(0, size))
      const snapshots = cycleSnapshots(join(from, runFiles.snapshots))
      const files = [
        ...recorder.frames.map(({ file }) => file),
        ...snapshots.filter((kept) => kept <= cycle).map((kept) => `${runFiles.snapshots}/${cycleSnapshotFile(kept)}`),
        ...Array.from({ length: cycle }, (_, k) => cycleTableFile(k + 1)),
      ]
      for (const file of files) {
        if (!existsSync(join(from, file))) continue
        makeFolder(dirname(join(out, file)))
        copyFileSync(join(from, file), join(out, file))
      }
      if (recorder.frames.length > 0) writeFileSync(join(out, runFiles.series), writePvd(recorder.frames))
    },
    catch: (cause) => unwritable(out, cause),
  })

/**
 * Goes on from the end of a cycle of another run in a directory of its own, with the same or another scenario. With the
 * same one the result is that of the other run, bit for bit.
 */
export const branchRun = Effect.fn("branchRun")(function* (
  request: BranchRequest,
  listener: RunListener,
): Effect.fn.Return<RunOutcome, BranchError> {
  const { from, cycle, out } = request
  const impossible = (reason: string) => Effect.fail(new BranchImpossible({ path: from, reason }))
  if (resolve(from) === resolve(out))
    return yield* impossible("expected another directory in --out: a run is never cut")
  const manifest = yield* readManifest(from)
  const twin = yield* twinOf(plainDocument(manifest.twin.file, manifest.twin.content))
  const scenario: LoadedScenario = yield* scenarioFor(request, manifest)
  const protocolStep = stepAfter(scenario.protocol, cycle)
  if (protocolStep < 0) {
    const last = scenario.protocol.steps.at(-1)?.cycle ?? 0
    return yield* impossible(
      `nothing is left to do after cycle ${cycle}: the scenario ends with cycle ${last} (--set cycle.repeat=N goes on)`,
    )
  }
  const folder = join(from, runFiles.snapshots)
  const kept = existsSync(folder) ? cycleSnapshots(folder) : []
  if (!kept.includes(cycle)) {
    const known = kept.length === 0 ? "none is" : kept.join(", ")
    return yield* impossible(`expected a cycle whose end is kept (${known}); found ${cycle}`)
  }
  const snapshot = yield* readCycleSnapshot(folder, cycle, (file) => sizeIn(from, file))
  const state = snapshot.state as RunState
  const source = yield* readSource(from)
  yield* createRunDirectory(out, request.overwrite)
  yield* writeSource(out, source)
  yield* copyPast(from, out, cycle, snapshot.sizes, state)
  const next = scenario.protocol.steps[protocolStep].cycle
  const begun: RunState = {
    ...state,
    checkpoint: { ...state.checkpoint, protocolStep },
    recorder: { ...state.recorder, account: openAccount(next, state.recorder.account.charge) },
  }
  const going: Manifest = {
    ...reopened(manifest),
    scenario: scenarioRecord(scenario),
    settings: [...manifest.settings, ...request.set],
    warnings: state.warnings,
    origin: { folder: resolve(from), cycle },
    started: new Date().toISOString(),
    wallTime: 0,
    snapshot: null,
  }
  const resumed = { state: begun, sizes: snapshot.sizes }
  return yield* runSession({ folder: out, manifest: going, twin, scenario, source, resumed }, listener)
})
