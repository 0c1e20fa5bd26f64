import { bounded, compared, type Result, type ValidationCase } from "../../case.ts"
import { compareConduction, conductorWhere, necklace, scattered } from "./conductors.ts"

const edge = 0.4e-6
/** As the extraction of an electrode uses them, in lengths of these conductors */
const settings = { relevance: 0.3, smallest: 100, longest: 20 * edge }

const bars = (): Result[] => {
  const bar = conductorWhere([12, 10, 90], edge, (x, y) => x < 8 && y < 6)
  const one = compareConduction(bar, settings)
  const sideBySide = conductorWhere([20, 10, 60], edge, (x, y) => (x < 5 || (x > 8 && x < 16)) && y < 6)
  const two = compareConduction(sideBySide, settings)
  const behind = conductorWhere([16, 16, 80], edge, (x, y, z) => (z < 40 ? x < 16 && y < 16 : x < 8 && y < 16))
  const three = compareConduction(behind, settings)
  const parallel = ((5 * 6 + 8 * 6) / 60) * edge
  return [
    compared("bar of 8 × 6 × 90 voxels, on voxels", (48 / 90) * edge, one.voxels.shape, 1e-5, "m"),
    compared("bar of 8 × 6 × 90 voxels, network", (48 / 90) * edge, one.network, 1e-3, "m"),
    compared("two bars side by side, network", parallel, two.network, 1e-3, "m"),
    compared("a wide bar behind a narrow one, network against voxels", three.voxels.shape, three.network, 0.05, "m"),
    bounded("a wide bar behind a narrow one, potentials", three.potentials, 0.08),
  ]
}

const lattices = (): Result[] =>
  [
    [20, 8, 3],
    [16, 7.2, 4],
    [16, 6.5, 2.2],
  ].flatMap(([period, ball, neck]) => {
    const cells = conductorWhere([2 * period, 2 * period, 3 * period], edge, necklace(period, ball, neck))
    const { voxels, network, potentials } = compareConduction(cells, settings)
    const name = `lattice of ${period} voxels, balls of ${ball}, necks of ${neck}`
    return [
      compared(`${name}, network against voxels`, voxels.shape, network, 0.12, "m"),
      bounded(`${name}, potentials`, potentials, 0.06),
    ]
  })

const random = (): Result[] =>
  [
    [75, 6, 1],
    [130, 5, 2],
  ].flatMap(([count, radius, seed]) => {
    const cells = conductorWhere([42, 42, 48], edge, scattered(48, count, radius, seed))
    const { voxels, network, potentials } = compareConduction(cells, settings)
    const name = `${count} overlapping balls of ${radius} voxels`
    return [
      compared(`${name}, network against voxels`, voxels.shape, network, 0.12, "m"),
      bounded(`${name}, potentials`, potentials, 0.06),
    ]
  })

export const validationCase: ValidationCase = {
  name: "analytic/network-conductance",
  title: "Networks of conductors against Laplace's equation on their voxels",
  reference: "Ohm's law; finite volumes on the same voxels",
  tier: "fast",
  run: (): Result[] => [...bars(), ...lattices(), ...random()],
}
