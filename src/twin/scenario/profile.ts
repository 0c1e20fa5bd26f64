import type { QuantityFault } from "../quantity.ts"

/** A drive profile: multiples of the 1C current, > 0 on charge. */
export interface Profile {
  /** Ascending from 0 [s] */
  readonly time: Float64Array
  readonly rate: Float64Array
}

/** Reads a CSV file with the header `time_s,c_rate`; the rate is positive on charge and linear between rows. */
export const readProfile = (text: string): { readonly profile: Profile } | { readonly fault: QuantityFault } => {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const rows = lines.map((line, index) => ({ line, index })).filter(({ line }) => line !== "" && !line.startsWith("#"))
  const fault = (expected: string, found: string): { fault: QuantityFault } => ({ fault: { expected, found } })
  const header = rows[0]?.line.replaceAll(/\s/g, "")
  if (header !== "time_s,c_rate") return fault("the header time_s,c_rate", JSON.stringify(rows[0]?.line ?? ""))
  if (rows.length < 3) return fault("at least two rows", `${rows.length - 1}`)
  const time = new Float64Array(rows.length - 1)
  const rate = new Float64Array(rows.length - 1)
  for (const [row, { line, index }] of rows.slice(1).entries()) {
    const numbers = line.split(",").map((cell) => (cell.trim() === "" ? Number.NaN : Number(cell)))
    if (numbers.length !== 2 || !numbers.every(Number.isFinite)) {
      return fault(`two numbers in line ${index + 1}`, JSON.stringify(line))
    }
    ;[time[row], rate[row]] = numbers
    if (row === 0 ? time[0] !== 0 : !(time[row] > time[row - 1])) {
      return fault(row === 0 ? "a first time of 0 s" : `a later time in line ${index + 1}`, JSON.stringify(line))
    }
  }
  return { profile: { time, rate } }
}
