/**
 * Several fixed-charge 5C cycles of three particles with mechanics: wall time of each cycle, cost against unknowns in
 * three sizes, and two such runs side by side on two threads, as a sweep has them. Then what condensing the constant
 * bodies to their interfaces would cost instead of the kept sparse factorisation. Not measured: output, reports.
 *
 * npm run bench -- long-run   (or: node test/bench/long-run.bench.ts [cycles] [interface length in µm …])
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads"
import { analyse, factorise } from "../../src/algebra/direct.ts"
import { assemblyPattern } from "../../src/algebra/pattern.ts"
import type { SolverStatistics } from "../../src/model/march.ts"
import type { Protocol } from "../../src/model/protocol.ts"
import { createHalfCell, type HalfCell } from "../../src/model/resolved/half-cell.ts"
import { createSimulation } from "../../src/model/resolved/simulation.ts"
import { columnLayout, fixedChargeCycle, meshed, referenceParameters, time } from "../model/resolved/reference.ts"

const cycles = Number(process.argv[2] ?? 5)
const lengths = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [0.8, 0.4, 0.25]

/** One run, plain so that a thread can post it. */
interface LongRun {
  readonly unknowns: number
  readonly size: string
  /** [cycle] [s] */
  readonly perCycle: readonly number[]
  readonly seconds: SolverStatistics["seconds"]
  readonly counts: string
}

const repeated = (count: number): Protocol => ({
  ...fixedChargeCycle,
  steps: Array.from({ length: count }, (_, k) =>
    fixedChargeCycle.steps.map((step) => ({ ...step, cycle: k + 1 })),
  ).flat(),
})

const longRun = (length: number, count: number): LongRun => {
  const simulation = createSimulation(
    meshed(columnLayout(3), length * 1e-6),
    referenceParameters,
    repeated(count),
    time,
  )
  const perCycle: number[] = []
  let begun = performance.now()
  for (;;) {
    const advance = simulation.advance()
    if (advance.kind === "failed") throw new Error(JSON.stringify(advance.reason))
    if (advance.kind === "finished") break
    // What a run writes down of every step is part of its cost.
    void simulation.observation
    if (advance.kind !== "step-ended" || (advance.step + 1) % fixedChargeCycle.steps.length !== 0) continue
    perCycle.push((performance.now() - begun) / 1000)
    begun = performance.now()
  }
  const { electrochemistry, solids } = simulation.cell
  const mechanical = solids?.bodies.unknownCount ?? 0
  const { accepted, rejected, passes, seconds, ...physics } = simulation.statistics()
  const { electrochemistry: e, mechanics: m } = physics
  return {
    unknowns: electrochemistry.unknowns.count + mechanical,
    size: `${electrochemistry.unknowns.count} + ${mechanical}`,
    perCycle,
    seconds,
    counts:
      `${accepted} steps, ${rejected} refused, ${passes} passes; Newton ${e.iterations} + ${m.iterations}, ` +
      `Krylov ${e.krylov} + ${m.krylov}, factorisations ${e.factorisations} + ${m.factorisations}`,
  }
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** Wall time of so many runs at once, each on a thread of its own [s] */
const sideBySide = async (length: number, count: number, threads: number): Promise<number> => {
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: threads }, () => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { length, count } })
      return new Promise<void>((resolve, reject) => {
        worker.once("error", reject)
        worker.once("message", () => resolve(void worker.terminate()))
      })
    }),
  )
  return (performance.now() - begun) / 1000
}

/** Bodies of the cell: their unknowns on interfaces, which a condensation would keep. */
const interfaceBlocks = ({ solids, mesh }: HalfCell): number[] => {
  if (!solids) return []
  const { pairs } = solids
  const kept = new Map<number, Set<number>>()
  for (let pair = 0; pair < pairs.count; pair++)
    for (let k = 0; k < 2 * mesh.dimension; k++) {
      const dof = pairs.dofs[pair * 2 * mesh.dimension + k]
      const body = k < mesh.dimension ? pairs.particle[pair] : -1
      if (dof >= 0) kept.set(body, (kept.get(body) ?? new Set()).add(dof))
    }
  return [...kept.values()].map((dofs) => dofs.size)
}

