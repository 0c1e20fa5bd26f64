import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { extensibleFileSchema, fileSchema } from "../../src/twin/json-schema.ts"
import { Scenario } from "../../src/twin/scenario/schema.ts"
import { Sweep } from "../../src/twin/sweep/schema.ts"
import { Twin } from "../../src/twin/twin.ts"

const published = {
  "scenarios/scenario.schema.json": fileSchema(Scenario),
  "scenarios/sweep.schema.json": fileSchema(Sweep),
  "twins/twin.schema.json": extensibleFileSchema(Twin),
}

/** `SCHEMAS=write npx vitest run test/twin/published-schema.test.ts` writes the files anew. */
const writes = process.env.SCHEMAS === "write"

describe("the published JSON Schemas", () => {
  it.each(Object.entries(published))("%s is up to date", (path, schema) => {
    const file = fileURLToPath(new URL(`../../${path}`, import.meta.url))
    if (writes) writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`)
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(schema)))
  })
})
