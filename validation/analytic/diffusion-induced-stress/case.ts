import { bounded, orderOf, type Result, type ValidationCase } from "../../case.ts"
import { discMechanics } from "../disc-mechanics.ts"
import { discMesh } from "../disc-mesh.ts"
import { cylinderStress, type SwellingSolid } from "./solution.ts"

const radius = 5e-6
const solid: SwellingSolid = { young: 140e9, poisson: 0.3, molarVolume: 1.5e-6, reference: 46_679 }
/** A steep smooth profile, lithium leaving through the surface. */
const concentration = (r: number): number => 30_000 - 12_000 * (r / radius) ** 2 - 3000 * Math.cos((2 * r) / radius)

/** Largest error of σ_h at the nodes over the range of σ_h; the ring is so soft that the surface is free. */
const hydrostaticError = (rings: number): number => {
  const mesh = discMesh({ radius, outer: 1.2 * radius, rings })
  const mechanics = discMechanics(
    mesh,
    solid,
    { young: 1e3, poisson: 0.3 },
    { stiffness: 3e18, strength: 1e12, fractureEnergy: 1e12, mixity: 1, delay: 0 },
  )
  const volumeChange = Float64Array.from(mechanics.solid.unknownToNode, (node) => {
    const r = Math.hypot(mesh.nodes[2 * node], mesh.nodes[2 * node + 1])
    return solid.molarVolume * (concentration(r) - solid.reference)
  })
  const state = mechanics.solve(volumeChange, 1)
  const pressure = new Float64Array(mechanics.solid.count)
  mechanics.bodies.pressureInto(state.displacement, pressure)
  const bulk = solid.young / (3 * (1 - 2 * solid.poisson))
  const range =
    cylinderStress(solid, concentration, radius, radius).hydrostatic -
    cylinderStress(solid, concentration, radius, 0).hydrostatic
  let worst = 0
  mechanics.solid.unknownToNode.forEach((node, i) => {
    const r = Math.min(radius, Math.hypot(mesh.nodes[2 * node], mesh.nodes[2 * node + 1]))
    const exact = cylinderStress(solid, concentration, radius, r).hydrostatic
    worst = Math.max(worst, Math.abs(pressure[i] - bulk * volumeChange[i] - exact))
  })
  return worst / Math.abs(range)
}

export const validationCase: ValidationCase = {
  name: "analytic/diffusion-induced-stress",
  title: "Stress in a swelling cylinder with a free surface",
  reference: "Timoshenko & Goodier (1970) §151; Cheng & Verbrugge (2009)",
  tier: "fast",
  run: (): Result[] => {
    const errors = [8, 16, 32].map(hydrostaticError)
    return [
      bounded("hydrostatic stress at any node, 32 rings, over its range", errors[2], 5e-3),
      orderOf("hydrostatic stress", 2, errors),
    ]
  },
}
