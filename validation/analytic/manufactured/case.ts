import { bounded, orderOf, type Result, type ValidationCase } from "../../case.ts"
import { conductionError } from "./conduction-error.ts"
import { diffusionError } from "./diffusion-error.ts"
import { elasticityError } from "./elasticity-error.ts"
import { electrolyteErrors } from "./electrolyte-error.ts"

/**
 * Observed order, and the error with 32 cells a side over the amplitude of the wave. The cap is that of linear
 * interpolation, (p h)²/8 for the shortest wave (p h = 4/32), and for quadratics twenty times less.
 */
const study = (quantity: string, theory: 2 | 3, errors: readonly number[], amplitude: number): Result[] => [
  orderOf(quantity, theory, errors),
  bounded(`${quantity}: error over amplitude`, errors[errors.length - 1] / amplitude, theory === 2 ? 2e-3 : 1e-4),
]

export const validationCase: ValidationCase = {
  name: "analytic/manufactured",
  title: "Manufactured solutions of every operator on distorted triangles",
  reference: "P. J. Roache, J. Fluids Eng. 124 (2002) 4",
  tier: "fast",
  run: (): Result[] => {
    const electrolyte = [8, 16, 32].map((count) => electrolyteErrors(count, count))
    const secondOrder = (quantity: string, error: (count: number) => number, amplitude: number): Result[] =>
      study(quantity, 2, [8, 16, 32].map(error), amplitude)
    return [
      ...secondOrder("conduction with varying conductivity", conductionError, 0.1),
      ...secondOrder("elasticity, linear displacements", (count) => elasticityError(count, 1), 1e-8),
      ...study(
        "elasticity, quadratic displacements",
        3,
        [4, 8, 16, 32].map((count) => elasticityError(count, 2)),
        1e-8,
      ),
      ...secondOrder("swelling, quadratic displacements", (count) => elasticityError(count, 2, 3e-3), 1e-8),
      ...secondOrder(
        "lithium with stress coupling, space and time",
        (count) => diffusionError(count, count),
        8000 / 50_000,
      ),
      ...study(
        "electrolyte salt, space and time",
        2,
        electrolyte.map(([salt]) => salt),
        0.3,
      ),
      ...study(
        "electrolyte potential, space and time",
        2,
        electrolyte.map(([, potential]) => potential),
        0.02,
      ),
    ]
  },
}
