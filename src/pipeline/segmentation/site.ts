import { Effect } from "effect"
import { type Box, bricksOf, type Triple } from "../../image/brick.ts"
import { type Seam, seamsOf } from "../../image/brickwise/seams.ts"
import type { Grid } from "../../image/volume.ts"
import type { ScratchSpace } from "../../store/scratch-volume.ts"
import type { Crew } from "./crew.ts"
import { MemoryTooSmall } from "./errors.ts"
import { type Edges, type Plan, pieceEdges, sectionEdges } from "./plan.ts"

/** Where one volume is worked on: who works, in what pieces, and where the results go. */
export interface Site {
  readonly grid: Grid
  readonly crew: Crew
  readonly space: ScratchSpace
  readonly plan: Plan
  /** What the process may take as a whole [byte] */
  readonly memory: number
  /** Weights of all steps that will be done; theirs are in `weights` */
  readonly total: number
}

/** About how long each step takes, relative to the others. */
export const weights = {
  importing: 2,
  denoise: 3,
  classify: 1,
  ball: 3,
  parts: 2,
  planes: 1.5,
  columns: 1.5,
  soften: 1,
  ascend: 3,
  pass: 3,
  label: 1,
  sections: 60,
  fuse: 1,
  vote: 3,
} as const

/** Share of a step in the whole work. */
export const shareOf = ({ total }: Site, ...steps: readonly (keyof typeof weights)[]): number =>
  steps.reduce((sum, step) => sum + weights[step], 0) / total

const checked = ({ memory, plan }: Site, edges: Edges): Effect.Effect<Triple, MemoryTooSmall> =>
  "edges" in edges
    ? Effect.succeed(edges.edges)
    : Effect.fail(
        new MemoryTooSmall({ given: memory, needed: memory + plan.threads * Math.max(0, edges.needed - plan.bytes) }),
      )

/** Boxes that are read with a rim. @param bytes of a voxel, rim included */
export const pieces = (site: Site, bytes: number, rim = 0): Effect.Effect<readonly Box[], MemoryTooSmall> =>
  Effect.map(checked(site, pieceEdges(site.grid, bytes, rim, site.plan)), (edges) => bricksOf(site.grid, edges))

/** Boxes that are read with a rim, and the planes between them. */
export const piecesAndSeams = (
  site: Site,
  bytes: number,
  rim: number,
): Effect.Effect<{ readonly boxes: readonly Box[]; readonly seams: readonly Seam[] }, MemoryTooSmall> =>
  Effect.map(checked(site, pieceEdges(site.grid, bytes, rim, site.plan)), (edges) => ({
    boxes: bricksOf(site.grid, edges),
    seams: seamsOf(site.grid, edges),
  }))

/** Boxes of whole sections. @param through axis across them: 2 for whole planes, 1 for whole columns along z */
export const sectionPieces = (
  site: Site,
  through: 0 | 1 | 2,
  bytes: number,
): Effect.Effect<readonly Box[], MemoryTooSmall> =>
  Effect.map(checked(site, sectionEdges(site.grid, through, bytes, site.plan)), (edges) => bricksOf(site.grid, edges))
