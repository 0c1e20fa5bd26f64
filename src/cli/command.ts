import { Cause, Effect, Exit } from "effect"
import { program } from "../pipeline/program.ts"
import { isSweep } from "../store/sweep-record.ts"
import { suggestion } from "../twin/suggestion.ts"
import { type Parsed, parseArguments, type Usage, UsageWrong, usageText } from "./arguments.ts"
import { exitCodeOf, exitCodes, type Failure, failureRecord } from "./failure.ts"
import { type Output, outputOf } from "./output.ts"
import {
  compareLabelsUsage,
  compareUsage,
  designUsage,
  initUsage,
  learnUsage,
  particlesUsage,
  phantomUsage,
  reportUsage,
  resumeUsage,
  runUsage,
  sweepUsage,
  synchronisationUsage,
  trainSegmenterUsage,
  validateUsage,
} from "./usages.ts"

interface Verb {
  readonly usage: Usage
  readonly run: (parsed: Parsed, output: Output) => Effect.Effect<number, Failure>
}

/** Verbs are loaded when they are asked for: the help should not wait for the solver. */
const runVerbs = Effect.promise(() => import("./run-verbs.ts"))
const analysisVerbs = Effect.promise(() => import("./synchronisation-verb.ts"))
const sweepVerbs = Effect.promise(() => import("./sweep-verbs.ts"))
const designVerbs = Effect.promise(() => import("./design-verb.ts"))
const particlesVerbs = Effect.promise(() => import("./particles-verb.ts"))
const labelVerbs = Effect.promise(() => import("./label-verbs.ts"))
const segmenterVerbs = Effect.promise(() => import("./train-segmenter-verb.ts"))
const learnVerbs = Effect.promise(() => import("./learn-verb.ts"))
const projectVerbs = Effect.promise(() => import("./project-verbs.ts"))

const verbs: readonly Verb[] = [
  { usage: runUsage, run: (...given) => Effect.flatMap(runVerbs, ({ runVerb }) => runVerb(...given)) },
  { usage: sweepUsage, run: (...given) => Effect.flatMap(sweepVerbs, ({ sweepVerb }) => sweepVerb(...given)) },
  { usage: designUsage, run: (...given) => Effect.flatMap(designVerbs, ({ designVerb }) => designVerb(...given)) },
  {
    usage: resumeUsage,
    run: (parsed, output) =>
      isSweep(parsed.operands[0])
        ? Effect.flatMap(sweepVerbs, ({ resumeSweepVerb }) => resumeSweepVerb(parsed, output))
        : Effect.flatMap(runVerbs, ({ resumeVerb }) => resumeVerb(parsed, output)),
  },
  {
    usage: reportUsage,
    run: (parsed, output) =>
      isSweep(parsed.operands[0])
        ? Effect.flatMap(sweepVerbs, ({ reportSweepVerb }) => reportSweepVerb(parsed, output))
        : Effect.flatMap(runVerbs, ({ reportVerb }) => reportVerb(parsed, output)),
  },
  {
    usage: synchronisationUsage,
    run: (...given) => Effect.flatMap(analysisVerbs, ({ synchronisationVerb }) => synchronisationVerb(...given)),
  },
  {
    usage: particlesUsage,
    run: (...given) => Effect.flatMap(particlesVerbs, ({ particlesVerb }) => particlesVerb(...given)),
  },
  { usage: learnUsage, run: (...given) => Effect.flatMap(learnVerbs, ({ learnVerb }) => learnVerb(...given)) },
  {
    usage: compareUsage,
    run: (...given) => Effect.flatMap(learnVerbs, ({ compareVerb }) => compareVerb(...given)),
  },
  {
    usage: compareLabelsUsage,
    run: (...given) => Effect.flatMap(labelVerbs, ({ compareLabelsVerb }) => compareLabelsVerb(...given)),
  },
  { usage: phantomUsage, run: (...given) => Effect.flatMap(labelVerbs, ({ phantomVerb }) => phantomVerb(...given)) },
  {
    usage: trainSegmenterUsage,
    run: (...given) => Effect.flatMap(segmenterVerbs, ({ trainSegmenterVerb }) => trainSegmenterVerb(...given)),
  },
  {
    usage: validateUsage,
    run: (...given) => Effect.flatMap(projectVerbs, ({ validateVerb }) => validateVerb(...given)),
  },
  { usage: initUsage, run: (...given) => Effect.flatMap(projectVerbs, ({ initVerb }) => initVerb(...given)) },
]

const overview = (): string => {
  const width = Math.max(...verbs.map(({ usage }) => usage.verb.length))
  const list = verbs.map(({ usage }) => `  ${usage.verb.padEnd(width)}  ${usage.summary}`).join("\n")
  return (
    `synchrode ${program.version}: digital twins of composite cathodes\n\nUsage:\n  synchrode VERB … [options]\n\n` +
    `Verbs:\n${list}\n\nOptions:\n  --help     this text, or the help of a verb\n  --version  the program's version\n\n` +
    `Example:\n  ${runUsage.examples[0]}\n`
  )
}

const say = (text: string): Effect.Effect<number> =>
  Effect.sync(() => {
    process.stdout.write(text)
    return exitCodes.done
  })

const unknownVerb = (word: string): UsageWrong => {
  const known = verbs.map(({ usage }) => usage.verb)
  const hint = suggestion(word, known)
  const reason = `expected one of the verbs ${known.join(", ")}; found "${word}"${hint === undefined ? "" : ` (${hint})`}`
  return new UsageWrong({ verb: "", reason })
}

/** Finds and runs the verb of a command line; returns the exit code. */
export const runCommand = Effect.fnUntraced(function* (words: readonly string[]): Effect.fn.Return<number, Failure> {
  const [first, ...rest] = words
  if (first === undefined || first === "--help" || first === "-h" || first === "help") {
    const asked = verbs.find(({ usage }) => usage.verb === rest[0])
    return yield* say(asked === undefined ? overview() : usageText(asked.usage))
  }
  if (first === "--version") return yield* say(`${program.version}\n`)
  const verb = verbs.find(({ usage }) => usage.verb === first)
  if (verb === undefined) return yield* unknownVerb(first)
  const parsed = yield* parseArguments(verb.usage, rest)
  if (parsed.switches.has("help")) return yield* say(usageText(verb.usage))
  return yield* verb.run(parsed, outputOf(parsed))
})

/** Tells how a command ended and returns its exit code. */
export const report = (exit: Exit.Exit<number, Failure>, json: boolean): number => {
  if (Exit.isSuccess(exit)) return exit.value
  const { cause } = exit
  if (Cause.hasInterruptsOnly(cause)) return exitCodes.interrupted
  const failure = cause.reasons.find(Cause.isFailReason)?.error
  if (failure === undefined) {
    process.stderr.write(
      `synchrode: a fault of the program, not of your input; please report it\n${Cause.pretty(cause)}\n`,
    )
    return exitCodes.fault
  }
  if (json) process.stdout.write(`${JSON.stringify(failureRecord(failure))}\n`)
  else process.stderr.write(`synchrode: ${failure.message}\n`)
  return exitCodeOf(failure)
}
