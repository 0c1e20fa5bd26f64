import { markupToHtml } from "./text.ts"

/** A column of an HTML table: its heading as mark-up, and whether it holds numbers. */
export interface Column {
  readonly title: string
  readonly numeric: boolean
}

/** A row of cells as mark-up, or as HTML where a cell says so. */
export type Cell = string | { readonly html: string; readonly kind?: string }

/** A table; a row with a single cell is a heading of the rows below it. */
export const htmlTable = (columns: readonly Column[], rows: readonly (readonly Cell[])[]): string => {
  const head = columns.map(
    ({ title, numeric }) => `<th${numeric ? ' class="n"' : ""} scope="col">${markupToHtml(title)}</th>`,
  )
  const body = rows.map((row) =>
    row.length === 1 && columns.length > 1
      ? `<tr class="group"><td colspan="${columns.length}">${cellHtml(row[0])}</td></tr>`
      : `<tr>${row
          .map((cell, at) => {
            const kinds = [columns[at].numeric ? "n" : "", typeof cell === "string" ? "" : (cell.kind ?? "")].filter(
              Boolean,
            )
            return `<td${kinds.length === 0 ? "" : ` class="${kinds.join(" ")}"`}>${cellHtml(cell)}</td>`
          })
          .join("")}</tr>`,
  )
  return `<div class="scroll"><table><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`
}

const cellHtml = (cell: Cell): string => (typeof cell === "string" ? markupToHtml(cell) : cell.html)
