import { Effect } from "effect"
import type { Triple } from "../image/brick.ts"
import { voxelEdge } from "../image/volume.ts"
import { VoxelSizeMissing } from "./tomogram-errors.ts"

/** Edges of a voxel as a file states them, and who wrote them; `none` with what was found instead. */
export type StatedVoxelSize =
  | {
      readonly kind: "stated"
      /** Such as "ImageJ" */
      readonly by: string
      /** Along x, y and z, NaN along z where only the scale within planes is stated [m] */
      readonly spacing: Triple
    }
  | { readonly kind: "none"; readonly found: string }

const spellings: readonly (readonly [metres: number, names: string])[] = [
  [1, "m meter metre"],
  [1e-2, "cm centimeter centimetre"],
  [1e-3, "mm millimeter millimetre"],
  [1e-6, "um micron micrometer micrometre"],
  [1e-9, "nm nanometer nanometre"],
  [1e-10, "å angstrom"],
  [1e-12, "pm picometer picometre"],
  [0.0254, "in inch"],
]
const metres = new Map(
  spellings.flatMap(([scale, names]) =>
    // Words have plurals, symbols none: ms is no length.
    names
      .split(" ")
      .flatMap((name) => (name.length > 3 ? [name, `${name}s`] : [name]))
      .map((name) => [name, scale]),
  ),
)

/** A unit of length in metres, NaN for what is none. Both micro signs and ImageJ's escape for them are u. */
export const metresIn = (unit: string): number => {
  const name = unit.trim().toLowerCase()
  return metres.get(name.replaceAll(/\\u00b5|µ|μ/g, "u")) ?? Number.NaN
}

/** A length as a file writes it, without the rounding of 0.398 × 1e-6 [m]. */
export const lengthIn = (number: number, unit: string): number => {
  const scale = metresIn(unit)
  const power = Math.round(Math.log10(scale))
  if (Math.abs(scale / 10 ** power - 1) > 1e-12) return number * scale
  const [mantissa, exponent = "0"] = String(number).split("e")
  return Number(`${mantissa}e${Number(exponent) + power}`)
}

const isLength = (edge: number): boolean => edge > 0 && Number.isFinite(edge)

/**
 * Edges of a voxel: as given, or else as stated.
 * @param given [m] one edge for cubes or those along x, y and z
 * @throws where a given edge is no length
 */
export const voxelSizeOf = (
  file: string,
  stated: StatedVoxelSize,
  shape: Triple,
  given: number | Triple | undefined,
): Effect.Effect<{ readonly spacing: Triple; readonly from: string }, VoxelSizeMissing> => {
  if (given !== undefined) {
    const spacing: Triple = typeof given === "number" ? [given, given, given] : given
    if (!spacing.every(isLength)) throw new RangeError(`a voxel of ${spacing.join(" × ")} m`)
    return Effect.succeed({ spacing, from: "given" })
  }
  if (stated.kind === "none") return Effect.fail(new VoxelSizeMissing({ file, found: stated.found }))
  const [x, y, z] = stated.spacing
  // How far planes lie apart does not matter to one alone.
  const isPlane = shape[2] === 1
  const odd = (isPlane ? [x, y] : stated.spacing).find((edge) => edge < voxelEdge.from || edge > voxelEdge.to)
  if (odd !== undefined) {
    const found = `its ${stated.by} metadata state an edge of ${Number(odd.toPrecision(6))} m, where 0.1 nm to 1 mm can be meant`
    return Effect.fail(new VoxelSizeMissing({ file, found }))
  }
  if (z >= voxelEdge.from && z <= voxelEdge.to) return Effect.succeed({ spacing: stated.spacing, from: stated.by })
  if (isPlane) return Effect.succeed({ spacing: [x, y, x], from: stated.by })
  const found = `its ${stated.by} metadata state ${x} m within planes, but not how far planes lie apart`
  return Effect.fail(new VoxelSizeMissing({ file, found }))
}
