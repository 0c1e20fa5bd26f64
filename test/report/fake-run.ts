import { encode } from "fast-png"
import { seededRandom } from "../../src/array/random.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"
import type {
  CycleTable,
  FieldFrame,
  HistoryTable,
  ParticleHistoryTable,
  ReportInput,
  ReportParameter,
  SegmentationPicture,
} from "../../src/report/input.ts"
import { coverageOf, particleAreas } from "../../src/report/outline.ts"
import { base64 } from "../../src/report/raster.ts"
import { discMesh } from "./disc-mesh.ts"

/**
 * A run that never ran: curves of the shape that the half-cell shows, on a hand-made mesh. For looking at the
 * report and testing it; no number of it means anything.
 */
export interface FakeRun {
  readonly cycles: number
  /** 3 in a column, or 20 in a grid with a picture and attributes */
  readonly particles: 3 | 20
  readonly spans?: number
}

const tau = 720
const rest = 120
const ramp = 432
const period = 2 * (ramp + rest)

export const fakeRun = ({ cycles, particles, spans = 16 }: FakeRun): ReportInput => {
  const random = seededRandom(7).uniform
  const tile = 11e-6
  const mesh =
    particles === 3
      ? discMesh({
          columns: 1,
          rows: 3,
          tile,
          radius: [5e-6, 5e-6, 5e-6],
          spans,
          separator: 25e-6,
          high: (x, y) => x < tile * (1.02 - 0.94 * (y / (3 * tile))),
        })
      : discMesh({
          columns: 5,
          rows: 4,
          tile,
          radius: Array.from({ length: 20 }, () => (2.6 + 2.3 * random()) * 1e-6),
          spans,
          separator: 10e-6,
          high: null,
        })
  const { area, centroid } = particleAreas(mesh)
  const coverage = coverageOf(mesh)
  const column = coverage.regions.indexOf("high")
  // Lead of a particle over the others, between −1 and 1.
  const lead = Float64Array.from(area, (_, particle) =>
    column >= 0 ? 2 * coverage.share[particle * coverage.regions.length + column] - 1 : 1.6 * random() - 0.8,
  )
  const count = area.length

  const phase = (t: number) =>
    t < ramp
      ? t / ramp
      : t < ramp + rest
        ? 1 - 0.1 * ((t - ramp) / rest)
        : t < period - rest
          ? 0.9 - (0.75 * (t - ramp - rest)) / ramp
          : 0.15
  const meanContent = (t: number) =>
    0.95 - 0.4356 * (t < ramp ? t / ramp : t < ramp + rest ? 1 : t < period - rest ? 1 - (t - ramp - rest) / ramp : 0)
  const content = (particle: number, cycle: number, t: number) =>
    meanContent(t) -
    0.0435 * lead[particle] * 0.86 ** (cycle - 1) * phase(t) -
    0.008 * (cycle > 1 ? lead[particle] : 0) * (1 - phase(t)) * 0.86 ** cycle
  const damageOf = (particle: number, cycle: number, t: number) => {
    const along = cycle - 1 + Math.min(1, t / (ramp + rest))
    const at = 0.95 + 2.6 * (1 - lead[particle]) * 0.5
    return along < 0.6 ? 0 : Math.max(0, 0.94 * (1 - Math.exp(-((Math.max(0, along - 0.62) / at) ** 1.25 * 0.55))))
  }

  const times: { time: number; cycle: number; within: number; step: string }[] = []
  for (let cycle = 1; cycle <= cycles; cycle++) {
    for (let within = cycle === 1 ? 0 : 8; within <= period; within += 8) {
      const step =
        within <= ramp ? "charge" : within <= ramp + rest ? "rest" : within <= period - rest ? "discharge" : "rest"
      times.push({ time: (cycle - 1) * period + within, cycle, within, step })
    }
  }
  const sign = (step: string) => (step === "charge" ? 1 : step === "discharge" ? -1 : 0)
  const openCircuit = (x: number) =>
    -0.809 * x + 4.4875 - 0.0428 * Math.tanh(18.5138 * (x - 0.5542)) - 1.2 * Math.exp((x - 1) / 0.012)
  const at = times.map(({ cycle, within }) =>
    Array.from({ length: count }, (_, particle) => [
      content(particle, cycle, within),
      damageOf(particle, cycle, within),
    ]),
  )
  const statistics = (which: 0 | 1) => {
    const of = (pick: (values: number[]) => number) =>
      Float64Array.from(at, (row) => pick(row.map((pair) => pair[which])))
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    return {
      mean: of(mean),
      minimum: of((values) => Math.min(...values)),
      maximum: of((values) => Math.max(...values)),
      deviation: of((values) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)))),
    }
  }
  const stoichiometry = statistics(0)
  const damage = statistics(1)
  const history: HistoryTable = {
    time: Float64Array.from(times, ({ time }) => time),
    cycle: Int32Array.from(times, ({ cycle }) => cycle),
    stepType: times.map(({ step }) => step),
    current: Float64Array.from(times, ({ step }) => 80 * sign(step)),
    voltage: Float64Array.from(
      times,
      ({ step }, row) => openCircuit(stoichiometry.mean[row]) + 0.14 * sign(step) * (1 + 3.2 * damage.mean[row] ** 2),
    ),
    capacity: Float64Array.from(times, ({ within }) => 275.5 * (0.95 - meanContent(within))),
    stoichiometry,
    damage,
  }
  return {
    manifest: manifestOf(particles, cycles),
    history,
    particleHistory: particleTable(times, at, lead),
    cycles: cycleRows(cycles, history),
    particles: { columns: particles === 3 ? [] : attributes(area, centroid, random) },
    mesh,
    frames: [1, cycles].slice(0, cycles === 1 ? 1 : 2).map((cycle) =>
      frameOf(
        mesh,
        centroid,
        area,
        lead,
        cycle,
        (particle) => content(particle, cycle, ramp),
        (particle) => damageOf(particle, cycle, ramp),
      ),
    ),
    segmentation: particles === 3 ? null : picture(mesh),
    warnings:
      particles === 3
        ? [
            {
              severity: "note",
              message: "The delay of damage (τ_d = 20 s) is a choice; 5 s gives a rougher and faster evolution.",
            },
          ]
        : [
            {
              severity: "warning",
              message: "Two particles touch the border of the picture and were left out of the statistics.",
            },
          ],
    mechanicalEnergy: { input: 3.1e-6, elastic: 1.22e-6, dissipated: 0.79e-6, viscous: 1.09e-6 },
  }
}

