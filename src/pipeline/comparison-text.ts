import type { LabelAgreement } from "../image/label-agreement.ts"

const three = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : "–")
const percent = (share: number): string => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–")
const short = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "–")

/** An agreement of labels for a terminal: scores by overlap, then what went wrong. */
export const comparisonText = (agreement: LabelAgreement): string => {
  const { scores, errors, volumes, matchedVolume, damage, trueCount, foundCount } = agreement
  const head = ["overlap", "matched", "precision", "recall", "F1", "AP", "PQ"]
  const rows = scores.map((score) => [
    score.overlap.toFixed(2),
    String(score.matched),
    ...[score.precision, score.recall, score.f1, score.averagePrecision, score.panopticQuality].map(three),
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)))
  const line = (cells: readonly string[]): string => cells.map((cell, k) => cell.padStart(widths[k])).join("  ")
  const lines = [
    `${trueCount} true particles, ${foundCount} found`,
    [head, ...rows].map(line).join("\n"),
    `split ${errors.splitTruths} (${errors.surplusPieces} ${errors.surplusPieces === 1 ? "piece" : "pieces"} too many), merges ${errors.mergedFinds} (${errors.mergedAway} lost), missed ${errors.missed}, made up ${errors.spurious}`,
    `volume of whole particles: mean ${short(volumes.trueMean * 1e18)} µm³ true, ${short(volumes.foundMean * 1e18)} found; matched ones off by ${percent(matchedVolume.bias)} (rms ${percent(matchedVolume.deviation)})`,
    ...(damage === null
      ? []
      : [
          `damage of whole particles: mean ${short(damage.distribution.trueMean)} true, ${short(damage.distribution.foundMean)} found; matched ones off by ${short(damage.matched.bias)} (rms ${short(damage.matched.deviation)})`,
        ]),
  ]
  return `${lines.join("\n")}\n`
}
