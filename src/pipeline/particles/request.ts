import { Effect, Schema } from "effect"
import type { Triple } from "../../image/brick.ts"
import type { DepthAxis } from "../../particles/volume-table.ts"
import type { DamageThresholds } from "../../statistics/damage-class.ts"
import type { VolumeSettings } from "../segmentation/settings.ts"

/** Which plane of the volume is meshed. */
export type MeshSlice =
  | { readonly kind: "none" }
  /** Through the middle, upright along the depth */
  | { readonly kind: "middle" }
  | { readonly kind: "plane"; readonly axis: 0 | 1 | 2; readonly at: number }

/** A way of telling particles apart in gray values. */
export type Segmenter = { readonly kind: "watershed" } | { readonly kind: "network"; readonly file: string }

/** What is asked for. */
export interface ParticlesRequest {
  readonly file: string
  /** Of a container of several, such as "/exchange/data" */
  readonly dataset?: string
  /** [m] */
  readonly voxelSize?: number | Triple
  readonly settings: VolumeSettings
  /** A star-convex network that tells particles apart in place of the watershed; of gray values alone */
  readonly segmenter?: { readonly file: string }
  /** Another way that is held beside it, and a file of true labels to hold both against; of gray values alone */
  readonly beside?: { readonly way: Segmenter; readonly truth?: string }
  /** Names of the options that were stated; a slice takes its own defaults for the others */
  readonly stated: ReadonlySet<string>
  /** Whether the table as the published code computes it is written too; `leads` has statistics made from it */
  readonly published: { readonly kind: "no" } | { readonly kind: "beside" } | { readonly kind: "leads" }
  readonly depth: DepthAxis
  readonly damage: DamageThresholds
  readonly out: string
  /** Whether results of another file in the directory are replaced */
  readonly overwrite: boolean
  /** What the process may take [byte] */
  readonly memory: number
  /** Edge of the bricks in which the volume is worked on; chosen by memory where absent [voxel] */
  readonly brick?: number
  readonly threads: number
  /** In which form the surface of each particle is written; null for not at all */
  readonly surfaces: SurfaceFormat | null
  /** Whether labels, phases and gray values are written as one file for ParaView */
  readonly fields: boolean
  /** Where the labels go instead of the output directory; its ending is the format */
  readonly labelsOut?: string
  readonly meshSlice: MeshSlice
}

/** Whether a watershed tells the particles apart: neither a network nor labels that are given. */
export const isByWatershed = ({ segmenter, settings }: ParticlesRequest): boolean =>
  segmenter === undefined && settings.meaning.kind !== "labels"

/** How far the work has come. */
export interface ParticlesProgress {
  /** 0 … 1, estimated */
  readonly share: number
  readonly doing: string
}

export interface ParticlesListener {
  readonly onProgress: (progress: ParticlesProgress) => Effect.Effect<void>
  /** Something worth knowing */
  readonly onNote: (text: string) => Effect.Effect<void>
}

/** Work on particles in a thread that broke off. */
export class MeasuringLost extends Schema.TaggedError<MeasuringLost>()("MeasuringLost", {
  reason: Schema.String,
}) {
  override get message(): string {
    return `measuring the particles broke off: ${this.reason}`
  }
}

/** How the surfaces of particles are written. */
export type SurfaceFormat = { readonly kind: "ply" } | { readonly kind: "stl" }

/** A particle that cannot be measured within the memory, even by itself. */
export class ParticleTooLarge extends Schema.TaggedError<ParticleTooLarge>()("ParticleTooLarge", {
  label: Schema.Number,
  /** Of the part of the volume that it is measured in [voxel] */
  voxels: Schema.Number,
  /** [byte] */
  given: Schema.Number,
  needed: Schema.Number,
}) {
  override get message(): string {
    const [given, needed] = [this.given, this.needed].map((bytes) => `${Math.ceil(bytes / 1e6)} MB`)
    const voxels = `${(this.voxels / 1e6).toPrecision(3)} million voxels`
    return `particle ${this.label} and its surroundings have ${voxels}: measuring it needs ${needed} of memory; ${given} were given`
  }
}

/** Parts of the work with the time that each took. */
export const stopwatch = () => {
  const stages: { readonly name: string; readonly seconds: number }[] = []
  return {
    stages: stages as readonly { readonly name: string; readonly seconds: number }[],
    /** Runs a part of the work and notes its time. */
    timed: <A, E, R>(name: string, work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      Effect.suspend(() => {
        const begun = performance.now()
        return Effect.tap(work, () =>
          Effect.sync(() => stages.push({ name, seconds: (performance.now() - begun) / 1000 })),
        )
      }),
  }
}
