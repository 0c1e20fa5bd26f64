import { Context, Effect, Layer, type Scope } from "effect"
import type { InferenceSession, Tensor } from "onnxruntime-node"
import { InferenceUnavailable, ModelFailed, ModelInputMismatch, ModelUnreadable, ModelUnsuitable } from "./errors.ts"
import { differencesOf, elementTypeOf, misfitsOf, type Port, type TensorData, type TensorValue } from "./tensor.ts"

/** A model ready to run; it lives as long as the scope it was loaded in. */
export interface Model {
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  /** Every output for one set of inputs, by name. */
  readonly run: (
    inputs: Readonly<Record<string, TensorValue>>,
  ) => Effect.Effect<Readonly<Record<string, TensorValue>>, ModelInputMismatch | ModelFailed>
}

/** What a task asks of a model. */
export interface Task {
  /** Inputs and outputs that must be there; a named axis stands for any size. */
  readonly inputs?: readonly Port[]
  readonly outputs?: readonly Port[]
  /** Threads of one run, ≥ 1; 1 where not given, which gives the same bits everywhere on one machine. */
  readonly threadCount?: number
}

/** Loads ONNX models, given as a path or as bytes. */
export class Inference extends Context.Service<
  Inference,
  {
    readonly load: (
      source: string | Uint8Array,
      task?: Task,
    ) => Effect.Effect<Model, InferenceUnavailable | ModelUnreadable | ModelUnsuitable, Scope.Scope>
  }
>()("synchrode/inference/Inference") {}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const portOf = (metadata: InferenceSession.ValueMetadata): Port =>
  metadata.isTensor
    ? { name: metadata.name, type: metadata.type, shape: metadata.shape }
    : { name: metadata.name, type: "no tensor", shape: [] }

const isKnown = (value: object): value is Tensor & { readonly data: TensorData } =>
  "data" in value && elementTypeOf(value.data as object) !== undefined

/** Takes 30 ms and needs a library for this very machine: only when a model is loaded. */
const runtime = Effect.tryPromise({
  try: () => import("onnxruntime-node"),
  catch: (cause) => new InferenceUnavailable({ reason: reasonOf(cause) }),
})

const load = Effect.fn("Inference.load")(function* (source: string | Uint8Array, task: Task = {}) {
  const name = typeof source === "string" ? source : "model"
  const unreadable = (cause: unknown) => new ModelUnreadable({ model: name, reason: reasonOf(cause) })
  const { InferenceSession, Tensor } = yield* runtime
  const session = yield* Effect.acquireRelease(
    Effect.tryPromise({
      try: () => {
        const options: InferenceSession.SessionOptions = {
          executionProviders: ["cpu"],
          intraOpNumThreads: task.threadCount ?? 1,
          interOpNumThreads: 1,
          logSeverityLevel: 4,
        }
        return typeof source === "string"
          ? InferenceSession.create(source, options)
          : InferenceSession.create(source, options)
      },
      catch: unreadable,
    }),
    (open) => Effect.promise(() => open.release()),
  )
  const inputs = session.inputMetadata.map(portOf)
  const outputs = session.outputMetadata.map(portOf)
  const misfits = [...differencesOf(task.inputs ?? [], inputs), ...differencesOf(task.outputs ?? [], outputs)]
  if (misfits.length > 0) return yield* new ModelUnsuitable({ model: name, misfits })

  const run = Effect.fn("Model.run")(function* (values: Readonly<Record<string, TensorValue>>) {
    const wrong = misfitsOf(inputs, values)
    if (wrong.length > 0) return yield* new ModelInputMismatch({ model: name, misfits: wrong })
    const results = yield* Effect.tryPromise({
      try: () => {
        const tensors = Object.entries(values).map(([key, { data, shape }]) => [key, new Tensor(data, shape)] as const)
        return session.run(Object.fromEntries(tensors))
      },
      catch: (cause) => new ModelFailed({ model: name, reason: reasonOf(cause) }),
    })
    const given: Record<string, TensorValue> = {}
    for (const [key, result] of Object.entries(results)) {
      if (!isKnown(result)) return yield* new ModelFailed({ model: name, reason: `${key} is of an unknown kind` })
      given[key] = { data: result.data, shape: result.dims }
    }
    return given
  })
  return { inputs, outputs, run } satisfies Model
})

/** Inference on the processor of this machine. */
export const InferenceLive = Layer.succeed(Inference)({ load })
