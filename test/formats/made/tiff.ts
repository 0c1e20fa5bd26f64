import { deflateSync, zstdCompressSync } from "node:zlib"
import type { VoxelArray } from "../../../src/formats/volume-source.ts"

/** How a TIFF file of a test is written. */
export interface TiffRecipe {
  readonly width: number
  readonly height: number
  /** One array a page, all of one kind */
  readonly pages: readonly VoxelArray[]
  readonly littleEndian?: boolean
  readonly big?: boolean
  /** Rows of a strip, or the edges of a tile */
  readonly rows?: number
  readonly tile?: readonly [number, number]
  readonly compression?: "none" | "lzw" | "packbits" | "deflate" | "zstd"
  readonly predictor?: 1 | 2 | 3
  readonly description?: string
  /** Pixels per unit */
  readonly resolution?: number
  /** Tags that stand in the place of the right ones: [tag, type (3 or 4), value] */
  readonly instead?: readonly (readonly [number, number, number])[]
  /** The last page points back at the first */
  readonly circular?: boolean
}

/** TIFF's LZW, with a new table whenever it is full. */
export const lzwPacked = (data: Uint8Array): Uint8Array => {
  const out: number[] = []
  let [bits, held, width] = [0, 0, 9]
  const put = (code: number): void => {
    bits = (bits << width) | code
    held += width
    for (; held >= 8; held -= 8) out.push((bits >> (held - 8)) & 255)
    bits &= (1 << held) - 1
  }
  let table = new Map<string, number>()
  const reset = (): void => {
    put(256)
    table = new Map()
    width = 9
  }
  const codeOf = (text: string): number => (text.length === 1 ? text.charCodeAt(0) : table.get(text)!)
  reset()
  let current = ""
  for (const byte of data) {
    const longer = current + String.fromCharCode(byte)
    if (longer.length === 1 || table.has(longer)) {
      current = longer
      continue
    }
    put(codeOf(current))
    table.set(longer, 258 + table.size)
    if (258 + table.size === 1 << width) width++
    if (table.size === 4094 - 258) reset()
    current = String.fromCharCode(byte)
  }
  if (current !== "") {
    put(codeOf(current))
    if (258 + table.size + 1 === 1 << width && width < 12) width++
  }
  put(257)
  if (held > 0) put(0)
  return Uint8Array.from(out)
}

const packBits = (data: Uint8Array): Uint8Array => {
  const out: number[] = []
  for (let at = 0; at < data.length; ) {
    let run = 1
    while (run < 128 && data[at + run] === data[at]) run++
    if (run > 1) {
      out.push(257 - run, data[at])
      at += run
      continue
    }
    let length = 1
    while (length < 128 && at + length < data.length && data[at + length] !== data[at + length - 1]) length++
    out.push(length - 1, ...data.subarray(at, at + length))
    at += length
  }
  return Uint8Array.from(out)
}

const packers = {
  none: [1, (data: Uint8Array) => data],
  lzw: [5, lzwPacked],
  packbits: [32773, packBits],
  deflate: [8, (data: Uint8Array) => deflateSync(data)],
  zstd: [50000, (data: Uint8Array) => zstdCompressSync(data)],
} as const

/** 1 unsigned, 2 signed, 3 real */
const formatOf = (values: VoxelArray): number =>
  values instanceof Float32Array || values instanceof Float64Array ? 3 : /^Int/.test(values.constructor.name) ? 2 : 1

const numberBytes = (values: ArrayLike<number>, like: VoxelArray, little: boolean): Uint8Array => {
  const size = like.BYTES_PER_ELEMENT
  const own = Uint8Array.from(new Uint8Array((like.constructor as Float64ArrayConstructor).from(values).buffer))
  if (little) return own
  for (let at = 0; at < own.length; at += size) own.subarray(at, at + size).reverse()
  return own
}

const differences = (
  rows: VoxelArray,
  width: number,
  { predictor = 1, littleEndian = true }: TiffRecipe,
): Uint8Array => {
  if (predictor === 1) return numberBytes(rows, rows, littleEndian)
  const size = rows.BYTES_PER_ELEMENT
  if (predictor === 2) {
    const whole = formatOf(rows) === 3 ? new Uint32Array(rows.slice().buffer) : rows.slice()
    for (let i = whole.length - 1; i > 0; i--) if (i % width !== 0) whole[i] -= whole[i - 1]
    return numberBytes(whole, whole, littleEndian)
  }
  const heavyFirst = numberBytes(rows, rows, false)
  const out = new Uint8Array(heavyFirst.length)
  for (let row = 0; row < rows.length; row += width) {
    const part = out.subarray(row * size, (row + width) * size)
    for (let x = 0; x < width; x++)
      for (let b = 0; b < size; b++) part[b * width + x] = heavyFirst[(row + x) * size + b]
    for (let i = part.length - 1; i > 0; i--) part[i] -= part[i - 1]
  }
  return out
}

