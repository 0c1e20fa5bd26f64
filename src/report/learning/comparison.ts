import type { Observation } from "../../learning/observations.ts"
import type { AttributeComparison } from "../../learning/table-comparison.ts"
import type { JointDistances } from "../../statistics/joint-distance.ts"
import { axisOver } from "../axis.ts"
import { ink } from "../colour.ts"
import { type Drawing, px } from "../drawing.ts"
import { pageWidth } from "../figures.ts"
import { significant } from "../number.ts"
import type { ParticleFigure } from "../particles/figures.ts"
import type { FontFace } from "../style.ts"
import { frameOf, linearScale } from "../sweep-frame.ts"
import { counted, inWords, literal } from "../text.ts"
import type { StudyShown } from "./input.ts"
import { figureGrid, learningDocument, verdictText, wordTable } from "./page.ts"
import { agreementChart, scoresChart } from "./scores.ts"

/** How a simulated table differs from a measured one, as the report shows it. */
export interface ComparisonReportInput {
  readonly programVersion: string
  readonly started: string
  /** Of the measured table and of the simulated one */
  readonly titles: readonly [string, string]
  readonly attributes: readonly AttributeComparison[]
  readonly latent: JointDistances & {
    readonly latentCount: number
    /** Rows of the measured table that the autoencoder has learnt from */
    readonly learntRows: number
  }
  readonly agreement: {
    readonly coefficient: number
    readonly count: number
    readonly interval: readonly [number, number]
  }
  readonly studies: readonly [StudyShown, StudyShown]
  /** Of either table, in the same order */
  readonly observations: readonly [readonly Observation[], readonly Observation[]]
  readonly warnings: readonly string[]
}

type Compared = Extract<AttributeComparison, { kind: "compared" }>

const comparedOf = (attributes: readonly AttributeComparison[]): readonly Compared[] =>
  attributes
    .flatMap((each) => (each.kind === "compared" ? [each] : []))
    .sort((a, b) => b.kolmogorov.value - a.kolmogorov.value)

/** Distances of Kolmogorov and Smirnov with their intervals, the largest on top; filled where chance seldom gives as much. */
const distancesChart = (compared: readonly Compared[], level: number, width: number): Drawing => {
  const x = linearScale(
    axisOver("Largest difference of the distribution functions", [compared.map(({ kolmogorov }) => kolmogorov.high)], {
      include: [0],
      within: [0, 1],
    }),
  )
  const y = {
    title: "",
    share: (value: number) => 1 - (value + 0.5) / compared.length,
    ticks: compared.map(({ name }, value) => ({ value, text: literal(name) })),
  }
  const frame = frameOf({ width, height: compared.length * 22 + 52, x, y, left: 112 })
  const marks = compared.map(({ kolmogorov: { value, low, high }, probability }, row) => {
    const at = frame.y(row)
    return (
      `<path d="M${px(frame.x(Math.max(0, low)))} ${px(at)}H${px(frame.x(Math.min(1, high)))}" stroke="${ink.accent}" stroke-width="2" fill="none"/>` +
      `<circle cx="${px(frame.x(value))}" cy="${px(at)}" r="4.2" fill="${probability <= level ? ink.accent : "#fff"}" stroke="${ink.accent}" stroke-width="1.6"/>`
    )
  })
  return { width, height: frame.height, body: frame.body + marks.join(""), plots: [] }
}

const level = 0.05

const summaryOf = ({ attributes, latent, agreement, titles }: ComparisonReportInput): string => {
  const compared = comparedOf(attributes)
  const apart = compared.filter(({ probability }) => probability <= level / Math.max(1, compared.length))
  const named = inWords(
    apart.slice(0, 4).map(({ name, kolmogorov }) => `${literal(name)} (${significant(kolmogorov.value, 2)})`),
  )
  const marginal =
    apart.length === 0
      ? `No attribute of ${counted(compared.length, "attribute")} is spread otherwise in ${literal(titles[1])} than in ${literal(titles[0])} beyond chance.`
      : `${apart.length} of ${counted(compared.length, "attribute")} are spread otherwise in ${literal(titles[1])} than in ${literal(titles[0])} beyond chance, most of all ${named}.`
  const joint = `All attributes together the tables are ${2 * Math.min(latent.energy.probability, latent.discrepancy.probability) <= level ? "apart" : "not apart beyond chance"} (energy distance ${significant(latent.energy.value, 3)}, *p* = ${significant(latent.energy.probability, 2)}; mean discrepancy ${significant(latent.discrepancy.value, 3)}, *p* = ${significant(latent.discrepancy.probability, 2)}).`
  const [low, high] = agreement.interval
  const ranks = Number.isNaN(agreement.coefficient)
    ? "Importances cannot be compared: those of one table are all the same."
    : `The rank correlation of the importances is ${significant(agreement.coefficient, 2)} (95 % interval ${significant(low, 2)} to ${significant(high, 2)}).`
  return `${marginal} ${joint} ${ranks}`
}

