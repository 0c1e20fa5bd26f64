import { readSync, writeSync } from "node:fs"

/** Writes all bytes at a position: the system may take a part of them only. */
export const writeAll = (handle: number, bytes: Uint8Array, position: number): void => {
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done, bytes.length - done, position + done)
}

/** Fills all bytes from a position: the system may give a part of them only. */
export const readAll = (handle: number, bytes: Uint8Array, position: number): void => {
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(handle, bytes, done, bytes.length - done, position + done)
    if (read === 0) throw new Error(`the file ends at byte ${position + done}`)
    done += read
  }
}
