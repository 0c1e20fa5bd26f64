import { stat } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import { Effect, type Scope } from "effect"
import { type Box, boxSize, type Triple } from "../image/brick.ts"
import { copySharedInto } from "./copy-box.ts"
import { hdf5VoxelSize } from "./hdf5-scale.ts"
import type { Hdf5Dataset, Hdf5Note, Hdf5Request } from "./hdf5-worker.ts"
import { type Ask, libraryThread } from "./library-thread.ts"
import { openFile, type Refusal } from "./open-file.ts"
import type { OpenedVolume } from "./opened-volume.ts"
import { beyondText } from "./raw-box.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import { checkShape, isStoredEnough, mostBlockBytes } from "./volume-claim.ts"
import type { VoxelArray } from "./volume-source.ts"
import { emptyVoxels, narrowed, readType, type StoredType, storedBytes, voxelTypeOf } from "./voxel-type.ts"

export const hdf5Format = "HDF5"

/** Where programs of tomography write their volumes, the likeliest first. */
const commonPaths = ["/entry/data/data", "/exchange/data", "/entry/data", "/entry1/data/data", "/volume", "/data"]

/** How long the library may take for one answer [s]; a slab of `slabBytes` at a time is asked for. */
const patience = 60
const slabBytes = 2 ** 24

const integer = 0
const real = 1
const enumeration = 8

/** What the values of a dataset are, or undefined where they are no gray values. */
const storedTypeOf = ({ type, size, signed, vlen, enum_type }: Hdf5Dataset["metadata"]): StoredType | undefined => {
  if (vlen) return undefined
  if (type === real) return size === 4 ? "float32" : size === 8 ? "float64" : undefined
  // Truth values are an enumeration of one byte.
  if (type === enumeration && enum_type?.type === integer && size === 1) return "int8"
  if (type !== integer || ![1, 2, 4, 8].includes(size)) return undefined
  return `${signed ? "int" : "uint"}${8 * size}` as StoredType
}

/** Edges of more than one voxel, slowest first; those of one voxel fill up to three. */
const axesOf = (shape: readonly number[]): readonly number[] => {
  const all = shape.map((_, axis) => axis)
  const long = all.filter((axis) => shape[axis] !== 1)
  if (all.length <= 3) return all
  return long.length >= 3 ? long : all.slice(-3)
}

const isVolume = ({ shape, metadata }: Hdf5Dataset): boolean =>
  storedTypeOf(metadata) !== undefined && shape.filter((edge) => edge > 1).length === 3

const listed = (datasets: readonly Hdf5Dataset[]): string => {
  const some = datasets.slice(0, 8).map(({ path, shape }) => `${path} (${shape.join(" × ")})`)
  return `${some.join(", ")}${datasets.length > some.length ? `, and ${datasets.length - some.length} more` : ""}`
}

/** The one dataset that is meant, or the failure that says why none is. */
const chosen = (
  datasets: readonly Hdf5Dataset[],
  wished: string | undefined,
  marked: string | undefined,
  refusal: Refusal,
): Effect.Effect<Hdf5Dataset, TomogramUnreadable> => {
  if (wished !== undefined) {
    const path = `/${wished.replace(/^\/+|\/+$/g, "")}`
    const found = datasets.find((dataset) => dataset.path === path)
    if (found !== undefined) return Effect.succeed(found)
    return Effect.fail(refusal("unsupported", `it has no dataset ${path}; it has ${listed(datasets) || "none"}`))
  }
  const volumes = datasets.filter(isVolume)
  const common = [...(marked === undefined ? [] : [marked]), ...commonPaths].flatMap((path) =>
    volumes.filter((dataset) => dataset.path === path),
  )
  if (common.length > 0) return Effect.succeed(common[0])
  const gray =
    volumes.length > 0
      ? volumes
      : datasets.filter(({ shape, metadata }) => {
          return (
            storedTypeOf(metadata) !== undefined && shape.length >= 2 && shape.filter((edge) => edge > 1).length === 2
          )
        })
  if (gray.length === 1) return Effect.succeed(gray[0])
  if (gray.length > 1) {
    return Effect.fail(refusal("ambiguous", `it has several volumes, name one as its dataset: ${listed(gray)}`))
  }
  return Effect.fail(refusal("unsupported", `it has no volume of gray values; it has ${listed(datasets) || "nothing"}`))
}

