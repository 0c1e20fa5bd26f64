import { Effect } from "effect"
import type { EnsembleRows } from "../synchronisation/rows.ts"
import { cellsOf, readHeaderName } from "./csv.ts"
import { TableInvalid } from "./errors.ts"

/** Particles of a table, with their numbers as it has them. */
export interface EnsembleTable {
  /** [particle] rising */
  readonly particle: readonly number[]
  readonly rows: EnsembleRows
}

const wanted = ["time", "cycle", "particle", "mean_stoichiometry", "damage"] as const
type Wanted = (typeof wanted)[number]

/** Newton's iterates may pass the ends of the scale by this much. */
const overshoot = 0.05

const ranges: Readonly<Record<Wanted, { readonly words: string; readonly holds: (value: number) => boolean }>> = {
  time: { words: "a time in s", holds: Number.isFinite },
  cycle: { words: "the number of a cycle, 0 for formation", holds: (value) => Number.isInteger(value) && value >= 0 },
  particle: { words: "the number of a particle", holds: Number.isInteger },
  mean_stoichiometry: {
    words: "a share of the lithium sites, 0 to 1",
    holds: (value) => value >= -overshoot && value <= 1 + overshoot,
  },
  damage: { words: "a damage, 0 to 1", holds: (value) => value >= 0 && value <= 1 },
}

/** One line of the table. */
type Line = Readonly<Record<Wanted, number>> & { readonly line: number }

/** Where each wanted column stands. */
const columnsOf = (file: string, header: string): Effect.Effect<Readonly<Record<Wanted, number>>, TableInvalid> => {
  const names = cellsOf(header.replace(/^\uFEFF/, "")).map((name) => name.trim())
  const known = names.map(readHeaderName)
  const listed = names.map((name) => `"${name}"`).join(", ")
  const places = wanted.map((name) => known.findIndex((column) => column.name === name))
  const missing = wanted.filter((_, index) => places[index] < 0)
  const fail = (column: string, expected: string, found: string) =>
    Effect.fail(new TableInvalid({ file, line: 1, column, expected, found }))
  if (missing.length > 0) {
    const commas = names.length === 1 && /[;\t]/.test(header) ? " (columns are parted by commas)" : ""
    return fail("", `columns ${wanted.join(", ")}${commas}`, `no ${missing.join(", no ")} among ${listed}`)
  }
  for (const [index, name] of wanted.entries()) {
    const { unit } = known[places[index]]
    const right = name === "time" ? ["", "s"] : [""]
    if (!right.includes(unit)) return fail(names[places[index]], name === "time" ? "seconds" : "no unit", `${unit}`)
  }
  return Effect.succeed(
    Object.fromEntries(wanted.map((name, index) => [name, places[index]])) as Record<Wanted, number>,
  )
}

const linesOf = Effect.fnUntraced(function* (
  file: string,
  text: string,
): Effect.fn.Return<readonly Line[], TableInvalid> {
  const [header, ...rest] = text.split(/\r?\n/)
  const places = yield* columnsOf(file, header)
  const width = cellsOf(header).length
  const lines: Line[] = []
  for (const [index, content] of rest.entries()) {
    if (content.trim() === "") continue
    const line = index + 2
    const cells = cellsOf(content)
    if (cells.length !== width) {
      return yield* new TableInvalid({
        file,
        line,
        column: "",
        expected: `${width} cells`,
        found: String(cells.length),
      })
    }
    const value = { line } as Record<Wanted | "line", number>
    for (const name of wanted) {
      const cell = cells[places[name]].trim()
      const number = cell === "" ? Number.NaN : Number(cell)
      if (!ranges[name].holds(number)) {
        const found = cell === "" ? "nothing" : `"${cell}"`
        return yield* new TableInvalid({ file, line, column: name, expected: ranges[name].words, found })
      }
      value[name] = number
    }
    lines.push(value)
  }
  return lines
})

/** Lines of one time and cycle, one for each particle. */
const momentsOf = (lines: readonly Line[]): readonly (readonly Line[])[] => {
  const moments: Line[][] = []
  let seen = new Set<number>()
  for (const line of lines) {
    const last = moments.at(-1)?.[0]
    if (last?.time !== line.time || last.cycle !== line.cycle || seen.has(line.particle)) {
      moments.push([])
      seen = new Set()
    }
    moments[moments.length - 1].push(line)
    seen.add(line.particle)
  }
  return moments
}

/**
 * Reads a tidy table of an ensemble: columns time (or time_s), cycle, particle, mean_stoichiometry and damage in any order,
 * others ignored; one line for each particle at each time, times never falling. Lines of one time stand together.
 * @param file  its name, for messages
 */
export const readEnsembleCsv = Effect.fn("readEnsembleCsv")(function* (
  file: string,
  text: string,
): Effect.fn.Return<EnsembleTable, TableInvalid> {
  const lines = yield* linesOf(file, text)
  const particle = [...new Set(lines.map((line) => line.particle))].sort((a, b) => a - b)
  const fault = (line: number, column: string, expected: string, found: string) =>
    new TableInvalid({ file, line, column, expected, found })
  if (particle.length < 2) {
    const found = particle.length === 0 ? "no line" : `particle ${particle[0]} only`
    return yield* fault(0, "", "at least two particles", found)
  }
  const moments = momentsOf(lines)
  const indexOf = new Map(particle.map((number, index) => [number, index]))
  const size = moments.length * particle.length
  const [meanStoichiometry, damage] = [new Float64Array(size), new Float64Array(size)]
  for (const [row, moment] of moments.entries()) {
    const { time, cycle, line } = moment[0]
    const before = moments[row - 1]?.[0]
    if (before !== undefined && time < before.time)
      return yield* fault(line, "time", `a time from ${before.time} s on`, `${time}`)
    if (before !== undefined && cycle < before.cycle)
      return yield* fault(line, "cycle", `a cycle from ${before.cycle} on`, `${cycle}`)
    if (moment.length !== particle.length) {
      const present = new Set(moment.map((each) => each.particle))
      const missing = particle.filter((number) => !present.has(number))
      const where = `cycle ${cycle} at ${time} s`
      return yield* fault(
        line,
        "particle",
        `all ${particle.length} particles in ${where}`,
        `no ${missing.join(", no ")}`,
      )
    }
    for (const each of moment) {
      const at = row * particle.length + indexOf.get(each.particle)!
      meanStoichiometry[at] = each.mean_stoichiometry
      damage[at] = each.damage
    }
  }
  const rows: EnsembleRows = {
    particleCount: particle.length,
    time: Float64Array.from(moments, ([{ time }]) => time),
    cycle: Int32Array.from(moments, ([{ cycle }]) => cycle),
    meanStoichiometry,
    damage,
  }
  return { particle, rows }
})
