/**
 * Time of the 2-D mesher: a layout of 24 circles with a cut (Delaunay refinement, doubling), and a label image of
 * 1,000 × 400 pixels with ragged particles in contact (boundary fit in addition). Goal: 60,000–150,000 cells in 5 s.
 * Not measured: reading images, memory, meshes of more than 300,000 cells.
 */
import { meshLabels } from "../../src/mesh/labels.ts"
import { type Layout, meshLayout } from "../../src/mesh/layout.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"
import { isMeshProblem, type MeshProblem } from "../../src/mesh/problem.ts"
import { measureQuality } from "../../src/mesh/quality.ts"

const um = 1e-6
const runs = 5

const layout: Layout = {
  width: 70 * um,
  height: 45 * um,
  separatorThickness: 25 * um,
  particles: Array.from({ length: 24 }, (_, k) => ({
    kind: "circle",
    centre: [(6 + 11.5 * (k % 6)) * um, (6 + 11 * Math.floor(k / 6)) * um],
    radius: 5 * um,
  })),
  cuts: [{ through: [35 * um, 20 * um], angle: 0.2, left: "high", right: "low" }],
  matrix: "high",
}

/** Cells of a Voronoi diagram with ragged edges. */
const ragged = (width: number, height: number, count: number): Int32Array => {
  let state = 12345
  const random = (): number => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const centres = Array.from({ length: count }, () => [random() * width, random() * height, 15 + 25 * random()])
  const labels = new Int32Array(width * height)
  for (let k = 0; k < labels.length; k++) {
    let [best, nearest] = [0, 1]
    centres.forEach(([x, y, radius], particle) => {
      const distance = Math.hypot((k % width) - x, Math.floor(k / width) - y) / radius + 0.03 * random()
      if (distance < nearest) [best, nearest] = [particle + 1, distance]
    })
    labels[k] = best
  }
  return labels
}
const image = {
  width: 1000,
  height: 400,
  pixel: 70e-9,
  labels: ragged(1000, 400, 70),
  matrixNames: ["high"],
  separatorThickness: 25 * um,
}

let sink = 0
const measure = (name: string, work: () => Mesh | MeshProblem): void => {
  const times: number[] = []
  let line = ""
  for (let run = 0; run <= runs; run++) {
    const start = performance.now()
    const mesh = work()
    const time = performance.now() - start
    if (isMeshProblem(mesh)) throw new Error(`${name}: ${mesh.kind}`)
    sink += mesh.nodes[0]
    // The first run warms up.
    if (run > 0) times.push(time)
    if (run === runs) {
      const { cells, smallestAngle, unexcusedCells } = measureQuality(mesh)
      line = `${cells} cells, smallest angle ${((smallestAngle * 180) / Math.PI).toFixed(1)}°, ${unexcusedCells} unexcused`
    }
  }
  times.sort((one, other) => one - other)
  const [least, median] = [times[0], times[runs >> 1]].map((time) => `${(time / 1000).toFixed(2)} s`)
  console.log(`${name.padEnd(34)} min ${least}, median ${median}   ${line}`)
}

for (const interfaceLength of [0.2, 0.12]) {
  measure(`layout, ${interfaceLength} µm`, () =>
    meshLayout(layout, { interfaceLength: interfaceLength * um, growth: 0.2, maximumLength: 1 * um }),
  )
}
for (const interfaceLength of [0.25, 0.12]) {
  measure(`labels, ${interfaceLength} µm`, () =>
    meshLabels(image, { interfaceLength: interfaceLength * um, growth: 0.25, maximumLength: 2 * um }),
  )
}
if (!Number.isFinite(sink)) console.log("unreachable")
