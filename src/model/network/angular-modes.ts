import { faraday, gasConstant } from "../../laws/constants.ts"
import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"
import type { BackwardDifference } from "../../solve/bdf.ts"
import type { ActiveMaterial } from "../resolved/parameters.ts"
import { localStressSlope } from "../resolved/solid-diffusion.ts"
import { ownFloats, type SharedFloats } from "./crew.ts"
import { patchHarmonics } from "./patch-harmonics.ts"
import type { RadialGrid } from "./radial-grid.ts"

/** Which patches react: those of a particle side by side. */
export interface ReactingSurface {
  /** [particle + 1] first reacting patch */
  readonly particleStart: Int32Array
  /** [reacting patch] patch of the network */
  readonly patch: Int32Array
}

/**
 * How stoichiometry around particles departs from the mean of each shell. At patches, ξ_k = history_k − Σ_l Z_kl I_l over
 * one implicit step, with the currents I of a particle's patches and a matrix Z ≥ 0.
 */
export interface AngularModes {
  /** 0: none, every patch is at the mean */
  readonly modeCount: number
  /** Shells of a mode */
  readonly shells: number
  /** [reacting patch] what is left of earlier times */
  readonly history: Float64Array
  /** [particle][patch, patch] Z one after the other [1/A] */
  readonly impedance: Float64Array
  /** [particle + 1] first entry of a particle's Z */
  readonly impedanceStart: Int32Array
  /**
   * Sets an implicit step.
   * @param previous [particle, mode, shell] at the last accepted time
   * @param older    [particle, mode, shell] at the time before it
   * @param interior [particle, shell] mean stoichiometry of shells, predicted
   * @param from     first particle, 0 unless told
   * @param to       after the last one, all unless told
   */
  readonly setStep: (
    formula: BackwardDifference,
    step: number,
    previous: Float64Array,
    older: Float64Array,
    interior: Float64Array,
    from?: number,
    to?: number,
  ) => void
  /** Departures at the end of the step. @param current [reacting patch] [A] @param out [particle, mode, shell] */
  readonly profilesInto: (current: Float64Array, out: Float64Array, from: number, to: number) => void
}

const modeShells = 10

/**
 * Surface harmonics of degree l in n dimensions, each with shells of its own:
 *   ∂ξ/∂t = r^{1−n} ∂/∂r (r^{n−1} ∂(D̄ξ)/∂r) − l(l + n − 2) D̄ξ/r²,
 * the exact linearisation of diffusion about the mean of each shell, D̄ = D(1 + Θx) there as predicted. Shell terms are
 * those for which the steady r^l has its exact flux. Harmonics beyond the modes follow at once, as if steady. No mode holds
 * lithium on the whole, and stress and shrinkage are those of the mean.
 * @param largestDegree l of the last modes, 0 for none
 * @param radius        [particle] [m]
 * @param kernelFloats  memory for history and impedance, which kernels may read
 */
