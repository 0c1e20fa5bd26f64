import { Schema } from "effect"

const Misfits = Schema.Array(Schema.Struct({ name: Schema.String, reason: Schema.String }))
const listed = (misfits: typeof Misfits.Type): string =>
  misfits.map(({ name, reason }) => `${name}: ${reason}`).join("; ")

/** ONNX Runtime has no library for this machine. */
export class InferenceUnavailable extends Schema.TaggedError<InferenceUnavailable>()("InferenceUnavailable", {
  reason: Schema.String,
}) {
  override get message(): string {
    return `ONNX Runtime cannot be loaded: ${this.reason}`
  }
}

/** A model that is missing, or is no ONNX model. */
export class ModelUnreadable extends Schema.TaggedError<ModelUnreadable>()("ModelUnreadable", {
  model: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.model}: ${this.reason}`
  }
}

/** A readable model whose inputs or outputs are not those of the task. */
export class ModelUnsuitable extends Schema.TaggedError<ModelUnsuitable>()("ModelUnsuitable", {
  model: Schema.String,
  misfits: Misfits,
}) {
  override get message(): string {
    return `${this.model}: ${listed(this.misfits)}`
  }
}

/** Values that do not fit the inputs of the model. */
export class ModelInputMismatch extends Schema.TaggedError<ModelInputMismatch>()("ModelInputMismatch", {
  model: Schema.String,
  misfits: Misfits,
}) {
  override get message(): string {
    return `${this.model}: ${listed(this.misfits)}`
  }
}

/** Values that fit, on which the model fails all the same. */
export class ModelFailed extends Schema.TaggedError<ModelFailed>()("ModelFailed", {
  model: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.model}: ${this.reason}`
  }
}
