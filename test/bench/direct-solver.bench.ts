/**
 * The direct solver on the cases of the published peers, one thread: `node test/bench/direct-solver.bench.ts [repetitions]`.
 *
 * Each case runs several times in one process; shown are the mean processor time of the thread (the machine is shared,
 * and the peers' figures are processor time too) and, in brackets, the shortest and the middle elapsed time. "Cold" is
 * the first run in a process of its own: the thread's share of compilation, and fresh memory, included. The right-hand
 * side comes from a known solution, whose error is shown. Not measured: assembly of values, matrices beyond memory,
 * more than one thread.
 */
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { analyse, factorise } from "../../src/algebra/direct.ts"
import { multiplyInto, type SparseMatrix } from "../../src/algebra/pattern.ts"
import { elasticity, laplacian } from "./matrices.ts"

interface Case {
  readonly name: string
  readonly matrix: () => SparseMatrix
  readonly kind: "symmetric" | "general"
  /** Analysis and factor, then solve, of MUMPS or of what is named, on one thread of a machine of this kind [s] */
  readonly peer?: { readonly name: string; readonly factor: number; readonly solve?: number }
}

const cases: Readonly<Record<string, Case>> = {
  linear: {
    name: "elasticity, linear triangles",
    matrix: () => elasticity(158, 1),
    kind: "symmetric",
    peer: { name: "MUMPS", factor: 0.178, solve: 0.015 },
  },
  quadratic: {
    name: "elasticity, quadratic triangles",
    matrix: () => elasticity(79, 2),
    kind: "symmetric",
    peer: { name: "MUMPS", factor: 0.424 },
  },
  plane: {
    name: "Laplacian 316²",
    matrix: () => laplacian([316, 316]),
    kind: "symmetric",
    peer: { name: "mathjs", factor: 11.1, solve: 0.35 },
  },
  space: { name: "Laplacian 40³", matrix: () => laplacian([40, 40, 40]), kind: "symmetric" },
  unsymmetric: { name: "elasticity, linear, as LU", matrix: () => elasticity(158, 1), kind: "general" },
}

/** Processor and elapsed time [s]. */
interface Time {
  readonly processor: number
  readonly elapsed: number
}

interface Sample {
  readonly analysis: Time
  readonly factor: Time
  readonly again: Time
  readonly solve: Time
  readonly nonZeros: number
  readonly flops: number
  readonly error: number
}

const now = (): Time => {
  const { user, system } = process.threadCpuUsage()
  return { processor: (user + system) / 1e6, elapsed: performance.now() / 1000 }
}

const since = (start: Time, end: Time): Time => ({
  processor: end.processor - start.processor,
  elapsed: end.elapsed - start.elapsed,
})

const sum = (a: Time, b: Time): Time => ({ processor: a.processor + b.processor, elapsed: a.elapsed + b.elapsed })

const run = ({ pattern, values }: SparseMatrix, kind: Case["kind"]): Sample => {
  const n = pattern.rowCount
  const exact = Float64Array.from({ length: n }, (_, i) => Math.sin(i))
  const rhs = new Float64Array(n)
  multiplyInto({ pattern, values }, exact, rhs)
  const found = new Float64Array(n)
  const started = now()
  const analysis = analyse(pattern, kind)
  const analysed = now()
  const factorisation = factorise(analysis, values)
  const factorised = now()
  factorisation.solveInto(rhs, found)
  const solved = now()
  const { nonZeros, flops } = factorisation.refactorise(values)
  const again = now()
  factorisation.dispose()
  return {
    analysis: since(started, analysed),
    factor: since(analysed, factorised),
    solve: since(factorised, solved),
    again: since(solved, again),
    nonZeros,
    flops,
    error: found.reduce((most, value, i) => Math.max(most, Math.abs(value - exact[i])), 0),
  }
}

const milliseconds = (seconds: number): string => (1000 * seconds).toFixed(seconds < 0.0995 ? 1 : 0)

const mean = (times: readonly Time[]): number =>
  times.reduce((total, { processor }) => total + processor, 0) / times.length

/** Mean processor time, and smallest and middle elapsed time. */
const summary = (times: readonly Time[]): string => {
  const sorted = times.map(({ elapsed }) => elapsed).sort((a, b) => a - b)
  return `${milliseconds(mean(times))} (${milliseconds(sorted[0])}, ${milliseconds(sorted[sorted.length >> 1])})`
}

const [argument = "9", coldCase] = process.argv.slice(2)
if (argument === "--cold") {
  const { matrix, kind } = cases[coldCase]
  const sample = run(matrix(), kind)
  console.log(JSON.stringify(sample))
} else {
  const repetitions = Number(argument)
  console.log(`Node ${process.version}, ${repetitions} repetitions; milliseconds: processor (least and middle elapsed)`)
  const rows = Object.entries(cases).map(([key, { name, matrix: build, kind, peer }]) => {
    const self = fileURLToPath(import.meta.url)
    const cold = JSON.parse(execFileSync(process.execPath, [self, "--cold", key], { encoding: "utf8" })) as Sample
    const matrix = build()
    for (let warmUp = 0; warmUp < 2; warmUp++) run(matrix, kind)
    const count = key === "space" ? Math.max(2, Math.ceil(repetitions / 5)) : repetitions
    const samples = Array.from({ length: count }, () => run(matrix, kind))
    const both = samples.map(({ analysis, factor }) => sum(analysis, factor))
    const again = samples.map((sample) => sample.again)
    const columns = {
      unknowns: matrix.pattern.rowCount,
      analysis: summary(samples.map(({ analysis }) => analysis)),
      factor: summary(samples.map(({ factor }) => factor)),
      both: summary(both),
      cold: milliseconds(sum(cold.analysis, cold.factor).processor),
      again: summary(again),
      "again/both": (mean(again) / mean(both)).toFixed(2),
      solve: summary(samples.map(({ solve }) => solve)),
      "10⁶ entries": (samples[0].nonZeros / 1e6).toFixed(2),
      "GFLOP/s": (samples[0].flops / mean(again) / 1e9).toFixed(1),
      error: samples[0].error.toExponential(0),
      peer: peer ? `${peer.name} ${milliseconds(peer.factor)}` : "",
      "both/peer": peer ? (mean(both) / peer.factor).toFixed(2) : "",
    }
    return [name, columns] as const
  })
  console.table(Object.fromEntries(rows))
}
