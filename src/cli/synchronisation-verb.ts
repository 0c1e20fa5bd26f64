import { Effect } from "effect"
import { writeCsv } from "../formats/csv.ts"
import {
  type EnsembleError,
  readEnsemble,
  synchronisationRecord,
  synchronisationTable,
  synchronisationText,
} from "../pipeline/synchronisation.ts"
import { writeAtomically } from "../store/atomic.ts"
import type { RunUnwritable } from "../store/errors.ts"
import { analyseSynchronisation } from "../synchronisation/analysis.ts"
import { defaultSynchronisationSettings } from "../synchronisation/settings.ts"
import { optionValue, type Parsed, shareOf, type UsageWrong } from "./arguments.ts"
import { exitCodes } from "./failure.ts"
import type { Output } from "./output.ts"
import { synchronisationUsage } from "./usages.ts"

export const synchronisationVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, EnsembleError | RunUnwritable | UsageWrong> {
  const defaults = defaultSynchronisationSettings
  const settings = {
    ...defaults,
    threshold: yield* shareOf(synchronisationUsage, parsed, "threshold", defaults.threshold),
    severeDamage: yield* shareOf(synchronisationUsage, parsed, "severe-damage", defaults.severeDamage),
  }
  const ensemble = yield* readEnsemble(parsed.operands[0])
  yield* Effect.forEach(ensemble.notes, output.note)
  const found = analyseSynchronisation(ensemble.history, settings)
  const out = optionValue(parsed, "out")
  if (out !== undefined) yield* writeAtomically(out, writeCsv(synchronisationTable(found.cycles)))
  yield* output.result(synchronisationText(found, settings), synchronisationRecord(found, settings, ensemble))
  return exitCodes.done
})
