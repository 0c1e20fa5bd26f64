import { columnOf, wholeParticles } from "../../particles/table.ts"
import { standardDeviation } from "../../statistics/moments.ts"
import { quantile } from "../../statistics/sample.ts"
import { fixed, percent, significant, timeSpan } from "../number.ts"
import { htmlTable } from "../table.ts"
import { literal } from "../text.ts"
import { shownAs } from "./charts.ts"
import type { ParticleReportInput } from "./input.ts"

/** How every attribute is spread over the whole particles. */
export const distributionTable = ({ population }: ParticleReportInput): string =>
  htmlTable(
    [
      { title: "Attribute", numeric: false },
      ...["Mean", "Std. deviation", "Least", "5 %", "Median", "95 %", "Most", "Known"].map((title) => ({
        title,
        numeric: true,
      })),
    ],
    population.attributes.map(({ name, unit, distribution: { moments, sample } }) => {
      const { title, factor } = shownAs({ name, unit }, sample.sorted)
      const shown = (value: number): string => significant(value * factor, 4)
      if (moments.count === 0) return [title, ...new Array<string>(7).fill("–"), "0"]
      return [
        title,
        shown(moments.mean),
        shown(standardDeviation(moments)),
        shown(moments.min),
        ...[0.05, 0.5, 0.95].map((share) => shown(quantile(sample, share))),
        shown(moments.max),
        moments.count.toLocaleString("en-GB"),
      ]
    }),
  )

/** Damage classes with their thresholds. */
export const damageTable = ({ population, table }: ParticleReportInput): string => {
  const { damage, settings } = population
  if (damage === null) return ""
  const { mild, severe } = settings.damage
  const total = damage.least + damage.mild + damage.severe
  const values = columnOf(wholeParticles(table), "Damage")?.values ?? new Float64Array(0)
  const meanIn = (from: number, to: number): string => {
    const own = values.filter((value) => value >= from && value < to)
    return own.length === 0 ? "–" : percent(own.reduce((sum, value) => sum + value, 0) / own.length)
  }
  const row = (name: string, range: string, count: number, mean: string): readonly string[] => [
    name,
    range,
    count.toLocaleString("en-GB"),
    total === 0 ? "–" : percent(count / total),
    mean,
  ]
  return htmlTable(
    [
      { title: "Class", numeric: false },
      { title: "Cracks by volume", numeric: false },
      { title: "Particles", numeric: true },
      { title: "Share", numeric: true },
      { title: "Mean damage", numeric: true },
    ],
    [
      row("least", `below ${percent(mild)}`, damage.least, meanIn(Number.NEGATIVE_INFINITY, mild)),
      row("mild", `${percent(mild)} to ${percent(severe)}`, damage.mild, meanIn(mild, severe)),
      row("severe", `${percent(severe)} and more`, damage.severe, meanIn(severe, Number.POSITIVE_INFINITY)),
    ],
  )
}

/** How far parts of the volume are from the whole. */
export const subvolumeTable = ({ population, volume }: ParticleReportInput): string => {
  const [first] = population.subvolumes
  if (first === undefined) return ""
  return htmlTable(
    [
      { title: "Parts", numeric: true },
      { title: "Edge (µm)", numeric: true },
      { title: "Particles in each", numeric: true },
      { title: "Particles per volume, rms difference", numeric: true },
      ...first.agreements.flatMap(({ attribute }) => [
        { title: `${literal(attribute)}: mean, rms difference`, numeric: true },
        { title: "distribution", numeric: true },
        { title: "blind", numeric: true },
      ]),
    ],
    population.subvolumes.map(({ division, edge, meanCount, densityError, agreements }) => [
      new Array<number>(volume.shape[2] === 1 ? 2 : 3).fill(division).join(" × "),
      fixed(edge * 1e6, 1),
      fixed(meanCount, 1),
      percent(densityError),
      ...agreements.flatMap(({ meanError, distance, blindDistance }) => [
        percent(meanError),
        fixed(distance, 3),
        fixed(blindDistance, 3),
      ]),
    ]),
  )
}

/** Attributes that this input cannot give, and why. */
export const missingList = ({ table }: ParticleReportInput): string =>
  table.missing.length === 0
    ? ""
    : htmlTable(
        [
          { title: "Not in the table", numeric: false },
          { title: "Because", numeric: false },
        ],
        table.missing.map(({ name, reason }) => [literal(name), literal(reason)]),
      )

/** Settings, and how long each part of the work took. */
export const workTable = ({ settings, stages }: ParticleReportInput): string => {
  const pairs = (titles: readonly [string, string], rows: readonly (readonly string[])[]): string =>
    rows.length === 0
      ? ""
      : `<div>${htmlTable(
          [
            { title: titles[0], numeric: false },
            { title: titles[1], numeric: false },
          ],
          rows,
        )}</div>`
  return `<div class="columns">${pairs(
    ["Setting", "Value"],
    settings.map(({ name, value }) => [literal(name), literal(value)]),
  )}${pairs(
    ["Part of the work", "Time"],
    stages.map(({ name, seconds }) => [literal(name), timeSpan(seconds)]),
  )}</div>`
}
