import { type Attribute, Dataset, File, Group, type Metadata, ready } from "h5wasm/node"
import { answerQuestions } from "./thread-answers.ts"

/** What a dataset is, without its values. */
export interface Hdf5Dataset {
  /** From the root: `/entry/data/data` */
  readonly path: string
  readonly shape: readonly number[]
  readonly metadata: Pick<Metadata, "type" | "size" | "signed" | "chunks" | "vlen" | "enum_type">
  /** Files that its values lie in, where that is not this one */
  readonly elsewhere: readonly string[]
}

/** Numbers or words as they are written somewhere near a dataset. */
export interface Hdf5Note {
  /** `/entry/data@signal` for an attribute, `/entry/sample/x_pixel_size` for a dataset */
  readonly place: string
  readonly name: string
  readonly value: readonly number[] | readonly string[]
  /** Of a dataset, "" where it has none */
  readonly units: string
}

/** Ends of a list of coordinates along an axis. */
export interface Hdf5Axis {
  readonly first: number
  readonly last: number
  readonly count: number
  /** Whether they lie equally far apart, to one in a thousand */
  readonly uniform: boolean
  readonly units: string
}

/** What is asked of the thread that has the file open. */
export type Hdf5Request =
  | { readonly kind: "open"; readonly path: string }
  | { readonly kind: "notes"; readonly groups: readonly string[] }
  | { readonly kind: "axis"; readonly path: string }
  | { readonly kind: "read"; readonly path: string; readonly ranges: readonly (readonly [number, number])[] }

/** No file of worth has more objects, or deeper ones. */
const mostObjects = 10_000
const deepest = 24
/** Longest list of numbers that is a note, and of coordinates that is read. */
const longestNote = 16
const longestAxis = 1e6

const module = await ready
// Without it the library writes its errors to the terminal.
module.activate_throwing_error_handler()
let open: File | undefined

const numbersIn = (value: unknown): readonly number[] | readonly string[] | undefined => {
  if (typeof value === "string") return [value]
  if (typeof value === "number" || typeof value === "bigint") return [Number(value)]
  if (ArrayBuffer.isView(value) && "length" in value) return Array.from(value as unknown as ArrayLike<number>, Number)
  if (Array.isArray(value)) return value.every((item) => typeof item === "string") ? value : undefined
  return undefined
}

const isShort = (shape: readonly number[] | null): boolean =>
  shape !== null && shape.reduce((product, edge) => product * edge, 1) <= longestNote

const attributeValue = (attribute: Attribute | undefined): readonly number[] | readonly string[] | undefined =>
  attribute !== undefined && isShort(attribute.shape) ? numbersIn(attribute.value) : undefined

const unitsOf = ({ attrs }: Dataset): string => String(attributeValue(attrs.units ?? attrs.unit)?.[0] ?? "")

const datasetsBelow = (root: Group): readonly Hdf5Dataset[] => {
  const found: Hdf5Dataset[] = []
  let visited = 0
  const walk = (group: Group, path: string, depth: number): void => {
    for (const name of group.keys()) {
      if (++visited > mostObjects) throw new Error(`it has more than ${mostObjects} objects`)
      const child = group.get(name)
      if (child instanceof Dataset) {
        const { type, size, signed, chunks, vlen, enum_type, virtual_sources = [] } = child.metadata
        const metadata = { type, size, signed, chunks, vlen, ...(enum_type === undefined ? {} : { enum_type }) }
        const elsewhere = virtual_sources.map(({ file_name }) => file_name)
        found.push({ path: `${path}/${name}`, shape: child.shape ?? [], metadata, elsewhere })
      } else if (child instanceof Group && depth < deepest) walk(child, `${path}/${name}`, depth + 1)
    }
  }
  walk(root, "", 0)
  return found
}

const notesOf = (file: File, path: string): readonly Hdf5Note[] => {
  const object = path === "" ? file : file.get(path)
  if (!(object instanceof Group || object instanceof Dataset)) return []
  const notes: Hdf5Note[] = []
  for (const [name, attribute] of Object.entries(object.attrs)) {
    const value = attributeValue(attribute)
    if (value !== undefined) notes.push({ place: `${path}@${name}`, name, value, units: "" })
  }
  if (object instanceof Dataset) return notes
  for (const name of object.keys()) {
    const child = object.get(name)
    if (!(child instanceof Dataset) || !isShort(child.shape)) continue
    const value = numbersIn(child.value)
    if (value !== undefined) notes.push({ place: `${path}/${name}`, name, value, units: unitsOf(child) })
  }
  return notes
}

const axisOf = (file: File, path: string): Hdf5Axis | undefined => {
  const child = file.get(path)
  if (!(child instanceof Dataset) || child.shape?.length !== 1 || child.shape[0] > longestAxis) return undefined
  const values = numbersIn(child.value)
  if (values === undefined || values.length < 2 || typeof values[0] === "string") return undefined
  const places = values as readonly number[]
  const [first, last, count] = [places[0], places[places.length - 1], places.length]
  const step = (last - first) / (count - 1)
  const uniform = places.every((place, k) => Math.abs(place - first - k * step) <= 1e-3 * Math.abs(step))
  return { first, last, count, uniform, units: unitsOf(child) }
}

const answer = (request: Hdf5Request): unknown => {
  if (request.kind === "open") {
    open = new File(request.path, "r")
    return datasetsBelow(open)
  }
  if (open === undefined) throw new Error("no file is open")
  const file = open
  if (request.kind === "notes") return request.groups.flatMap((group) => notesOf(file, group))
  if (request.kind === "axis") return axisOf(file, request.path)
  const dataset = file.get(request.path)
  if (!(dataset instanceof Dataset)) throw new Error(`${request.path} is gone`)
  return dataset.slice(request.ranges.map(([from, to]) => [from, to]))
}

/** The innermost of the library's messages, which is the cause of the others. */
const reasonIn = (cause: unknown): string => {
  const message = cause instanceof Error ? cause.message : String(cause)
  const lines = message.split("\n").filter((line) => /^\s*#\d+: /.test(line))
  return lines.at(-1)?.replace(/^.* in (H5\w+)\(\): /, "") ?? message.split("\n")[0]
}

answerQuestions(answer, reasonIn)
