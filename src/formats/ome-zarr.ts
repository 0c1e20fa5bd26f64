import { existsSync } from "node:fs"
import { readdir } from "node:fs/promises"
import { join, posix } from "node:path"
import { Effect } from "effect"
import { type AsyncMutable, type DataType, type Group, open, root, type Array as ZarrArray } from "zarrita"
import { type Box, boxShape, boxSize, type Triple } from "../image/brick.ts"
import { multiscaleIn, zarrAxes } from "./ome-zarr-metadata.ts"
import { type Refusal, reasonOf, refusalOf } from "./open-file.ts"
import type { OpenedVolume } from "./opened-volume.ts"
import { beyondText } from "./raw-box.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import { checkShape, isStoredEnough, mostBlockBytes } from "./volume-claim.ts"
import type { VoxelArray } from "./volume-source.ts"
import { emptyVoxels, isStoredType, narrowed, readType, type StoredType, storedBytes } from "./voxel-type.ts"
import { boundZarrCodecs } from "./zarr-codecs.ts"
import { storedIn, zarrStore } from "./zarr-store.ts"

export const zarrFormat = "OME-Zarr"
const marks = ["zarr.json", ".zgroup", ".zarray", ".zattrs"]

/** Whether a folder is a Zarr array or group. */
export const isZarr = (folder: string): boolean => marks.some((mark) => existsSync(join(folder, mark)))

type Store = AsyncMutable
type Found = ZarrArray<DataType, Store> | Group<Store>

const isArray = (node: Found): node is ZarrArray<DataType, Store> => node.kind === "array"

/** What lies at a path, or undefined where nothing does. Version 3 says so in one file. */
const nodeAt = Effect.fnUntraced(function* (
  store: Store,
  folder: string,
  path: string,
  refusal: Refusal,
): Effect.fn.Return<Found | undefined, TomogramUnreadable> {
  const place = join(folder, path)
  if (!isZarr(place)) return undefined
  const location = path === "" ? root(store) : root(store).resolve(path)
  const isThird = existsSync(join(place, "zarr.json"))
  return yield* Effect.tryPromise({
    try: async (): Promise<Found> => {
      const found = isThird ? await open.v3(location) : await open.v2(location)
      // Attributes that are no object are as good as none.
      if (typeof found.attrs !== "object" || found.attrs === null) throw new Error("its attributes are no object")
      return found
    },
    catch: (cause) => refusal("damaged", `what describes ${path === "" ? "it" : path} is damaged: ${reasonOf(cause)}`),
  })
})

/** Paths of the arrays in a folder and below. */
const arraysBelow = async (folder: string, path: string, depth: number): Promise<readonly string[]> => {
  const found: string[] = []
  for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
    const inside = posix.join(path, entry.name)
    if (!entry.isDirectory() || !isZarr(join(folder, inside))) continue
    if (existsSync(join(folder, inside, ".zarray"))) found.push(inside)
    else if (depth > 0) {
      const below = await arraysBelow(folder, inside, depth - 1)
      found.push(...(below.length > 0 ? below : [inside]))
    }
  }
  return found.sort()
}

