import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import { Effect } from "effect"
import { cellsOf, readHeaderName } from "../../formats/csv.ts"
import { TableInvalid } from "../../formats/errors.ts"
import type { GivenColumn } from "../../learning/learning-table.ts"
import { unreadable } from "../../twin/document.ts"
import type { FileUnreadable } from "../../twin/errors.ts"
import type { GivenTable } from "./read-table.ts"

const missing = /^\s*(?:|nan|na|n\/a|null|-?inf(?:inity)?)\s*$/i

/** A column that grows: numbers as long as all cells are numbers or missing, from the first word on words. */
class GrowingColumn {
  #numbers = new Float64Array(1024)
  #words: string[] | null = null
  #count = 0

  add(cell: string): void {
    const plain = Number(cell)
    // An empty cell reads as 0, and what is infinite is missing.
    const isMissing = (plain === 0 || !Number.isFinite(plain)) && missing.test(cell)
    const number = isMissing ? Number.NaN : plain
    if (this.#words === null && Number.isNaN(plain) && !isMissing)
      this.#words = Array.from(this.#numbers.subarray(0, this.#count), (value) =>
        Number.isNaN(value) ? "" : String(value),
      )
    if (this.#words !== null) {
      this.#words.push(cell)
      return
    }
    if (this.#count === this.#numbers.length) {
      const longer = new Float64Array(2 * this.#count)
      longer.set(this.#numbers)
      this.#numbers = longer
    }
    this.#numbers[this.#count++] = number
  }

  get values(): GivenColumn["values"] {
    return this.#words ?? this.#numbers.slice(0, this.#count)
  }
}

/** Reads a table line by line, so that it takes hardly more memory than its numbers. */
export const readCsvTable = (file: string): Effect.Effect<GivenTable, FileUnreadable | TableInvalid> =>
  Effect.tryPromise({
    try: async (signal) => {
      const source = createReadStream(file, { encoding: "utf8", highWaterMark: 2 ** 20, signal })
      // A stream's fault does not reach the loop over its lines.
      const failed = new Promise<never>((_, reject) => source.on("error", reject))
      const read = async (): Promise<GivenTable> => {
        let columns: readonly GrowingColumn[] = []
        let names: readonly string[] = []
        const lines: number[] = []
        let at = 0
        for await (const raw of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
          at++
          const line = at === 1 ? raw.replace(/^\uFEFF/, "") : raw
          if (line.trim() === "") continue
          const cells = cellsOf(line)
          if (names.length === 0) {
            names = cells
            columns = names.map(() => new GrowingColumn())
            continue
          }
          if (cells.length !== names.length) {
            source.destroy()
            const expected = `${names.length} cells, as many as the header has`
            throw new TableInvalid({ file, line: at, column: "", expected, found: `${cells.length}` })
          }
          for (let k = 0; k < cells.length; k++) columns[k].add(cells[k])
          lines.push(at)
        }
        if (names.length === 0)
          throw new TableInvalid({ file, line: 0, column: "", expected: "a table with a header", found: "nothing" })
        const given = names.map((name, k) => ({ ...readHeaderName(name.trim()), values: columns[k].values }))
        return { file, columns: given, lineOf: (row) => lines[row] ?? 0, numberOf: (row) => row + 1 }
      }
      return Promise.race([read(), failed])
    },
    catch: (cause) => (cause instanceof TableInvalid ? cause : unreadable(file, cause)),
  })
