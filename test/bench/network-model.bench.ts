/**
 * One 5C fixed-charge cycle of generated networks with mechanics, on one thread: cost against the number of particles, and
 * where the time goes. 16 shells and 16 patches a particle, ten particles deep; thin ligaments, so that some bonds tear.
 * Prints processor time as well as wall time: on a shared machine only the former says something. One run a size, after a
 * small one that warms up. Not measured: extraction of networks from volumes, output, reports.
 *
 * npm run bench -- network-model   (or: node test/bench/network-model.bench.ts [columns across …])
 */
import { createNetworkSimulation } from "../../src/model/network/simulation.ts"
import { time } from "../../validation/analytic/reference-cell.ts"
import { builtNetwork, plainNetwork } from "../arbitrary/network.ts"
import { fixedChargeCycle, networkParameters } from "../model/network/reference.ts"

const rows = 10

const measure = (columns: number) => {
  const network = builtNetwork({ ...plainNetwork, columns, rows, gap: 0.4, patches: 16 })
  const cpu = process.cpuUsage()
  const begin = performance.now()
  const simulation = createNetworkSimulation(network, networkParameters, fixedChargeCycle, time)
  const setup = process.cpuUsage(cpu)
  for (;;) {
    const advance = simulation.advance()
    if (advance.kind === "failed") throw new Error(JSON.stringify(advance.reason))
    if (advance.kind === "finished") break
  }
  const used = process.cpuUsage(cpu)
  return {
    particles: network.particles.count,
    cpu: (used.user + used.system) / 1e6,
    setup: (setup.user + setup.system) / 1e6,
    wall: (performance.now() - begin) / 1000,
    sink: simulation.observation.particles.damage.reduce((sum, damage) => sum + damage, 0),
    statistics: simulation.statistics(),
  }
}

measure(2)
const asked = process.argv.slice(2).map(Number)
const results = (asked.length > 0 ? asked : [3, 10, 13, 32]).map((columns) => {
  const result = measure(columns)
  const { statistics } = result
  const lines: Record<string, string | number> = {
    "processor time [s]": result.cpu.toFixed(2),
    "  of which setup [s]": result.setup.toFixed(2),
    "wall time [s]": result.wall.toFixed(2),
    "processor time a step [ms]": ((1000 * result.cpu) / statistics.accepted).toFixed(1),
    "steps, rejected": `${statistics.accepted}, ${statistics.rejected}`,
    passes: statistics.passes,
    "Newton, Krylov, factorisations": `${statistics.electrochemistry.iterations}, ${statistics.electrochemistry.krylov}, ${statistics.electrochemistry.factorisations}`,
    "sum of damage": result.sink.toFixed(3),
  }
  for (const [part, seconds] of Object.entries(statistics.seconds)) lines[`${part} [s wall]`] = seconds.toFixed(2)
  console.log(`\n${result.particles} particles, one cycle`)
  for (const [name, value] of Object.entries(lines)) console.log(`  ${name.padEnd(42)} ${value}`)
  return result
})
const [first, last] = [results[0], results[results.length - 1]]
const exponentOf = (a: typeof first, b: typeof first): number =>
  Math.log(b.cpu / a.cpu) / Math.log(b.particles / a.particles)
if (results.length > 1) {
  console.log(
    `\nexponent of processor time, ${first.particles} to ${last.particles}: ${exponentOf(first, last).toFixed(2)}`,
  )
  const before = results[results.length - 2]
  console.log(
    `  between the last two, ${before.particles} to ${last.particles}: ${exponentOf(before, last).toFixed(2)}`,
  )
}
