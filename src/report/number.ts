const minus = (text: string): string => text.replace("-", "−")

/** Smallest number of decimals that shows every multiple of `step` exactly, at most 12. */
export const decimalsOf = (step: number): number => {
  for (let decimals = 0; decimals < 12; decimals++) {
    const scaled = step * 10 ** decimals
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * Math.abs(scaled)) return decimals
  }
  return 12
}

/** A number with a fixed count of decimals and a true minus sign; an en dash where it is not finite. */
export const fixed = (value: number, decimals: number): string =>
  Number.isFinite(value) ? minus(value.toFixed(decimals).replace(/^-(0(?:\.0*)?)$/, "$1")) : "–"

/**
 * A number to so many significant digits as mark-up (`2 × 10^{−14}` outside 1e-3 … 1e5): integers below 1e7 stay
 * whole, trailing zeros go.
 */
export const significant = (value: number, digits = 3): string => {
  if (Number.isNaN(value)) return "–"
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞"
  if (value === 0) return "0"
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e7) return minus(value.toLocaleString("en-GB"))
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e")
  const power = Number(exponent)
  if (power >= -3 && power < 5) {
    const text = Number(value.toPrecision(digits)).toString()
    return minus(text)
  }
  const shown = Number(mantissa).toString()
  const tens = `10^{${minus(String(power))}}`
  return shown === "1" ? tens : shown === "-1" ? `−${tens}` : `${minus(shown)} × ${tens}`
}

/** Value and unit as mark-up, without a dangling space where there is no unit. */
export const quantity = (value: number | string, unit: string, digits = 4): string => {
  const shown = typeof value === "number" ? significant(value, digits) : value
  return unit === "" || unit === "1" || unit === "–" ? shown : `${shown} ${unit}`
}

/** Two values with as many decimals as the larger needs to show so many digits. */
export const likewise = (values: readonly [number, number], digits: number): readonly [string, string] => {
  const size = Math.max(...values.map((value) => (Number.isFinite(value) ? Math.abs(value) : 0)))
  const decimals = size > 0 ? Math.min(8, Math.max(0, digits - 1 - Math.floor(Math.log10(size) + 1e-9))) : 0
  return [fixed(values[0], decimals), fixed(values[1], decimals)]
}

/** A share in per cent with sensible digits. */
export const percent = (share: number): string => {
  if (!Number.isFinite(share)) return "–"
  const value = 100 * share
  return `${fixed(value, Math.abs(value) < 0.095 && value !== 0 ? 2 : Math.abs(value) < 9.95 ? 1 : 0)} %`
}

/** A time span in words: "0.4 s", "42 s", "3 min 20 s", "2 h 05 min". */
export const timeSpan = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return "–"
  if (seconds < 10) return `${significant(seconds, 2)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 === 0 ? "" : ` ${whole % 60} s`}`
  const minutes = Math.round(whole / 60)
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`
}

/** An ISO 8601 date for reading: "2026-11-21 06:42:07 UTC". */
export const readableDate = (date: string): string => date.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC")

/** Error magnitudes as mark-up, two digits: "3.1 × 10^{−13}"; "0" and "–" stay. */
export const magnitude = (value: number): string => significant(Math.abs(value), 2)
