import { open, opendir, stat, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { AsyncMutable, RangeQuery } from "zarrita"
import { makeFolder } from "./make-folder.ts"

/** Files of a Zarr folder by their keys; none is read that is larger than allowed. */
export const zarrStore = (folder: string, mostBytes: number): AsyncMutable => {
  const place = (key: string): string => join(folder, ...key.split("/").filter((part) => part !== "" && part !== ".."))
  const read = async (key: string, range?: RangeQuery): Promise<Uint8Array | undefined> => {
    const handle = await open(place(key), "r").catch((cause: NodeJS.ErrnoException) => {
      // A folder in the place of a chunk is no chunk.
      if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return undefined
      throw cause
    })
    if (handle === undefined) return undefined
    try {
      const facts = await handle.stat()
      if (facts.isDirectory()) return undefined
      const { offset, length } =
        range === undefined
          ? { offset: 0, length: facts.size }
          : "suffixLength" in range
            ? { offset: facts.size - range.suffixLength, length: range.suffixLength }
            : range
      if (!(offset >= 0 && length >= 0 && offset + length <= facts.size)) {
        throw new Error(`the file ${key} ends at byte ${facts.size}, before what it should hold`)
      }
      if (length > mostBytes) throw new Error(`the file ${key} has ${length} bytes, too many to be read`)
      const bytes = new Uint8Array(length)
      let done = 0
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)
        if (bytesRead === 0) throw new Error(`the file ${key} ended while it was read`)
        done += bytesRead
      }
      return bytes
    } finally {
      await handle.close()
    }
  }
  return {
    get: (key) => read(key),
    getRange: (key, range) => read(key, range),
    set: async (key, value) => {
      makeFolder(dirname(place(key)))
      await writeFile(place(key), value)
    },
  }
}

/** Bytes of the files in a folder and below; counted no further than is enough. */
export const storedIn = async (folder: string, enough: number): Promise<number> => {
  let sum = 0
  for await (const entry of await opendir(folder)) {
    if (sum >= enough) break
    const path = join(folder, entry.name)
    if (entry.isDirectory()) sum += await storedIn(path, enough - sum)
    // What describes an array is none of its data.
    else if (!/^(\.z(array|attrs|group|metadata)|zarr\.json)$/.test(entry.name)) sum += (await stat(path)).size
  }
  return sum
}