/** A run of the same twin that failed before its first step. */
export const emptyRun = (run: ReportInput): ReportInput => {
  const none = new Float64Array(0)
  const noCycle = new Int32Array(0)
  const nothing = { mean: none, minimum: none, maximum: none, deviation: none }
  return {
    ...run,
    manifest: { ...run.manifest, status: "failed", reason: "no solution at the first step", wallTime: Number.NaN },
    history: {
      time: none,
      cycle: noCycle,
      stepType: [],
      current: none,
      voltage: none,
      capacity: none,
      stoichiometry: nothing,
      damage: nothing,
    },
    particleHistory: {
      time: none,
      cycle: noCycle,
      particle: noCycle,
      meanStoichiometry: none,
      surfaceStoichiometry: none,
      damage: none,
      meanGap: none,
      maximumGap: none,
      debondedShare: none,
      current: none,
      maximumPrincipalStress: none,
    },
    cycles: {
      cycle: noCycle,
      chargeCapacity: none,
      dischargeCapacity: none,
      spreadStoichiometryCharge: none,
      spreadStoichiometryDischarge: none,
      stdStoichiometryCharge: none,
      stdStoichiometryDischarge: none,
      spreadDamage: none,
      meanDamage: none,
      lithiumBalanceError: none,
      chargeBalanceError: none,
    },
    particles: { columns: [] },
    mesh: null,
    frames: [],
    mechanicalEnergy: null,
    warnings: [{ severity: "error", message: "The first step found no solution." }],
  }
}

