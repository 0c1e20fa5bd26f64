import { readFile } from "node:fs/promises"
import { Effect, Schema } from "effect"
import { isCollection, isMap, isPair, isScalar, LineCounter, parseDocument } from "yaml"
import { FileUnreadable } from "./errors.ts"
import { type Place, Problem } from "./problem.ts"

type Path = readonly PropertyKey[]

/** Parsed text that still knows where each value stands. */
export interface Document {
  readonly file: string
  readonly data: unknown
  /** Place of a path, or of its nearest parent that is there. */
  readonly place: (path: Path) => Place
  readonly has: (path: Path) => boolean
}

/** A document with the text it was parsed from. */
export interface WrittenDocument extends Document {
  readonly text: string
}

/** Text that is no YAML at all. */
export class Malformed extends Schema.TaggedError<Malformed>()("Malformed", { problem: Problem }) {}

const failureReasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  EISDIR: "is a directory, not a file",
  ENOTDIR: "no such file",
}

/** Why a file could not be read. */
export const unreadable = (file: string, cause: unknown): FileUnreadable => {
  const { code = "", message = String(cause) } = cause as NodeJS.ErrnoException
  return new FileUnreadable({ file, reason: failureReasons[code] ?? message })
}

/** Text of a file. */
export const readText = (file: string): Effect.Effect<string, FileUnreadable> =>
  Effect.tryPromise({
    try: () => readFile(file, "utf8"),
    catch: (cause) => unreadable(file, cause),
  })

/** Parses YAML (or JSON), keeping positions. */
export const parseText = (file: string, text: string): Effect.Effect<WrittenDocument, Malformed> => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: "1.2" })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  const [error] = document.errors
  if (error !== undefined) {
    const problem = { ...placeAt(error.pos[0]), path: "", expected: "readable YAML", found: error.message }
    return Effect.fail(new Malformed({ problem }))
  }
  const offsetOf = (path: Path): number | undefined => {
    if (path.length === 0) return isCollection(document.contents) ? (document.contents.range?.[0] ?? 0) : 0
    const parent =
      document.getIn(path.slice(0, -1) as unknown[], true) ?? (path.length === 1 ? document.contents : undefined)
    const key = path.at(-1)
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      if (pair !== undefined && isScalar(pair.key)) return pair.key.range?.[0]
    }
    const node = isCollection(parent) ? parent.get(key, true) : undefined
    return node !== undefined && typeof node === "object" && node !== null && "range" in node
      ? (node.range as readonly number[] | undefined)?.[0]
      : undefined
  }
  const place = (path: Path): Place => {
    for (let length = path.length; length >= 0; length--) {
      const offset = offsetOf(path.slice(0, length))
      if (offset !== undefined) return placeAt(offset)
    }
    return { file }
  }
  return Effect.try({
    try: (): unknown => document.toJS({ maxAliasCount: 100 }),
    catch: (cause) =>
      new Malformed({
        problem: { file, path: "", expected: "YAML without runaway aliases", found: String(cause) },
      }),
  }).pipe(Effect.map((data) => ({ file, text, data, place, has: (path) => document.hasIn(path as unknown[]) })))
}

/** Reads and parses a file. */
export const readDocument = (file: string): Effect.Effect<WrittenDocument, FileUnreadable | Malformed> =>
  Effect.flatMap(readText(file), (text) => parseText(file, text))
