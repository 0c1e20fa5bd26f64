import { stat } from "node:fs/promises"
import { resolve } from "node:path"
import { Effect } from "effect"
import { parquetWriteBuffer } from "hyparquet-writer"
import { FileUnreadable } from "../twin/errors.ts"
import { readHeaderName } from "./csv.ts"
import { TableInvalid } from "./errors.ts"
import { libraryThread } from "./library-thread.ts"
import { reasonOf } from "./open-file.ts"
import type { ParquetContents } from "./parquet-contents.ts"
import type { ParquetRequest } from "./parquet-worker.ts"
import type { Table } from "./table.ts"

/** A table as a Parquet file; units are kept in its key-value metadata as `unit:<column>`. */
export const writeParquet = ({ columns }: Table): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map(({ name, values }) =>
        values instanceof Float64Array
          ? { name, data: values, type: "DOUBLE" as const }
          : { name, data: [...values], type: "STRING" as const },
      ),
      kvMetadata: columns
        .filter(({ unit }) => unit !== "")
        .map(({ name, unit }) => ({ key: `unit:${name}`, value: unit })),
    }),
  )

const mark = "unit:"
/** How long a table may take to be read [s]. */
const patience = 120

/** Name and unit of a column: as the file's notes say, or else as its name ends. */
const namesOf = (notes: ParquetContents["notes"]) => {
  const units = new Map(
    notes.filter(([key]) => key.startsWith(mark)).map(([key, unit]) => [key.slice(mark.length), unit]),
  )
  return (name: string) => (units.size > 0 ? { name, unit: units.get(name) ?? "" } : readHeaderName(name))
}

/** What a file holds as a table. */
export const tableOf = ({ columns, notes }: ParquetContents): Table => {
  const named = namesOf(notes)
  return {
    columns: columns
      .filter(({ name }) => !name.startsWith("__index_level_"))
      .map(({ name, values }) => ({ ...named(name), values })),
  }
}

/**
 * Reads a table of flat columns from a Parquet file, whoever wrote it. Units are those of `writeParquet`, or else the
 * endings of the columns' names, as in a CSV file (`Volume_m3`). Indices that pandas adds are left out. The library works
 * in a thread of its own, for a damaged file can make it run without end.
 * @param within how long that may take [s]
 */
export const readParquet = Effect.fn("readParquet")(function* (
  file: string,
  within: number = patience,
): Effect.fn.Return<Table, FileUnreadable | TableInvalid> {
  const facts = yield* Effect.tryPromise({
    try: () => stat(file),
    catch: (cause) => new FileUnreadable({ file, reason: reasonOf(cause) }),
  })
  if (!facts.isFile()) return yield* new FileUnreadable({ file, reason: "it is no file" })
  const expected = "a table in a readable Parquet file"
  const contents = yield* Effect.scoped(
    Effect.flatMap(
      libraryThread<ParquetRequest, TableInvalid>({
        entry: "parquet-worker",
        name: "the library of Parquet",
        patience: within,
        failure: (found) => new TableInvalid({ file, line: 0, column: "", expected, found }),
      }),
      (ask) => ask<ParquetContents>({ path: resolve(file) }),
    ),
  )
  return tableOf(contents)
})
