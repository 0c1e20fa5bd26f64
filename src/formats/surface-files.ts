import { Effect } from "effect"
import { assertIndices, assertLength, assertStride } from "../array/assert.ts"
import type { SurfaceMesh } from "../image/surface-mesh.ts"
import type { TomogramUnwritable } from "./tomogram-errors.ts"
import { writeInPieces } from "./written-file.ts"

/** A value on the vertices or triangles of a surface. */
export interface SurfaceField {
  /** A word */
  readonly name: string
  /** SI; "" for none */
  readonly unit: string
  readonly on: "vertex" | "triangle"
  /** [vertex or triangle] */
  readonly values: Float64Array | Float32Array | Int32Array | Uint8Array
}

/** Triangles or vertices that are turned into bytes at once. */
const together = 2 ** 16

const pieces = (count: number): readonly (readonly [number, number])[] =>
  Array.from({ length: Math.ceil(count / together) }, (_, k) => [k * together, Math.min(count, (k + 1) * together)])

const assertMesh = ({ vertices, triangles }: SurfaceMesh): void => {
  assertStride("vertices", vertices, 3)
  assertStride("triangles", triangles, 3)
  assertIndices("triangles", triangles, vertices.length / 3)
}

const stlHead = 80
const stlTriangle = 50

/** Triangles from one to another: normal, corners, an empty word. */
const stlPiece = ({ vertices, triangles }: SurfaceMesh, from: number, to: number): Uint8Array => {
  const out = new Uint8Array((to - from) * stlTriangle)
  const view = new DataView(out.buffer)
  for (let t = from; t < to; t++) {
    const at = (t - from) * stlTriangle
    const [a, b, c] = [3 * triangles[3 * t], 3 * triangles[3 * t + 1], 3 * triangles[3 * t + 2]]
    const [ux, uy, uz] = [
      vertices[b] - vertices[a],
      vertices[b + 1] - vertices[a + 1],
      vertices[b + 2] - vertices[a + 2],
    ]
    const [vx, vy, vz] = [
      vertices[c] - vertices[a],
      vertices[c + 1] - vertices[a + 1],
      vertices[c + 2] - vertices[a + 2],
    ]
    const normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx]
    const length = Math.hypot(...normal)
    for (let k = 0; k < 3; k++) {
      view.setFloat32(at + 4 * k, length > 0 ? normal[k] / length : 0, true)
      view.setFloat32(at + 12 + 4 * k, vertices[a + k], true)
      view.setFloat32(at + 24 + 4 * k, vertices[b + k], true)
      view.setFloat32(at + 36 + 4 * k, vertices[c + k], true)
    }
  }
  return out
}

/**
 * Writes a surface as binary STL. The format has no unit and single precision: coordinates are in metres, as the first
 * bytes of the file say.
 * @source Marshall Burns (1993), "Automated Fabrication", §6.5, the STL format
 */
export const writeStl = Effect.fn("writeStl")(function* (
  file: string,
  mesh: SurfaceMesh,
): Effect.fn.Return<void, TomogramUnwritable> {
  assertMesh(mesh)
  const count = mesh.triangles.length / 3
  const head = new Uint8Array(stlHead + 4)
  head.set(new TextEncoder().encode("binary STL, coordinates in metres"))
  new DataView(head.buffer).setUint32(stlHead, count, true)
  yield* writeInPieces(file, (append) =>
    Effect.andThen(
      append(head),
      Effect.forEach(pieces(count), ([from, to]) => append(stlPiece(mesh, from, to)), { discard: true }),
    ),
  )
})

interface PlyKind {
  readonly name: string
  readonly bytes: number
  readonly put: (view: DataView, at: number, value: number) => void
}

const double: PlyKind = { name: "double", bytes: 8, put: (view, at, value) => view.setFloat64(at, value, true) }
const single: PlyKind = { name: "float", bytes: 4, put: (view, at, value) => view.setFloat32(at, value, true) }
const whole: PlyKind = { name: "int", bytes: 4, put: (view, at, value) => view.setInt32(at, value, true) }
const byte: PlyKind = { name: "uchar", bytes: 1, put: (view, at, value) => view.setUint8(at, value) }