/**
 * The dataset that a NeXus file marks as the one to look at: groups name the next one as their `default`, the last one its
 * `signal`.
 */
const markedDataset = Effect.fnUntraced(function* (
  ask: Ask<Hdf5Request, TomogramUnreadable>,
): Effect.fn.Return<string | undefined, TomogramUnreadable> {
  let group = ""
  for (let depth = 0; depth < 8; depth++) {
    const notes = yield* ask<readonly Hdf5Note[]>({ kind: "notes", groups: [group] })
    const word = (name: string): string | undefined => {
      const value = notes.find(({ place }) => place === `${group}@${name}`)?.value[0]
      return typeof value === "string" && value !== "" && value !== "." ? value : undefined
    }
    const [next, signal] = [word("default"), word("signal")]
    if (next === undefined) return signal === undefined ? undefined : `${group}/${signal}`
    group = next.startsWith("/") ? next : `${group}/${next}`
  }
  return undefined
})

/**
 * Bytes of all files that the values of a dataset lie in. The library takes the fill value for those that are missing,
 * so they are asked for.
 */
const storedBytesOf = Effect.fnUntraced(function* (
  file: string,
  size: number,
  { path, elsewhere }: Hdf5Dataset,
  refusal: Refusal,
): Effect.fn.Return<number, TomogramUnreadable> {
  let sum = size
  for (const name of new Set(elsewhere.filter((other) => other !== "."))) {
    const part = resolve(dirname(resolve(file)), name)
    sum += yield* Effect.tryPromise({
      try: async () => (await stat(part)).size,
      catch: () => refusal("missing", `values of ${path} lie in ${name}, which is not there`),
    })
  }
  return sum
})

/** Groups from the one that holds a dataset up to the root "", and the sample of each. */
const groupsAround = (path: string): readonly string[] => {
  const parts = path.split("/").slice(1, -1)
  const groups = parts.map((_, depth) => `/${parts.slice(0, parts.length - depth).join("/")}`)
  return [...groups, ""].flatMap((group) => [group, `${group}/sample`])
}

/** Raw projections stand beside the angles at which they were taken. */
const anglesBeside = ({ path, shape }: Hdf5Dataset, datasets: readonly Hdf5Dataset[]): string | undefined => {
  const folder = path.slice(0, path.lastIndexOf("/"))
  return datasets.find(
    (other) =>
      /\/(theta|rotation_angle)$/.test(other.path) &&
      other.path.startsWith(`${folder}/`) &&
      other.shape.length === 1 &&
      other.shape[0] === shape[0],
  )?.path
}

/**
 * Opens a dataset of an HDF5 file as a volume; the last axis of the dataset is x. The library works in a thread of its
 * own, for a damaged file can make it break down.
 * @param wished path of the dataset; a usual one or the only volume where absent
 * @param within how long one answer may take [s]
 */