/** Kept sparse factorisation against dense blocks on the interfaces: entries, and time of one solve or product [ms] */
const condensationCost = (length: number): Record<string, string> => {
  const cell = createHalfCell(meshed(columnLayout(3), length * 1e-6), referenceParameters)
  const { bodies, pairs } = cell.solids!
  const { pattern, positions } = assemblyPattern(bodies.unknownCount, [
    { dofs: bodies.elementDofs, perElement: bodies.elementDofs.length / bodies.cells.length },
    { dofs: pairs.dofs, perElement: 2 * bodies.dimension },
  ])
  const values = new Float64Array(pattern.columnIndex.length)
  const own = bodies.stiffness.pattern
  for (let row = 0; row < own.rowCount; row++) {
    let to = pattern.rowStart[row]
    for (let at = own.rowStart[row]; at < own.rowStart[row + 1]; at++) {
      while (pattern.columnIndex[to] !== own.columnIndex[at]) to++
      values[to] = bodies.stiffness.values[at]
    }
  }
  for (let pair = 0; pair < pairs.count; pair++)
    for (let k = 0; k < 2 * bodies.dimension; k++) {
      const at = positions[1][(pair * 2 * bodies.dimension + k) * 2 * bodies.dimension + k]
      if (at >= 0) values[at] += pairs.weight[pair] * referenceParameters.cohesion.stiffness
    }
  const analysis = analyse(pattern, "symmetric")
  const timed = (work: () => void): string => {
    const runs = Array.from({ length: 9 }, () => {
      const begun = performance.now()
      work()
      return performance.now() - begun
    }).sort((one, other) => one - other)
    return `${runs[0].toFixed(2)} / ${runs[4].toFixed(2)}`
  }
  const factor = factorise(analysis, values)
  const x = new Float64Array(bodies.unknownCount).fill(1)
  const blocks = interfaceBlocks(cell)
  const dense = blocks.reduce((sum, size) => sum + size * size, 0)
  const matrix = new Float64Array(dense).fill(1)
  let sink = 0
  const product = (): void => {
    let at = 0
    for (const size of blocks)
      for (let row = 0; row < size; row++)
        for (let column = 0; column < size; column++) sink += matrix[at++] * x[column]
  }
  const cells = {
    "sparse factor: entries": analysis.nonZeros.toLocaleString("en"),
    "sparse factor: renewal, minimum / median [ms]": timed(() => void factor.refactorise(values)),
    "sparse factor: solve [ms]": timed(() => factor.solveInto(x, new Float64Array(x.length))),
    "condensed: unknowns of each body": blocks.join(", "),
    "condensed: entries": dense.toLocaleString("en"),
    "condensed: product, plain loop [ms]": timed(product),
    "condensed: factorisation, operations against the sparse one": (
      blocks.reduce((sum, size) => sum + size ** 3 / 3, 0) / analysis.flops
    ).toFixed(1),
  }
  if (!Number.isFinite(sink)) throw new Error("the product went astray")
  return cells
}

const print = (cells: Record<string, string | number>): void => {
  for (const [name, value] of Object.entries(cells)) console.log(`  ${name.padEnd(62)} ${value}`)
}

if (isMainThread) {
  const runs: LongRun[] = []
  for (const length of lengths) {
    console.log(`\nthree particles, interface length ${length} µm, ${cycles} cycles on one thread`)
    const run = longRun(length, cycles)
    runs.push(run)
    print({
      "unknowns (electrochemistry + mechanics)": run.size,
      "all cycles [s]": total(run.perCycle).toFixed(2),
      "each cycle [s]": run.perCycle.map((value) => value.toFixed(2)).join(" "),
      counts: run.counts,
      ...Object.fromEntries(Object.entries(run.seconds).map(([part, value]) => [`${part} [s]`, value.toFixed(2)])),
    })
  }
  const [first, last] = [runs[0], runs[runs.length - 1]]
  const exponent = Math.log(total(last.perCycle) / total(first.perCycle)) / Math.log(last.unknowns / first.unknowns)
  if (runs.length > 1) console.log(`\ncost grows as unknowns^${exponent.toFixed(2)}`)
  const length = lengths[Math.min(1, lengths.length - 1)]
  const one = await sideBySide(length, 2, 1)
  const two = await sideBySide(length, 2, 2)
  console.log(
    `\ntwo cycles at ${length} µm: one run on one thread ${one.toFixed(2)} s, two runs on two ${two.toFixed(2)} s`,
  )
  console.log(`two threads do ${((2 * one) / two).toFixed(2)} times the work of one`)
  for (const each of lengths) {
    console.log(`\nmechanics, kept factorisation or condensed to interfaces, ${each} µm`)
    print(condensationCost(each))
  }
} else {
  const { length, count } = workerData as { readonly length: number; readonly count: number }
  parentPort?.postMessage(longRun(length, count).perCycle)
}
