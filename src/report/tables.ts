import { particleName, type ReportContext } from "./context.ts"
import { readableUnit } from "./histograms.ts"
import type { ReportParameter } from "./input.ts"
import { fixed, magnitude, percent, quantity, readableDate, significant, timeSpan } from "./number.ts"
import { chosenCycles, distinctCycles } from "./run-axis.ts"
import { coverageShares, coverageWords } from "./schematic.ts"
import { type Cell, type Column, htmlTable } from "./table.ts"
import { counted, escaped, literal, markupToHtml } from "./text.ts"

const text = (title: string): Column => ({ title, numeric: false })
const number = (title: string): Column => ({ title, numeric: true })

/** Parameters under the headings of their groups, with sources. */
export const parameterTable = (parameters: readonly ReportParameter[]): string => {
  const groups = [...new Set(parameters.map(({ group }) => group))]
  const rows = groups.flatMap((group) => [
    ...(group === "" ? [] : [[literal(group)]]),
    ...parameters.filter((parameter) => parameter.group === group).map(parameterRow),
  ])
  return htmlTable([text("Parameter"), text("Symbol"), number("Value"), text("Unit"), text("Source")], rows)
}

/** Latin letters of a symbol stand upright in the source and slanted on paper; subscripts of words stay upright. */
const symbolMarkup = (symbol: string): string => symbol.replace(/^(\p{L}+)/u, "*$1*")

const parameterRow = ({ name, symbol, value, unit, source, overridden }: ReportParameter): readonly Cell[] => {
  const shown = typeof value === "number" ? readableUnit(unit, [value]) : { unit, factor: 1 }
  return [
    literal(name.charAt(0).toUpperCase() + name.slice(1)),
    symbolMarkup(symbol),
    {
      html: markupToHtml(typeof value === "number" ? significant(value * shown.factor, 6) : literal(value)),
      ...(overridden ? { kind: "changed" } : {}),
    },
    shown.unit === "1" ? "" : shown.unit,
    { html: escaped(source) + (overridden ? " (set for this run)" : ""), kind: "source" },
  ]
}

/** One row a particle: where it is, what covers it and how it ends. */
export const particleTable = (context: ReportContext): string => {
  const { layout, colours, input, index } = context
  const table = input.particleHistory
  const lastOf = (column: Float64Array, particle: number): number => {
    for (let time = index.time.length - 1; time >= 0; time--) {
      const row = index.row[time * index.particleCount + particle]
      if (row >= 0 && Number.isFinite(column[row])) return column[row]
    }
    return Number.NaN
  }
  const shares = layout === null ? null : coverageShares(layout)
  const columns: Column[] = [
    text("Particle"),
    ...(layout === null ? [] : [number("Diameter (µm)"), number("Depth (µm)")]),
    ...(shares === null ? [] : [number("Coverage")]),
    number("*c*/*c*_max"),
    number("Damage"),
    number("Debonded"),
    number("Mean gap (nm)"),
    number("Largest gap (nm)"),
  ]
  const rows = colours.map((colour, particle): readonly Cell[] => [
    particleCell(colour, particle),
    ...(layout === null
      ? []
      : [fixed(2e6 * Math.sqrt(layout.area[particle] / Math.PI), 2), fixed(1e6 * layout.depth[particle], 1)]),
    ...(shares === null ? [] : [percent(shares[particle])]),
    fixed(lastOf(table.meanStoichiometry, particle), 3),
    fixed(lastOf(table.damage, particle), 3),
    percent(lastOf(table.debondedShare, particle)),
    fixed(1e9 * lastOf(table.meanGap, particle), 2),
    fixed(1e9 * lastOf(table.maximumGap, particle), 2),
  ])
  return htmlTable(columns, rows)
}

/** The whole attribute table, folded away. */
export const attributeTable = ({ input, colours }: ReportContext): string => {
  const columns = input.particles.columns
    .filter(({ name }) => !/^(id|index|particle)$/i.test(name))
    .map((column) => ({ ...column, ...readableUnit(column.unit, column.values), values: column.values }))
  if (columns.length === 0) return ""
  const head = columns.map(({ name, unit }) =>
    number(unit === "" || unit === "1" || unit === "–" ? literal(name) : `${literal(name)} (${unit})`),
  )
  const rows = colours.map((colour, particle): readonly Cell[] => [
    particleCell(colour, particle),
    ...columns.map(({ values, factor }) => significant(values[particle] * factor, 3)),
  ])
  return `<details><summary>All attributes of the particles</summary>${htmlTable([text("Particle"), ...head], rows)}</details>`
}

const particleCell = (colour: string, particle: number): Cell => ({
  html: `<span class="mark" style="background:${colour}"></span>${particleName(particle)}`,
})

