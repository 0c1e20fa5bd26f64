import { seededRandom } from "../../../src/array/random.ts"
import { type Observation, publishedObservations } from "../../../src/learning/observations.ts"
import { commonNames, meanShares, type PublishedScores } from "../../../src/learning/published-scores.ts"
import { type AttributeScores, meanScores, scoreAgreement } from "../../../src/learning/table-comparison.ts"
import { type MeanDifference, meanDifferences } from "../../../src/statistics/permutation.ts"
import { type Result, withFindings } from "../../case.ts"

/** Error of the digitisation [target] */
const reading = 3e-5

const level = 0.05

const yes = (quantity: string, expected: string, holds: boolean, found: string): Result => ({
  quantity,
  expected,
  found,
  error: holds ? 0 : 1,
  tolerance: 0,
  passed: holds,
})

/** Runs of one protocol. */
const ofProtocol = ({ early, late, protocols }: PublishedScores, protocol: string): PublishedScores => {
  const rows = [...protocols.keys()].filter((run) => protocols[run] === protocol)
  const picked = ({ names, runs }: AttributeScores): AttributeScores => ({
    names,
    runs: Float64Array.from(rows.flatMap((run) => [...runs.subarray(run * names.length, (run + 1) * names.length)])),
  })
  return { early: picked(early), late: picked(late), protocols: rows.map(() => protocol) }
}

const observed = ({ early, late }: PublishedScores): readonly Observation[] =>
  publishedObservations({ columns: [], scores: early }, { columns: [], scores: late }).filter(({ statement }) =>
    /tell/.test(statement),
  )

/** [run, attribute] shares in all importances */
const sharesOf = ({ names, runs }: AttributeScores): Float64Array => {
  const out = runs.slice()
  for (let start = 0; start < out.length; start += names.length) {
    const row = out.subarray(start, start + names.length)
    const sum = row.reduce((total, value) => total + value, 0)
    row.set(row.map((value) => value / sum))
  }
  return out
}

const ranked = (scores: AttributeScores): readonly string[] => {
  const means = meanScores(scores)
  return [...scores.names.keys()].sort((a, b) => means[b] - means[a]).map((k) => scores.names[k])
}

/** Attributes whose share rises or falls, the most first. */
const changing = (names: readonly string[], differences: readonly MeanDifference[], sign: number): readonly string[] =>
  [...names.keys()]
    .filter((k) => sign * differences[k].difference > 0 && differences[k].familyProbability <= level)
    .sort((a, b) => sign * (differences[b].difference - differences[a].difference))
    .map((k) => names[k])

