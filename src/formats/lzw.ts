const clear = 256
const end = 257
const widest = 12
const tableSize = 1 << widest

/**
 * Unpacks TIFF's variant of LZW: most significant bit first, codes widened one early. No input makes it read beyond its
 * end, write beyond `out` or run on: each code moves on in the input.
 * @param out filled from its start
 * @returns   how many bytes were written; fewer than `out` holds where the data end early or are damaged
 * @source Adobe, TIFF Revision 6.0 (1992), section 13
 */
export const unpackLzwInto = (packed: Uint8Array, out: Uint8Array): number => {
  // A string of the table is a stretch of what was written: it starts where its code was made.
  const start = new Int32Array(tableSize)
  const length = new Int32Array(tableSize)
  let count = end + 1
  let width = 9
  let bits = 0
  let held = 0
  let at = 0
  let written = 0
  for (;;) {
    while (held < width) {
      if (at >= packed.length) return written
      bits = ((bits << 8) | packed[at++]) & 0xffffff
      held += 8
    }
    held -= width
    const code = (bits >> held) & ((1 << width) - 1)
    if (code === end) return written
    if (code === clear) {
      count = end + 1
      width = 9
      continue
    }
    const from = written
    if (code < clear) {
      if (written >= out.length) return written
      out[written++] = code
    } else {
      if (code >= count) return written
      const size = Math.min(length[code], out.length - written)
      // A string that is made just now may overlap what it makes.
      for (let i = 0, source = start[code]; i < size; i++) out[written++] = out[source++]
      if (size < length[code]) return written
    }
    if (count < tableSize) {
      // The next code: this string and the first byte after it.
      start[count] = from
      length[count] = written - from + 1
      count++
    }
    if (count >= 1 << width && width < widest) width++
  }
}