/** What the columns of the particle table mean. */
export const particleTableNote = (context: ReportContext): string => {
  const shares = context.layout === null ? null : coverageShares(context.layout)
  return [
    "Values at the end of the run.",
    ...(context.layout === null
      ? []
      : [
          "Diameter is that of the circle of equal area; depth is the distance of the centroid from the current collector.",
        ]),
    ...(context.layout === null || shares === null
      ? []
      : [`Coverage is the share of the ${coverageWords(context.layout)}.`]),
    "Damage is the mean over the interface; debonded is the share of interface with damage above 0.99.",
  ].join(" ")
}

/** cycles.csv as a table; of many cycles some, and all folded away. */
export const cycleTable = (context: ReportContext): string => {
  const { cycles, manifest } = context.input
  const timed = manifest.cycleTimes.length === cycles.cycle.length
  const columns = [
    number("Cycle"),
    number("Charge (mAh/g)"),
    number("Discharge (mAh/g)"),
    number("Spread, end of charge"),
    number("Spread, end of discharge"),
    number("Std. dev., end of charge"),
    number("Mean damage"),
    number("Spread of damage"),
    number("Lithium balance error"),
    number("Charge balance error"),
    ...(timed ? [number("Computing time")] : []),
  ]
  const rowOf = (cycle: number, row: number): readonly Cell[] => [
    cycle === 0 ? "formation" : String(cycle),
    fixed(cycles.chargeCapacity[row], 1),
    fixed(cycles.dischargeCapacity[row], 1),
    fixed(cycles.spreadStoichiometryCharge[row], 4),
    fixed(cycles.spreadStoichiometryDischarge[row], 4),
    fixed(cycles.stdStoichiometryCharge[row], 4),
    fixed(cycles.meanDamage[row], 3),
    fixed(cycles.spreadDamage[row], 3),
    magnitude(cycles.lithiumBalanceError[row]),
    magnitude(cycles.chargeBalanceError[row]),
    ...(timed ? [timeSpan(manifest.cycleTimes[row])] : []),
  ]
  const rows = [...cycles.cycle].map(rowOf)
  const all = htmlTable(columns, rows)
  const numbered = cycles.cycle.filter((cycle) => cycle > 0)
  if (numbered.length <= distinctCycles) return all
  const chosen = new Set([0, ...chosenCycles(numbered[0], numbered[numbered.length - 1], distinctCycles)])
  const some = rows.filter((_, row) => chosen.has(cycles.cycle[row]))
  return `${htmlTable(columns, some)}<details><summary>All ${counted(numbered.length, "cycle")}</summary>${all}</details>`
}

/** How the run was computed, beside its mechanical energies. */
export const solverTable = (context: ReportContext): string => {
  const { manifest, mesh } = context.input
  const rows: (readonly Cell[])[] = [
    ["Run"],
    ["Program", `synchrode ${literal(manifest.programVersion)}`],
    ...(manifest.started === "" ? [] : [["Started", literal(readableDate(manifest.started))]]),
    ...(manifest.ended === "" ? [] : [["Ended", literal(readableDate(manifest.ended))]]),
    ["Computing time", timeSpan(manifest.wallTime)],
    ["Threads", String(manifest.threads)],
    ...(manifest.seed === null ? [] : [["Seed", String(manifest.seed)]]),
    ...(mesh === null
      ? []
      : [
          ["Mesh"],
          ["Nodes", significant(mesh.nodes.length / mesh.dimension)],
          ["Cells", significant(mesh.cellToRegion.length)],
          ["Interface facets", significant(mesh.interfaces.innerCell.length)],
        ]),
  ]
  const solver = manifest.solver.map(({ name, value, unit }): readonly Cell[] => [
    literal(name),
    unit === "s" && typeof value === "number"
      ? timeSpan(value)
      : quantity(typeof value === "number" ? value : literal(value), unit),
  ])
  const columns = [text("Quantity"), number("Value")]
  const right = [...(solver.length === 0 ? [] : [["Solver"], ...solver]), ...energyRows(context)]
  return `<div class="columns"><div>${htmlTable(columns, rows)}</div>${right.length === 0 ? "" : `<div>${htmlTable(columns, right)}</div>`}</div>`
}

const energyRows = ({ input: { mechanicalEnergy } }: ReportContext): readonly (readonly Cell[])[] => {
  if (mechanicalEnergy === null) return []
  const { input, elastic, dissipated, viscous } = mechanicalEnergy
  const { unit, factor } = readableUnit("J/m", [input, elastic, dissipated, viscous])
  const share = (value: number) =>
    `${significant(value * factor, 4)} ${unit}${input > 0 ? ` (${percent(value / input)})` : ""}`
  return [
    ["Mechanical energy per metre of depth"],
    ["Put in by swelling", `${significant(input * factor, 4)} ${unit}`],
    ["Elastic, stored at the end", share(elastic)],
    ["Dissipated by debonding", share(dissipated)],
    ["Dissipated by the delay of damage (viscous)", share(viscous)],
    ["Not accounted for", share(input - elastic - dissipated - viscous)],
  ]
}
