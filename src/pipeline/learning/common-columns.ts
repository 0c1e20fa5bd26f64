import { basename } from "node:path"
import { Effect } from "effect"
import { TableInvalid } from "../../formats/errors.ts"
import { type PreparedTable, prepareTable, readGivenTable } from "./read-table.ts"

/**
 * Reads tables and keeps the attributes that all of them have, so that they can be compared.
 * @param target null for none
 */
export const readTables = Effect.fn("readTables")(function* (
  files: readonly string[],
  target: string | null,
  without: readonly string[],
) {
  const given = yield* Effect.forEach(files, readGivenTable)
  const alone = yield* Effect.forEach(given, (each) => prepareTable(each, target, without))
  const common = alone[0].table.names.filter((name) => alone.every(({ table }) => table.names.includes(name)))
  if (common.length === 0) {
    const found = `${alone[0].table.names.join(", ")} in ${files[0]}`
    return yield* new TableInvalid({
      file: files[1],
      line: 0,
      column: "",
      expected: "attributes that all tables have",
      found,
    })
  }
  for (const { file, table } of alone.slice(1)) {
    for (const name of common) {
      const [unit, first] = [table, alone[0].table].map(({ names, units }) => units[names.indexOf(name)])
      if (unit === first) continue
      const expected = `the unit ${first || "1"}, as in ${files[0]}`
      return yield* new TableInvalid({ file, line: 0, column: name, expected, found: unit || "no unit" })
    }
  }
  return yield* Effect.forEach(alone, (each): Effect.Effect<PreparedTable, TableInvalid> => {
    const extra = each.table.names.filter((name) => !common.includes(name))
    if (extra.length === 0) return Effect.succeed(each)
    // What another table lacks may have kept rows away here.
    return Effect.map(prepareTable(each.given, target, [...without, ...extra]), (again) => ({
      ...again,
      notes: [...again.notes, `${basename(each.file)}: not in all tables, left out: ${extra.join(", ")}`],
    }))
  })
})