/** The array that is meant, with what describes it. */
const chosen = Effect.fnUntraced(function* (store: Store, folder: string, wished: string, refusal: Refusal) {
  const node = yield* nodeAt(store, folder, wished, refusal)
  if (node === undefined) {
    const paths = yield* Effect.promise(() => arraysBelow(folder, "", 3))
    return yield* refusal(
      "unsupported",
      `it has nothing at ${wished}; it has ${paths.slice(0, 8).join(", ") || "none"}`,
    )
  }
  if (isArray(node)) {
    // An array that is named by itself may be one resolution of an image.
    const above = wished === "" ? undefined : yield* nodeAt(store, folder, posix.join(wished, ".."), refusal)
    const image = above === undefined || isArray(above) ? undefined : multiscaleIn(above.attrs)
    const level = image?.paths.indexOf(posix.basename(wished)) ?? -1
    return { array: node, path: wished, image: level < 0 ? undefined : image, level: Math.max(0, level) }
  }
  const image = multiscaleIn(node.attrs)
  const inside = yield* Effect.promise(() => arraysBelow(folder, wished, 3))
  const path = image?.paths[0] === undefined ? inside[0] : posix.join(wished, image.paths[0])
  if (image === undefined && inside.length !== 1) {
    return inside.length === 0
      ? yield* refusal("damaged", "it has no array")
      : yield* refusal("ambiguous", `it has several arrays, name one as its dataset: ${inside.slice(0, 8).join(", ")}`)
  }
  const array = path === undefined ? undefined : yield* nodeAt(store, folder, path, refusal)
  if (path === undefined || array === undefined || !isArray(array)) {
    return yield* refusal("damaged", `its metadata name an array ${path}, which is not there`)
  }
  return { array, path, image, level: 0 }
})

/** A chunk as numbers with its steps along the axes of the array. */
interface Chunk {
  readonly values: VoxelArray
  readonly stride: readonly number[]
}

const numbersOf = (data: object, type: StoredType): VoxelArray | { readonly beyond: number } => {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return narrowed(new Int32Array(data.buffer, data.byteOffset, 2 * data.length), type as "int64")
  }
  if (ArrayBuffer.isView(data)) return data as VoxelArray
  // Truth values hide their bytes.
  const { buffer, byteOffset, length } = data as { buffer: ArrayBuffer; byteOffset: number; length: number }
  return new Uint8Array(buffer, byteOffset, length)
}

/**
 * Opens an array of a Zarr folder (versions 2 and 3) as a volume, by OME's metadata where they are there: the finest
 * resolution of the first image. Chunks that are absent hold the fill value.
 * @param wished path of an image or an array inside of the folder
 */
