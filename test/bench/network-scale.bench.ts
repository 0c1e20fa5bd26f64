/**
 * 5C cycles between 4.5 and 2.5 V of generated networks of 100 to 100,000 particles with the materials of
 * `twins/nrel-nmc-network.yaml`: time a cycle and memory against the number of particles, on as many threads as the machine
 * has processors. Ten particles deep, 16 patches and 16 shells a particle, uneven coverage. Sizes one after the other, each
 * in a process of its own. Not measured: extraction of networks from volumes, output, reports.
 *
 * npm run bench -- network-scale   (or: node test/bench/network-scale.bench.ts [columns across:cycles …])
 */
import { spawnSync } from "node:child_process"
import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { crewOf } from "../../src/pipeline/network-crew.ts"
import type { RunSource } from "../../src/pipeline/run-source.ts"
import { splitSettings } from "../../src/pipeline/settings.ts"
import { startSimulation } from "../../src/pipeline/simulation.ts"
import { loadTwin } from "../../src/twin/load.ts"
import { loadScenario } from "../../src/twin/scenario/load.ts"
import { builtNetwork, plainNetwork } from "../arbitrary/network.ts"

interface Result {
  readonly particles: number
  readonly cycles: number
  /** [s] of all cycles */
  readonly wall: number
  readonly processor: number
  /** [s] before the first step */
  readonly setup: number
  /** Peak of resident memory [GB] */
  readonly memory: number
  readonly steps: number
  readonly meanDamage: number
}

const rows = 10

const measured = (columns: number, cycles: number): Promise<Result> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const file = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url))
        const twin = yield* loadTwin(file("twins/nrel-nmc-network.yaml"))
        const { scenario: settings } = yield* splitSettings([
          "formation.steps=[Rest for 1 second]",
          `cycle.repeat=${cycles}`,
        ])
        const { protocol } = yield* loadScenario(file("scenarios/li2022-voltage-window.yaml"), settings)
        const begun = performance.now()
        const network = builtNetwork({ ...plainNetwork, columns, rows, gap: 0.4, patches: 16, unevenness: 0.3 })
        const source = { kind: "network", network, separatorThickness: 25e-6 } as Extract<
          RunSource,
          { kind: "network" }
        >
        const crew = yield* crewOf(source, twin, availableParallelism())
        const simulation = startSimulation(source, twin, protocol, undefined, crew)
        const setup = (performance.now() - begun) / 1000
        const [start, cpu] = [performance.now(), process.cpuUsage()]
        for (;;) {
          const advance = simulation.advance()
          if (advance.kind === "failed") throw new Error(JSON.stringify(advance.reason))
          if (advance.kind === "finished") break
        }
        const { user, system } = process.cpuUsage(cpu)
        const { damage } = simulation.observation.particles
        return {
          particles: network.particles.count,
          cycles,
          wall: (performance.now() - start) / 1000,
          processor: (user + system) / 1e6,
          setup,
          memory: process.resourceUsage().maxRSS / 1024 ** 2,
          steps: simulation.statistics().accepted,
          meanDamage: damage.reduce((sum, own) => sum + own, 0) / damage.length,
        }
      }),
    ),
  )

const size = process.env.NETWORK_SCALE
if (size === undefined) {
  const asked = process.argv.slice(2)
  // 32² · 10 are 10,240 particles.
  const sizes = asked.length > 0 ? asked : ["3:10", "10:10", "32:10", "100:1"]
  console.log(`${availableParallelism()} threads, time of a cycle with its share of steps`)
  console.log("particles  cycles  s/cycle  processor s/cycle  set up [s]  memory [GB]  steps/cycle  mean damage")
  const results = sizes.map((own): Result => {
    const { stdout, status } = spawnSync(process.execPath, process.argv.slice(1, 2), {
      env: { ...process.env, NETWORK_SCALE: own },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
      maxBuffer: 2 ** 20,
    })
    if (status !== 0) throw new Error(`${own} ended with ${status}`)
    const result: Result = JSON.parse(stdout)
    const { particles, cycles, wall, processor, setup, memory, steps, meanDamage } = result
    const cells = [
      `${particles}`.padStart(9),
      `${cycles}`.padStart(8),
      (wall / cycles).toFixed(2).padStart(9),
      (processor / cycles).toFixed(2).padStart(19),
      setup.toFixed(1).padStart(12),
      memory.toFixed(2).padStart(13),
      (steps / cycles).toFixed(0).padStart(13),
      meanDamage.toFixed(4).padStart(13),
    ]
    console.log(cells.join(""))
    return result
  })
  const [first, last] = [results[0], results[results.length - 1]]
  const rate = ({ processor, cycles }: Result): number => processor / cycles
  if (results.length > 1) {
    const exponent = Math.log(rate(last) / rate(first)) / Math.log(last.particles / first.particles)
    console.log(`exponent of processor time in particles, first to last: ${exponent.toFixed(2)}`)
    const before = results[results.length - 2]
    const end = Math.log(rate(last) / rate(before)) / Math.log(last.particles / before.particles)
    console.log(`  between the last two: ${end.toFixed(2)}`)
  }
} else {
  const [columns, cycles] = size.split(":").map(Number)
  process.stdout.write(JSON.stringify(await measured(columns, cycles)))
}