export const createAngularModes = (
  network: Pick<ElectrodeNetwork, "dimension" | "particles" | "patches">,
  largestDegree: number,
  grid: RadialGrid,
  radius: Float64Array,
  { particleStart, patch }: ReactingSurface,
  active: ActiveMaterial,
  temperature: number,
  floats: SharedFloats = ownFloats,
  kernelFloats: SharedFloats = ownFloats,
): AngularModes => {
  const { dimension, particles } = network
  const { modeCount, degree, value, tail } = patchHarmonics(network, largestDegree)
  const shells = modeShells
  const { outer, share, conductance, sink } = degreeShells(dimension, largestDegree, shells)
  const meanShell = shellsAt(grid, outer)
  const impedanceStart = new Int32Array(particles.count + 1)
  for (let particle = 0; particle < particles.count; particle++)
    impedanceStart[particle + 1] =
      impedanceStart[particle] + (particleStart[particle + 1] - particleStart[particle]) ** 2
  const impedance = kernelFloats(impedanceStart[particles.count])
  const history = kernelFloats(patch.length)
  const degrees = largestDegree + 1
  const commonStart = new Int32Array(particles.count + 1)
  for (let particle = 0; particle < particles.count; particle++) {
    const count = particleStart[particle + 1] - particleStart[particle]
    commonStart[particle + 1] = commonStart[particle] + (modeCount > 0 ? ((count * (count + 1)) / 2) * degrees : 0)
  }
  /** [particle][patch, patch up to it, degree] what patches have in common of each degree, of the tail in place of 0 */
  const common = floats(commonStart[particles.count], (values) => {
    for (let particle = 0; particle < particles.count; particle++) {
      let at = commonStart[particle]
      if (at === commonStart[particle + 1]) continue
      for (let a = particleStart[particle]; a < particleStart[particle + 1]; a++)
        for (let b = particleStart[particle]; b <= a; b++, at += degrees) {
          values[at] = tail(patch[a], patch[b])
          for (let k = 0; k < modeCount; k++)
            values[at + degree[k]] += value[patch[a] * modeCount + k] * value[patch[b] * modeCount + k]
        }
    }
  })
  /** Elimination from the centre: ξ_j = offset_j + factor_j ξ_{j+1}, ξ after the last shell that of the surface */
  const offset = floats(particles.count * modeCount * shells)
  const factor = floats(particles.count * largestDegree * shells)
  /** [particle, degree] fall of ξ at the surface per flux over c_max, of the tail in place of 0 [s/m] */
  const surfaceFall = floats(particles.count * degrees)
  /** [particle, mode] ξ at the surface without flux */
  const surfaceRest = floats(particles.count * modeCount)
  const stress = active.stressCoupling
    ? (localStressSlope(active.elasticity) * active.maximumConcentration) / (gasConstant * temperature)
    : 0
  const effective = (x: number): number => {
    const omega = stress === 0 ? 0 : active.swelling.slope(x * active.maximumConcentration)
    return active.diffusivity.value(x) * (1 + stress * omega * omega * Math.max(0, x))
  }
  const D = new Float64Array(shells + 1)
  const falls = new Float64Array(degrees)
  /** Flux over c_max of one ampere spread over the sphere [m/s/A] */
  const perCurrent = radius.map((R, particle) => {
    const sphere = (dimension * particles.volume[particle]) / R
    return 1 / (faraday * active.maximumConcentration * sphere)
  })

  const eliminate = (
    particle: number,
    formula: BackwardDifference,
    step: number,
    previous: Float64Array,
    older: Float64Array,
  ): void => {
    const square = radius[particle] ** 2 / step
    for (let l = 1, mode = 0; l <= largestDegree; l++) {
      const f = (particle * largestDegree + l - 1) * shells
      const g = (l - 1) * shells
      const firstMode = mode
      while (mode < modeCount && degree[mode] === l) mode++
      for (let j = 0; j < shells; j++) {
        const inner = j === 0 ? 0 : conductance[g + j - 1]
        const fromInner = j === 0 ? 0 : inner * D[j - 1]
        const pivot =
          square * formula.newest * share[j] +
          (conductance[g + j] + sink[g + j] + inner) * D[j] -
          (j === 0 ? 0 : fromInner * factor[f + j - 1])
        factor[f + j] = (conductance[g + j] * D[j + 1]) / pivot
        for (let k = firstMode; k < mode; k++) {
          const at = (particle * modeCount + k) * shells + j
          const past = share[j] * square * (formula.previous * previous[at] + formula.older * older[at])
          offset[at] = ((j === 0 ? 0 : fromInner * offset[at - 1]) - past) / pivot
        }
      }
      const last = shells - 1
      const drop = D[shells] - D[last] * factor[f + last]
      surfaceFall[particle * degrees + l] = (dimension * radius[particle]) / (conductance[g + last] * drop)
      for (let k = firstMode; k < mode; k++)
        surfaceRest[particle * modeCount + k] = (D[last] * offset[(particle * modeCount + k) * shells + last]) / drop
    }
  }

  const combine = (particle: number): void => {
    const [first, last] = [particleStart[particle], particleStart[particle + 1]]
    const count = last - first
    const base = impedanceStart[particle]
    surfaceFall[particle * degrees] = radius[particle] / D[shells]
    for (let l = 0; l < degrees; l++) falls[l] = surfaceFall[particle * degrees + l] * perCurrent[particle]
    let at = commonStart[particle]
    for (let a = first; a < last; a++) {
      const row = patch[a] * modeCount
      let rest = 0
      for (let k = 0; k < modeCount; k++) rest += value[row + k] * surfaceRest[particle * modeCount + k]
      history[a] = rest
      for (let b = first; b <= a; b++, at += degrees) {
        let sum = 0
        for (let l = 0; l < degrees; l++) sum += falls[l] * common[at + l]
        impedance[base + (a - first) * count + b - first] = sum
        impedance[base + (b - first) * count + a - first] = sum
      }
    }
  }

  const profilesInto: AngularModes["profilesInto"] = (current, out, from, to) => {
    for (let particle = from; particle < to; particle++) {
      const [first, last] = [particleStart[particle], particleStart[particle + 1]]
      if (first === last) continue
      for (let k = 0; k < modeCount; k++) {
        let flux = 0
        for (let a = first; a < last; a++) flux += current[a] * value[patch[a] * modeCount + k]
        let xi =
          surfaceRest[particle * modeCount + k] -
          surfaceFall[particle * degrees + degree[k]] * flux * perCurrent[particle]
        const f = (particle * largestDegree + degree[k] - 1) * shells
        const at = (particle * modeCount + k) * shells
        for (let j = shells - 1; j >= 0; j--) {
          xi = offset[at + j] + factor[f + j] * xi
          out[at + j] = xi
        }
      }
    }
  }

  return {
    modeCount,
    shells,
    history,
    impedance,
    impedanceStart,
    setStep: (formula, step, previous, older, interior, from = 0, to = particles.count) => {
      if (modeCount === 0) return
      for (let particle = from; particle < to; particle++) {
        if (particleStart[particle + 1] === particleStart[particle]) continue
        for (let j = 0; j < shells; j++)
          D[j] = effective(
            interior[particle * grid.shells + meanShell[(grid.stride === 0 ? 0 : particle) * shells + j]],
          )
        D[shells] = effective(interior[(particle + 1) * grid.shells - 1])
        eliminate(particle, formula, step, previous, older)
        combine(particle)
      }
    },
    profilesInto,
  }
}

