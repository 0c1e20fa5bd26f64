import { Schema } from "effect"

/** A run directory that cannot be written: no permission, no space, a read-only disk. */
export class RunUnwritable extends Schema.TaggedError<RunUnwritable>()("RunUnwritable", {
  path: Schema.String,
  /** Code of the operating system, such as ENOSPC */
  code: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: cannot be written: ${this.reason}`
  }
}

/** A run directory that is missing or is none. */
export class RunUnreadable extends Schema.TaggedError<RunUnreadable>()("RunUnreadable", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}`
  }
}

/** A directory that already holds a run, or is being written by another process. */
export class RunOccupied extends Schema.TaggedError<RunOccupied>()("RunOccupied", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}`
  }
}

/** A run whose snapshots are all missing or damaged. */
export class SnapshotMissing extends Schema.TaggedError<SnapshotMissing>()("SnapshotMissing", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}`
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "the disk is read-only",
  ENOENT: "no such directory",
  ENOTDIR: "a part of the path is no directory",
  EEXIST: "a file of this name is in the way",
  EISDIR: "a directory of this name is in the way",
  EFBIG: "the file grew too large",
  EMFILE: "too many open files",
  EIO: "the disk reports an error",
}

/** What the operating system says, in words. */
export const systemReason = (cause: unknown): { readonly code: string; readonly reason: string } => {
  const { code = "unknown", message = String(cause) } = (cause ?? {}) as NodeJS.ErrnoException
  return { code, reason: reasons[code] ?? message }
}

export const unwritable = (path: string, cause: unknown): RunUnwritable =>
  new RunUnwritable({ path, ...systemReason(cause) })
