import type { ActiveMaterial } from "../../../src/model/resolved/parameters.ts"
import { localStressSlope } from "../../../src/model/resolved/solid-diffusion.ts"
import { bounded, orderOf, type Result, type ValidationCase } from "../../case.ts"
import type { SwellingSolid } from "../diffusion-induced-stress/solution.ts"
import { discBoundary, discDiffusion, discNodeCount, meanSquare } from "../disc-diffusion.ts"
import { discMechanics } from "../disc-mechanics.ts"
import { discMesh } from "../disc-mesh.ts"
import { couplingFactor, type RadialProfile, radialProfile } from "./solution.ts"

const radius = 5e-6
const temperature = 298.15
const solid: SwellingSolid = { young: 140e9, poisson: 0.3, molarVolume: 1.5e-6, reference: 46_679 }
const initial = solid.reference
const flux = -4e-5
const end = 200
const active = {
  maximumConcentration: 49_136,
  diffusivity: { value: () => 2e-14, slope: () => 0 },
  swelling: { volumeChange: (c: number) => solid.molarVolume * (c - solid.reference), slope: () => solid.molarVolume },
  stressCoupling: true,
  elasticity: solid,
} as unknown as ActiveMaterial

/** Errors over the change at the surface against the radial solution with D (1 + θ c), stress solved by the product's mechanics. */
const errorsAt = (rings: number): { readonly largest: number; readonly mean: number } => {
  const mesh = discMesh({ radius, outer: 1.2 * radius, rings })
  const mechanics = discMechanics(
    mesh,
    solid,
    { young: 1e3, poisson: 0.3 },
    { stiffness: 3e18, strength: 1e12, fractureEnergy: 1e12, mixity: 1, delay: 0 },
  )
  const bulk = solid.young / (3 * (1 - 2 * solid.poisson))
  const slope = localStressSlope(solid)
  const smooth = (c: Float64Array): Float64Array => {
    const volumeChange = c.map((value) => solid.molarVolume * (value - solid.reference))
    const out = new Float64Array(c.length)
    mechanics.bodies.pressureInto(mechanics.solve(volumeChange, 1).displacement, out)
    return out.map((pressure, i) => pressure + (slope - bulk) * volumeChange[i])
  }
  const diffusion = discDiffusion(mesh, discNodeCount(rings), discBoundary(rings), active, temperature)
  const c = diffusion.march({ initial, flux, end, steps: 80, smooth })
  const theta = couplingFactor(solid, temperature)
  const reference = radialProfile(
    { shape: "cylinder", radius, diffusivity: (value) => 2e-14 * (1 + theta * value), initial, flux: () => flux },
    end,
    2000,
    2000,
  )
  const change = Math.abs(reference.surface - initial)
  const errors = Float64Array.from(diffusion.nodes, (node, i) => {
    const r = Math.hypot(mesh.nodes[2 * node], mesh.nodes[2 * node + 1])
    return Math.abs(c[i] - profileAt(reference, r)) / change
  })
  return { largest: Math.max(...errors), mean: meanSquare(diffusion, errors) }
}

/** Linear between shell centres, to the surface value beyond the last. */
const profileAt = ({ radii, concentration, surface }: RadialProfile, r: number): number => {
  const width = radii[1] - radii[0]
  const place = r / width - 0.5
  const below = Math.max(0, Math.min(radii.length - 1, Math.floor(place)))
  if (below === radii.length - 1) {
    const share = (place - below) / 0.5
    return concentration[below] + share * (surface - concentration[below])
  }
  return concentration[below] + Math.max(0, place - below) * (concentration[below + 1] - concentration[below])
}

export const validationCase: ValidationCase = {
  name: "analytic/stress-coupled-diffusion",
  title: "Diffusion driven by concentration and stress in a free cylinder: D_eff = D (1 + θ c)",
  reference: "Zhang, Shyy & Sastry (2007), eq. 18",
  tier: "long",
  run: (): Result[] => {
    const errors = [5, 10, 20].map(errorsAt)
    return [
      bounded(
        "concentration at any node after 200 s, 20 rings, over its change at the surface",
        errors[2].largest,
        1e-2,
      ),
      orderOf(
        "concentration in space, root mean square",
        2,
        errors.map(({ mean }) => mean),
      ),
    ]
  },
}
