import { join } from "node:path"
import { Effect } from "effect"
import type { LabelAgreement } from "../../image/label-agreement.ts"
import type { BesideInput } from "../../report/beside/input.ts"
import { renderBeside } from "../../report/beside/page.ts"
import { writeAtomically } from "../../store/atomic.ts"
import type { RunUnwritable } from "../../store/errors.ts"
import { particleFiles } from "../../store/particles-manifest.ts"
import { reportFonts } from "../typeface.ts"

const short = ({ matches: _, ...rest }: LabelAgreement) => rest

/** A comparison as data. */
const besideRecord = ({ first, second, between, truth }: BesideInput) => ({
  first: { name: first.name, count: first.count, whole: first.volumes.length },
  second: { name: second.name, count: second.count, whole: second.volumes.length },
  between: short(between),
  truth: truth === null ? null : { count: truth.objects.count, first: short(truth.first), second: short(truth.second) },
})

/** The comparison in a line. */
const besideWords = ({ first, second, between, truth }: BesideInput): string => {
  const half = (agreement: LabelAgreement) => agreement.scores[0]
  const scores =
    truth === null
      ? `${half(between).matched} the same to an overlap of one half`
      : `F1 against the truth at an overlap of one half ${half(truth.first).f1.toFixed(3)} and ${half(truth.second).f1.toFixed(3)}`
  return `${first.name} finds ${first.count} particles, ${second.name} ${second.count}: ${scores} (${particleFiles.beside})`
}

/** Writes page and record of a comparison; returns what is to be said of it. */
export const writeBeside = Effect.fn("writeBeside")(function* (
  folder: string,
  input: BesideInput,
): Effect.fn.Return<string, RunUnwritable> {
  const fonts = yield* reportFonts
  yield* writeAtomically(join(folder, particleFiles.besideRecord), `${JSON.stringify(besideRecord(input), null, 2)}\n`)
  yield* writeAtomically(join(folder, particleFiles.beside), renderBeside(input, { fonts }))
  return besideWords(input)
})
