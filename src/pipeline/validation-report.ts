import { hasPassed, standingOf, type ValidatedCase, type ValidationResult } from "./validation.ts"

const marks = { holds: "✓", "known finding": "≠", fails: "✗" } as const
const colours = { holds: "good", "known finding": "known", fails: "bad" } as const

/** What was found, with the reason where a row is known not to hold, or holds against what was known. */
const foundText = ({ found, passed, finding }: ValidationResult): string => {
  if (finding === undefined) return found
  return passed ? `${found} (holds, though known not to: ${finding})` : `${found} (${finding})`
}

const errorText = (value: number): string => (Number.isFinite(value) ? value.toPrecision(3) : String(value))

/** One line a case and quantity, aligned for a terminal. */
export const validationText = (cases: readonly ValidatedCase[]): string => {
  const rows = cases.flatMap((each) =>
    each.trouble === ""
      ? each.results.map((result) => [
          marks[standingOf(result)],
          each.name,
          result.quantity,
          result.expected,
          foundText(result),
          `${errorText(result.error)} ≤ ${errorText(result.tolerance)}`,
        ])
      : [[marks.fails, each.name, each.trouble, "", "", ""]],
  )
  const head = ["", "case", "quantity", "expected", "found", "error"]
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd()
  return `${[head, ...rows].map(line).join("\n")}\n${summary(cases)}\n`
}

const summary = (cases: readonly ValidatedCase[]): string => {
  const passed = cases.filter(hasPassed).length
  const seconds = cases.reduce((sum, each) => sum + each.seconds, 0)
  const findings = cases.flatMap(({ results }) => results).filter((row) => standingOf(row) === "known finding").length
  const known = findings === 0 ? "" : `, with ${findings} known ${findings === 1 ? "finding" : "findings"}`
  return `${passed} of ${cases.length} cases hold${known}; ${seconds.toFixed(1)} s`
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ")

/** The table as Markdown, one section a case. */
export const validationMarkdown = (cases: readonly ValidatedCase[], version: string): string => {
  const sections = cases.map(({ name, title, reference, results, trouble, seconds }) => {
    const head = `## ${title}\n\n\`${name}\`, ${seconds.toFixed(1)} s. ${reference}\n\n`
    if (trouble !== "") return `${head}**Could not be run:** ${cell(trouble)}\n`
    const rows = results.map((result) => {
      const { quantity, expected, error, tolerance } = result
      const words = [quantity, expected, foundText(result), errorText(error), errorText(tolerance)]
      return [...words, marks[standingOf(result)]].map(cell).join(" | ")
    })
    return `${head}| quantity | expected | found | error | tolerance | |\n|---|---|---|---|---|---|\n${rows.map((row) => `| ${row} |`).join("\n")}\n`
  })
  return `# Validation of ${version}\n\n${summary(cases)}\n\n${sections.join("\n")}`
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

const style =
  "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1a1a1a}" +
  "table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{text-align:left;padding:.3rem .6rem;" +
  "border-bottom:1px solid #ddd;vertical-align:top}.bad{color:#b00020;font-weight:600}.good{color:#1b7f3b}.known{color:#8a5a00}" +
  "small{color:#555}@media(prefers-color-scheme:dark){body{background:#161616;color:#eee}th,td{border-color:#444}small{color:#aaa}}"

/** The table as a page of its own. */
export const validationHtml = (cases: readonly ValidatedCase[], version: string): string => {
  const sections = cases.map(({ name, title, reference, results, trouble, seconds }) => {
    const head = `<h2>${escaped(title)}</h2><p><code>${escaped(name)}</code> <small>${seconds.toFixed(1)} s. ${escaped(reference)}</small></p>`
    if (trouble !== "") return `${head}<p class="bad">Could not be run: ${escaped(trouble)}</p>`
    const rows = results.map((result) => {
      const { quantity, expected, error, tolerance } = result
      const cells = [quantity, expected, foundText(result), errorText(error), errorText(tolerance)]
      const standing = standingOf(result)
      return `<tr>${cells.map((each) => `<td>${escaped(each)}</td>`).join("")}<td class="${colours[standing]}">${standing}</td></tr>`
    })
    return `${head}<table><tr><th>quantity</th><th>expected</th><th>found</th><th>error</th><th>tolerance</th><th></th></tr>${rows.join("")}</table>`
  })
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>Validation of ${escaped(version)}</title><style>${style}</style></head><body>` +
    `<h1>Validation of ${escaped(version)}</h1><p>${summary(cases)}</p>${sections.join("")}</body></html>\n`
  )
}
