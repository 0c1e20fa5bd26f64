import { bounded, compared, orderOf, type Result, type ValidationCase } from "../../case.ts"
import { type Block, conduct } from "./conductor.ts"
import { type Layer, parallelConductivity, ringPotential, seriesConductivity, seriesPotential } from "./solution.ts"

const names = ["high", "low", "middle"]
const layers: readonly Layer[] = [
  { thickness: 2e-6, conductivity: 100 },
  { thickness: 5e-6, conductivity: 2e-3 },
  { thickness: 1e-6, conductivity: 0.7 },
]
const conductivity = Object.fromEntries(names.map((name, k) => [name, layers[k].conductivity]))
const depth = 8e-6
const breadth = 4e-6
const borders = [2e-6, 7e-6]
const nameAt = (along: number): string => names[borders.filter((border) => along > border).length]
const straight = new Map([
  [8, borders[0]],
  [28, borders[1]],
])

const across: Block = {
  width: depth,
  height: breadth,
  columns: 32,
  rows: 16,
  straightColumns: straight,
  name: (x) => nameAt(x),
  conductivity,
}
const along: Block = {
  width: breadth,
  height: depth,
  columns: 16,
  rows: 32,
  straightRows: straight,
  name: (_, y) => nameAt(y),
  conductivity,
}

const ring = { inner: 5e-6, outer: 15e-6, angle: Math.PI / 2, conductivity: 3, current: 2e-3 }
const quarterRing = (columns: number): Block => ({
  width: ring.outer - ring.inner,
  height: 1,
  columns,
  rows: columns,
  name: () => "high",
  conductivity: { high: ring.conductivity },
  place: (x, y) => [(ring.inner + x) * Math.cos(ring.angle * y), (ring.inner + x) * Math.sin(ring.angle * y)],
})

export const validationCase: ValidationCase = {
  name: "analytic/layered-conductor",
  title: "Electrons through layered carbon/binder, and through a ring",
  reference: "Ohm's law",
  tier: "fast",
  run: (): Result[] => {
    const density = 500
    const series = conduct(across, { kind: "current", total: density * breadth })
    const drop = seriesPotential(layers, density, depth)
    const largest = series.potential.reduce(
      (max, value, node) => Math.max(max, Math.abs(value - seriesPotential(layers, density, series.nodes[2 * node]))),
      0,
    )
    const far = series.potential[across.columns]
    const parallel = conduct(along, { kind: "drop", voltage: 0.01 })

    const full = (ring.current * 2 * Math.PI) / ring.angle
    const expected = -ringPotential(ring.conductivity, full, ring.outer, ring.inner)
    const drops = [8, 16, 32].map((columns) => {
      const { potential } = conduct(quarterRing(columns), { kind: "current", total: ring.current })
      let sum = 0
      for (let row = 0; row <= columns; row++) sum += potential[row * (columns + 1) + columns]
      return sum / (columns + 1)
    })
    return [
      bounded("potential across the layers at any node, over the drop", largest / Math.abs(drop), 1e-9),
      compared("current out of the collector", density * breadth, series.current, 1e-9, "A/m"),
      compared("conductivity across the layers", seriesConductivity(layers), (-density * depth) / far, 1e-9, "S/m"),
      compared(
        "conductivity along the layers",
        parallelConductivity(layers),
        (parallel.current * breadth) / (0.01 * depth),
        1e-9,
        "S/m",
      ),
      compared("drop through a ring", expected, drops[2], 1e-3, "V"),
      orderOf(
        "drop through a ring",
        2,
        drops.map((found) => Math.abs(found - expected)),
      ),
    ]
  },
}