const particleTable = (
  times: readonly { time: number; cycle: number; within: number; step: string }[],
  at: readonly (readonly number[][])[],
  lead: Float64Array,
): ParticleHistoryTable => {
  const rows = times.flatMap((moment, row) => at[row].map(([x, d], particle) => ({ ...moment, x, d, particle })))
  const of = (pick: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, pick)
  const current = (step: string) => (step === "charge" ? 1 : step === "discharge" ? -1 : 0)
  return {
    time: of(({ time }) => time),
    cycle: Int32Array.from(rows, ({ cycle }) => cycle),
    particle: Int32Array.from(rows, ({ particle }) => particle),
    meanStoichiometry: of(({ x }) => x),
    surfaceStoichiometry: of(({ x, step }) => x - 0.06 * current(step)),
    damage: of(({ d }) => d),
    meanGap: of(({ x, d }) => 3.1e-8 * d * Math.max(0, 0.95 - x)),
    maximumGap: of(({ x, d }) => 7.9e-8 * d * Math.max(0, 0.95 - x)),
    debondedShare: of(({ d }) => Math.max(0, d - 0.15)),
    current: of(({ step, particle, cycle }) => 14.3 * current(step) * (1 + 0.2 * lead[particle] * 0.86 ** cycle)),
    maximumPrincipalStress: of(
      ({ x, d, step }) => 1e6 * (30 + 420 * (0.95 - x) * (1 - 0.6 * d) + 60 * Math.abs(current(step))),
    ),
  }
}

const cycleRows = (cycles: number, history: HistoryTable): CycleTable => {
  const row = (cycle: number, step: string) =>
    history.stepType.findLastIndex((type, at) => type === step && history.cycle[at] === cycle)
  const each = (pick: (cycle: number) => number) => Float64Array.from({ length: cycles }, (_, at) => pick(at + 1))
  const spread = (of: HistoryTable["damage"], at: number) => of.maximum[at] - of.minimum[at]
  return {
    cycle: Int32Array.from({ length: cycles }, (_, at) => at + 1),
    chargeCapacity: each(() => 120),
    dischargeCapacity: each((cycle) => 120 - 0.35 * cycle ** 1.3),
    spreadStoichiometryCharge: each((cycle) => spread(history.stoichiometry, row(cycle, "charge"))),
    spreadStoichiometryDischarge: each((cycle) => spread(history.stoichiometry, row(cycle, "discharge"))),
    stdStoichiometryCharge: each((cycle) => history.stoichiometry.deviation[row(cycle, "charge")]),
    stdStoichiometryDischarge: each((cycle) => history.stoichiometry.deviation[row(cycle, "discharge")]),
    spreadDamage: each((cycle) => spread(history.damage, row(cycle, "rest"))),
    meanDamage: each((cycle) => history.damage.mean[row(cycle, "rest")]),
    lithiumBalanceError: each((cycle) => 3.1e-13 * cycle),
    chargeBalanceError: each((cycle) => 8.7e-12 / cycle),
  }
}

