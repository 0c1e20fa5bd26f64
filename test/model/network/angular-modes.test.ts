import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import { faraday } from "../../../src/laws/constants.ts"
import type { ElectrodeNetwork } from "../../../src/microstructure/electrode-network.ts"
import { createAngularModes } from "../../../src/model/network/angular-modes.ts"
import { angularDegrees } from "../../../src/model/network/parameters.ts"
import { patchHarmonics } from "../../../src/model/network/patch-harmonics.ts"
import { radialGrid } from "../../../src/model/network/radial-grid.ts"
import { createNetworkSimulation } from "../../../src/model/network/simulation.ts"
import { backwardEuler, variableBackwardDifference } from "../../../src/solve/bdf.ts"
import { builtNetwork, plainNetwork, smallNetwork } from "../../arbitrary/network.ts"
import { finish, fixedChargeCycle, networkParameters, time } from "./reference.ts"

const R = 5e-6
const D = 2e-14
const active = {
  ...networkParameters.active,
  stressCoupling: false,
  diffusivity: { value: () => D, slope: () => 0 },
}

/** A single particle whose patches have these normals and shares of its surface. */
const particleOf = (dimension: 2 | 3, normals: readonly (readonly number[])[], shares: readonly number[]) => {
  const { patches } = builtNetwork(plainNetwork)
  const surface = dimension === 3 ? 4 * Math.PI * R * R : 2 * Math.PI * R
  return {
    dimension,
    particles: {
      count: 1,
      label: Int32Array.of(1),
      volume: Float64Array.of((surface * R) / dimension),
      centre: new Float64Array(3),
      cut: new Uint8Array(1),
    },
    patches: {
      ...patches,
      count: shares.length,
      start: Int32Array.of(0, shares.length),
      area: Float64Array.from(shares, (share) => share * surface),
      normal: Float64Array.from(normals.flat()),
    },
  }
}

/** Derivative of J_l, exact to rounding by the periodic trapezoidal rule of its integral, or of j_l. */
const radialSlope = (dimension: 2 | 3, l: number, x: number): number => {
  const points = 160
  let sum = 0
  if (dimension === 2) {
    for (let k = 0; k < points; k++) {
      const angle = (2 * Math.PI * k) / points
      sum += Math.sin(angle) * Math.sin(l * angle - x * Math.sin(angle))
    }
    return sum / points
  }
  // j_l by upward recurrence, stable for x ≥ l; j_l′ = j_{l−1} − (l + 1) j_l/x.
  let [before, own] = [Math.sin(x) / x, Math.sin(x) / (x * x) - Math.cos(x) / x]
  for (let n = 1; n < l; n++) [before, own] = [own, ((2 * n + 1) / x) * own - before]
  return before - ((l + 1) / x) * own
}

/** Positive roots of the slope, those up to 40: what lies beyond has died away at the times asked for. */
const roots = (dimension: 2 | 3, l: number): readonly number[] => {
  const found: number[] = []
  for (let x = l; x < 40; x += 0.1) {
    let [low, high] = [x, x + 0.1]
    if (radialSlope(dimension, l, low) > 0 === radialSlope(dimension, l, high) > 0) continue
    for (let k = 0; k < 40; k++) {
      const middle = (low + high) / 2
      if (radialSlope(dimension, l, low) > 0 === radialSlope(dimension, l, middle) > 0) low = middle
      else high = middle
    }
    found.push(low)
  }
  return found
}

const rootsOf = new Map<string, readonly number[]>()
/**
 * −D ξ/(q R) at the surface of a body that loses the flux q times a harmonic of degree l, after time t: the solution by
 * separation, 1/l − Σ 2/(β² − l(l + n − 2)) e^{−β² D t/R²} over the roots of J_l′ or j_l′.
 */
const fallOf = (dimension: 2 | 3, l: number, time: number): number => {
  const key = `${dimension} ${l}`
  if (!rootsOf.has(key)) rootsOf.set(key, roots(dimension, l))
  const tau = (D * time) / (R * R)
  return (rootsOf.get(key) ?? []).reduce(
    (sum, root) => sum - (2 / (root * root - l * (l + dimension - 2))) * Math.exp(-root * root * tau),
    1 / l,
  )
}

/** ξ at the patches under steady currents, from the history and Z of each step. */
const marched = (
  network: ReturnType<typeof particleOf>,
  current: Float64Array,
  degrees: number,
  times: readonly number[],
): readonly Float64Array[] => {
  const grid = radialGrid(network as ElectrodeNetwork, 16)
  const count = network.patches.count
  const surface = { particleStart: Int32Array.of(0, count), patch: Int32Array.from({ length: count }, (_, k) => k) }
  const modes = createAngularModes(network, degrees, grid, Float64Array.of(R), surface, active, 298)
  const interior = new Float64Array(16).fill(0.5)
  let previous = new Float64Array(modes.modeCount * modes.shells)
  let older = previous
  let time = 0
  let before = Number.NaN
  const out: Float64Array[] = []
  for (const end of times) {
    const steps = 60
    // From small to large, so that the kink at the start is seen as well.
    for (let n = 1; n <= steps; n++) {
      const next = out.length === 0 ? end * (n / steps) ** 2 : time + (end - time) / (steps - n + 1)
      const step = next - time
      modes.setStep(
        Number.isNaN(before) ? backwardEuler : variableBackwardDifference(step, before),
        step,
        previous,
        older,
        interior,
      )
      older = previous
      previous = new Float64Array(older.length)
      modes.profilesInto(current, previous, 0, 1)
      before = step
      time = next
    }
    out.push(
      modes.history.map((rest, a) => current.reduce((sum, own, b) => sum - modes.impedance[a * count + b] * own, rest)),
    )
  }
  return out
}

