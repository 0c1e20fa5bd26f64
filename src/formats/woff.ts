import { inflateSync } from "node:zlib"

/**
 * The font inside a WOFF file, as programs want it that know TrueType and OpenType alone.
 * @throws RangeError where the bytes are no WOFF file of version 1
 * @source W3C, WOFF File Format 1.0 (2012), §3–5
 */
export const unwrappedFont = (woff: Uint8Array): Uint8Array => {
  const view = new DataView(woff.buffer, woff.byteOffset, woff.byteLength)
  if (woff.byteLength < 44 || view.getUint32(0) !== 0x774f4646) throw new RangeError("no WOFF file")
  const tableCount = view.getUint16(12)
  const tables = Array.from({ length: tableCount }, (_, table) => {
    const at = 44 + 20 * table
    const [tag, offset, packed, length, checksum] = [0, 4, 8, 12, 16].map((place) => view.getUint32(at + place))
    const bytes = woff.subarray(offset, offset + packed)
    return { tag, checksum, bytes: packed < length ? inflateSync(bytes) : bytes }
  })
  const padded = (length: number): number => (length + 3) & ~3
  const head = 12 + 16 * tableCount
  const font = new Uint8Array(tables.reduce((size, { bytes }) => size + padded(bytes.length), head))
  const out = new DataView(font.buffer)
  const most = 2 ** Math.floor(Math.log2(tableCount))
  out.setUint32(0, view.getUint32(4))
  out.setUint16(4, tableCount)
  out.setUint16(6, 16 * most)
  out.setUint16(8, Math.log2(most))
  out.setUint16(10, 16 * (tableCount - most))
  let at = head
  for (const [table, { tag, checksum, bytes }] of tables.entries()) {
    const entry = 12 + 16 * table
    for (const [place, value] of [tag, checksum, at, bytes.length].entries()) out.setUint32(entry + 4 * place, value)
    font.set(bytes, at)
    at += padded(bytes.length)
  }
  return font
}