const frameOf = (
  mesh: Mesh,
  centroid: Float64Array,
  area: Float64Array,
  lead: Float64Array,
  cycle: number,
  content: (particle: number) => number,
  damage: (particle: number) => number,
): FieldFrame => {
  const nodes = mesh.nodes.length / 2
  const owner = new Int32Array(nodes).fill(-1)
  const kind = new Array<string>(nodes).fill("separator")
  mesh.cellToRegion.forEach((region, cell) => {
    for (const node of mesh.cellToNode.subarray(3 * cell, 3 * cell + 3)) {
      owner[node] = mesh.regions[region].particle
      if (mesh.regions[region].kind !== "separator") kind[node] = mesh.regions[region].kind
    }
  })
  const polar = (node: number, particle: number) => {
    const dx = mesh.nodes[2 * node] - centroid[2 * particle]
    const dy = mesh.nodes[2 * node + 1] - centroid[2 * particle + 1]
    return { r: Math.hypot(dx, dy) / Math.sqrt(area[particle] / Math.PI), angle: Math.atan2(dy, dx) }
  }
  const nearest = (node: number) => {
    let best = 0
    for (let particle = 1; particle < area.length; particle++)
      if (polar(node, particle).r < polar(node, best).r) best = particle
    return best
  }
  const top = Math.max(...mesh.nodes.filter((_, at) => at % 2 === 1))
  const field = (name: string, unit: string, value: (node: number) => number) => ({
    name,
    unit,
    values: Float64Array.from({ length: nodes }, (_, node) => value(node)),
  })
  // The side towards the high-conductivity matrix empties first.
  const skew = (angle: number) => 0.05 * Math.cos(angle - Math.PI) * 0.9 ** cycle
  const stress = (node: number, scale: number) => {
    const particle = owner[node] >= 0 ? owner[node] : nearest(node)
    const { r, angle } = polar(node, particle)
    const hold = 1 - damage(particle)
    if (owner[node] >= 0) return scale * (180 * (r * r - 0.5) + 110 * hold * (1 + 0.4 * Math.cos(2 * angle))) * 1e6
    return scale * 1e6 * hold * (235 / r ** 2) * (0.7 + 0.3 * Math.cos(2 * angle))
  }
  const separator = kind.map((name) => name === "separator")
  const solid = (node: number) => !separator[node]
  const damageAt = (node: number, particle: number) => {
    const d = damage(particle)
    const { angle } = polar(node, particle)
    return Math.min(1, Math.max(0, d * (1.25 + 0.75 * Math.cos(angle - Math.PI)) * (1 + 0.1 * lead[particle])))
  }
  const facetValues = (scale: number) =>
    Float64Array.from(mesh.interfaces.innerNode, (node) => damageAt(node, owner[node]) * scale)
  return {
    label: `End of charge, cycle ${cycle}`,
    time: (cycle - 1) * period + ramp,
    pointData: [
      field("stoichiometry", "", (node) => {
        if (owner[node] < 0) return Number.NaN
        const { r, angle } = polar(node, owner[node])
        return content(owner[node]) + 0.06 * (0.5 - r * r) + skew(angle) * r * r
      }),
      field("hydrostatic_stress", "Pa", (node) => (solid(node) ? stress(node, 0.6) - 40e6 : Number.NaN)),
      field("max_principal_stress", "Pa", (node) => (solid(node) ? stress(node, 1) : Number.NaN)),
      field("electrolyte_concentration", "mol/m^3", (node) =>
        owner[node] >= 0 ? Number.NaN : 1650 - 900 * (mesh.nodes[2 * node + 1] / top),
      ),
      field("electrolyte_potential", "V", (node) =>
        owner[node] >= 0 ? Number.NaN : 0.14 * (1 - mesh.nodes[2 * node + 1] / top),
      ),
      field("solid_potential", "V", (node) =>
        kind[node] === "matrix"
          ? 4.3702 + 0.0042 * Math.tanh((mesh.nodes[2 * node] / 11e-6 - 0.5) * 3) * (mesh.nodes[2 * node + 1] / top)
          : Number.NaN,
      ),
    ],
    cellData: [],
    interfaceDamage: facetValues(1),
    interfaceGap: facetValues(2.2e-8),
  }
}

const attributes = (area: Float64Array, centroid: Float64Array, random: () => number) => [
  { name: "X", unit: "m", values: Float64Array.from(area, (_, p) => centroid[2 * p]) },
  { name: "Z", unit: "m", values: Float64Array.from(area, (_, p) => centroid[2 * p + 1]) },
  { name: "Volume", unit: "m^3", values: area.map((value) => (4 / 3) * Math.PI * (value / Math.PI) ** 1.5) },
  { name: "Sphericity", unit: "", values: area.map(() => 0.8 + 0.15 * random()) },
  { name: "Elongation", unit: "", values: area.map(() => 1 + 0.6 * random() ** 2) },
  { name: "Damage", unit: "", values: area.map(() => 0.12 * random() ** 1.5) },
  { name: "Contact", unit: "", values: area.map(() => 0.3 * random()) },
  { name: "DistNearest", unit: "m", values: area.map(() => 1e-6 * (1 + 3 * random())) },
]

/** Grey discs with noise, as a tomogram would show them. */
const picture = (mesh: Mesh): SegmentationPicture => {
  const random = seededRandom(3).uniform
  const { area, centroid } = particleAreas(mesh)
  const [width, height] = [550, 440]
  const pixel = 1e-7
  const data = new Uint8Array(width * height)
  for (let at = 0; at < data.length; at++) {
    const [x, y] = [((at % width) + 0.5) * pixel, (height - Math.floor(at / width) - 0.5) * pixel]
    const inside = area.some(
      (value, p) => Math.hypot(x - centroid[2 * p], y - centroid[2 * p + 1]) < Math.sqrt(value / Math.PI),
    )
    data[at] = Math.max(0, Math.min(255, (inside ? 168 : 74) + 46 * (random() + random() - 1)))
  }
  const file = encode({ width, height, data, channels: 1, depth: 8 })
  return {
    dataUrl: `data:image/png;base64,${base64(file)}`,
    width,
    height,
    minimum: [0, 0],
    maximum: [width * pixel, height * pixel],
  }
}