const half = Math.floor((pageWidth - 20) / 2)

/** All pictures of the report, section by section. */
export const comparisonFigures = ({ titles, attributes, studies }: ComparisonReportInput) => {
  const compared = comparedOf(attributes)
  const distances: readonly ParticleFigure[] =
    compared.length === 0
      ? []
      : [
          {
            name: "distances",
            title: "Distances of the attributes",
            caption:
              "The bar is the 95 % interval. Filled where values on either side by chance are so far apart in at most 5 % of cases, all attributes together.",
            drawing: distancesChart(compared, level / compared.length, half),
          },
        ]
  const scores: readonly ParticleFigure[] = [
    {
      name: "scores",
      title: "Contribution scores",
      caption: "Mean and standard deviation over the runs; hollow dots follow the target by construction.",
      drawing: scoresChart(studies, half),
    },
    {
      name: "agreement",
      title: "Scores of one table against those of the other",
      caption: "Scores of either table; names where both together exceed 10 %.",
      drawing: agreementChart(
        {
          names: studies[0].names,
          titles: [`Score in ${literal(titles[0])} (%)`, `Score in ${literal(titles[1])} (%)`],
          shares: [studies[0].scores.mean, studies[1].scores.mean],
        },
        half,
      ),
    },
  ]
  return { distances, scores }
}

/** The comparison of a simulated table with a measured one as one HTML document that needs nothing else. */
export const renderComparison = (
  input: ComparisonReportInput,
  figures: ReturnType<typeof comparisonFigures>,
  options: { readonly fonts?: readonly FontFace[] } = {},
): string => {
  const { titles, attributes, latent, observations } = input
  const compared = comparedOf(attributes)
  const interval = ({ value, low, high }: Compared["kolmogorov"]): string =>
    `${significant(value, 3)} (${significant(low, 2)} … ${significant(high, 2)})`
  const refused = attributes.flatMap((each) =>
    each.kind === "compared" ? [] : [`${literal(each.name)}: ${literal(each.reason)}`],
  )
  return learningDocument({
    kicker: "Simulation against measurement",
    title: `${titles[0]} and ${titles[1]}`,
    started: input.started,
    programVersion: input.programVersion,
    summary: summaryOf(input),
    warnings: input.warnings,
    fonts: options.fonts ?? [],
    sections: [
      [
        "Attribute by attribute",
        `Of whole particles.${refused.length === 0 ? "" : ` Not comparable: ${refused.join("; ")}.`}`,
        compared.length === 0
          ? ""
          : figureGrid(figures.distances) +
            wordTable(
              ["Attribute", "Rows", "Kolmogorov–Smirnov", "Wasserstein, in standard deviations", "*p*"],
              compared.map((each) => [
                literal(each.name),
                `${each.counts[0]}, ${each.counts[1]}`,
                interval(each.kolmogorov),
                significant(each.wassersteinInDeviations, 3),
                significant(each.probability, 2),
              ]),
            ),
      ],
      [
        "All attributes together",
        `Distances in ${counted(latent.latentCount, "latent value")} of an autoencoder that has learnt from ${counted(latent.learntRows, "measured row")}; the other ${latent.pointCounts[0]} are compared with ${latent.pointCounts[1]} simulated ones.`,
        wordTable(
          ["Distance", "Value", "*p*"],
          [
            ["Energy distance", significant(latent.energy.value, 3), significant(latent.energy.probability, 2)],
            [
              "Maximum mean discrepancy, squared",
              significant(latent.discrepancy.value, 3),
              significant(latent.discrepancy.probability, 2),
            ],
          ],
        ),
      ],
      [
        "What tells of the target",
        "Scores of both tables by the same protocol, over the attributes that both have.",
        figureGrid(figures.scores),
      ],
      [
        "Published observations",
        "Whether either table shows them, with the statistic.",
        wordTable(
          ["Observation", literal(titles[0]), literal(titles[1])],
          observations[0].map((each, at) => [
            literal(each.statement),
            verdictText(each),
            verdictText(observations[1][at]),
          ]),
        ),
      ],
    ],
  })
}
