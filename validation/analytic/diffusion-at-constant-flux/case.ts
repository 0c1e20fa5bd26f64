import type { ActiveMaterial } from "../../../src/model/resolved/parameters.ts"
import { bounded, orderOf, type Result, type ValidationCase } from "../../case.ts"
import { discBoundary, discDiffusion, discNodeCount, meanSquare } from "../disc-diffusion.ts"
import { discMesh } from "../disc-mesh.ts"
import { concentration, type FluxProblem, meanConcentration } from "./solution.ts"

const problem: FluxProblem = { radius: 5e-6, diffusivity: 2e-14, initial: 20_000, flux: 1.5e-5 }
const maximumConcentration = 49_136
const end = 200
const active = {
  maximumConcentration,
  diffusivity: { value: () => problem.diffusivity, slope: () => 0 },
  swelling: { volumeChange: () => 0, slope: () => 0 },
  stressCoupling: false,
  elasticity: { young: 140e9, poisson: 0.3 },
} as unknown as ActiveMaterial

/** Errors over the change at the surface: largest at any node, and root mean square. */
const solve = (rings: number, steps: number): { readonly largest: number; readonly mean: number } => {
  const mesh = discMesh({ radius: problem.radius, rings })
  const diffusion = discDiffusion(mesh, discNodeCount(rings), discBoundary(rings), active, 298.15)
  const c = diffusion.march({ initial: problem.initial, flux: problem.flux, end, steps })
  const change = concentration("cylinder", problem, problem.radius, end) - problem.initial
  const errors = Float64Array.from(diffusion.nodes, (node, i) => {
    const r = Math.min(problem.radius, Math.hypot(mesh.nodes[2 * node], mesh.nodes[2 * node + 1]))
    return Math.abs(c[i] - concentration("cylinder", problem, r, end)) / change
  })
  return { largest: Math.max(...errors), mean: meanSquare(diffusion, errors) }
}

/** Error in time against a solution with many more steps on the same mesh. */
const timeErrors = (counts: readonly number[]): number[] => {
  const mesh = discMesh({ radius: problem.radius, rings: 12 })
  const diffusion = discDiffusion(mesh, discNodeCount(12), discBoundary(12), active, 298.15)
  const march = (steps: number): Float64Array =>
    diffusion.march({ initial: problem.initial, flux: problem.flux, end, steps })
  const reference = march(1600)
  const change = meanConcentration("cylinder", problem, end) - problem.initial
  return counts.map((steps) => {
    const c = march(steps)
    return c.reduce((worst, value, i) => Math.max(worst, Math.abs(value - reference[i])), 0) / change
  })
}

export const validationCase: ValidationCase = {
  name: "analytic/diffusion-at-constant-flux",
  title: "Diffusion in a cylinder at constant surface flux",
  reference: "Crank, The Mathematics of Diffusion (1975), eq. 5.45",
  tier: "fast",
  run: (): Result[] => {
    const errors = [8, 16, 32].map((rings) => solve(rings, 400))
    const inTime = timeErrors([50, 100, 200])
    return [
      bounded(
        "concentration at any node after 200 s, 32 rings, over its change at the surface",
        errors[2].largest,
        2e-3,
      ),
      orderOf(
        "concentration in space, root mean square",
        2,
        errors.map(({ mean }) => mean),
      ),
      orderOf("concentration in time", 2, inTime),
    ]
  },
}