/** Blocks of a page in the order of the file. */
const blocksOf = (page: VoxelArray, recipe: TiffRecipe): Uint8Array[] => {
  const { width, height, tile, rows = height, compression = "none" } = recipe
  const [bw, bh] = tile ?? [width, rows]
  const pack = packers[compression][1]
  const blocks: Uint8Array[] = []
  for (let y0 = 0; y0 < height; y0 += bh)
    for (let x0 = 0; x0 < width; x0 += bw) {
      const high = tile === undefined ? Math.min(bh, height - y0) : bh
      const block = new (page.constructor as new (n: number) => VoxelArray)(bw * high)
      for (let y = 0; y < high && y0 + y < height; y++)
        for (let x = 0; x < bw && x0 + x < width; x++) block[y * bw + x] = page[(y0 + y) * width + x0 + x]
      blocks.push(pack(differences(block, bw, recipe)))
    }
  return blocks
}

/** A TIFF file, byte by byte, in any of its dialects. */
export const madeTiff = (recipe: TiffRecipe): Uint8Array<ArrayBuffer> => {
  const { width, height, pages, littleEndian: little = true, big = false, tile, rows = height } = recipe
  const parts: Uint8Array[] = []
  let end = 0
  const add = (bytes: Uint8Array): number => {
    const padded = new Uint8Array(bytes.length + (bytes.length % 2))
    padded.set(bytes)
    parts.push(padded)
    end += padded.length
    return end - padded.length
  }
  const bytes = (count: number, write: (view: DataView) => void): Uint8Array => {
    const out = new Uint8Array(count)
    write(new DataView(out.buffer))
    return out
  }
  const wide = big ? 8 : 4
  const put = (view: DataView, at: number, value: number, size: number): void => {
    if (size === 8) view.setBigUint64(at, BigInt(value), little)
    else if (size === 4) view.setUint32(at, value, little)
    else view.setUint16(at, value, little)
  }
  const header = bytes(big ? 16 : 8, (view) => {
    view.setUint16(0, little ? 0x4949 : 0x4d4d)
    put(view, 2, big ? 43 : 42, 2)
    if (big) put(view, 4, 8, 2)
  })
  add(header)
  /** Where the place of the next directory is to be written */
  let link: { readonly part: Uint8Array; readonly at: number } = { part: parts[0], at: big ? 8 : 4 }
  let first = 0
  pages.forEach((page, number) => {
    const blocks = blocksOf(page, recipe)
    const starts = blocks.map(add)
    const longs = (values: readonly number[]): Uint8Array =>
      bytes(values.length * wide, (view) => {
        for (const [k, value] of values.entries()) put(view, k * wide, value, wide)
      })
    const fields: (readonly [tag: number, type: number, count: number, value: Uint8Array])[] = []
    const field = (tag: number, type: 3 | 4, value: number): void => {
      fields.push([tag, type, 1, bytes(type === 3 ? 2 : 4, (view) => put(view, 0, value, type === 3 ? 2 : 4))])
    }
    field(256, 4, width)
    field(257, 4, height)
    field(258, 3, 8 * page.BYTES_PER_ELEMENT)
    field(259, 3, packers[recipe.compression ?? "none"][0])
    field(262, 3, 1)
    field(277, 3, 1)
    field(339, 3, formatOf(page))
    if (recipe.predictor !== undefined) field(317, 3, recipe.predictor)
    if (tile === undefined) field(278, 4, rows)
    else {
      field(322, 4, tile[0])
      field(323, 4, tile[1])
    }
    const lengths = blocks.map((block) => block.length)
    const longType = big ? 16 : 4
    fields.push([tile === undefined ? 273 : 324, longType, starts.length, longs(starts)])
    fields.push([tile === undefined ? 279 : 325, longType, lengths.length, longs(lengths)])
    if (recipe.description !== undefined && number === 0) {
      const text = new TextEncoder().encode(`${recipe.description}\0`)
      fields.push([270, 2, text.length, text])
    }
    if (recipe.resolution !== undefined) {
      const ratio = bytes(8, (view) => {
        put(view, 0, Math.round(recipe.resolution! * 1e6), 4)
        put(view, 4, 1e6, 4)
      })
      for (const tag of [282, 283]) fields.push([tag, 5, 1, ratio])
    }
    for (const [tag, type, value] of recipe.instead ?? []) {
      const at = fields.findIndex(([known]) => known === tag)
      if (at >= 0) fields.splice(at, 1)
      field(tag, type as 3 | 4, value)
    }
    fields.sort(([a], [b]) => a - b)
    const places = fields.map(([, , , value]) => (value.length > wide ? add(value) : undefined))
    const [countBytes, entryBytes] = big ? [8, 20] : [2, 12]
    const directory = bytes(countBytes + entryBytes * fields.length + wide, (view) => {
      put(view, 0, fields.length, countBytes)
      fields.forEach(([tag, type, count, value], k) => {
        const at = countBytes + k * entryBytes
        put(view, at, tag, 2)
        put(view, at + 2, type, 2)
        put(view, at + 4, count, wide)
        const place = places[k]
        if (place === undefined) new Uint8Array(view.buffer).set(value, at + 4 + wide)
        else put(view, at + 4 + wide, place, wide)
      })
      if (recipe.circular === true && number === pages.length - 1) {
        put(view, countBytes + entryBytes * fields.length, first, wide)
      }
    })
    const at = add(directory)
    if (number === 0) first = at
    put(new DataView(link.part.buffer), link.at, at, wide)
    link = { part: parts[parts.length - 1], at: countBytes + entryBytes * fields.length }
  })
  return new Uint8Array(Buffer.concat(parts))
}
