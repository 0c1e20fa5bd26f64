/**
 * The direct solver on the cases of the published peers, one thread: `node test/bench/direct-solver.bench.ts [repetitions]`.
 *
 * Times are processor time of the calling thread, as the peers' are: the machine is shared. Each case runs several times
 * in one process (min and median) and once in a process of its own (cold: the thread's share of compilation, and fresh
 * memory, included). The right-hand side comes from a known solution, whose error is shown. Not measured: assembly of
 * values, matrices beyond memory, more than one thread.
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

interface Sample {
  readonly analysis: number
  readonly factor: number
  readonly again: number
  readonly solve: number
  readonly nonZeros: number
  readonly flops: number
  readonly error: number
}

const now = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e6
}

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
  const again = now() - solved
  factorisation.dispose()
  const error = found.reduce((most, value, i) => Math.max(most, Math.abs(value - exact[i])), 0)
  return {
    analysis: analysed - started,
    factor: factorised - analysed,
    again,
    solve: solved - factorised,
    nonZeros,
    flops,
    error,
  }
}

const milliseconds = (seconds: number): string => (1000 * seconds).toFixed(seconds < 0.0995 ? 1 : 0)

/** Smallest and middle of a quantity over all samples. */
const spread = (samples: readonly Sample[], quantity: (sample: Sample) => number): string => {
  const sorted = samples.map(quantity).sort((a, b) => a - b)
  return `${milliseconds(sorted[0])} / ${milliseconds(sorted[sorted.length >> 1])}`
}

const [argument = "9", coldCase] = process.argv.slice(2)
if (argument === "--cold") {
  const { matrix, kind } = cases[coldCase]
  const sample = run(matrix(), kind)
  console.log(JSON.stringify(sample))
} else {
  const repetitions = Number(argument)
  console.log(
    `Node ${process.version}, ${repetitions} repetitions; milliseconds: min / median; cold: first in a process`,
  )
  const rows = Object.entries(cases).map(([key, { name, matrix: build, kind, peer }]) => {
    const self = fileURLToPath(import.meta.url)
    const cold = JSON.parse(execFileSync(process.execPath, [self, "--cold", key], { encoding: "utf8" })) as Sample
    const matrix = build()
    run(matrix, kind)
    const count = key === "space" ? Math.max(2, Math.ceil(repetitions / 4)) : repetitions
    const samples = Array.from({ length: count }, () => run(matrix, kind))
    const best = Math.min(...samples.map(({ analysis, factor }) => analysis + factor))
    const again = Math.min(...samples.map((sample) => sample.again))
    return {
      case: name,
      unknowns: matrix.pattern.rowCount,
      analysis: spread(samples, (sample) => sample.analysis),
      factor: spread(samples, (sample) => sample.factor),
      "both (cold)": `${spread(samples, ({ analysis, factor }) => analysis + factor)} (${milliseconds(cold.analysis + cold.factor)})`,
      again: spread(samples, (sample) => sample.again),
      "again/both": (again / best).toFixed(2),
      solve: spread(samples, (sample) => sample.solve),
      "10⁶ entries": (samples[0].nonZeros / 1e6).toFixed(2),
      "GFLOP/s": (samples[0].flops / again / 1e9).toFixed(1),
      error: samples[0].error.toExponential(0),
      peer: peer ? `${peer.name} ${milliseconds(peer.factor)}: ${(best / peer.factor).toFixed(2)}` : "",
    }
  })
  console.table(Object.fromEntries(rows.map(({ case: name, ...rest }) => [name, rest])))
}