/** Flux over c_max of a current per area [m/s] */
const flux = (density: number): number => density / (faraday * active.maximumConcentration)
/** Shares of R²/D */
const moments = [0.02, 0.1, 0.5].map((tau) => (tau * R * R) / D)
/** What ten shells miss then, relative: a layer as thin as a seventh of R, and less of it later. */
const missed = [0.025, 0.006, 0.003]

describe("a body from which lithium leaves as cos θ", () => {
  it("follows the solution by separation in the plane", () => {
    const count = 48
    const angles = Array.from({ length: count }, (_, k) => (2 * Math.PI * k) / count + 0.1)
    const network = particleOf(
      2,
      angles.map((angle) => [Math.cos(angle), 0, Math.sin(angle)]),
      angles.map(() => 1 / count),
    )
    const current = Float64Array.from(angles, (angle, k) => network.patches.area[k] * Math.cos(angle))
    // The harmonic is averaged over arcs as source and as value.
    const cap = Math.sin(Math.PI / count) / (Math.PI / count)
    marched(network, current, 8, moments).forEach((found, at) => {
      const size = ((flux(1) * R) / D) * fallOf(2, 1, moments[at]) * cap * cap
      angles.forEach((angle, k) => {
        expect(Math.abs(found[k] + size * Math.cos(angle))).toBeLessThan(missed[at] * size)
      })
    })
  })
})

describe("a body that gives lithium on part of its surface only", () => {
  it.each([
    { dimension: 2, share: 0.25, degrees: 8 },
    { dimension: 3, share: 0.25, degrees: 4 },
    { dimension: 3, share: 0.5, degrees: 8 },
  ] as const)("follows the sum of all harmonics: $share of it, $dimension dimensions", (given) => {
    const { dimension, share, degrees } = given
    const network = particleOf(
      dimension,
      [
        [0, 0, 1],
        [0, 0, -1],
      ],
      [share, 1 - share],
    )
    const current = Float64Array.of(network.patches.area[0], 0)
    const cap = (l: number): number => {
      if (dimension === 2) return Math.sin(l * Math.PI * share) / (l * Math.PI * share)
      // Mean of P_l over the cap by Simpson's rule, independent of the recurrence in the code.
      const legendre = (c: number): number => {
        let [before, own] = [1, c]
        for (let n = 1; n < l; n++) [before, own] = [own, ((2 * n + 1) * c * own - n * before) / (n + 1)]
        return own
      }
      let sum = 0
      for (let k = 0; k <= 400; k++)
        sum += legendre(1 - 2 * share * (k / 400)) * (k === 0 || k === 400 ? 1 : k % 2 ? 4 : 2)
      return sum / 1200
    }
    marched(network, current, degrees, moments).forEach((found, at) => {
      let expected = 0
      for (let l = 1; l <= 40; l++)
        expected += (dimension === 3 ? 2 * l + 1 : 2) * cap(l) ** 2 * share * fallOf(dimension, l, moments[at])
      expected *= (-flux(1) * R) / D
      expect(Math.abs(found[0] / expected - 1)).toBeLessThan(missed[at])
      // What one side lacks the other has.
      expect(share * found[0] + (1 - share) * found[1]).toBeCloseTo(0, 12)
    })
  })
})

