import { parquetMetadata, parquetReadObjects } from "hyparquet"
import { describe, expect, it } from "vitest"
import { writeParquet } from "../../src/formats/parquet.ts"

describe("Parquet", () => {
  it("reads back with another library, units in the metadata", async () => {
    const bytes = writeParquet({
      columns: [
        { name: "Volume", unit: "m^3", values: Float64Array.of(1e-16, 2.5e-16, Number.NaN) },
        { name: "kind", unit: "", values: ["a", "b", "c"] },
      ],
    })
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    const rows = await parquetReadObjects({ file })
    expect(rows).toEqual([
      { Volume: 1e-16, kind: "a" },
      { Volume: 2.5e-16, kind: "b" },
      { Volume: Number.NaN, kind: "c" },
    ])
    expect(parquetMetadata(file).key_value_metadata).toContainEqual({ key: "unit:Volume", value: "m^3" })
  })
})
