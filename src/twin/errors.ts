import { Schema } from "effect"
import { Problem, problemText } from "./problem.ts"

/** A file of the user's that is missing or may not be read. */
export class FileUnreadable extends Schema.TaggedError<FileUnreadable>()("FileUnreadable", {
  file: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.file}: ${this.reason}`
  }
}

const listed = (problems: readonly Problem[]): string => problems.map(problemText).join("\n")

/** A twin that cannot be built as written. */
export class TwinInvalid extends Schema.TaggedError<TwinInvalid>()("TwinInvalid", {
  problems: Schema.NonEmptyArray(Problem),
}) {
  override get message(): string {
    return listed(this.problems)
  }
}

/** A scenario that cannot be run as written. */
export class ScenarioInvalid extends Schema.TaggedError<ScenarioInvalid>()("ScenarioInvalid", {
  problems: Schema.NonEmptyArray(Problem),
}) {
  override get message(): string {
    return listed(this.problems)
  }
}

/** A sweep that cannot be run as written: its design, or one of its points. */
export class SweepInvalid extends Schema.TaggedError<SweepInvalid>()("SweepInvalid", {
  problems: Schema.NonEmptyArray(Problem),
}) {
  override get message(): string {
    return listed(this.problems)
  }
}
