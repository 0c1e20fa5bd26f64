import { axisOver } from "../axis.ts"
import { chartDrawing } from "../chart.ts"
import { ink } from "../colour.ts"
import type { Drawing } from "../drawing.ts"
import { pageWidth } from "../figures.ts"
import { significant } from "../number.ts"
import type { ParticleFigure } from "../particles/figures.ts"
import { literal } from "../text.ts"
import { chordPlot, heatMap } from "./correlations.ts"
import type { LearningReportInput } from "./input.ts"
import { dependenceChart, predictionsChart, reconstructionChart } from "./scatter.ts"
import { agreementChart, colourOf, differencesChart, pearsonChart, scoresChart, swarmChart } from "./scores.ts"

const gap = 20
const half = Math.floor((pageWidth - gap) / 2)
const third = Math.floor((pageWidth - 2 * gap) / 3)

const figure = (name: string, title: string, drawing: Drawing, caption = ""): readonly ParticleFigure[] => [
  { name, title, caption, drawing },
]

const chanceInWords = (permutations: number): string =>
  permutations === 0
    ? "Filled where runs that change tables give so large a difference, in any attribute, in at most 5 % of cases. Runs share rows, so that this speaks of the runs and not of other particles."
    : `Filled where rows that change tables give so large a difference, in any attribute, in at most 5 % of ${permutations + 1} divisions of the rows, forests on at most 1,000 of either table: what other particles of the same kind would show.`

/** Scores, their differences between two tables, and the linear baseline. */
export const scoreFigures = (input: LearningReportInput): readonly ParticleFigure[] => {
  const { studies, differences, runsInWords, permutations } = input
  const hasHollow = studies.some(({ constructed }) => constructed.length > 0)
  const titles = studies.map(({ title }) => title)
  return [
    ...figure(
      "scores",
      "Contribution scores of the attributes",
      scoresChart(studies, half),
      `Mean |Shapley value|, as a share: mean and standard deviation over ${runsInWords}. Faint dots are the subsamples, faint strokes the other seeds.` +
        (hasHollow ? " Hollow: follows the target by construction." : ""),
    ),
    ...(differences.length === 0
      ? []
      : figure(
          "differences",
          "Differences of the scores",
          differencesChart(differences, titles, half),
          `Band: one standard deviation of single runs. ${chanceInWords(permutations)}`,
        )),
    ...figure(
      "pearson",
      "Pearson correlations with the target",
      pearsonChart(studies, half),
      "What a straight line would say, in the order of the scores.",
    ),
  ]
}

export const predictionFigures = ({ studies }: LearningReportInput): readonly ParticleFigure[] =>
  studies.flatMap((study, at) =>
    figure(
      `predictions-${at + 1}`,
      `Predicted against actual, ${literal(study.title)}`,
      predictionsChart(study, third, colourOf(at)),
      `${literal(study.title)}: each row by a forest that has not seen it. Mean absolute error ${significant(study.errors.crossValidated, 3)}, *R*^2 ${significant(study.errors.determination, 2)}.`,
    ),
  )

export const swarmFigures = ({ studies }: LearningReportInput): readonly ParticleFigure[] =>
  studies.flatMap((study, at) =>
    figure(
      `swarm-${at + 1}`,
      `Shapley values, ${literal(study.title)}`,
      swarmChart(study, half),
      "A dot a row that was learnt from; its colour is the attribute's rank, blue low and red high.",
    ),
  )

/** Shapley values over the attributes that they belong to. */
export const dependenceFigures = ({ studies }: LearningReportInput): readonly ParticleFigure[] =>
  studies.flatMap((study, at) =>
    figure(
      `dependence-${at + 1}`,
      `Shapley values over the attributes, ${literal(study.title)}`,
      dependenceChart(study, pageWidth, colourOf(at)),
      `${literal(study.title)}: the most important attributes, a dot a row that was learnt from. What lies above the line raises the prediction.`,
    ),
  )

/** Edges by the names of their ends and their sign. */
const keyOf = (names: readonly string[], first: number, second: number, correlation: number): string =>
  `${[names[first], names[second]].sort().join("\n")}\n${correlation >= 0}`

