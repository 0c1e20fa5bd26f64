import { seededRandom } from "../../src/array/random.ts"
import { icosphere } from "../../src/image/icosphere.ts"
import { defaultPopulationSettings, populationOf } from "../../src/particles/population.ts"
import type { ParticleTable, TableColumn } from "../../src/particles/table.ts"
import { angleEdges, isotropicShare } from "../../src/particles/valence-gradient.ts"
import type { ParticleReportInput, PlanePicture } from "../../src/report/particles/input.ts"

const edge = 100
const spacing = 500e-9

interface Ball {
  readonly at: readonly [number, number, number]
  /** [m] */
  readonly radius: number
}

/** Balls that do not overlap in a box of 50 µm; cut ones have their centre inside. */
const ballsOf = (count: number): readonly Ball[] => {
  const random = seededRandom(count)
  const balls: Ball[] = []
  for (let attempt = 0; balls.length < count && attempt < 400 * count; attempt++) {
    const radius = 2.2e-6 * Math.exp(0.25 * random.normal()) * (attempt > 200 * count ? 0.5 : 1)
    const at = [0, 1, 2].map(() => random.uniform() * edge * spacing) as [number, number, number]
    if (balls.every((ball) => Math.hypot(...at.map((x, axis) => x - ball.at[axis])) > radius + ball.radius)) {
      balls.push({ at, radius })
    }
  }
  return balls
}

const planeOf = (balls: readonly Ball[], across: 0 | 1 | 2, down: 0 | 1 | 2, normal: 0 | 1 | 2): PlanePicture => {
  const labels = new Int32Array(edge * edge)
  const gray = new Uint8Array(edge * edge)
  const random = seededRandom(across + 3 * down)
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const point = [0, 0, 0]
    point[across] = ((pixel % edge) + 0.5) * spacing
    point[down] = (Math.floor(pixel / edge) + 0.5) * spacing
    point[normal] = (edge / 2 + 0.5) * spacing
    labels[pixel] =
      1 + balls.findIndex(({ at, radius }) => Math.hypot(...at.map((x, axis) => x - point[axis])) < radius)
    gray[pixel] = Math.max(0, Math.min(255, (labels[pixel] > 0 ? 170 : 70) + 25 * random.normal()))
  }
  const names = ["x", "y", "z"] as const
  return {
    across: names[across],
    down: names[down],
    normal: names[normal],
    at: edge / 2,
    of: edge,
    width: edge,
    height: edge,
    pixel: [spacing, spacing],
    gray,
    labels,
  }
}

/** A report of balls whose damage rises with depth, measured by two estimators. */
export const fakeParticles = (count: number): ParticleReportInput => {
  const random = seededRandom(7)
  const balls = ballsOf(count)
  const column = (name: string, unit: string, of: (ball: Ball, row: number) => number): TableColumn => ({
    name,
    unit,
    values: Float64Array.from(balls, of),
  })
  const damage = column("Damage", "", ({ at }) =>
    Math.max(0, 0.3 * (at[2] / (edge * spacing)) ** 2 + 0.03 * random.normal()),
  )
  const columns = [
    column("X", "m", ({ at }) => at[0]),
    column("Y", "m", ({ at }) => at[1]),
    column("Z", "m", ({ at }) => at[2]),
    column("SurfaceOuter", "m^2", ({ radius }) => 4 * Math.PI * radius ** 2),
    column("Volume", "m^3", ({ radius }) => (4 / 3) * Math.PI * radius ** 3),
    damage,
    column("Sphericity", "", () => 0.95 + 0.02 * random.normal()),
    column("Contact", "", () => 0.1 * random.uniform()),
    column("ContactCB", "", () => 0.5 + 0.2 * random.uniform()),
    column("DistNearest", "m", () => 1e-6 * (1 + random.uniform())),
    column("RoughInner", "m", () => Number.NaN),
  ]
  const cut = Uint8Array.from(balls, ({ at, radius }) =>
    at.some((x) => x < radius || x > edge * spacing - radius) ? 1 : 0,
  )
  const table: ParticleTable = {
    particleCount: balls.length,
    columns,
    missing: [{ name: "EDensity", reason: "there are no gray values" }],
    cut,
  }
  const { vertices } = icosphere(2)
  const directions = vertices.length / 3
  return {
    title: "balls <1>.tif",
    programVersion: "0.1.0",
    started: "2026-11-21T06:42:07.000Z",
    volume: {
      format: "TIFF stack",
      shape: [edge, edge, edge],
      spacing: [spacing, spacing, spacing],
      voxelSizeFrom: "given",
      content: "gray values",
    },
    method: "Otsu's threshold of the gray values, then a watershed of the distance to the surface.",
    table,
    published: {
      ...table,
      columns: columns.map((each) =>
        each.name === "Sphericity"
          ? { ...each, values: each.values.map((value, row) => value * (1 - damage.values[row]) ** 2) }
          : { ...each, values: each.values.map((value) => value * (1 + 0.03 * random.normal())) },
      ),
    },
    population: populationOf(table, [edge * spacing, edge * spacing, edge * spacing], {
      ...defaultPopulationSettings,
      simulations: 99,
    }),
    coordination: Int32Array.from(balls, () => random.integer(9)),
    angles: {
      voxels: {
        edges: angleEdges(18),
        counts: isotropicShare(angleEdges(18)).map((share) => 1e5 * share),
        below: 0,
        above: 0,
      },
      gradient: { edges: angleEdges(18), counts: new Float64Array(18), below: 0, above: 0 },
      undefined: 3,
    },
    phases: [
      { name: "particles", share: 0.42 },
      { name: "void", share: 0.58 },
    ],
    planes: [planeOf(balls, 0, 1, 2), planeOf(balls, 0, 2, 1), planeOf(balls, 1, 2, 0)],
    outlines: {
      divisions: 2,
      particle: Int32Array.from(balls.keys()),
      centre: Float32Array.from(balls.flatMap(({ at }) => at)),
      reach: Float32Array.from(
        balls.flatMap(({ at, radius }) =>
          Array.from({ length: directions }, (_, ray) => {
            // Balls end at the border of the volume.
            const ends = at.map((x, axis) => {
              const d = vertices[3 * ray + axis]
              return d > 0 ? (edge * spacing - x) / d : d < 0 ? x / -d : Number.POSITIVE_INFINITY
            })
            return Math.min(radius, ...ends)
          }),
        ),
      ),
    },
    warnings: [{ severity: "note", message: "carbon/binder is not known: <ContactCB> is empty" }],
    settings: [{ name: "threshold", value: "Otsu, 2 classes" }],
    stages: [
      { name: "finding particles", seconds: 12.3 },
      { name: "measuring", seconds: 4.2 },
    ],
  }
}