describe("harmonics of patches", () => {
  it("obey the addition theorem, and have no mean over the surface", () => {
    fc.assert(
      fc.property(smallNetwork(8), fc.integer({ min: 1, max: 6 }), (small, degrees) => {
        const network = builtNetwork(small)
        const { start, normal, area } = network.patches
        const { value, modeCount, degree } = patchHarmonics(network, degrees)
        const particle = network.particles.count - 1
        const [first, last] = [start[particle], start[particle + 1]]
        const whole = area.subarray(first, last).reduce((sum, own) => sum + own, 0)
        for (let mode = 0; mode < modeCount; mode++) {
          let mean = 0
          for (let a = first; a < last; a++) mean += (area[a] / whole) * value[a * modeCount + mode]
          expect(Math.abs(mean)).toBeLessThan(1e-12)
        }
        // Turning the particle turns nothing that patches see of one another.
        const turned = Float64Array.from(normal, (_, i) => {
          const [x, y, z] = normal.subarray(3 * Math.floor(i / 3), 3 * Math.floor(i / 3) + 3)
          const [c, s] = [Math.cos(0.7), Math.sin(0.7)]
          return [c * x - s * z, y, s * x + c * z][i % 3]
        })
        const other = patchHarmonics({ ...network, patches: { ...network.patches, normal: turned } }, degrees).value
        for (let a = first; a < last; a++)
          for (let b = first; b < last; b++)
            for (let l = 1; l <= degrees; l++) {
              let [seen, seenTurned] = [0, 0]
              for (let mode = 0; mode < modeCount; mode++) {
                if (degree[mode] !== l) continue
                seen += value[a * modeCount + mode] * value[b * modeCount + mode]
                seenTurned += other[a * modeCount + mode] * other[b * modeCount + mode]
              }
              expect(Math.abs(seen - seenTurned)).toBeLessThan(1e-10)
            }
      }),
      { numRuns: 30 },
    )
  })

  it("are none for a single patch, which is the whole surface", () => {
    const { value } = patchHarmonics(particleOf(3, [[0, 0, 1]], [1]), 4)
    expect(Math.max(...value.map(Math.abs))).toBe(0)
  })

  it("make Z symmetric and positive", () => {
    fc.assert(
      fc.property(smallNetwork(4), fc.integer({ min: 1, max: 1e6 }), (small, seed) => {
        const network = builtNetwork(small)
        const { particles, patches } = network
        const grid = radialGrid(network, 16)
        const surface = { particleStart: patches.start, patch: Int32Array.from({ length: patches.count }, (_, k) => k) }
        const radius = new Float64Array(particles.count).fill(R)
        const modes = createAngularModes(network, 4, grid, radius, surface, networkParameters.active, 298)
        const state = new Float64Array(particles.count * modes.modeCount * modes.shells)
        modes.setStep(backwardEuler, 3, state, state, new Float64Array(particles.count * 16).fill(0.6))
        const random = seededRandom(seed)
        const size = patches.start[1]
        const by = Float64Array.from({ length: size }, () => random.normal())
        let work = 0
        let scale = 0
        for (let a = 0; a < size; a++)
          for (let b = 0; b < size; b++) {
            expect(modes.impedance[a * size + b]).toBe(modes.impedance[b * size + a])
            work += by[a] * by[b] * modes.impedance[a * size + b]
            scale += Math.abs(by[a] * by[b] * modes.impedance[a * size + b])
          }
        expect(work).toBeGreaterThanOrEqual(-1e-12 * scale)
      }),
      { numRuns: 30 },
    )
  })
})

describe("a charge", () => {
  const charge = { name: "charge", steps: fixedChargeCycle.steps.slice(0, 1) }
  /** Two particles one above the other; of the upper one only patches that face this way touch carbon/binder. */
  const pair = (angularModes: number, facing: number) => {
    const small = { ...plainNetwork, columns: 1, rows: 2, pore: 0, contact: 0, severed: 0, scatter: 0 }
    const built = builtNetwork(small)
    const { patches } = built
    const fed = (k: number): boolean => k < patches.start[1] || patches.normal[3 * k] >= facing
    const network: ElectrodeNetwork = {
      ...built,
      patches: {
        ...patches,
        node: Int32Array.from(patches.node, (_, k) => (k < patches.start[1] ? 1 : 2)),
        highShare: patches.highShare.map((_, k) => (fed(k) ? 1 : 0)),
        lowShare: new Float64Array(patches.count),
        poreShare: patches.poreShare.map((_, k) => (fed(k) ? 0 : 1)),
      },
    }
    const parameters = { ...networkParameters, angularModes, mechanics: false }
    const simulation = createNetworkSimulation(network, parameters, charge, time)
    let imbalance = 0
    finish(simulation, ({ balance }) => {
      imbalance = Math.max(imbalance, balance.lithium, balance.charge)
    })
    return { simulation, mean: simulation.observation.particles.meanStoichiometry, imbalance }
  }

  it("is the same to rounding with and without modes where all patches of a particle see the same", () => {
    const [without, among] = [pair(0, -1), pair(4, -1)]
    expect(without.simulation.state().modes).toHaveLength(0)
    expect(Math.max(...among.simulation.state().modes.map(Math.abs))).toBeLessThan(1e-13)
    among.mean.forEach((mean, particle) => {
      expect(Math.abs(mean - without.mean[particle])).toBeLessThan(1e-12)
    })
  })

  it("parts particles further where one is fed from one side, and conserves lithium and charge", () => {
    const [without, among] = [pair(0, 0.3), pair(4, 0.3)]
    const spread = ({ mean }: typeof among): number => mean[1] - mean[0]
    expect(spread(without)).toBeGreaterThan(0.01)
    expect(spread(among)).toBeGreaterThan(1.3 * spread(without))
    expect(among.imbalance).toBeLessThan(1e-9)
    // Patches that are fed lie below the mean around the particle.
    const { unevenness } = among.simulation.state()
    expect(Math.min(...unevenness)).toBeLessThan(-0.02)
  })

  it("refuses a degree that is no whole number", () => {
    expect(() => angularDegrees(3, { ...networkParameters, angularModes: 1.5 })).toThrow(/angularModes is 1.5/)
  })
})