const kindOf = (values: SurfaceField["values"]): PlyKind =>
  values instanceof Float64Array
    ? double
    : values instanceof Float32Array
      ? single
      : values instanceof Int32Array
        ? whole
        : byte

const plyHeader = ({ vertices, triangles }: SurfaceMesh, fields: readonly SurfaceField[]): string => {
  const properties = (on: SurfaceField["on"]): string[] =>
    fields.filter((field) => field.on === on).map(({ name, values }) => `property ${kindOf(values).name} ${name}`)
  const units = fields.filter(({ unit }) => unit !== "").map(({ name, unit }) => `comment unit of ${name}: ${unit}`)
  return [
    "ply",
    "format binary_little_endian 1.0",
    "comment unit of x, y, z: m",
    ...units,
    `element vertex ${vertices.length / 3}`,
    ...["x", "y", "z"].map((axis) => `property double ${axis}`),
    ...properties("vertex"),
    `element face ${triangles.length / 3}`,
    "property list uchar int vertex_indices",
    ...properties("triangle"),
    "end_header\n",
  ].join("\n")
}

/** Rows of one kind of element: what each begins with, and the fields on it. */
const plyPiece = (
  [from, to]: readonly [number, number],
  headBytes: number,
  putHead: (view: DataView, at: number, row: number) => void,
  fields: readonly SurfaceField[],
): Uint8Array => {
  const kinds = fields.map(({ values }) => kindOf(values))
  const stride = kinds.reduce((sum, { bytes }) => sum + bytes, headBytes)
  const out = new Uint8Array((to - from) * stride)
  const view = new DataView(out.buffer)
  for (let row = from; row < to; row++) {
    let at = (row - from) * stride
    putHead(view, at, row)
    at += headBytes
    for (const [k, { bytes, put }] of kinds.entries()) {
      put(view, at, fields[k].values[row])
      at += bytes
    }
  }
  return out
}

/**
 * Writes a surface as binary PLY, double precision in metres, with values on its vertices or triangles; their units are
 * comments of the header.
 * @throws where a field has no word for a name or not one value each
 * @source Greg Turk (1994), "The PLY polygon file format", Stanford University
 */
export const writePly = Effect.fn("writePly")(function* (
  file: string,
  mesh: SurfaceMesh,
  fields: readonly SurfaceField[] = [],
): Effect.fn.Return<void, TomogramUnwritable> {
  assertMesh(mesh)
  const { vertices, triangles } = mesh
  for (const { name, values, on } of fields) {
    if (!/^\w+$/.test(name)) throw new RangeError(`"${name}" is no word that PLY can use as a name`)
    assertLength(name, values, (on === "vertex" ? vertices : triangles).length / 3)
  }
  const fieldsOn = (on: SurfaceField["on"]) => fields.filter((field) => field.on === on)
  const putVertex = (view: DataView, at: number, row: number): void => {
    for (let k = 0; k < 3; k++) view.setFloat64(at + 8 * k, vertices[3 * row + k], true)
  }
  const putTriangle = (view: DataView, at: number, row: number): void => {
    view.setUint8(at, 3)
    for (let k = 0; k < 3; k++) view.setInt32(at + 1 + 4 * k, triangles[3 * row + k], true)
  }
  yield* writeInPieces(
    file,
    Effect.fnUntraced(function* (append) {
      yield* append(new TextEncoder().encode(plyHeader(mesh, fields)))
      for (const piece of pieces(vertices.length / 3)) {
        yield* append(plyPiece(piece, 24, putVertex, fieldsOn("vertex")))
      }
      for (const piece of pieces(triangles.length / 3)) {
        yield* append(plyPiece(piece, 13, putTriangle, fieldsOn("triangle")))
      }
    }),
  )
})
