import { crc32, deflateSync } from "node:zlib"
import type { Rgba } from "../image/overlay.ts"

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

/**
 * A picture as a PNG file (8 bits, red, green, blue, opacity).
 * @source W3C, Portable Network Graphics (PNG) Specification, third edition (2025), §5 and §10
 */
export const encodedPng = ({ width, height, pixels }: Rgba): Uint8Array => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const rows = Buffer.alloc(height * (4 * width + 1))
  for (let y = 0; y < height; y++)
    rows.set(pixels.subarray(4 * width * y, 4 * width * (y + 1)), y * (4 * width + 1) + 1)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array(0)),
  ])
}

/** The picture as text for an `<img>` or `<image>` element. */
export const pngDataUrl = (picture: Rgba): string =>
  `data:image/png;base64,${Buffer.from(encodedPng(picture)).toString("base64")}`