export const openHdf5 = Effect.fn("openHdf5")(function* (
  file: string,
  wished?: string,
  within: number = patience,
): Effect.fn.Return<OpenedVolume, TomogramUnreadable, Scope.Scope> {
  const { size, refusal } = yield* openFile(file, hdf5Format)
  const ask = yield* libraryThread<Hdf5Request, TomogramUnreadable>({
    entry: "hdf5-worker",
    name: "the library of HDF5",
    patience: within,
    failure: (reason) => refusal("damaged", reason),
  })
  const datasets = yield* ask<readonly Hdf5Dataset[]>({ kind: "open", path: resolve(file) })
  const marked = wished === undefined ? yield* markedDataset(ask) : undefined
  const dataset = yield* chosen(datasets, wished, marked, refusal)
  const { path, metadata } = dataset
  const type = storedTypeOf(metadata)
  const axes = axesOf(dataset.shape)
  if (type === undefined) return yield* refusal("unsupported", `the values of ${path} are no gray values`)
  if (axes.length > 3 || axes.length < 2) {
    return yield* refusal("unsupported", `${path} has dimensions ${dataset.shape.join(" × ")}; read are two or three`)
  }
  const angles = wished === undefined ? anglesBeside(dataset, datasets) : undefined
  if (angles !== undefined) {
    return yield* refusal("unsupported", `${path} holds projections (beside their angles ${angles}), no volume`)
  }
  const edges = axes.map((axis) => dataset.shape[axis])
  const shape: Triple = [edges.at(-1) ?? 1, edges.at(-2) ?? 1, edges.at(-3) ?? 1]
  yield* checkShape(refusal, shape)
  const claimed = shape[0] * shape[1] * shape[2] * storedBytes(type)
  const pieces = metadata.chunks
  const stored = yield* storedBytesOf(file, size, dataset, refusal)
  if (!isStoredEnough(claimed, stored) || (pieces === null && claimed > stored)) {
    return yield* refusal(
      "truncated",
      `${path} of ${shape.join(" × ")} voxels takes ${claimed} bytes; the file has ${stored}`,
    )
  }
  const chunks = axes.map((axis) =>
    Math.min(dataset.shape[axis], pieces?.[axis] ?? (axis === axes.at(-1) ? 2 ** 31 : 1)),
  )
  const pieceBytes = (pieces ?? []).reduce((product, edge) => product * edge, storedBytes(type))
  if (pieceBytes > mostBlockBytes) {
    return yield* refusal("unsupported", `${path} is stored in chunks of ${pieces?.join(" × ")}, too large to be read`)
  }
  const notes = yield* ask<readonly Hdf5Note[]>({ kind: "notes", groups: [path, ...groupsAround(path)] })
  const stated = yield* hdf5VoxelSize({ path, rank: dataset.shape.length, axes, notes }, ask)
  const chunk: Triple = [chunks.at(-1) ?? 1, chunks.at(-2) ?? 1, chunks.at(-3) ?? 1]

  const readSlab = Effect.fnUntraced(function* (slab: Box): Effect.fn.Return<VoxelArray, TomogramUnreadable> {
    const spatial = new Map(axes.map((axis, k) => [axis, axes.length - 1 - k] as const))
    const ranges = dataset.shape.map((_, axis): readonly [number, number] => {
      const along = spatial.get(axis)
      return along === undefined ? [0, 1] : [slab.from[along], slab.to[along]]
    })
    const values = yield* ask<VoxelArray | BigInt64Array | BigUint64Array | null>({ kind: "read", path, ranges })
    if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
      const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length)
      const small = narrowed(words, values instanceof BigInt64Array ? "int64" : "uint64")
      if ("beyond" in small) return yield* refusal("unsupported", beyondText(type))
      return small
    }
    if (values === null || voxelTypeOf(values) !== readType(type) || values.length !== boxSize(slab)) {
      return yield* refusal("damaged", `${path} gives other values than it says`)
    }
    return values
  })

  return {
    format: hdf5Format,
    shape,
    voxelType: readType(type),
    chunk,
    stated,
    read: Effect.fnUntraced(function* (box: Box) {
      const out = { ...box, values: emptyVoxels(readType(type), boxSize(box)) }
      for (const slab of slabsOf(box, chunk, storedBytes(type))) {
        copySharedInto({ ...slab, values: yield* readSlab(slab) }, out)
      }
      return out.values
    }),
  }
})

/** Parts of a box that are read at once: whole chunks thick, of bounded size. */
const slabsOf = (box: Box, chunk: Triple, bytes: number): readonly Box[] => {
  const plane = (box.to[0] - box.from[0]) * (box.to[1] - box.from[1]) * bytes
  // A plane that is large by itself is cut into rows of chunks.
  const row = (box.to[0] - box.from[0]) * chunk[1] * chunk[2] * bytes
  const high = plane * chunk[2] > slabBytes ? Math.max(1, Math.floor(slabBytes / row)) * chunk[1] : box.to[1]
  const deep = Math.max(1, Math.floor(slabBytes / (plane * chunk[2]))) * chunk[2]
  const next = (at: number, step: number, end: number): number => Math.min(end, (Math.floor(at / step) + 1) * step)
  const slabs: Box[] = []
  for (let z = box.from[2]; z < box.to[2]; z = next(z, deep, box.to[2]))
    for (let y = box.from[1]; y < box.to[1]; y = next(y, high, box.to[1]))
      slabs.push({
        from: [box.from[0], y, z],
        to: [box.to[0], next(y, high, box.to[1]), next(z, deep, box.to[2])],
      })
  return slabs
}
