import { open } from "node:fs/promises"
import { type AsyncBuffer, type Compressors, parquetMetadataAsync, parquetScan, parquetSchema } from "hyparquet"
import { compressors } from "hyparquet-compressors"

/** A column as it is stored; numbers, or words where any cell is one. Nothing is NaN or "". */
export interface ParquetColumn {
  readonly name: string
  /** [row] */
  readonly values: Float64Array | readonly string[]
}

export interface ParquetContents {
  readonly columns: readonly ParquetColumn[]
  /** What the file says about itself */
  readonly notes: readonly (readonly [key: string, value: string])[]
}

/** No table of worth packs better than this, or has more rows. */
const bestPacking = 1e4
const mostRows = 2 ** 30

/** The library's own, which allocate what a page claims, once that can be. */
const boundedCompressors: Compressors = Object.fromEntries(
  Object.entries(compressors).map(([name, unpack]) => [
    name,
    (input: Uint8Array, length: number) => {
      if (length > bestPacking * (input.length + 1)) throw new Error(`a page claims to unpack to ${length} bytes`)
      return unpack(input, length)
    },
  ]),
)

type Cells = ArrayLike<unknown>

const isNumber = (cell: unknown): boolean =>
  cell === null || cell === undefined || ["number", "bigint", "boolean"].includes(typeof cell)

const wordOf = (cell: unknown): string => {
  if (cell === null || cell === undefined) return ""
  if (cell instanceof Date) return cell.toISOString()
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell)
}

const valuesOf = (parts: readonly Cells[]): ParquetColumn["values"] => {
  const isNumeric = parts.every((part) => ArrayBuffer.isView(part) || Array.from(part).every(isNumber))
  if (!isNumeric) return parts.flatMap((part) => Array.from(part, wordOf))
  const values = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let row = 0
  for (const part of parts)
    for (let i = 0; i < part.length; i++) {
      const cell = part[i]
      values[row++] = cell === null || cell === undefined ? Number.NaN : Number(cell)
    }
  return values
}

const tableOf = async (buffer: AsyncBuffer): Promise<ParquetContents> => {
  const metadata = await parquetMetadataAsync(buffer)
  const rows = Number(metadata.num_rows)
  if (!(rows >= 0 && rows <= mostRows && rows <= bestPacking * buffer.byteLength)) {
    throw new Error(`it claims ${rows} rows in ${buffer.byteLength} bytes`)
  }
  const { children } = parquetSchema(metadata)
  const nested = children.find((child) => child.children.length > 0)
  if (nested !== undefined) throw new Error(`its column ${nested.element.name} holds lists or groups`)
  const names = children.map(({ element }) => element.name)
  if (new Set(names).size < names.length) throw new Error("two of its columns have one name")
  const scan = await parquetScan({ file: buffer, metadata, compressors: boundedCompressors })
  const columns: ParquetColumn[] = []
  for (const name of names) {
    const parts: Cells[] = []
    for (const range of scan.ranges) parts.push(await scan.readColumn({ ...range, column: name }))
    const values = valuesOf(parts)
    if (values.length !== rows) throw new Error(`its column ${name} has ${values.length} rows, not ${rows}`)
    columns.push({ name, values })
  }
  const notes = (metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ""] as const)
  return { columns, notes }
}

/** Reads a file as a whole, never beyond its end. Damaged files can make the library run without end. */
export const parquetContents = async (path: string): Promise<ParquetContents> => {
  const handle = await open(path, "r")
  try {
    const { size: byteLength } = await handle.stat()
    const slice = async (from: number, to = byteLength): Promise<ArrayBuffer> => {
      const [start, end] = [from, to].map((at) => (at < 0 ? byteLength + at : at))
      if (!(start >= 0 && start <= end && end <= byteLength)) {
        throw new Error(`the file ends at byte ${byteLength}, what it speaks of at byte ${end}`)
      }
      const bytes = new Uint8Array(end - start)
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done)
        if (bytesRead === 0) throw new Error(`the file ended at byte ${start + done} while it was read`)
        done += bytesRead
      }
      return bytes.buffer
    }
    return await tableOf({ byteLength, slice })
  } finally {
    await handle.close()
  }
}
