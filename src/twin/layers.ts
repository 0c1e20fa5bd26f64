import type { Document } from "./document.ts"

type Mapping = Readonly<Record<string, unknown>>

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Keys by which a mapping says what it is: another law or another kind of geometry takes nothing from the old one. */
const tells = ["law", "kind"]

/** Mappings that are replaced as a whole, quantities with their source among them. */
const isWhole = (under: Mapping, over: Mapping): boolean => {
  const key = tells.find((name) => name in under || name in over)
  if (key !== undefined) return key in over && over[key] !== under[key]
  return "value" in over || "value" in under
}

/** `over` laid upon `under`: mappings merge key by key, everything else is replaced. */
export const merged = (under: unknown, over: unknown): unknown => {
  if (!isMapping(under) || !isMapping(over) || isWhole(under, over)) return over
  const result: Record<string, unknown> = { ...under }
  for (const [key, value] of Object.entries(over)) result[key] = key in under ? merged(under[key], value) : value
  return result
}

interface Owner {
  readonly layer: Document
  readonly value: unknown
}

/** Of values laid upon each other, those that still show through. */
const showing = (owners: readonly Owner[]): readonly Owner[] => {
  let kept: Owner[] = []
  for (const owner of owners) {
    const under = kept.map(({ value }) => value).reduce(merged, {})
    if (!isMapping(under) || !isMapping(owner.value) || isWhole(under, owner.value)) kept = []
    kept.push(owner)
  }
  return kept
}

/** Documents laid upon each other; the last one wins, and a path is placed in the one that set it. */
export const layered = (layers: readonly Document[]): Document => {
  const top = layers.at(-1)
  if (top === undefined) throw new Error("no document to layer")
  const ownersOf = (path: readonly PropertyKey[]): { readonly owners: readonly Owner[]; readonly found: boolean } => {
    let owners: readonly Owner[] = layers.map((layer) => ({ layer, value: layer.data }))
    for (const key of path) {
      const next = owners.flatMap(({ layer, value }) => {
        const holds = typeof value === "object" && value !== null && Object.hasOwn(value, key)
        return holds ? [{ layer, value: (value as Record<PropertyKey, unknown>)[key] }] : []
      })
      if (next.length === 0) return { owners, found: false }
      owners = showing(next)
    }
    return { owners, found: true }
  }
  return {
    file: top.file,
    data: layers.map(({ data }) => data).reduce(merged),
    place: (path) => (ownersOf(path).owners.at(-1)?.layer ?? top).place(path),
    has: (path) => ownersOf(path).found,
  }
}
