import { lengthIn, type StatedVoxelSize } from "./voxel-size.ts"

/** Which axes of an array are those of the volume. */
export interface ZarrAxes {
  /** Axes of x, y and z; undefined where there is none such */
  readonly x: number
  readonly y: number
  readonly z: number | undefined
  readonly stated: StatedVoxelSize
}

/** One resolution of an image. */
export interface Multiscale {
  /** Paths of its arrays, the finest first */
  readonly paths: readonly string[]
  readonly axes: readonly { readonly name: string; readonly unit: string }[]
  /** [path, axis] factors of the coordinate transformations */
  readonly scales: readonly (readonly number[])[]
}

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Product of the scales among transformations; no entry where there is none. */
const scaleIn = (transformations: unknown): readonly number[] => {
  for (const each of listIn(transformations)) {
    if (isObject(each) && each.type === "scale") return listIn(each.scale).map(Number)
  }
  return []
}

const axisIn = (axis: unknown): { readonly name: string; readonly unit: string } =>
  isObject(axis)
    ? { name: String(axis.name ?? ""), unit: typeof axis.unit === "string" ? axis.unit : "" }
    : { name: String(axis), unit: "" }

/**
 * The first image that the attributes of a group describe, or undefined where they describe none.
 * @source OME-Zarr specification 0.5 (2024), https://ngff.openmicroscopy.org/0.5/, "multiscales"; 0.4 and before keep it
 *   at the top
 */
export const multiscaleIn = (attributes: Json): Multiscale | undefined => {
  const ome = isObject(attributes.ome) ? attributes.ome : attributes
  const [first] = listIn(ome.multiscales)
  if (!isObject(first)) return undefined
  const datasets = listIn(first.datasets).filter(isObject)
  const common = scaleIn(first.coordinateTransformations)
  return {
    paths: datasets.map(({ path }) => String(path ?? "")),
    axes: listIn(first.axes).map(axisIn),
    scales: datasets.map(({ coordinateTransformations }) =>
      scaleIn(coordinateTransformations).map((scale, axis) => scale * (common[axis] ?? 1)),
    ),
  }
}

const unstated = (found: string): StatedVoxelSize => ({ kind: "none", found })

const scaled = (
  { axes, scales }: Multiscale,
  level: number,
  places: readonly (number | undefined)[],
): StatedVoxelSize => {
  const scale = scales[level] ?? []
  if (scale.length === 0) return unstated("its multiscales have no scale")
  const edges = places.map((place) => (place === undefined ? Number.NaN : lengthIn(scale[place], axes[place].unit)))
  const [x, y, z] = edges
  const text = places.flatMap((place) => (place === undefined ? [] : [scale[place]])).join(", ")
  const units = places.flatMap((place) => (place === undefined ? [] : [axes[place].unit]))
  if (units.some((unit) => unit === "")) return unstated(`its scale ${text} (x, y, z) has no unit`)
  if (!edges.every((edge, k) => places[k] === undefined || (edge > 0 && Number.isFinite(edge)))) {
    return unstated(`its scale ${text} (x, y, z) is in ${units.map((unit) => `"${unit}"`).join(", ")}`)
  }
  return { kind: "stated", by: "OME-Zarr", spacing: [x, y, z] }
}

/**
 * Axes of an array: as named, or else the last three; or what is wrong with them.
 * @param shape of the array
 * @param level which of the image's arrays it is
 */
export const zarrAxes = (
  shape: readonly number[],
  image: Multiscale | undefined,
  level: number,
): ZarrAxes | { readonly wrong: string } => {
  const rank = shape.length
  const isNamed = image !== undefined && image.axes.length === rank
  const named = (name: string): number | undefined => {
    const at = isNamed ? image.axes.findIndex((axis) => axis.name.toLowerCase() === name) : -1
    return at < 0 ? undefined : at
  }
  const [x, y, z] = isNamed
    ? [named("x"), named("y"), named("z")]
    : [rank - 1, rank - 2, rank >= 3 ? rank - 3 : undefined]
  if (x === undefined || y === undefined || y < 0) return { wrong: `it has ${rank} axes, none of them x or none y` }
  const others = shape.map((_, axis) => axis).filter((axis) => ![x, y, z].includes(axis) && shape[axis] !== 1)
  if (others.length > 0) {
    const names = others.map((axis) => `${shape[axis]} of axis ${isNamed ? image.axes[axis].name : axis}`)
    return { wrong: `it holds ${names.join(" and ")}; a volume has one` }
  }
  const stated = isNamed ? scaled(image, level, [x, y, z]) : unstated("it has no OME metadata for these axes")
  return { x, y, z, stated }
}