/**
 * Shells of all degrees: 1 − (1 − j/M)^1.6 are their outer radii. With means ⟨r^l⟩ the flow through an outer face is
 * g_j (D̄ξ_j − D̄ξ_{j+1}), what goes round to other sides k_j D̄ξ_j, in units of V/R²; both exact for ξ = r^l.
 */
const degreeShells = (n: 2 | 3, largestDegree: number, shells: number) => {
  const outer = Float64Array.from({ length: shells }, (_, j) => 1 - (1 - (j + 1) / shells) ** 1.6)
  const share = outer.map((radius, j) => radius ** n - (j === 0 ? 0 : outer[j - 1]) ** n)
  const conductance = new Float64Array(largestDegree * shells)
  const sink = new Float64Array(largestDegree * shells)
  for (let l = 1; l <= largestDegree; l++) {
    const inner = (j: number): number => (j === 0 ? 0 : outer[j - 1])
    const mean = (j: number): number =>
      j === shells ? 1 : (n * (outer[j] ** (l + n) - inner(j) ** (l + n))) / ((l + n) * share[j])
    for (let j = 0; j < shells; j++) {
      const at = (l - 1) * shells + j
      conductance[at] = (n * l * outer[j] ** (l + n - 2)) / (mean(j + 1) - mean(j))
      sink[at] = (n * l * (outer[j] ** (l + n - 2) - inner(j) ** (l + n - 2))) / mean(j)
    }
  }
  return { outer, share, conductance, sink }
}

/** [row of the grid, shell of a mode] shell of the grid in which the middle of a mode's shell lies. */
const shellsAt = ({ shells, outerRadius }: RadialGrid, outer: Float64Array): Int32Array => {
  const rows = outerRadius.length / shells
  const out = new Int32Array(rows * outer.length)
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < outer.length; j++) {
      const middle = (outer[j] + (j === 0 ? 0 : outer[j - 1])) / 2
      let at = 0
      while (at < shells - 1 && outerRadius[row * shells + at] < middle) at++
      out[row * outer.length + j] = at
    }
  return out
}