const manifestOf = (particles: number, cycles: number): ReportInput["manifest"] => ({
  twin: particles === 3 ? "li2022-three-particle" : "demo",
  description:
    particles === 3
      ? "Three NMC811 particles of 10 µm in one column; a slanted cut parts well from poorly conducting carbon/binder, so that the particles are covered to 75, 50 and 25 %."
      : "A generated slice: twenty particles of different size in one carbon/binder.",
  scenario: "li2022-fixed-charge",
  scenarioSteps: [
    "Charge at 5C for 432 seconds or until 5.1 V",
    "Rest for 2 minutes",
    "Discharge at 5C for 432 seconds or until 2.5 V",
    "Rest for 2 minutes",
  ],
  status: "done",
  reason: "",
  programVersion: "0.1.0",
  started: "2026-11-21T06:42:07Z",
  ended: "2026-11-21T06:42:55Z",
  wallTime: 4.8 * cycles,
  threads: 1,
  seed: 1,
  referenceTime: tau,
  parameters,
  solver: [
    { name: "Accepted time steps", value: 1284, unit: "" },
    { name: "Rejected time steps", value: 37, unit: "" },
    { name: "Newton iterations", value: 4116, unit: "" },
    { name: "Unknowns, electrochemistry", value: 4032, unit: "" },
    { name: "Unknowns, mechanics", value: 13_110, unit: "" },
    { name: "Time in factorisation", value: 11.2, unit: "s" },
    { name: "Smallest step", value: 0.0039, unit: "s" },
  ],
})

const paper = "Li et al. 2022, Science 376, 517"
const parameters: readonly ReportParameter[] = [
  {
    group: "Active material",
    name: "Diffusivity",
    symbol: "D",
    value: 2e-14,
    unit: "m^2/s",
    source: paper,
    overridden: false,
  },
  {
    group: "Active material",
    name: "Largest concentration",
    symbol: "c_max",
    value: 49136,
    unit: "mol/m^3",
    source: "choice: 4780 kg/m³ and 97.28 g/mol",
    overridden: false,
  },
  {
    group: "Active material",
    name: "Partial molar volume",
    symbol: "Ω_V",
    value: 1.5e-6,
    unit: "m^3/mol",
    source: "choice: about 5 % volume change over 200 mAh/g",
    overridden: false,
  },
  {
    group: "Active material",
    name: "Young's modulus",
    symbol: "E",
    value: 140e9,
    unit: "Pa",
    source: paper,
    overridden: false,
  },
  {
    group: "Active material",
    name: "Open-circuit potential",
    symbol: "E_eq",
    value: "chen-2020-extended",
    unit: "",
    source: "Chen et al. 2020, J. Electrochem. Soc. 167, 080534",
    overridden: false,
  },
  { group: "Interface", name: "Strength", symbol: "T_max", value: 300e6, unit: "Pa", source: paper, overridden: false },
  {
    group: "Interface",
    name: "Fracture energy",
    symbol: "G_c",
    value: 0.4,
    unit: "J/m^2",
    source: paper,
    overridden: false,
  },
  {
    group: "Interface",
    name: "Delay of damage",
    symbol: "τ_d",
    value: 20,
    unit: "s",
    source: "choice: makes debonding smooth and nearly independent of the mesh",
    overridden: true,
  },
  {
    group: "Carbon/binder",
    name: "Conductivity, high",
    symbol: "σ_high",
    value: 100,
    unit: "S/m",
    source: paper,
    overridden: false,
  },
  {
    group: "Carbon/binder",
    name: "Conductivity, low",
    symbol: "σ_low",
    value: 2e-3,
    unit: "S/m",
    source: paper,
    overridden: false,
  },
]
