import { Schema } from "effect"

type Json = { readonly [key: string]: unknown }

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** The same schema with nothing required, but what tells laws and kinds apart. */
const relaxed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(relaxed)
  if (!isObject(schema)) return schema
  const { required, ...rest } = schema
  const kept = Array.isArray(required)
    ? required.filter((key) => key === "law" || key === "kind" || key === "value")
    : []
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, relaxed(value)]))
  return kept.length === 0 ? inner : { ...inner, required: kept }
}

const documentOf = (schema: Schema.Constraint): { readonly root: Json; readonly definitions: Json } => {
  const { schema: root, definitions } = Schema.toJsonSchemaDocument(schema, { onExcessProperty: "error" })
  return { root: root as Json, definitions: definitions as Json }
}

const dialect = "https://json-schema.org/draft/2020-12/schema"

/** JSON Schema of a kind of file, for editors that complete and check. */
export const fileSchema = (schema: Schema.Constraint): Json => {
  const { root, definitions } = documentOf(schema)
  return { $schema: dialect, ...root, $defs: definitions }
}

/**
 * JSON Schema of a kind of file that may extend another one: such a file states what differs, so that nothing is
 * required of it.
 */
export const extensibleFileSchema = (schema: Schema.Constraint): Json => {
  const { root, definitions } = documentOf(schema)
  const { properties, title, ...rest } = root
  const base = { type: "string", description: "A file of this kind that this one builds on; seen from its folder" }
  const whole = { ...rest, properties: { ...(properties as Json), extends: base } }
  return {
    $schema: dialect,
    title,
    anyOf: [
      { ...whole, properties: { ...(properties as Json) } },
      { ...(relaxed(whole) as Json), required: ["extends"] },
    ],
    $defs: definitions,
  }
}
