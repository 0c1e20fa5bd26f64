import { assertLength } from "../../array/assert.ts"
import type { Triple } from "../../image/brick.ts"
import type { Population } from "../../particles/population.ts"
import type { ParticleTable } from "../../particles/table.ts"
import type { GradientAngles } from "../../particles/valence-gradient.ts"

/** A plane of the volume as it is shown, thinned out where it has too many voxels. */
export interface PlanePicture {
  /** Axes that run to the right and downward, such as "x" and "y", and the one that the plane stands on */
  readonly across: "x" | "y" | "z"
  readonly down: "x" | "y" | "z"
  readonly normal: "x" | "y" | "z"
  /** Which plane, from 0, of how many */
  readonly at: number
  readonly of: number
  readonly width: number
  readonly height: number
  /** Edges of a shown pixel, across and down [m] */
  readonly pixel: readonly [number, number]
  /** [row, column] 0 … 255 */
  readonly gray: Uint8Array
  /** [row, column] 0 none, otherwise a particle */
  readonly labels: Int32Array
  /** [row, column] not 0 in cracks and inner voids; absent where labels do not tell them */
  readonly cracks?: Uint8Array
}

/** What every particle looks like from its centre, in the directions of an icosphere; see `starOutline`. */
export interface ParticleOutlines {
  /** Divisions of the icosphere */
  readonly divisions: number
  /** [outline] row of the particle in the table; not all need to have one */
  readonly particle: Int32Array
  /** [outline, 3] [m] */
  readonly centre: Float32Array
  /** [outline, direction] [m] */
  readonly reach: Float32Array
}

/** A part of the work and how long it took. */
export interface StageTime {
  readonly name: string
  /** [s] */
  readonly seconds: number
}

/** All that the report of a particle table is made from. */
export interface ParticleReportInput {
  readonly title: string
  readonly programVersion: string
  /** ISO 8601, may be empty */
  readonly started: string
  readonly volume: {
    /** Such as "TIFF stack" */
    readonly format: string
    readonly shape: Triple
    /** [m] */
    readonly spacing: Triple
    readonly voxelSizeFrom: string
    readonly content: "gray values" | "phases" | "labels"
  }
  /** How the particles were found, in a sentence */
  readonly method: string
  readonly table: ParticleTable
  /** The same particles as the authors' published code measures them */
  readonly published: ParticleTable | null
  readonly population: Population
  /** [particle] neighbours that it touches; null where not counted */
  readonly coordination: Int32Array | null
  /** Angles between gradients of the phase map and the ways to the centres, over whole particles; null without one */
  readonly angles: GradientAngles | null
  /** What the volume is made of, as far as it is known */
  readonly phases: readonly { readonly name: string; readonly share: number }[]
  readonly planes: readonly PlanePicture[]
  readonly outlines: ParticleOutlines | null
  readonly warnings: readonly { readonly severity: "note" | "warning" | "error"; readonly message: string }[]
  readonly settings: readonly { readonly name: string; readonly value: string }[]
  readonly stages: readonly StageTime[]
}

/** Throws unless pictures have their pixels and columns their rows. */
export const assertParticleReportInput = ({
  table,
  published,
  planes,
  outlines,
  coordination,
}: ParticleReportInput) => {
  for (const { name, values } of table.columns) assertLength(name, values, table.particleCount)
  for (const { name, values } of published?.columns ?? [])
    assertLength(`published ${name}`, values, table.particleCount)
  if (coordination !== null) assertLength("coordination", coordination, table.particleCount)
  for (const { across, down, width, height, gray, labels, cracks } of planes) {
    assertLength(`gray of ${across}${down}`, gray, width * height)
    assertLength(`labels of ${across}${down}`, labels, width * height)
    if (cracks !== undefined) assertLength(`cracks of ${across}${down}`, cracks, width * height)
  }
  if (outlines === null) return
  const { particle, centre, reach, divisions } = outlines
  assertLength("centre of outlines", centre, 3 * particle.length)
  assertLength("reach of outlines", reach, particle.length * (10 * 4 ** divisions + 2))
}
