import { Effect } from "effect"
import type { Triple } from "../image/brick.ts"
import type { Hdf5Axis, Hdf5Note, Hdf5Request } from "./hdf5-worker.ts"
import type { Ask } from "./library-thread.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import { lengthIn, type StatedVoxelSize } from "./voxel-size.ts"

/** A dataset and what is written around it. */
export interface Hdf5Surroundings {
  readonly path: string
  readonly rank: number
  /** Its axes that are those of the volume, slowest first */
  readonly axes: readonly number[]
  /** Of the dataset, then of the groups around it, the nearest first */
  readonly notes: readonly Hdf5Note[]
}

const isLength = (edge: number): boolean => edge > 0 && Number.isFinite(edge)

const numbersOf = ({ value }: Hdf5Note): readonly number[] => value.filter((item) => typeof item === "number")
const wordsOf = ({ value }: Hdf5Note): readonly string[] => value.filter((item) => typeof item === "string")

/** `voxel_size_um` and its like; the last part may be a unit. */
const sizeName = /^(?:element|voxel|pixel)[ _]?(?:size|spacing)(?:[ _]([a-zA-Zµμ]+))?$|^resolution[ _]([a-zµμ]m)$/

const stated = (edges: readonly number[], by: string): StatedVoxelSize => ({
  kind: "stated",
  by,
  spacing: [edges[edges.length - 1], edges[edges.length - 2], edges.length > 2 ? edges[0] : Number.NaN] as Triple,
})

/** An edge for each axis of the volume from what a note says, or why it does not count. */
const sizeFrom = (note: Hdf5Note, { notes, axes }: Hdf5Surroundings): StatedVoxelSize | undefined => {
  const match = sizeName.exec(note.name)
  const edges = numbersOf(note)
  if (match === null || edges.length === 0) return undefined
  const named = match[1] ?? match[2] ?? ""
  const beside = notes.find(({ place }) => [`${note.place}_unit`, `${note.place}_units`].includes(place))
  const unit =
    named !== "" ? named : note.units !== "" ? note.units : beside === undefined ? "" : (wordsOf(beside)[0] ?? "")
  const text = `${note.place} of ${edges.join(", ")}`
  if (unit === "") return { kind: "none", found: `its ${text} has no unit` }
  const lengths = edges.map((edge) => lengthIn(edge, unit))
  if (!lengths.every(isLength)) return { kind: "none", found: `its ${text} is in "${unit}"` }
  if (lengths.length === 1) return stated([lengths[0], lengths[0], lengths[0]], note.name)
  // Only element_size_um is known to follow the axes of the dataset.
  const follows = note.name === "element_size_um" || lengths.every((length) => length === lengths[0])
  if (lengths.length < axes.length || !follows) {
    return { kind: "none", found: `its ${text} does not say which axis is which` }
  }
  return stated(lengths.slice(-axes.length), note.name)
}

/** NeXus: x_pixel_size, y_pixel_size and z_pixel_size side by side. */
const pixelSizes = ({ notes }: Hdf5Surroundings): StatedVoxelSize | undefined => {
  const x = notes.find(({ name, place }) => name === "x_pixel_size" && !place.includes("@"))
  if (x === undefined) return undefined
  const folder = x.place.slice(0, x.place.lastIndexOf("/"))
  const edges = ["z", "y", "x"].map((axis) => {
    const note = notes.find(({ place }) => place === `${folder}/${axis}_pixel_size`)
    const [edge = Number.NaN] = note === undefined ? [] : numbersOf(note)
    return note === undefined ? Number.NaN : lengthIn(edge, note.units)
  })
  if (!isLength(edges[1]) || !isLength(edges[2])) {
    return { kind: "none", found: `its ${x.place} of ${numbersOf(x).join()} has no unit of length, or no y_pixel_size` }
  }
  return stated(edges, "NeXus")
}

/** Coordinates of voxels, as NeXus lists them beside the data. */
const coordinates = Effect.fnUntraced(function* (
  { path, rank, axes, notes }: Hdf5Surroundings,
  ask: Ask<Hdf5Request, TomogramUnreadable>,
): Effect.fn.Return<StatedVoxelSize | undefined, TomogramUnreadable> {
  const folder = path.slice(0, path.lastIndexOf("/"))
  const listed = notes.find(({ place }) => place === `${folder}@axes`)
  const named = listed === undefined ? [] : wordsOf(listed).flatMap((word) => word.split(/[:,]/))
  const names = named.length === rank ? named : ["z", "y", "x"].slice(-rank)
  if (names.length !== rank) return undefined
  const edges: number[] = []
  for (const axis of axes) {
    const found = yield* ask<Hdf5Axis | undefined>({ kind: "axis", path: `${folder}/${names[axis]}` })
    if (found === undefined || !found.uniform) return undefined
    edges.push(lengthIn(Math.abs(found.last - found.first) / (found.count - 1), found.units))
  }
  return edges.every(isLength) ? stated(edges, "NeXus") : undefined
})

/**
 * Voxel size as programs of tomography write it into HDF5: `element_size_um` (slowest axis first), `voxel_size` or
 * `pixel_size` with a unit in its name or beside it, NeXus' x_pixel_size and its coordinates. The size of a detector's
 * pixels is none: optics lie between.
 * @source Könnecke et al. (2015), "The NeXus data format", J. Appl. Cryst. 48, 301–305, 10.1107/S1600576714027575
 */
export const hdf5VoxelSize = Effect.fnUntraced(function* (
  around: Hdf5Surroundings,
  ask: Ask<Hdf5Request, TomogramUnreadable>,
): Effect.fn.Return<StatedVoxelSize, TomogramUnreadable> {
  const sizes = around.notes.flatMap((note) => sizeFrom(note, around) ?? [])
  const found = [...sizes, pixelSizes(around)].filter((size) => size !== undefined)
  const first = found.find(({ kind }) => kind === "stated") ?? (yield* coordinates(around, ask))
  return first ?? found[0] ?? { kind: "none", found: `nothing around its dataset ${around.path} states one` }
})
