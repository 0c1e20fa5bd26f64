import { existsSync, readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import type { ValidationCase } from "../../validation/case.ts"

const root = fileURLToPath(new URL("../../validation/", import.meta.url))
const folders = ["analytic", "published"].flatMap((kind) =>
  existsSync(root + kind)
    ? readdirSync(root + kind, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => `${kind}/${name}`)
    : [],
)
const cases = await Promise.all(
  folders.map(async (folder) => {
    const module = (await import(`${root}${folder}/case.ts`)) as { readonly validationCase: ValidationCase }
    return { folder, validationCase: module.validationCase }
  }),
)

describe("validation cases", () => {
  it.each(cases)("$folder bears the name of its folder and states its problem", ({ folder, validationCase }) => {
    expect(validationCase.name).toBe(folder)
    expect(validationCase.reference).not.toBe("")
    expect(existsSync(`${root}${folder}/README.md`)).toBe(true)
  })

  it.each(cases.filter(({ validationCase }) => validationCase.tier === "fast"))(
    "$folder holds",
    async (each) => {
      const results = await each.validationCase.run()
      expect(results.length).toBeGreaterThan(0)
      const failures = results
        .filter(({ passed, finding }) => !passed && finding === undefined)
        .map(({ quantity, expected, found }) => `${quantity}: expected ${expected}, found ${found}`)
      expect(failures).toEqual([])
    },
    300_000,
  )
})
