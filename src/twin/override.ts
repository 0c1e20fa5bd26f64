import { Effect } from "effect"
import { parseDocument } from "yaml"
import type { Document } from "./document.ts"
import { isMapping } from "./layers.ts"
import { type Problem, pathText } from "./problem.ts"

/** One `--set path=value`. */
export interface Setting {
  readonly path: readonly (string | number)[]
  readonly value: unknown
  /** As typed */
  readonly text: string
}

const optionName = (text: string): string => `--set ${text}`

/** Reads `materials.active.density=4.7 g/cm^3`; the value is YAML, so numbers, lists and mappings may be given. */
export const readSetting = (text: string): Effect.Effect<Setting, Problem> => {
  const wrong = (expected: string): Problem => ({
    file: optionName(text),
    path: "",
    expected,
    found: JSON.stringify(text),
  })
  const split = text.indexOf("=")
  if (split <= 0) return Effect.fail(wrong("path=value, such as materials.active.diffusivity.value=1e-14 m^2/s"))
  const keys = text.slice(0, split).trim()
  if (!/^[\w-]+(?:\.[\w -]+|\[\d+\])*$/.test(keys)) {
    return Effect.fail(wrong("a path of keys joined by dots before the =, such as geometry.layout.particles[0].radius"))
  }
  const path = keys
    .split(/[.[]/)
    .map((key) => (key.endsWith("]") ? Number(key.slice(0, -1)) : /^\d+$/.test(key) ? Number(key) : key))
  const document = parseDocument(text.slice(split + 1), { prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) return Effect.fail(wrong(`a readable value after the = (${error.message})`))
  return Effect.succeed({ path, value: document.toJS({ maxAliasCount: 0 }) as unknown, text })
}

/** A number given a new value loses the source of its old one; another law loses the parameters of the old one. */
const replaced = (old: unknown, path: Setting["path"], value: unknown): unknown => {
  const [key, ...rest] = path
  if (key === undefined) {
    const isSourced = isMapping(old) && "value" in old && !("law" in old) && !isMapping(value)
    return isSourced ? { value, source: "set on the command line" } : value
  }
  if (Array.isArray(old)) return old.with(Number(key), replaced(old[Number(key)], rest, value))
  const mapping = isMapping(old) ? old : {}
  if (key === "law" && rest.length === 0 && mapping.law !== value) return { law: value }
  return { ...mapping, [key]: replaced(mapping[key], rest, value) }
}

/** Where a path cannot go on: a value that has no keys, or an item that is not in its list. */
const dead = (data: unknown, path: Setting["path"]): Omit<Problem, "file"> | undefined => {
  let here = data
  for (const [depth, key] of path.entries()) {
    const before = pathText(path.slice(0, depth))
    if (Array.isArray(here)) {
      if (typeof key !== "number" || key >= here.length) {
        return { path: before, expected: `an item from 0 to ${here.length - 1}`, found: String(key) }
      }
      here = here[key]
    } else if (isMapping(here)) here = here[key]
    else if (here === undefined) return undefined
    else return { path: before, expected: `a mapping that has "${key}"`, found: JSON.stringify(here) }
  }
  return undefined
}

/** The document with values given on the command line; a path that was set is placed at its option. */
export const overridden = (document: Document, settings: readonly Setting[]): Effect.Effect<Document, Problem> => {
  let { data } = document
  for (const { path, value, text } of settings) {
    const fault = dead(data, path)
    if (fault !== undefined) return Effect.fail({ file: optionName(text), ...fault })
    data = replaced(data, path, value)
  }
  const covers = (setting: Setting, path: readonly PropertyKey[]): boolean =>
    path.length >= setting.path.length && setting.path.every((key, depth) => key === path[depth])
  const leadsThrough = (setting: Setting, path: readonly PropertyKey[]): boolean =>
    path.length > 0 && path.every((key, depth) => key === setting.path[depth])
  return Effect.succeed({
    file: document.file,
    data,
    has: (path) => settings.some((setting) => covers(setting, path)) || document.has(path),
    place: (path) => {
      const setting =
        settings.findLast((candidate) => covers(candidate, path)) ??
        settings.findLast((candidate) => !document.has(path) && leadsThrough(candidate, path))
      return setting === undefined ? document.place(path) : { file: optionName(setting.text) }
    },
  })
}
