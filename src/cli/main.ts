import { Effect, Fiber } from "effect"
import { report, runCommand } from "./command.ts"
import { exitCodes } from "./failure.ts"

/** A second Ctrl-C within this time is the first one passed on by a parent process [ms] */
const sameSignal = 500

const words = process.argv.slice(2)
const fiber = Effect.runFork(runCommand(words))
let asked = 0
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (asked > 0 && Date.now() - asked > sameSignal) process.exit(exitCodes.interrupted)
    asked ||= Date.now()
    Effect.runFork(Fiber.interrupt(fiber))
  })
}
const exit = await Effect.runPromise(Fiber.await(fiber))
process.exitCode = report(exit, words.includes("--json"))
// Handlers of signals would not keep the process, but a worker or a socket left open might.
await new Promise((done) => process.stdout.write("", done))
process.exit()
