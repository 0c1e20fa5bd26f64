import { access, rename, rm } from "node:fs/promises"
import { Effect } from "effect"
import { create, root, set, slice } from "zarrita"
import { type Box, boxShape, boxSize, type Triple } from "../image/brick.ts"
import { copySharedInto } from "./copy-box.ts"
import { reasonOf } from "./open-file.ts"
import { TomogramUnwritable } from "./tomogram-errors.ts"
import { assertPromised, type VolumeToWrite } from "./volume-to-write.ts"
import { emptyVoxels, voxelBytes } from "./voxel-type.ts"
import { boundZarrCodecs } from "./zarr-codecs.ts"
import { zarrStore } from "./zarr-store.ts"

/** How a volume is cut and what it means. */
export interface OmeZarrOptions {
  /** Edges of a chunk along x, y and z [voxel] */
  readonly chunk?: Triple
  /** Whether values are numbers of objects */
  readonly isLabels: boolean
}

const usualChunk: Triple = [64, 64, 64]

/** Micrometres without the rounding of the product. */
const micrometres = (edge: number): number => Number((edge * 1e6).toPrecision(15))

const attributesOf = ({ spacing }: VolumeToWrite<unknown>, isLabels: boolean) => ({
  ome: {
    version: "0.5",
    multiscales: [
      {
        axes: ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" })),
        datasets: [
          {
            path: "0",
            coordinateTransformations: [{ type: "scale", scale: spacing.toReversed().map(micrometres) }],
          },
        ],
      },
    ],
    ...(isLabels ? { "image-label": {} } : {}),
  },
})

/** Rows of chunks along x. */
const rowsOf = ({ shape: [nx, ny, nz] }: VolumeToWrite<unknown>, chunk: Triple): readonly Box[] => {
  const rows: Box[] = []
  for (let z = 0; z < nz; z += chunk[2])
    for (let y = 0; y < ny; y += chunk[1])
      rows.push({ from: [0, y, z], to: [nx, Math.min(ny, y + chunk[1]), Math.min(nz, z + chunk[2])] })
  return rows
}

/**
 * Writes a volume as a folder of OME-Zarr 0.5 with one resolution, chunks packed with zstd. Holds one row of chunks
 * along x. The folder must not be there yet, and stands under its name only once it is whole.
 * @source OME-Zarr specification 0.5 (2024), https://ngff.openmicroscopy.org/0.5/
 */
export const writeOmeZarr = Effect.fn("writeOmeZarr")(function* <E>(
  folder: string,
  volume: VolumeToWrite<E>,
  { chunk = usualChunk, isLabels }: OmeZarrOptions,
): Effect.fn.Return<void, E | TomogramUnwritable> {
  boundZarrCodecs()
  const part = `${folder}.part`
  const attempt = <A>(work: () => Promise<A>) =>
    Effect.tryPromise({
      try: work,
      catch: (cause) => new TomogramUnwritable({ file: folder, reason: reasonOf(cause) }),
    })
  const isThere = yield* Effect.promise(() =>
    access(folder).then(
      () => true,
      () => false,
    ),
  )
  if (isThere) return yield* new TomogramUnwritable({ file: folder, reason: "it exists already" })
  const { shape, voxelType } = volume
  const edges = shape.map((edge, axis) => Math.min(edge, chunk[axis])) as unknown as Triple
  const write = Effect.gen(function* () {
    yield* attempt(() => rm(part, { recursive: true, force: true }))
    const group = root(zarrStore(part, Number.POSITIVE_INFINITY))
    yield* attempt(() => create(group, { attributes: attributesOf(volume, isLabels) }))
    const array = yield* attempt(() =>
      create(group.resolve("0"), {
        shape: shape.toReversed(),
        chunkShape: edges.toReversed(),
        dtype: voxelType,
        dimensionNames: ["z", "y", "x"],
        codecs: [
          ...(voxelBytes(voxelType) > 1
            ? [{ name: "bytes", configuration: { endian: "little" } }]
            : [{ name: "bytes", configuration: {} }]),
          { name: "zstd", configuration: { level: 1, checksum: false } },
        ],
        fillValue: 0,
      }),
    )
    for (const row of rowsOf(volume, edges)) {
      const values = yield* volume.read(row)
      assertPromised(volume, row, values)
      for (let x = 0; x < shape[0]; x += edges[0]) {
        const box: Box = {
          from: [x, row.from[1], row.from[2]],
          to: [Math.min(shape[0], x + edges[0]), row.to[1], row.to[2]],
        }
        const data = emptyVoxels(voxelType, boxSize(box))
        copySharedInto({ ...row, values }, { ...box, values: data })
        const [nx, ny, nz] = boxShape(box)
        const part3 = [2, 1, 0].map((axis) => slice(box.from[axis], box.to[axis]))
        yield* attempt(() => set(array, part3, { data, shape: [nz, ny, nx], stride: [nx * ny, nx, 1] } as never))
      }
    }
    yield* attempt(() => rename(part, folder))
  })
  yield* Effect.onError(write, () =>
    Effect.promise(() => rm(part, { recursive: true, force: true }).catch(() => undefined)),
  )
})