/** The checklist and the statistics of differences on scores of which is known what was read from them. */
export const scoreRows = (published: PublishedScores): readonly Result[] => {
  const { early, late } = published
  const { names } = early
  const [random, subset] = ["random_seed", "subset500"].map((protocol) => ofProtocol(published, protocol))
  const differences = meanDifferences(sharesOf(early), sharesOf(late), names.length)
  const [rising, falling] = [changing(names, differences, 1), changing(names, differences, -1)]
  const [first, last] = [ranked(early), ranked(late)]
  const all = (wanted: readonly string[], found: readonly string[]) => wanted.every((name) => found.includes(name))
  const gaining = ["Contact", "DistNearest", "OrienIso", "PDensity"]
  const neighbours = [...gaining, "VolumeStd"]
  const reversed = observed({ ...published, early: late, late: early })
  const disturbed = (seed: number): PublishedScores => {
    const noise = seededRandom(seed)
    const shaken = ({ runs }: AttributeScores): AttributeScores => ({
      names,
      runs: runs.map((value) => Math.max(0, value + reading * (2 * noise.uniform() - 1))),
    })
    return { ...published, early: shaken(early), late: shaken(late) }
  }
  const shaken = Array.from({ length: 20 }, (_, seed) => disturbed(seed + 1))
  const halves = [early, late].map(({ runs }) => {
    const part = ofProtocol(published, "random_seed")
    const values = sharesOf(runs === early.runs ? part.early : part.late)
    const middle = values.length / 2
    return meanDifferences(values.slice(0, middle), values.slice(middle), names.length)
  })
  const least = Math.min(...halves.flat().map(({ familyProbability }) => familyProbability))
  const ways = [
    { name: "10 cycles", value: scoreAgreement(random.early, subset.early).coefficient },
    { name: "50 cycles", value: scoreAgreement(random.late, subset.late).coefficient },
  ]
  const between = scoreAgreement(early, late).coefficient
  const common = commonNames([early, late])
  const shares = [early, late].map((scores) => {
    const part = meanShares(scores, common)
    return neighbours.reduce((sum, name) => sum + part[common.indexOf(name)], 0)
  })
  const verdicts = (each: PublishedScores): string =>
    observed(each)
      .map(({ verdict }) => verdict.kind)
      .join()
  const whole = verdicts(published)
  const unmoved = shaken.filter((each) => verdicts(each) === whole).length
  const raw = meanDifferences(early.runs, late.runs, names.length)[names.indexOf("VolumeStd")]
  const checklist = observed(published).map(({ statement, verdict, statistic, probability }) =>
    yes(
      `checklist: ${statement}`,
      "holds",
      verdict.kind === "holds",
      `${verdict.kind}: ${statistic.toPrecision(3)}${probability === null ? "" : `, p = ${probability.toPrecision(2)}`}`,
    ),
  )
  return [
    ...withFindings(checklist, {
      "checklist: later, VolumeStd tells more of damage than early":
        "its score rises, but so do all scores; its share in them does not rise beyond chance",
    }),
    yes(
      "score of VolumeStd itself",
      "rises beyond chance",
      raw.difference > 0 && raw.familyProbability <= level,
      `by ${raw.difference.toExponential(2)}, p = ${raw.familyProbability.toPrecision(2)}`,
    ),
    ...[random, subset].map((each) =>
      yes(`checklist, ${each.protocols[0]} runs alone`, "the same verdicts", verdicts(each) === whole, verdicts(each)),
    ),
    yes(
      "checklist, values moved within the error of reading, 20 times",
      "the same verdicts each time",
      unmoved === shaken.length,
      `in ${unmoved} of ${shaken.length}`,
    ),
    yes(
      "checklist, 50 cycles taken for the early table",
      "nothing holds",
      reversed.every(({ verdict }) => verdict.kind === "does not hold"),
      `${reversed.filter(({ verdict }) => verdict.kind === "holds").length} of ${reversed.length} hold`,
    ),
    yes("shares that rise beyond chance", gaining.join(", "), all(gaining, rising), rising.join(", ")),
    yes(
      "shares that fall beyond chance",
      "Z, VSratio, Sphericity, Elongation",
      all(["Z", "VSratio", "Sphericity", "Elongation"], falling),
      falling.join(", "),
    ),
    yes(
      "foremost at 10 cycles",
      "Sphericity, Elongation, VSratio",
      all(["Sphericity", "Elongation", "VSratio"], first.slice(0, 3)),
      first.slice(0, 5).join(", "),
    ),
    yes("foremost at 50 cycles", "Contact", last[0] === "Contact", last.slice(0, 6).join(", ")),
    ...ways.map(({ name, value }) =>
      yes(`ranks by subsamples and by seeds, ${name}`, "rank correlation ≥ 0.9", value >= 0.9, value.toFixed(3)),
    ),
    yes("ranks at 10 and at 50 cycles", "rank correlation below 0.5", between < 0.5, between.toFixed(3)),
    yes(
      "share of the neighbourhood's five attributes",
      "at least three times as much at 50 cycles",
      shares[1] >= 3 * shares[0],
      shares.map((share) => `${(100 * share).toFixed(1)} %`).join(" → "),
    ),
    yes(
      "other seeds against other seeds of the same table",
      "no difference beyond chance",
      least > level,
      `least p of any attribute ${least.toPrecision(2)}`,
    ),
  ]
}