export const openZarr = Effect.fn("openZarr")(function* (
  folder: string,
  wished = "",
): Effect.fn.Return<OpenedVolume, TomogramUnreadable> {
  boundZarrCodecs()
  const refusal = refusalOf(folder, zarrFormat)
  const store = zarrStore(folder, mostBlockBytes)
  const relative = posix.normalize(wished).replace(/^[/.]+|\/+$/g, "")
  const { array, path, image, level } = yield* chosen(store, folder, relative, refusal)
  const name = path === "" ? "its array" : `its array ${path}`
  const dtype = String(array.dtype)
  const type = dtype === "bool" ? "uint8" : dtype
  if (!isStoredType(type)) return yield* refusal("unsupported", `${name} holds ${dtype}; read are gray values`)
  // Metadata may say anything.
  const listed = (value: unknown): readonly number[] => (Array.isArray(value) ? value : [])
  const [sizes, edges] = [listed(array.shape), listed(array.chunks)]
  const isCount = (edge: unknown): boolean => typeof edge === "number" && Number.isInteger(edge) && edge >= 1
  if (!(sizes.every(isCount) && edges.every(isCount) && edges.length === sizes.length && edges.length > 0)) {
    return yield* refusal("damaged", `${name} has ${sizes.join(" × ")} voxels in chunks of ${edges.join(" × ")}`)
  }
  const axes = zarrAxes(sizes, image, level)
  if ("wrong" in axes) return yield* refusal("unsupported", `${name}: ${axes.wrong}`)
  const along = [axes.x, axes.y, axes.z] as const
  const pick = (list: readonly number[]): Triple => [
    list[along[0]],
    list[along[1]],
    along[2] === undefined ? 1 : list[along[2]],
  ]
  const shape = pick(sizes)
  yield* checkShape(refusal, shape)
  const chunkBytes = edges.reduce((product, edge) => product * edge, storedBytes(type))
  if (chunkBytes > mostBlockBytes) {
    return yield* refusal("unsupported", `${name} is stored in chunks of ${edges.join(" × ")}, too large to be read`)
  }
  const claimed = shape[0] * shape[1] * shape[2] * storedBytes(type)
  const stored = yield* Effect.tryPromise({
    try: () => storedIn(join(folder, path), claimed),
    catch: (cause) => refusal("missing", reasonOf(cause)),
  })
  if (!isStoredEnough(claimed, stored)) {
    return yield* refusal(
      "truncated",
      `${name} of ${shape.join(" × ")} voxels takes ${claimed} bytes; there are ${stored}`,
    )
  }
  const chunk = pick(edges)

  const readChunk = Effect.fnUntraced(function* (at: Triple): Effect.fn.Return<Chunk, TomogramUnreadable> {
    const place = sizes.map((_, axis) => {
      const k = along.indexOf(axis)
      return k < 0 ? 0 : at[k]
    })
    const read = yield* Effect.tryPromise({
      try: () => array.getChunk(place),
      catch: (cause) => {
        const inner = cause instanceof Error && cause.cause !== undefined ? reasonOf(cause.cause) : reasonOf(cause)
        return refusal("damaged", `chunk ${place.join(", ")} of ${name} cannot be read: ${inner}`)
      },
    })
    const values = numbersOf(read.data, type)
    if ("beyond" in values) return yield* refusal("unsupported", beyondText(type))
    const wanted = edges.reduce((product, edge) => product * edge, 1)
    if (values.length !== wanted) {
      return yield* refusal(
        "truncated",
        `chunk ${place.join(", ")} of ${name} has ${values.length} voxels, not ${wanted}`,
      )
    }
    return { values, stride: read.stride }
  })

  return {
    format: zarrFormat,
    shape,
    voxelType: readType(type),
    chunk: [0, 1, 2].map((axis) => Math.min(chunk[axis], shape[axis])) as unknown as Triple,
    stated: axes.stated,
    read: Effect.fnUntraced(function* (box: Box) {
      const out = emptyVoxels(readType(type), boxSize(box))
      const first = box.from.map((edge, axis) => Math.floor(edge / chunk[axis]))
      const end = box.to.map((edge, axis) => Math.ceil(edge / chunk[axis]))
      for (let z = first[2]; z < end[2]; z++)
        for (let y = first[1]; y < end[1]; y++)
          for (let x = first[0]; x < end[0]; x++) {
            const { values, stride } = yield* readChunk([x, y, z])
            const steps = along.map((axis) => (axis === undefined ? 0 : stride[axis])) as unknown as Triple
            copyChunkInto({ values, steps, from: [x * chunk[0], y * chunk[1], z * chunk[2]], shape: chunk }, box, out)
          }
      return out
    }),
  }
})

interface StridedChunk {
  readonly values: VoxelArray
  /** From one voxel to the next along x, y and z */
  readonly steps: Triple
  readonly from: Triple
  readonly shape: Triple
}

/** Copies what lies in a box; the chunk may hold its axes in any order. */
const copyChunkInto = ({ values, steps, from, shape }: StridedChunk, box: Box, out: VoxelArray): void => {
  const [nx, ny] = boxShape(box)
  const start = from.map((edge, axis) => Math.max(edge, box.from[axis]))
  const end = from.map((edge, axis) => Math.min(edge + shape[axis], box.to[axis]))
  for (let z = start[2]; z < end[2]; z++)
    for (let y = start[1]; y < end[1]; y++) {
      const at = (start[0] - from[0]) * steps[0] + (y - from[1]) * steps[1] + (z - from[2]) * steps[2]
      const to = start[0] - box.from[0] + nx * (y - box.from[1] + ny * (z - box.from[2]))
      const length = end[0] - start[0]
      if (steps[0] === 1) out.set(values.subarray(at, at + length), to)
      else for (let i = 0; i < length; i++) out[to + i] = values[at + i * steps[0]]
    }
}
