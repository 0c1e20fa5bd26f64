import { createHash, type Hash } from "node:crypto"
import { createReadStream, readdirSync, statSync } from "node:fs"
import { open } from "node:fs/promises"
import { join, relative } from "node:path"
import { Effect } from "effect"
import { RunUnreadable, systemReason } from "./errors.ts"

/** What a file, or all files of a folder, are known by. */
export interface Fingerprint {
  /** Of the content, or of samples of it */
  readonly sha256: string
  /** Whether only samples were read: sizes, dates, and both ends of each file */
  readonly sampled: boolean
  readonly bytes: number
}

/** Larger inputs are known by samples [byte] */
const mostRead = 2 ** 33
const sample = 2 ** 22

const filesIn = (path: string): readonly string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [path]

const addContent = async (hash: Hash, file: string, signal: AbortSignal): Promise<void> => {
  for await (const chunk of createReadStream(file, { signal, highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer)
}

const addSamples = async (hash: Hash, file: string): Promise<void> => {
  const { size, mtimeMs } = statSync(file)
  hash.update(`${size} ${mtimeMs}`)
  const handle = await open(file, "r")
  try {
    for (const position of [0, Math.max(0, size - sample)]) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(sample), 0, sample, position)
      hash.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
}

/** The fingerprint of a file or of a folder with all that is in it. */
export const fingerprintOf = (path: string): Effect.Effect<Fingerprint, RunUnreadable> =>
  Effect.tryPromise({
    try: async (signal) => {
      const files = filesIn(path)
      const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
      const sampled = bytes > mostRead
      const hash = createHash("sha256")
      for (const file of files) {
        if (files.length > 1) hash.update(`${relative(path, file)}\0`)
        await (sampled ? addSamples(hash, file) : addContent(hash, file, signal))
      }
      return { sha256: hash.digest("hex"), sampled, bytes }
    },
    catch: (cause) => new RunUnreadable({ path, reason: systemReason(cause).reason }),
  })
