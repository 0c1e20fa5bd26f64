/**
 * One 5C fixed-charge cycle of three particles with mechanics, on one thread: cost against mesh size, and where the time
 * goes. Prints minimum and median of the runs. Not measured: meshing of tomograms, output, reports.
 *
 * npm run bench -- resolved-twin   (or: node test/bench/resolved-twin.bench.ts [interface length in µm …])
 */
import type { SolverStatistics } from "../../src/model/march.ts"
import { createSimulation } from "../../src/model/resolved/simulation.ts"
import { columnLayout, fixedChargeCycle, meshed, referenceParameters, time } from "../model/resolved/reference.ts"

const runs = 3
const lengths = process.argv.slice(2).map(Number)

const measure = (interfaceLength: number) => {
  const begin = performance.now()
  const simulation = createSimulation(
    meshed(columnLayout(3), interfaceLength),
    referenceParameters,
    fixedChargeCycle,
    time,
  )
  const setup = (performance.now() - begin) / 1000
  for (;;) {
    const advance = simulation.advance()
    if (advance.kind === "failed") throw new Error(JSON.stringify(advance.reason))
    if (advance.kind === "finished") break
  }
  const { cell } = simulation
  return {
    unknowns: `${cell.electrochemistry.unknowns.count} + ${cell.solids?.bodies.unknownCount ?? 0}`,
    seconds: (performance.now() - begin) / 1000,
    setup,
    statistics: simulation.statistics(),
  }
}

const row = (length: number): Record<string, string | number> => {
  const all = Array.from({ length: runs }, () => measure(length * 1e-6)).sort((a, b) => a.seconds - b.seconds)
  const median = all[Math.floor(runs / 2)]
  const { statistics }: { statistics: SolverStatistics } = median
  const parts = Object.fromEntries(
    Object.entries(statistics.seconds).map(([part, seconds]) => [`${part} [s]`, seconds.toFixed(2)]),
  )
  return {
    "interface length [µm]": length,
    "unknowns (electrochemistry + mechanics)": median.unknowns,
    "minimum [s]": all[0].seconds.toFixed(2),
    "median [s]": median.seconds.toFixed(2),
    "setup [s]": median.setup.toFixed(2),
    steps: statistics.accepted,
    rejected: statistics.rejected,
    passes: statistics.passes,
    "Newton (e, m)": `${statistics.electrochemistry.iterations}, ${statistics.mechanics.iterations}`,
    "Krylov (e, m)": `${statistics.electrochemistry.krylov}, ${statistics.mechanics.krylov}`,
    "factorisations (e, m)": `${statistics.electrochemistry.factorisations}, ${statistics.mechanics.factorisations}`,
    ...parts,
  }
}

for (const length of lengths.length > 0 ? lengths : [0.8, 0.4, 0.25]) {
  console.log(`\nthree particles, interface length ${length} µm`)
  for (const [name, value] of Object.entries(row(length))) console.log(`  ${name.padEnd(42)} ${value}`)
}
