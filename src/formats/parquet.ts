import { parquetWriteBuffer } from "hyparquet-writer"
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
