import { mkdir, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib"
import { voxelBytesOf } from "./raw.ts"
import { type MadeVolume, valuesWithin } from "./volume.ts"

/** How a Zarr array of a test is written. */
export interface ZarrRecipe {
  readonly version?: 2 | 3
  /** Along z, y and x */
  readonly chunks: readonly [number, number, number]
  readonly compression?: "none" | "gzip" | "zlib" | "zstd"
  readonly littleEndian?: boolean
  /** Axes of one entry before the three */
  readonly leading?: number
  /** Chunks that are left out, by their number */
  readonly absent?: readonly number[]
  /** Inner chunks of shards, version 3 */
  readonly inner?: readonly [number, number, number]
}

const packers = {
  none: (bytes: Uint8Array) => bytes,
  gzip: (bytes: Uint8Array) => gzipSync(bytes),
  zlib: (bytes: Uint8Array) => deflateSync(bytes),
  zstd: (bytes: Uint8Array) => zstdCompressSync(bytes),
} as const

type Edges = readonly [number, number, number]

/** Voxels of one chunk, filled up with zeros beyond the border. */
const chunkOf = (made: MadeVolume, chunks: Edges, [z, y, x]: readonly number[], little: boolean): Uint8Array => {
  const [dz, dy, dx] = chunks
  const from = [x * dx, y * dy, z * dz] as const
  const whole = new (made.values.constructor as new (n: number) => MadeVolume["values"])(dz * dy * dx)
  const to = [0, 1, 2].map((axis) => Math.min(made.shape[axis], from[axis] + [dx, dy, dz][axis]))
  const [nx, ny, nz] = to.map((end, axis) => Math.max(0, end - from[axis]))
  if (nx * ny * nz > 0) {
    const inside = valuesWithin(made, { from, to: [to[0], to[1], to[2]] })
    for (let k = 0; k < nz; k++)
      for (let j = 0; j < ny; j++)
        whole.set(inside.subarray(nx * (j + ny * k), nx * (j + 1 + ny * k)) as never, dx * (j + dy * k))
  }
  return voxelBytesOf({ values: whole }, little)
}

/** The list of inner chunks behind them: place and length of each, 64 bits. */
const shardOf = (pieces: readonly Uint8Array[]): Uint8Array => {
  const index = new DataView(new ArrayBuffer(16 * pieces.length))
  let at = 0
  for (const [k, piece] of pieces.entries()) {
    index.setBigUint64(16 * k, BigInt(at), true)
    index.setBigUint64(16 * k + 8, BigInt(piece.length), true)
    at += piece.length
  }
  return new Uint8Array(Buffer.concat([...pieces, new Uint8Array(index.buffer)]))
}

const codecsOf = ({ compression = "none", littleEndian = true, inner }: ZarrRecipe): unknown[] => {
  const plain: unknown[] = [{ name: "bytes", configuration: { endian: littleEndian ? "little" : "big" } }]
  if (compression !== "none") plain.push({ name: compression, configuration: { level: 1 } })
  if (inner === undefined) return plain
  const index_codecs = [{ name: "bytes", configuration: { endian: "little" } }]
  return [{ name: "sharding_indexed", configuration: { chunk_shape: inner, codecs: plain, index_codecs } }]
}

/** Files of an array by their paths. */
export const madeZarrArray = (made: MadeVolume, recipe: ZarrRecipe): Map<string, Uint8Array> => {
  const { version = 3, chunks, compression = "none", littleEndian = true, leading = 0, absent = [], inner } = recipe
  const ones = new Array<number>(leading).fill(1)
  const sizes = made.shape.toReversed() as unknown as Edges
  const shape = [...ones, ...sizes]
  const files = new Map<string, Uint8Array>()
  const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
  const kind = { u: "u", i: "i", f: "f" }[made.type[0]]
  if (version === 2) {
    files.set(
      ".zarray",
      json({
        zarr_format: 2,
        shape,
        chunks: [...ones, ...chunks],
        dtype: `${littleEndian ? "<" : ">"}${kind}${made.values.BYTES_PER_ELEMENT}`,
        compressor: compression === "none" ? null : { id: compression, level: 1 },
        fill_value: 0,
        order: "C",
        filters: null,
      }),
    )
  } else {
    const outer = { ...recipe, ...(inner === undefined ? {} : { inner: [...ones, ...inner] as unknown as Edges }) }
    files.set(
      "zarr.json",
      json({
        zarr_format: 3,
        node_type: "array",
        shape,
        data_type: made.type,
        chunk_grid: { name: "regular", configuration: { chunk_shape: [...ones, ...chunks] } },
        chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
        codecs: codecsOf(outer),
        fill_value: 0,
        attributes: {},
      }),
    )
  }
  const counts = sizes.map((edge, axis) => Math.ceil(edge / chunks[axis]))
  let number = 0
  for (let z = 0; z < counts[0]; z++)
    for (let y = 0; y < counts[1]; y++)
      for (let x = 0; x < counts[2]; x++) {
        if (absent.includes(number++)) continue
        const at = [z, y, x]
        const key = [...ones.map(() => 0), ...at]
        const pack = packers[compression]
        const pieces: Uint8Array[] = []
        const steps = inner === undefined ? [1, 1, 1] : chunks.map((edge, axis) => edge / inner[axis])
        for (let k = 0; k < steps[0]; k++)
          for (let j = 0; j < steps[1]; j++)
            for (let i = 0; i < steps[2]; i++) {
              const place = at.map((chunk, axis) => chunk * steps[axis] + [k, j, i][axis])
              pieces.push(pack(chunkOf(made, inner ?? chunks, place, littleEndian)))
            }
        const bytes = inner === undefined ? pieces[0] : shardOf(pieces)
        files.set(version === 2 ? key.join(".") : ["c", ...key].join("/"), new Uint8Array(bytes))
      }
  return files
}

/** One resolution of an image: where it lies, and how large its voxels are. */
export interface ZarrLevel {
  readonly path: string
  /** One for each axis */
  readonly scale?: readonly number[]
}

/** Attributes of a group that hold an image. */
export const madeMultiscales = (
  axes: readonly unknown[],
  levels: readonly ZarrLevel[],
  common?: readonly number[],
): Record<string, unknown> => {
  const scaled = (scale: readonly number[] | undefined) =>
    scale === undefined ? {} : { coordinateTransformations: [{ type: "scale", scale }] }
  return {
    multiscales: [
      {
        name: "image",
        axes,
        datasets: levels.map(({ path, scale }) => ({ path, ...scaled(scale) })),
        ...scaled(common),
      },
    ],
  }
}

/** Description of a group, as files. */
export const madeZarrGroup = (version: 2 | 3, attributes: Record<string, unknown> = {}): Map<string, Uint8Array> => {
  const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
  return version === 2
    ? new Map([
        [".zgroup", json({ zarr_format: 2 })],
        [".zattrs", json(attributes)],
      ])
    : new Map([["zarr.json", json({ zarr_format: 3, node_type: "group", attributes })]])
}

/** Lays files down below a folder that is emptied first. */
export const putFolder = async (
  folder: string,
  parts: Readonly<Record<string, Map<string, Uint8Array>>>,
): Promise<string> => {
  await rm(folder, { recursive: true, force: true })
  for (const [path, files] of Object.entries(parts))
    for (const [name, bytes] of files) {
      const place = join(folder, path, name)
      await mkdir(dirname(place), { recursive: true })
      await writeFile(place, bytes)
    }
  return folder
}
