import { Schema } from "effect"

/** A volume whose values cannot be what they are said to be. */
export class VolumeUnsuitable extends Schema.TaggedError<VolumeUnsuitable>()("VolumeUnsuitable", {
  file: Schema.String,
  /** Where, such as "voxel (3, 4, 5)"; "" for the volume as a whole */
  place: Schema.String,
  expected: Schema.String,
  found: Schema.String,
}) {
  override get message(): string {
    const place = this.place === "" ? this.file : `${this.file}: ${this.place}`
    return `${place}: expected ${this.expected}; found ${this.found}`
  }
}

/** Less memory than the smallest pieces of a volume need. */
export class MemoryTooSmall extends Schema.TaggedError<MemoryTooSmall>()("MemoryTooSmall", {
  /** [byte] */
  given: Schema.Number,
  needed: Schema.Number,
}) {
  override get message(): string {
    const [given, needed] = [this.given, this.needed].map((bytes) => `${Math.ceil(bytes / 1e6)} MB`)
    return `${given} of memory are too little for a volume of this size: it needs ${needed}`
  }
}

/** Work in a thread that broke off. */
export class SegmentationLost extends Schema.TaggedError<SegmentationLost>()("SegmentationLost", {
  reason: Schema.String,
}) {
  override get message(): string {
    return `the segmentation broke off: ${this.reason}`
  }
}