export const correlationFigures = ({ studies, edgeThreshold }: LearningReportInput): readonly ParticleFigure[] => {
  const keys = studies.map(
    ({ latent: { names, edges } }) =>
      new Set(edges.map(({ first, second, correlation }) => keyOf(names, first, second, correlation))),
  )
  const chords = studies.flatMap(({ title, latent }, at) =>
    figure(
      `chords-${at + 1}`,
      `Attributes that go together, ${literal(title)}`,
      chordPlot(
        latent.edges,
        latent.names,
        ({ first, second, correlation }) =>
          studies.length > 1 && keys.every((set) => set.has(keyOf(latent.names, first, second, correlation))),
        literal(title),
        half,
      ),
      `Correlations of the attributes as the autoencoder gives them back, |*r*| ≥ ${edgeThreshold}: red rising, blue falling${studies.length > 1 ? "; faded where all tables have the edge" : ""}.`,
    ),
  )
  const maps = studies.flatMap(({ title, latent }, at) => [
    ...figure(
      `measured-correlations-${at + 1}`,
      `Correlations as they are, ${literal(title)}`,
      heatMap(latent.measured, latent.names, literal(title), half),
      "Pearson correlations of the attributes and the target as the table has them.",
    ),
    ...figure(
      `correlations-${at + 1}`,
      `Correlations, ${literal(title)}`,
      heatMap(latent.reconstructed, latent.names, `${literal(title)}, given back`, half),
      "Pearson correlations of the attributes as the autoencoder gives them back, noise left out.",
    ),
    ...figure(
      `latent-correlations-${at + 1}`,
      `Correlations of latent values, ${literal(title)}`,
      heatMap(
        latent.correlations,
        Array.from({ length: latent.latentCount }, (_, k) => `${k + 1}`),
        `${literal(title)}, latent values`,
        third,
      ),
      "Pearson correlations of the latent values: the less, the less they say twice.",
    ),
  ])
  return [...chords, ...maps]
}

/** How well columns are given back, beside the baselines. */
export const reconstructionFigures = ({ studies }: LearningReportInput): readonly ParticleFigure[] =>
  studies.flatMap((study, at) =>
    figure(
      `reconstruction-${at + 1}`,
      `Columns as they are given back, ${literal(study.title)}`,
      reconstructionChart(study, half),
      `Mean squares of standardised columns, by ${study.latent.latentCount} latent values or as many components: 0 is perfect, at 1 the column's mean says as much.`,
    ),
  )

/** Errors over the number of latent values, where they were scanned. */
export const sizeFigures = ({ studies }: LearningReportInput): readonly ParticleFigure[] =>
  studies.flatMap(({ title, latent: { scan, latentCount } }, at) => {
    if (scan.length < 2) return []
    const x = Float64Array.from(scan, (each) => each.latentCount)
    const [own, principal] = [scan.map((each) => each.autoencoder), scan.map((each) => each.principal)].map((values) =>
      Float64Array.from(values),
    )
    const edge = (sign: number) => Float64Array.from(scan, (each) => each.autoencoder + sign * each.deviation)
    const drawing = chartDrawing({
      width: half,
      height: 300,
      x: axisOver("Latent values", [x], { whole: true, snug: true }),
      y: axisOver("Error of held-out rows", [edge(1), principal], { include: [0] }),
      bands: [{ name: "", colour: "#cfe0ef", x, low: edge(-1), high: edge(1) }],
      lines: [
        { name: "autoencoder", colour: ink.accent, x, y: own, dots: true },
        { name: "principal components", colour: "#8a909c", x, y: principal, dash: "dashed", dots: true },
      ],
      names: "above",
    })
    const caption = `${literal(title)}: mean square of a standardised column, with the standard deviation over splits. ${latentCount} latent values were taken.`
    return figure(`sizes-${at + 1}`, `Number of latent values, ${literal(title)}`, drawing, caption)
  })

/** Scores over published ones: the first table over the early ones, the second over the late ones. */
export const publishedFigures = ({ studies, published }: LearningReportInput): readonly ParticleFigure[] =>
  published === null
    ? []
    : studies.slice(0, 2).flatMap(({ title }, at) =>
        figure(
          `published-${at + 1}`,
          `Scores of ${literal(title)} over the published ones`,
          agreementChart(
            {
              names: published.names,
              titles: [`Published, ${at === 0 ? "early" : "late"} (%)`, `${literal(title)} (%)`],
              shares: [published.published[at], published.own[at]],
            },
            half,
          ),
          "Shares in the importances of the attributes that both have; names where both together exceed 10 %.",
        ),
      )

/** All pictures of the report, section by section. */
export const learningFigures = (input: LearningReportInput) => ({
  scores: scoreFigures(input),
  predictions: predictionFigures(input),
  published: publishedFigures(input),
  rows: [...swarmFigures(input), ...dependenceFigures(input)],
  correlations: correlationFigures(input),
  latent: [...reconstructionFigures(input), ...sizeFigures(input)],
})
