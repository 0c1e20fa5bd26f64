import { Effect } from "effect"
import type { Grid } from "../../formats/vtu.ts"
import type { Box, Triple } from "../../image/brick.ts"
import { type LabelImage, meshLabels } from "../../mesh/labels.ts"
import type { Mesh } from "../../mesh/mesh.ts"
import { describeProblem, isMeshProblem } from "../../mesh/problem.ts"
import type { DepthAxis } from "../../particles/volume-table.ts"
import type { ScratchUnusable } from "../../store/scratch-volume.ts"
import { cellGrid } from "../field-grids.ts"
import type { LabelledVolume } from "../segmentation/labelled-volume.ts"
import type { MeshSlice } from "./request.ts"

/** A mesh of one plane, or why there is none. */
export type SliceMesh =
  | {
      readonly kind: "meshed"
      /** Such as "y = 125" */
      readonly plane: string
      readonly grid: Grid
      readonly cells: number
      readonly particles: number
      readonly notes: readonly string[]
    }
  | { readonly kind: "failed"; readonly plane: string; readonly reason: string }

/** Thickness of the separator above the electrode, a common one [m] */
const separatorThickness = 25e-6

/** A plane of labels as the mesher wants it. */
export type PlaneLabels = Omit<LabelImage, "matrixNames" | "separatorThickness">

const names = "xyz"

/** The plane that is meant, and which of its axes is upright. */
const chosenPlane = (slice: MeshSlice, shape: Triple, depth: DepthAxis) => {
  const normal = slice.kind === "plane" ? slice.axis : depth.axis === 1 ? 0 : 1
  const at = slice.kind === "plane" ? slice.at : Math.floor(shape[normal] / 2)
  const [first, second] = ([0, 1, 2] as const).filter((axis) => axis !== normal)
  // Depth stands upright where it lies in the plane.
  const upright = depth.axis === first ? first : second
  const across = upright === first ? second : first
  return { normal, at, across, upright, isUpward: upright === depth.axis && depth.growing === 1 } as const
}

/** A plane of a volume with the separator's side as its first row. */
const planeOf = Effect.fnUntraced(function* (
  volume: LabelledVolume,
  { normal, at, across, upright, isUpward }: ReturnType<typeof chosenPlane>,
  partsMatrix: boolean,
): Effect.fn.Return<PlaneLabels, ScratchUnusable> {
  const { shape, spacing } = volume.grid
  const corner = (end: number): Triple => {
    const out: [number, number, number] = end === 0 ? [0, 0, 0] : [...shape]
    out[normal] = at + end
    return out
  }
  const box: Box = { from: corner(0), to: corner(1) }
  const [width, height] = [shape[across], shape[upright]]
  const turned = <A extends Int32Array | Uint8Array>(values: A): A => {
    const out = values.slice() as A
    // The lower axis runs fastest in the box.
    const [stepAcross, stepUp] = across < upright ? [1, width] : [height, 1]
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const level = isUpward ? height - 1 - row : row
        out[column + width * row] = values[column * stepAcross + level * stepUp]
      }
    return out
  }
  const labels = turned(yield* volume.readLabels(box))
  if (volume.readPhases === undefined || !partsMatrix) return { width, height, pixel: spacing[across], labels }
  const voidMask = turned(yield* volume.readPhases(box)).map((phase) => (phase === 0 ? 1 : 0))
  return { width, height, pixel: spacing[across], labels, voidMask }
})

/** Meshes a plane of labels, two pixels an edge at surfaces. */
export const meshPlane = (plane: PlaneLabels, name: string): SliceMesh => {
  const { pixel } = plane
  if (!plane.labels.some((label) => label > 0)) {
    return { kind: "failed", plane: name, reason: "there are no particles in it" }
  }
  const mesh = meshLabels(
    { ...plane, matrixNames: ["matrix"], separatorThickness },
    { interfaceLength: 2 * pixel, growth: 0.3, maximumLength: 10 * pixel },
  )
  if (isMeshProblem(mesh)) return { kind: "failed", plane: name, reason: describeProblem(mesh) }
  const { particleToLabel, dropped, enclosed } = mesh
  const parts = [
    dropped.length > 0 ? `${dropped.length} pieces of particles were too small` : "",
    enclosed.length > 0 ? `${enclosed.length} pores without a way to the separator became part of particles` : "",
  ].filter((part) => part !== "")
  const notes = parts.length === 0 ? [] : [parts.join(", ")]
  return {
    kind: "meshed",
    plane: name,
    grid: withLabels(mesh, particleToLabel),
    cells: mesh.cellToRegion.length,
    particles: particleToLabel.length,
    notes,
  }
}

const kinds = ["void", "particle", "matrix", "separator"]

/** Cells with the labels of their particles, 0 for none, and what they are filled with. */
const withLabels = (mesh: Mesh, particleToLabel: Int32Array): Grid => {
  const grid = cellGrid(mesh, { time: 0, pointData: [], cellData: [], interfaceData: [] })
  const of = (name: string, values: Int32Array) => ({ name, unit: "", components: 1, values })
  return {
    ...grid,
    cellData: [
      ...grid.cellData,
      of(
        "label",
        mesh.cellToRegion.map((region) => particleToLabel[mesh.regions[region].particle] ?? 0),
      ),
      of(
        "kind",
        mesh.cellToRegion.map((region) => kinds.indexOf(mesh.regions[region].kind)),
      ),
    ],
  }
}

/**
 * The mesh of a plane of a volume; undefined where none is asked for.
 * @param partsMatrix whether phases tell void from carbon/binder; where not, all that is no particle is matrix
 */
export const sliceMesh = Effect.fn("sliceMesh")(function* (
  volume: LabelledVolume,
  slice: MeshSlice,
  depth: DepthAxis,
  partsMatrix: boolean,
): Effect.fn.Return<SliceMesh | undefined, ScratchUnusable> {
  if (slice.kind === "none") return undefined
  const { shape, spacing } = volume.grid
  const chosen = chosenPlane(slice, shape, depth)
  const name = `${names[chosen.normal]} = ${chosen.at}`
  const [dx, dy] = [spacing[chosen.across], spacing[chosen.upright]]
  if (Math.abs(dx / dy - 1) > 1e-6) {
    const edges = `${dx * 1e9} × ${dy * 1e9} nm`
    return { kind: "failed", plane: name, reason: `the mesher wants square pixels; these measure ${edges}` }
  }
  return meshPlane(yield* planeOf(volume, chosen, partsMatrix), name)
})
