import { Schema } from "effect"

/** A tomogram that is missing, damaged or in a form that is not read. */
export class TomogramUnreadable extends Schema.TaggedError<TomogramUnreadable>()("TomogramUnreadable", {
  file: Schema.String,
  /**
   * `missing`: no such file or no permission; `unknown format`: it begins like nothing that is read; `damaged`: it
   * contradicts itself; `truncated`: its data reach beyond its end; `unsupported`: sound, but of a kind that is not
   * read; `ambiguous`: it holds several volumes.
   */
  trouble: Schema.Literals(["missing", "unknown format", "damaged", "truncated", "unsupported", "ambiguous"]),
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.file}: ${this.reason}`
  }
}

/** A stack without the plane that was asked for. */
export class SliceOutOfRange extends Schema.TaggedError<SliceOutOfRange>()("SliceOutOfRange", {
  file: Schema.String,
  slice: Schema.Number,
  slices: Schema.Number,
}) {
  override get message(): string {
    return `${this.file}: slice ${this.slice} was asked for, but there are only slices 0 … ${this.slices - 1}`
  }
}

/** A tomogram whose file says nothing about the size of a voxel, and nobody else did. */
export class VoxelSizeMissing extends Schema.TaggedError<VoxelSizeMissing>()("VoxelSizeMissing", {
  file: Schema.String,
  /** What the file does say, if anything, and why it does not count */
  found: Schema.String,
}) {
  override get message(): string {
    return `${this.file}: no voxel size to go by (${this.found}); give it, for example voxel-size: 70 nm in a twin or --voxel-size 70nm`
  }
}

/** A volume, or a surface found in one, that cannot be written. */
export class TomogramUnwritable extends Schema.TaggedError<TomogramUnwritable>()("TomogramUnwritable", {
  file: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.file}: ${this.reason}`
  }
}
