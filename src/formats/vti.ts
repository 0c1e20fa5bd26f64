import { Effect } from "effect"
import type { Grid } from "../image/volume.ts"
import type { TomogramUnwritable } from "./tomogram-errors.ts"
import { assertPromised, littleEndianBytes, planeSlabs, type VolumeToWrite } from "./volume-to-write.ts"
import { type VoxelType, voxelBytes } from "./voxel-type.ts"
import { slabBytes, writeInPieces } from "./written-file.ts"

/** A value a voxel. */
export interface VoxelField<E = never> extends Pick<VolumeToWrite<E>, "voxelType" | "read"> {
  readonly name: string
  /** SI; "" for none */
  readonly unit: string
}

const typeNames: Readonly<Record<VoxelType, string>> = {
  uint8: "UInt8",
  int8: "Int8",
  uint16: "UInt16",
  int16: "Int16",
  uint32: "UInt32",
  int32: "Int32",
  float32: "Float32",
  float64: "Float64",
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

/**
 * Writes fields of one grid as VTK image data (`.vti`) for ParaView, a value a cell, raw behind the text, a slab of
 * planes at a time. The volume's corner is the origin, in metres.
 * @source VTK File Formats, https://docs.vtk.org/en/latest/vtk_file_formats/vtkxml_file_format.html, "appended data"
 */
export const writeVti = Effect.fn("writeVti")(function* <E>(
  file: string,
  grid: Grid,
  fields: readonly VoxelField<E>[],
): Effect.fn.Return<void, E | TomogramUnwritable> {
  const { shape, spacing } = grid
  const extent = shape.map((edge) => `0 ${edge}`).join(" ")
  const count = shape[0] * shape[1] * shape[2]
  const sizes = fields.map(({ voxelType }) => count * voxelBytes(voxelType))
  const offsets = sizes.map((_, k) => sizes.slice(0, k).reduce((sum, size) => sum + 8 + size, 0))
  const arrays = fields.map(({ name, unit, voxelType }, k) => {
    const key =
      unit === "" ? "" : `<InformationKey name="UNITS_LABEL" location="vtkDataArray">${escaped(unit)}</InformationKey>`
    return (
      `<DataArray type="${typeNames[voxelType]}" Name="${escaped(name)}" NumberOfComponents="1" ` +
      `format="appended" offset="${offsets[k]}">${key}</DataArray>\n`
    )
  })
  const head =
    `<?xml version="1.0"?>\n<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" header_type="UInt64">\n` +
    `<ImageData WholeExtent="${extent}" Origin="0 0 0" Spacing="${spacing.join(" ")}">\n` +
    `<Piece Extent="${extent}">\n<CellData>\n${arrays.join("")}</CellData>\n</Piece>\n</ImageData>\n` +
    `<AppendedData encoding="raw">\n_`
  const text = new TextEncoder()
  yield* writeInPieces<E | TomogramUnwritable>(
    file,
    Effect.fnUntraced(function* (append) {
      yield* append(text.encode(head))
      for (const [k, field] of fields.entries()) {
        const length = new DataView(new ArrayBuffer(8))
        length.setBigUint64(0, BigInt(sizes[k]), true)
        yield* append(new Uint8Array(length.buffer))
        for (const slab of planeSlabs(grid, shape[0] * shape[1] * voxelBytes(field.voxelType), slabBytes)) {
          const values = yield* field.read(slab)
          assertPromised(field, slab, values)
          yield* append(littleEndianBytes(values))
        }
      }
      yield* append(text.encode("\n</AppendedData>\n</VTKFile>\n"))
    }),
  )
})
