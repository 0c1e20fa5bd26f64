import { createReadStream, createWriteStream } from "node:fs"
import { mkdtemp, rm, statfs } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Transform } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createUnzip } from "node:zlib"
import { Effect, type Scope } from "effect"
import { type OpenFile, openFile, type Refusal, reasonOf } from "./open-file.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"

/** Deflate makes no byte of more than this many. */
const bestDeflation = 1032

/** A stretch of a file that is packed as one stream, with gzip or zlib. */
export interface PackedStream {
  /** Where it lies, and its name for messages */
  readonly path: string
  readonly file: string
  readonly format: string
  /** Where the stream starts and ends in the file [byte] */
  readonly from: number
  readonly to: number
  /** Bytes that are wanted of what comes out */
  readonly length: number
}

/** A folder for scratch files until the scope ends. */
const scratchFolder = (
  parent: string | undefined,
  refusal: Refusal,
): Effect.Effect<string, TomogramUnreadable, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: () => mkdtemp(join(parent ?? tmpdir(), "synchrode-volume-")),
      catch: (cause) => refusal("missing", `no folder for unpacking it: ${reasonOf(cause)}`),
    }),
    (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true })),
  )

/** Lets so many bytes through and no more. */
const limited = (length: number) => {
  let passed = 0
  return new Transform({
    transform(piece: Buffer, _, done) {
      const rest = length - passed
      passed += piece.length
      if (rest > 0) this.push(piece.subarray(0, rest))
      done()
    },
  })
}

/**
 * Unpacks a stream once into a scratch file, which is removed when the scope ends: such a stream cannot be read from its
 * middle. Holds a few buffers at a time.
 * @param scratch folder for it, the system's own where absent
 */
export const openUnpacked = Effect.fn("openUnpacked")(function* (
  packed: PackedStream,
  refusal: Refusal,
  scratch: string | undefined,
): Effect.fn.Return<OpenFile, TomogramUnreadable, Scope.Scope> {
  const stored = packed.to - packed.from
  if (packed.length > bestDeflation * stored) {
    return yield* refusal("truncated", `${stored} bytes cannot unpack to the ${packed.length} that it claims`)
  }
  const folder = yield* scratchFolder(scratch, refusal)
  const path = join(folder, "unpacked")
  const space = yield* Effect.tryPromise({
    try: () => statfs(folder),
    catch: (cause) => refusal("missing", reasonOf(cause)),
  })
  if (space.bavail * space.bsize < packed.length) {
    return yield* refusal("missing", `no room to unpack its ${packed.length} bytes into ${folder}`)
  }
  yield* Effect.tryPromise({
    try: (signal) =>
      pipeline(
        createReadStream(packed.path, { start: packed.from, end: packed.to - 1 }),
        createUnzip(),
        limited(packed.length),
        createWriteStream(path),
        { signal },
      ),
    catch: (cause) => refusal("damaged", `it cannot be unpacked: ${reasonOf(cause)}`),
  })
  const unpacked = yield* openFile(path, packed.format, packed.file)
  if (unpacked.size < packed.length) {
    return yield* refusal("truncated", `it unpacks to ${unpacked.size} bytes; its voxels take ${packed.length}`)
  }
  return unpacked
})
