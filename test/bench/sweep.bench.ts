/**
 * A sweep of twelve runs (coverage × strength × rate of `scenarios/sweep-coverage.yaml`, cut short) on one thread and on
 * two: elapsed time with everything that belongs to it (checks, meshes, tables, reports), processor time a run, and
 * their ratios. Pairs of both, in alternating order, let a machine's drift fall out of the medians. Not measured: more
 * threads than the machine has processors, other places to run than this one.
 *
 * npm run bench -- sweep   (or: node test/bench/sweep.bench.ts [cycles [interface length in µm [runs [pairs]]]])
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { runSweep } from "../../src/pipeline/sweep.ts"
import { sweepEngine } from "../../src/pipeline/sweep-engine.ts"
import { checkedPoints, sweepInputs } from "../../src/pipeline/sweep-points.ts"
import { loadSweep } from "../../src/twin/sweep/load.ts"

interface Cost {
  /** [s] */
  readonly elapsed: number
  readonly processor: number
}

const [cycles = "2", length = "0.8", runs = "12", pairs = "1"] = process.argv.slice(2)
const file = fileURLToPath(new URL("../../scenarios/sweep-coverage.yaml", import.meta.url))

const sweep = async (threads: number, out: string): Promise<Cost> => {
  const [begun, used] = [performance.now(), process.cpuUsage()]
  const { record } = await Effect.runPromise(
    Effect.gen(function* () {
      const { design, twin, scenario, set } = yield* loadSweep(file)
      const settings = [...set, `cycle.repeat=${cycles}`, `mesh.interface-length=${length} um`]
      const inputs = yield* sweepInputs(design, twin, scenario, settings)
      const some = { ...inputs, points: inputs.points.slice(0, Number(runs)) }
      const checked = yield* checkedPoints(some, undefined, () => Effect.void)
      const request = { out, description: "", design: { kind: "grid" as const }, tomogram: undefined, ...checked }
      return yield* runSweep({ ...request, retriesFailed: false }, { onProgress: () => Effect.void })
    }).pipe(Effect.provide(sweepEngine(threads))),
  )
  const unfinished = record.points.filter(({ status }) => status !== "done")
  if (unfinished.length > 0) throw new Error(`${unfinished[0].name}: ${unfinished[0].reason}`)
  const { user, system } = process.cpuUsage(used)
  return { elapsed: (performance.now() - begun) / 1000, processor: (user + system) / 1e6 }
}

/** Each begins with nothing compiled, as on the command line. */
const inItsOwnProcess = (threads: number): Cost => {
  const { stdout, status } = spawnSync(process.execPath, process.argv.slice(1), {
    env: { ...process.env, SWEEP_THREADS: String(threads) },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  })
  if (status !== 0) throw new Error(`the sweep on ${threads} threads ended with ${status}`)
  const cost: Cost = JSON.parse(stdout)
  const name = threads === 1 ? "one thread" : `${threads} threads`
  const each = (cost.processor / Number(runs)).toFixed(2)
  console.log(`  ${name.padEnd(12)} ${cost.elapsed.toFixed(1)} s, processor ${each} s a run`)
  return cost
}

const median = (values: ReadonlyArray<number>): number => {
  const ordered = values.toSorted((a, b) => a - b)
  return (ordered[(ordered.length - 1) >> 1] + ordered[ordered.length >> 1]) / 2
}

const measured = process.env.SWEEP_THREADS
if (measured === undefined) {
  console.log(`${runs} runs of ${cycles} cycles, interface length ${length} µm`)
  const both = Array.from({ length: Number(pairs) }, (_, pair) => {
    const order = pair % 2 === 0 ? [1, 2] : [2, 1]
    const costs = new Map(order.map((threads) => [threads, inItsOwnProcess(threads)]))
    const [one, two] = [costs.get(1), costs.get(2)]
    if (one === undefined || two === undefined) throw new Error("a pair lacks one of its measurements")
    console.log(`  ratio        ${(one.elapsed / two.elapsed).toFixed(2)} in elapsed time`)
    return { one, two }
  })
  const ratio = (of: keyof Cost): number =>
    median(both.map(({ one }) => one[of])) / median(both.map(({ two }) => two[of]))
  console.log(`  of medians   ${ratio("elapsed").toFixed(2)} in elapsed time`)
  console.log(`               ${(1 / ratio("processor")).toFixed(2)} in processor time`)
} else {
  const folder = mkdtempSync(join(tmpdir(), "sweep-bench-"))
  try {
    console.log(JSON.stringify(await sweep(Number(measured), folder)))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
