import type { Document } from "./document.ts"

type Mapping = Readonly<Record<string, unknown>>

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Mappings that are replaced as a whole: another law, another kind of geometry, a quantity with its source. */
const isWhole = (under: Mapping, over: Mapping): boolean =>
  "law" in under || "law" in over ? "law" in over && over.law !== under.law : "value" in over || "value" in under

/** `over` laid upon `under`: mappings merge key by key, everything else is replaced. */
export const merged = (under: unknown, over: unknown): unknown => {
  if (!isMapping(under) || !isMapping(over) || isWhole(under, over)) return over
  const result: Record<string, unknown> = { ...under }
  for (const [key, value] of Object.entries(over)) {
    result[key] = key in under && key !== "geometry" ? merged(under[key], value) : value
  }
  return result
}

/** Documents laid upon each other; the last one wins, and a path is placed in the one that set it. */
export const layered = (layers: readonly Document[]): Document => {
  const top = layers.at(-1)
  if (top === undefined) throw new Error("no document to layer")
  const has: Document["has"] = (path) => layers.some((layer) => layer.has(path))
  const place: Document["place"] = (path) => {
    for (let length = path.length; length > 0; length--) {
      const known = path.slice(0, length)
      const layer = layers.findLast((candidate) => candidate.has(known))
      if (layer !== undefined) return layer.place(path)
    }
    return top.place(path)
  }
  return { file: top.file, data: layers.map(({ data }) => data).reduce(merged), place, has }
}
