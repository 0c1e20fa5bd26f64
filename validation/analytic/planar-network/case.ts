import { coverage, cutForCoverage, type Layout, meshLayout } from "../../../src/mesh/layout.ts"
import { layoutElectrode } from "../../../src/mesh/layout-electrode.ts"
import type { ElectrodeNetwork } from "../../../src/microstructure/electrode-network.ts"
import { conductThroughNetwork } from "../../../src/microstructure/network-conduction.ts"
import { defaultPlanarResolution } from "../../../src/microstructure/planar-electrode.ts"
import { planarNetwork } from "../../../src/microstructure/planar-layout.ts"
import { bounded, type Result, type ValidationCase } from "../../case.ts"
import { surfacePotentials } from "./elements.ts"

const um = 1e-6
const radius = 5 * um
/** [A/m²] */
const density = 10

/** Circles of 10 µm above one another, 1 µm apart, a side gap all around, under a cut that covers the ends so. */
const column = (count: number, side: number, first: number, last: number): Layout => {
  const width = 2 * (radius + side)
  const particles = Array.from({ length: count }, (_, k) => ({
    kind: "circle" as const,
    centre: [width / 2, side + radius + k * 11 * um] as const,
    radius,
  }))
  const [low, high] = [particles[0], particles[count - 1]]
  const cut = cutForCoverage({ ...low, share: first }, { ...high, share: last })
  if (cut === null) throw new RangeError("no straight cut covers both ends so")
  return {
    width,
    height: 2 * (side + radius) + (count - 1) * 11 * um,
    separatorThickness: 5 * um,
    particles,
    cuts: [{ ...cut, left: "high", right: "low" }],
    matrix: "high",
  }
}

/** [particle] mean potential of the patches of each particle while the current density leaves all of them [V] */
const networkPotentials = (
  { electrons, patches, particles }: ElectrodeNetwork,
  conductivity: { readonly high: number; readonly low: number },
): number[] => {
  const held = new Float64Array(electrons.nodeCount).fill(Number.NaN)
  held[0] = 0
  const injected = new Float64Array(electrons.nodeCount)
  patches.node.forEach((node, k) => {
    injected[node] += density * patches.area[k]
  })
  const { potential } = conductThroughNetwork(electrons, conductivity, held, injected)
  return Array.from({ length: particles.count }, (_, i) => {
    let [sum, all] = [0, 0]
    for (let k = patches.start[i]; k < patches.start[i + 1]; k++) {
      sum += potential[patches.node[k]] * patches.area[k]
      all += patches.area[k]
    }
    return sum / all
  })
}

const compareLayout = (name: string, layout: Layout): Result[] => {
  const mesh = meshLayout(layout, { interfaceLength: 0.15 * um, growth: 0.25, maximumLength: um })
  if ("kind" in mesh) throw new Error(`the layout of ${name} has no mesh: ${mesh.kind}`)
  const porosity = { carbonBinderPorosity: 0.5, bruggeman: 1.5 }
  const electrode = layoutElectrode(layout, (each) => each === "high", porosity)
  if ("kind" in electrode) throw new Error(`the layout of ${name} is no electrode of circles: ${electrode.kind}`)
  const usual = defaultPlanarResolution(electrode)
  const networks = [24, 32].map((patches) => ({ patches, network: planarNetwork(electrode, { ...usual, patches }) }))
  const covered = coverage(mesh, "high")
  const rows: Result[] = []
  for (const conductivity of [
    { high: 100, low: 2e-3 },
    { high: 1, low: 1 },
  ]) {
    const exact = surfacePotentials(mesh, (each) => (each === "high" ? conductivity.high : conductivity.low), density)
    const largest = exact.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
    for (const { patches, network } of networks) {
      const error = networkPotentials(network, conductivity).reduce(
        (most, each, i) => Math.max(most, Math.abs(each - exact[i]) / largest),
        0,
      )
      const contrast = conductivity.high === conductivity.low ? "equal conductivities" : "100 and 2e-3 S/m"
      rows.push(bounded(`${name}, ${contrast}, ${patches} patches: potentials`, error, 0.1))
    }
  }
  const { patches, particles, ions } = networks[0].network
  let worst = 0
  for (let i = 0; i < particles.count; i++) {
    let high = 0
    for (let k = patches.start[i]; k < patches.start[i + 1]; k++) high += patches.highShare[k] * patches.area[k]
    worst = Math.max(worst, Math.abs(high / (2 * Math.PI * radius) - covered[i]))
  }
  const open = ions.porosity.reduce((sum, share) => sum + share, 0) / ions.count
  const free = 1 - (particles.count * Math.PI * radius ** 2) / (layout.width * layout.height)
  return [
    ...rows,
    bounded(`${name}: coverage`, worst, 5e-3),
    bounded(`${name}: porosity of all layers`, Math.abs(open / (0.5 * free) - 1), 1e-9),
  ]
}

export const validationCase: ValidationCase = {
  name: "analytic/planar-network",
  title: "Planar networks of the reference layouts against finite elements",
  reference: "Ohm's law; linear finite elements on the same layout",
  tier: "fast",
  run: (): Result[] => [
    ...compareLayout("three particles", column(3, 0.5 * um, 0.75, 0.25)),
    ...compareLayout("five particles", column(5, um, 0.8, 0.2)),
  ],
}
