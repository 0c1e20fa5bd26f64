import { basename, dirname, resolve } from "node:path"
import { Effect } from "effect"
import { TableInvalid } from "../../formats/errors.ts"
import { type PreparedTable, prepareTable, readGivenTable } from "./read-table.ts"

const stemOf = (file: string): string => basename(file).replace(/\.[A-Za-z0-9]+$/, "")

/** Titles of tables: names of their files, with those of their folders or numbers where they are the same. */
export const titlesOf = (files: readonly string[]): readonly string[] => {
  const distinct = (names: readonly string[]): boolean => new Set(names).size === names.length
  const names = files.map(stemOf)
  if (distinct(names)) return names
  const longer = files.map((file) => `${basename(dirname(resolve(file)))}/${stemOf(file)}`)
  return distinct(longer) ? longer : longer.map((name, at) => `${name} (${at + 1})`)
}

/**
 * Reads tables and keeps the attributes that all of them have, so that they can be compared.
 * @param target   null for none
 * @param mostRows of larger tables as many rows are drawn at random
 */
export const readTables = Effect.fn("readTables")(function* (
  files: readonly string[],
  target: string | null,
  without: readonly string[],
  mostRows: number,
) {
  const given = yield* Effect.forEach(files, readGivenTable)
  const alone = yield* Effect.forEach(given, (each) => prepareTable(each, target, without, mostRows))
  const unitIn = ({ table: { names, units } }: PreparedTable, name: string) => units[names.indexOf(name)]
  const [first, ...others] = alone
  const shared = first.table.names.filter((name) => others.every(({ table }) => table.names.includes(name)))
  const common = shared.filter((name) => others.every((other) => unitIn(other, name) === unitIn(first, name)))
  if (common.length === 0) {
    const found = `${first.table.names.join(", ")} in ${first.file}`
    const expected = "attributes that all tables have, in the same units"
    return yield* new TableInvalid({ file: files[1], line: 0, column: "", expected, found })
  }
  for (const { file, table } of others) {
    const [unit, wanted] = [table, first.table].map((each) => each.target?.unit ?? "")
    if (unit === wanted) continue
    const expected = `the unit ${wanted || "1"}, as in ${first.file}`
    return yield* new TableInvalid({ file, line: 0, column: target ?? "", expected, found: unit || "no unit" })
  }
  const titles = titlesOf(files)
  return yield* Effect.forEach(alone, (each, at): Effect.Effect<PreparedTable, TableInvalid> => {
    const extra = each.table.names.filter((name) => !common.includes(name))
    const titled = (prepared: PreparedTable, more: readonly string[]): PreparedTable => ({
      ...prepared,
      notes: [...prepared.notes, ...more].map((note) => `${titles[at]}: ${note}`),
    })
    if (extra.length === 0) return Effect.succeed(titled(each, []))
    // What another table lacks may have kept rows away here.
    return Effect.map(prepareTable(each.whole, target, [...without, ...extra], mostRows), (again) =>
      titled(again, [`not in all tables, or not in the same unit, left out: ${extra.join(", ")}`]),
    )
  })
})
