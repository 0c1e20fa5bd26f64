/** Values on the points or the cells of a grid; NaN where the field does not live. */
export interface GridField {
  readonly name: string
  /** SI; "" for none */
  readonly unit: string
  readonly components: number
  /** [point or cell, components] */
  readonly values: Float64Array | Int32Array
}

/** An unstructured grid of one kind of cell. */
export interface Grid {
  readonly dimension: 2 | 3
  /** [point, dimension] [m] */
  readonly points: Float64Array
  readonly cell: "line" | "triangle" | "tetrahedron"
  /** [cell, corners] */
  readonly cellToPoint: Int32Array
  readonly pointData: readonly GridField[]
  readonly cellData: readonly GridField[]
}

const corners = { line: 2, triangle: 3, tetrahedron: 4 } as const
/** Numbers of VTK for kinds of cells. */
const cellTypes = { line: 3, triangle: 5, tetrahedron: 10 } as const

type Values = Float64Array | Int32Array | Uint8Array

const typeName = (values: Values): string =>
  values instanceof Float64Array ? "Float64" : values instanceof Int32Array ? "Int32" : "UInt8"

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

/** Base64 of the byte count (64 bits) and the bytes, as VTK wants them for uncompressed inline data. */
const binary = (values: Values): string => {
  const bytes = Buffer.alloc(8 + values.byteLength)
  bytes.writeBigUInt64LE(BigInt(values.byteLength), 0)
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 8)
  return bytes.toString("base64")
}

const dataArray = (name: string, values: Values, components: number, unit: string): string => {
  const key =
    unit === "" ? "" : `<InformationKey name="UNITS_LABEL" location="vtkDataArray">${escaped(unit)}</InformationKey>`
  return (
    `<DataArray type="${typeName(values)}" Name="${escaped(name)}" NumberOfComponents="${components}" ` +
    `format="binary">${key}${binary(values)}</DataArray>\n`
  )
}

const fieldArrays = (fields: readonly GridField[]): string =>
  fields.map(({ name, values, components, unit }) => dataArray(name, values, components, unit)).join("")

/** Points of VTK have three coordinates. */
const spatial = ({ dimension, points }: Grid): Float64Array => {
  if (dimension === 3) return points
  const lifted = new Float64Array((points.length / 2) * 3)
  for (let point = 0; point < points.length / 2; point++) {
    lifted[3 * point] = points[2 * point]
    lifted[3 * point + 1] = points[2 * point + 1]
  }
  return lifted
}

/**
 * A grid with its fields as VTK XML (`.vtu`), binary, bit for bit.
 * @param time of the state [s]
 */
export const writeVtu = (grid: Grid, time: number): string => {
  const count = grid.cellToPoint.length / corners[grid.cell]
  const offsets = Int32Array.from({ length: count }, (_, cell) => (cell + 1) * corners[grid.cell])
  const types = new Uint8Array(count).fill(cellTypes[grid.cell])
  return (
    `<?xml version="1.0"?>\n` +
    `<VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">\n` +
    `<UnstructuredGrid>\n<FieldData>\n` +
    `<DataArray type="Float64" Name="TimeValue" NumberOfTuples="1" format="binary">${binary(Float64Array.of(time))}</DataArray>\n` +
    `</FieldData>\n<Piece NumberOfPoints="${grid.points.length / grid.dimension}" NumberOfCells="${count}">\n` +
    `<PointData>\n${fieldArrays(grid.pointData)}</PointData>\n<CellData>\n${fieldArrays(grid.cellData)}</CellData>\n` +
    `<Points>\n${dataArray("Points", spatial(grid), 3, "m")}</Points>\n` +
    `<Cells>\n${dataArray("connectivity", grid.cellToPoint, 1, "")}${dataArray("offsets", offsets, 1, "")}` +
    `${dataArray("types", types, 1, "")}</Cells>\n</Piece>\n</UnstructuredGrid>\n</VTKFile>\n`
  )
}

const unescaped = (text: string): string =>
  text.replaceAll("&quot;", '"').replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&amp;", "&")

const attribute = (tag: string, name: string): string =>
  unescaped(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "")

const decoded = (type: string, base64: string): Values => {
  const bytes = Buffer.from(base64, "base64")
  const own = Uint8Array.from(bytes.subarray(8)).buffer
  return type === "Float64" ? new Float64Array(own) : type === "Int32" ? new Int32Array(own) : new Uint8Array(own)
}

const arraysIn = (text: string, section: string): readonly (GridField & { readonly type: string })[] => {
  const body = new RegExp(`<${section}>([\\s\\S]*?)</${section}>`).exec(text)?.[1] ?? ""
  const pattern = /(<DataArray [^>]*>)(?:<InformationKey [^>]*>([^<]*)<\/InformationKey>)?([^<]*)<\/DataArray>/g
  return Array.from(body.matchAll(pattern), ([, tag, unit = "", data]) => ({
    name: attribute(tag, "Name"),
    unit: unescaped(unit),
    components: Number(attribute(tag, "NumberOfComponents") || 1),
    type: attribute(tag, "type"),
    values: decoded(attribute(tag, "type"), data) as Float64Array | Int32Array,
  }))
}

/** Reads a file that `writeVtu` wrote; undefined where the text is none or was cut off. */
export const readVtu = (text: string): { readonly grid: Grid; readonly time: number } | undefined => {
  if (!text.startsWith("<?xml") || !text.trimEnd().endsWith("</VTKFile>")) return undefined
  const [points] = arraysIn(text, "Points")
  const [connectivity, , types] = arraysIn(text, "Cells")
  const [time] = arraysIn(text, "FieldData")
  const kind = (types?.values as unknown as Uint8Array | undefined)?.[0]
  const cell = (Object.keys(cellTypes) as (keyof typeof cellTypes)[]).find((name) => cellTypes[name] === kind)
  if (points === undefined || connectivity === undefined || time === undefined || cell === undefined) return undefined
  const fields = (section: string): GridField[] =>
    arraysIn(text, section).map(({ name, unit, components, values }) => ({ name, unit, components, values }))
  return {
    grid: {
      dimension: 3,
      points: points.values as Float64Array,
      cell,
      cellToPoint: connectivity.values as Int32Array,
      pointData: fields("PointData"),
      cellData: fields("CellData"),
    },
    time: time.values[0],
  }
}

/** One file of a series: several parts may share a time. */
export interface SeriesEntry {
  /** [s] */
  readonly time: number
  readonly part: number
  /** Seen from the series' own file */
  readonly file: string
  /** What the moment is */
  readonly label: string
}

/** A series of grids over time for ParaView (`.pvd`). */
export const writePvd = (entries: readonly SeriesEntry[]): string =>
  `<?xml version="1.0"?>\n<VTKFile type="Collection" version="0.1" byte_order="LittleEndian">\n<Collection>\n${entries
    .map(
      ({ time, part, file, label }) =>
        `<DataSet timestep="${time}" part="${part}" file="${escaped(file)}" name="${escaped(label)}"/>\n`,
    )
    .join("")}</Collection>\n</VTKFile>\n`

/** Reads a series that `writePvd` wrote. */
export const readPvd = (text: string): readonly SeriesEntry[] =>
  Array.from(text.matchAll(/<DataSet [^>]*>/g), ([tag]) => ({
    time: Number(attribute(tag, "timestep")),
    part: Number(attribute(tag, "part")),
    file: attribute(tag, "file"),
    label: attribute(tag, "name"),
  }))
