import type { ValidationRow } from "./input.ts"
import { magnitude, significant } from "./number.ts"
import { pageStyle } from "./style.ts"
import { type Cell, type Column, htmlTable } from "./table.ts"
import { counted, escaped, literal, markupToHtml, markupToUnicode } from "./text.ts"

/** The validation table in two forms. */
export interface ValidationReport {
  /** A whole page */
  readonly html: string
  /** A heading line and a table in GitHub's Markdown */
  readonly markdown: string
}

const columns: readonly Column[] = [
  { title: "Case", numeric: false },
  { title: "Quantity", numeric: false },
  { title: "Expected", numeric: true },
  { title: "Found", numeric: true },
  { title: "Error", numeric: true },
  { title: "Tolerance", numeric: true },
  { title: "", numeric: false },
]

const shown = (value: number | string): string => (typeof value === "number" ? significant(value, 5) : literal(value))

/** Cells of a row as mark-up. */
const cellsOf = (row: ValidationRow): readonly string[] => [
  literal(row.case),
  literal(row.quantity),
  shown(row.expected),
  shown(row.found),
  magnitude(row.error),
  magnitude(row.tolerance),
  row.passed ? "passed" : "failed",
]

const tally = (rows: readonly ValidationRow[]): string => {
  const failed = rows.filter(({ passed }) => !passed)
  return failed.length === 0
    ? `${counted(rows.length, "check")}, all passed.`
    : `${counted(rows.length, "check")}, ${rows.length - failed.length} passed, ${failed.length} failed.`
}

/** Rows of a validation as an HTML page and as Markdown, in the order given; a case's name stands once. */
export const renderValidation = (rows: readonly ValidationRow[]): ValidationReport => {
  const isFirst = rows.map((row, at) => at === 0 || row.case !== rows[at - 1].case)
  const htmlRows = rows.map((row, at): readonly Cell[] =>
    cellsOf(row).map((cell, column) => {
      if (column === 0) return { html: isFirst[at] ? `<b>${markupToHtml(cell)}</b>` : "" }
      return column === 6 ? { html: markupToHtml(cell), kind: row.passed ? "pass" : "fail" } : cell
    }),
  )
  const table = htmlTable(columns, htmlRows)
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Validation</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
<header><p class="kicker">Synchrode</p><h1>Validation</h1></header>
<main><p>${escaped(tally(rows))}</p>${table}</main>
</body>
</html>
`
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`
  const markdown = [
    tally(rows),
    "",
    line(columns.map(({ title }) => title)),
    line(columns.map(({ numeric }) => (numeric ? "---:" : "---"))),
    ...rows.map((row, at) =>
      line(
        cellsOf(row).map((cell, column) => {
          const text = markupToUnicode(cell).replace(/\|/g, "\\|").replace(/\s+/g, " ")
          return column === 0 && !isFirst[at] ? "" : column === 6 && !row.passed ? `**${text}**` : text
        }),
      ),
    ),
    "",
  ].join("\n")
  return { html, markdown }
}
