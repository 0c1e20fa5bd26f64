import { randomUUID } from "node:crypto"
import { join } from "node:path"
import { Effect, type Scope } from "effect"
import { Engine, type Job } from "../../engine/engine.ts"
import { inProcess } from "../../engine/in-process.ts"
import { lastingThreads } from "../../engine/threads.ts"
import { encodeModel } from "../../inference/onnx-model.ts"
import { segmenterModel } from "../../inference/segmenter-model.ts"
import { trainingKey } from "../../inference/star-model.ts"
import { type Examples, exampleLengths } from "../../learning/segmenter/examples.ts"
import { answerStep } from "../../learning/segmenter/shape.ts"
import { splitOf, type TrainingState, takeTrainingStep, trainingStart } from "../../learning/segmenter/training.ts"
import { writeAtomically } from "../../store/atomic.ts"
import type { RunOccupied, RunUnwritable, SnapshotMissing } from "../../store/errors.ts"
import { codeEnding, program } from "../program.ts"
import { openTraining, trainingFiles, writeCheckpoint } from "./checkpoint.ts"
import { type TrainingListener, TrainingLost, type TrainSegmenterRequest } from "./request.ts"
import { trainingPixel } from "./slices.ts"
import { sharedFloats, type TrainingArrays, type TrainingJob, trainingWork } from "./training-work.ts"

/** Why a training ends without a network. */
export type TrainingError = TrainingLost | RunUnwritable | RunOccupied | SnapshotMissing

/** A finished training. */
export interface TrainingOutcome {
  readonly state: TrainingState
  readonly model: string
  /** Size of the model's file [byte] */
  readonly modelSize: number
  /** Steps that an earlier call had done */
  readonly resumedAt: number
}

const openEngine = (threads: number): Effect.Effect<Engine["Service"], never, Scope.Scope> =>
  threads === 1
    ? Effect.provide(Engine, inProcess(trainingWork))
    : lastingThreads(new URL(`./training-worker.${codeEnding}`, import.meta.url), threads)

const arraysOf = ({ training, slices }: TrainSegmenterRequest, parameterCount: number): TrainingArrays => {
  const { shape } = training
  const sizes = { width: slices.width, height: slices.height, step: answerStep(shape), rayCount: shape.rayCount }
  const lengths = exampleLengths(sizes)
  const examples: Examples = {
    ...sizes,
    count: slices.count,
    gray: sharedFloats(slices.count * lengths.gray),
    probability: sharedFloats(slices.count * lengths.probability),
    distances: new Uint16Array(new SharedArrayBuffer(2 * slices.count * lengths.distances)),
  }
  return {
    name: randomUUID(),
    settings: training,
    examples,
    parameters: sharedFloats(parameterCount),
    gradients: sharedFloats(training.batch * parameterCount),
  }
}

const writeResults = Effect.fnUntraced(function* (
  { out, training, slices }: TrainSegmenterRequest,
  state: TrainingState,
) {
  const metadata = {
    [trainingKey]: JSON.stringify({ program: program.version, training, slices, pixel: trainingPixel }),
  }
  const bytes = encodeModel(segmenterModel(training.shape, state.parameters, metadata))
  yield* writeAtomically(join(out, trainingFiles.model), bytes)
  const looks = new Map(state.looks.map(({ step, loss }) => [step, loss]))
  const rows = state.losses.map((loss, k) => `${k + 1},${loss},${looks.get(k + 1) ?? ""}`)
  yield* writeAtomically(join(out, trainingFiles.losses), `step,loss,held_out_loss\n${rows.join("\n")}\n`)
  const last = state.looks[state.looks.length - 1]
  yield* writeAtomically(
    join(out, trainingFiles.record),
    `${JSON.stringify({ program, training, slices, steps: state.step, heldOutLoss: last?.loss ?? null }, null, 2)}\n`,
  )
  return bytes.length
})

/**
 * Trains a star-convex network on slices with known truth, or goes on where an earlier call of the same training was
 * broken off. The same settings give the same network, bit for bit, for any number of threads and interruptions.
 */
export const trainSegmenter = Effect.fn("trainSegmenter")(function* (
  request: TrainSegmenterRequest,
  listener: TrainingListener,
): Effect.fn.Return<TrainingOutcome, TrainingError, Scope.Scope> {
  const { training, slices, lookEvery } = request
  const state = (yield* openTraining(request)) ?? trainingStart(training)
  const resumedAt = state.step
  const arrays = arraysOf(request, state.parameters.length)
  const engine = yield* openEngine(request.threads)
  const tell = (share: number, doing: string) =>
    listener.onProgress({ share, doing, losses: state.losses, looks: state.looks })

  const all = Effect.fnUntraced(function* (
    jobs: readonly TrainingJob[],
    onDone: (done: number) => Effect.Effect<void>,
  ) {
    let done = 0
    const ends = yield* engine.runAll(
      jobs.map((input): Job => ({ name: input.kind, input })),
      (event) => (event.kind === "ended" ? onDone(++done) : Effect.void),
    )
    const results: number[] = []
    for (const end of ends) {
      if (end.kind !== "done") return yield* new TrainingLost({ reason: end.reason })
      results.push(end.result as number)
    }
    return results
  })

  const { heldOut } = splitOf(slices.count)
  const look = Effect.fnUntraced(function* () {
    const jobs = Array.from(heldOut, (_, which): TrainingJob => ({ kind: "look", arrays, step: state.step, which }))
    const losses = yield* all(jobs, () => Effect.void)
    state.looks.push({ step: state.step, loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length })
  })

  if (state.step < training.steps) {
    yield* all(
      Array.from(
        { length: slices.count },
        (_, k): TrainingJob => ({
          kind: "slice",
          arrays,
          example: k,
          seed: slices.firstSeed + k,
          mix: slices.mix,
        }),
      ),
      (done) => tell(resumedAt / training.steps, `making slices, ${done} of ${slices.count}`),
    )
  }
  arrays.parameters.set(state.parameters)
  const isDue = (): boolean =>
    state.step > 0 &&
    (state.step % lookEvery === 0 || state.step === training.steps) &&
    state.looks[state.looks.length - 1]?.step !== state.step
  const steps = Effect.gen(function* () {
    for (;;) {
      if (isDue()) {
        yield* look()
        yield* writeCheckpoint(request, state)
      }
      yield* tell(state.step / training.steps, `step ${state.step} of ${training.steps}`)
      if (state.step === training.steps) return
      const jobs = Array.from(
        { length: training.batch },
        (_, place): TrainingJob => ({ kind: "slopes", arrays, step: state.step, place }),
      )
      const losses = yield* all(jobs, () => Effect.void)
      if (!takeTrainingStep(training, state, arrays.gradients, losses)) {
        return yield* new TrainingLost({ reason: `step ${state.step + 1} gives numbers that are not finite` })
      }
      arrays.parameters.set(state.parameters)
    }
  })
  // Whatever breaks it off, the last whole step is kept.
  yield* Effect.onInterrupt(steps, () => Effect.ignore(writeCheckpoint(request, state)))
  const modelSize = yield* writeResults(request, state)
  return { state, model: join(request.out, trainingFiles.model), modelSize, resumedAt }
})
