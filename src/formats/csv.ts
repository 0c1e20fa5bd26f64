import type { Column, Table } from "./table.ts"

/** A column of a CSV file as its header names it: `mean_gap_m` is mean_gap in m. */
export interface CsvColumn {
  readonly name: string
  /** SI or as the header spells it; "" for none */
  readonly unit: string
}

/** Unit suffixes of headers, longest first, with the unit they stand for. */
const suffixes: readonly (readonly [string, string])[] = [
  ["mAh_g", "mAh/g"],
  ["mWh_g", "mWh/g"],
  ["A_m2", "A/m^2"],
  ["mol_m3", "mol/m^3"],
  ["1_m3", "1/m^3"],
  ["kg_m3", "kg/m^3"],
  ["m3_mol", "m^3/mol"],
  ["C_kg", "C/kg"],
  ["Ohm_m2", "ohm m^2"],
  ["J_m2", "J/m^2"],
  ["Pa_m", "Pa/m"],
  ["m2_s", "m^2/s"],
  ["S_m", "S/m"],
  ["J_m", "J/m"],
  ["deg", "deg"],
  ["rad", "rad"],
  ["m3", "m^3"],
  ["m2", "m^2"],
  ["Pa", "Pa"],
  ["J", "J"],
  ["s", "s"],
  ["1_m", "1/m"],
  ["m", "m"],
  ["V", "V"],
  ["A", "A"],
  ["K", "K"],
]

const suffixOf = (text: string) => suffixes.find(([suffix]) => text.endsWith(`_${suffix}`))

/** Whether a name without a unit looks as if it had one; underscores at its end take that back, one each. */
const looksSized = (name: string): boolean => suffixOf(name.replace(/_+$/, "")) !== undefined

/**
 * `voltage` in V → voltage_V; `length_s` without a unit → length_s_
 * @throws where there is no suffix for a unit, or the header would be read back with another one (`x_1` in m^3)
 */
export const headerName = ({ name, unit }: CsvColumn): string => {
  if (unit === "") return looksSized(name) ? `${name}_` : name
  const suffix = suffixes.find(([, known]) => known === unit)
  if (suffix === undefined) throw new Error(`no header suffix for the unit ${unit}`)
  const header = `${name}_${suffix[0]}`
  const back = readHeaderName(header)
  if (back.unit !== unit) throw new Error(`the header ${header} would be read back as ${back.name} in ${back.unit}`)
  return header
}

/** voltage_V → `voltage` in V */
export const readHeaderName = (header: string): CsvColumn => {
  if (header.endsWith("_") && looksSized(header)) return { name: header.slice(0, -1), unit: "" }
  const suffix = suffixOf(header)
  return suffix === undefined
    ? { name: header, unit: "" }
    : { name: header.slice(0, -suffix[0].length - 1), unit: suffix[1] }
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** A number in the shortest form that reads back to the same bits; nothing for "not recorded". */
const cellText = (cell: number | string): string =>
  typeof cell === "string" ? quoted(cell) : Number.isNaN(cell) ? "" : Object.is(cell, -0) ? "-0" : String(cell)

/** One line, its end included. */
export const csvLine = (cells: readonly (number | string)[]): string => `${cells.map(cellText).join(",")}\n`

export const csvHeader = (columns: readonly CsvColumn[]): string => csvLine(columns.map(headerName))

/** A whole table as CSV, units in its header. */
export const writeCsv = ({ columns }: Table): string => {
  const rows = columns[0]?.values.length ?? 0
  let text = csvHeader(columns)
  for (let row = 0; row < rows; row++) text += csvLine(columns.map(({ values }) => values[row]))
  return text
}

/** Cells of one line; a cell in quotes may hold commas, but no line break. */
export const cellsOf = (line: string): string[] => {
  if (!line.includes('"')) return line.split(",")
  const cells: string[] = []
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    cells.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'))
  }
  return cells
}

/**
 * Reads a CSV file that this program wrote. A last line without its end was cut off while it was written and is left
 * out, as is every line with the wrong number of cells.
 */
export const readCsv = (text: string): Table => {
  const lines = text.split(/\r?\n/)
  const complete = lines.slice(0, -1)
  const [header = "", ...rest] = complete
  const names = header === "" ? [] : cellsOf(header)
  const rows = rest.map(cellsOf).filter((cells) => cells.length === names.length)
  const columns = names.map((name, index): Column => {
    const cells = rows.map((row) => row[index])
    const isNumeric = cells.every((cell) => cell === "" || !Number.isNaN(Number(cell)))
    const numbers = (): Float64Array => Float64Array.from(cells, (cell) => (cell === "" ? Number.NaN : Number(cell)))
    return { ...readHeaderName(name), values: isNumeric ? numbers() : cells }
  })
  return { columns }
}
