import type { CohesiveLaw, IsotropicElasticity } from "../../../src/laws/contracts.ts"

/**
 * Disc in a ring (dimension 2, plane strain) or ball in a shell (3), joined by a cohesive interface; the outer
 * surface is
 * fixed, u(b) = 0.
 */
export interface Inclusion {
  readonly dimension: 2 | 3
  /** a [m] */
  readonly radius: number
  /** b > a [m] */
  readonly outerRadius: number
  readonly inclusion: IsotropicElasticity
  readonly matrix: IsotropicElasticity
  readonly cohesion: CohesiveLaw
}

export interface InterfaceState {
  /** Radial, tension positive [Pa] */
  readonly traction: number
  /** u₂(a) − u₁(a) [m] */
  readonly opening: number
  /** u₁(a) of the inclusion [m] */
  readonly innerDisplacement: number
  /** u₂(a) of the matrix [m] */
  readonly outerDisplacement: number
}

/** Displacements of both sides for a unit traction, and free displacement of the inclusion for a unit linear strain. */
const compliances = ({ dimension, radius, outerRadius, inclusion, matrix }: Inclusion) => {
  const inner = lame(inclusion)
  const outer = lame(matrix)
  const far = outerRadius ** dimension
  const near = radius ** dimension
  // u₁ = A r; u₂ = B (r − b^n/r^{n−1})
  const confined = dimension === 2 ? 2 * (inner.lambda + inner.shear) : 3 * inner.lambda + 2 * inner.shear
  const stretched = dimension === 2 ? 2 * (outer.lambda + outer.shear) : 3 * outer.lambda + 2 * outer.shear
  const sheared = 2 * (dimension - 1) * outer.shear
  return {
    inner: radius / confined,
    outer: (radius * (far - near)) / (near * stretched + far * sheared),
    free: (radius * (3 * inner.lambda + 2 * inner.shear)) / confined,
  }
}

const lame = ({ young, poisson }: IsotropicElasticity) => ({
  lambda: (young * poisson) / ((1 + poisson) * (1 - 2 * poisson)),
  shear: young / (2 * (1 + poisson)),
})

/**
 * State of the interface when the inclusion's free linear strain is −`shrinkage` and its damage is d. With the free
 * displacement f = a (1 + ν₁) in plane strain, a for the ball, and the compliances
 *   S₁ = a/(2(λ₁ + μ₁)),  S₂ = a (b² − a²)/(2(λ₂ + μ₂) a² + 2 μ₂ b²)            (disc)
 *   S₁ = a/(3λ₁ + 2μ₁),   S₂ = a (b³ − a³)/((3λ₂ + 2μ₂) a³ + 4 μ₂ b³)           (ball)
 * u₁ = −f s + S₁ t, u₂ = −S₂ t, and t = (1 − d) K (u₂ − u₁) for s > 0, K (u₂ − u₁) in compression (s < 0):
 *   t = f s/(1/((1 − d) K) + S₁ + S₂).
 * @param shrinkage s, e.g. −Ω_V (c − c_ini)/3; negative for swelling
 * @param damage    d; valid up to the onset (`onsetShrinkage`) with d = 0, beyond it for a known d
 * @source Lamé's solution: Timoshenko & Goodier (1970), Theory of Elasticity, §28 and §136
 */
export const interfaceState = (problem: Inclusion, shrinkage: number, damage = 0): InterfaceState => {
  const { inner, outer, free } = compliances(problem)
  const stiffness = problem.cohesion.stiffness * (shrinkage > 0 ? 1 - damage : 1)
  const traction = stiffness > 0 ? (free * shrinkage * stiffness) / (1 + stiffness * (inner + outer)) : 0
  const innerDisplacement = -free * shrinkage + inner * traction
  const outerDisplacement = -outer * traction
  return { traction, opening: outerDisplacement - innerDisplacement, innerDisplacement, outerDisplacement }
}

/** Shrinkage at which the traction reaches the strength: s = T_max (1/K + S₁ + S₂)/f. */
export const onsetShrinkage = (problem: Inclusion): number => {
  const { inner, outer, free } = compliances(problem)
  return (problem.cohesion.strength * (1 / problem.cohesion.stiffness + inner + outer)) / free
}

/**
 * Whether rate-independent softening after the onset is stable: the interface softens less steeply than the two bodies
 * unload, T_max/(δ_f − δ₀) < 1/(S₁ + S₂). Otherwise the whole interface opens at once.
 */
export const softensStably = (problem: Inclusion): boolean => {
  const { inner, outer } = compliances(problem)
  const { strength, stiffness, fractureEnergy } = problem.cohesion
  const [onset, failure] = [strength / stiffness, (2 * fractureEnergy) / strength]
  return strength / (failure - onset) < 1 / (inner + outer)
}

/**
 * Traction of rate-independent bilinear cohesion under monotone shrinkage [Pa]: elastic, then
 * t = (f s − δ_f)/(S₁ + S₂ − (δ_f − δ₀)/T_max) while it softens stably, 0 when open or where it is unstable.
 */
export const monotoneTraction = (problem: Inclusion, shrinkage: number): number => {
  if (shrinkage <= onsetShrinkage(problem)) return interfaceState(problem, shrinkage).traction
  if (!softensStably(problem)) return 0
  const { inner, outer, free } = compliances(problem)
  const { strength, stiffness, fractureEnergy } = problem.cohesion
  const [onset, failure] = [strength / stiffness, (2 * fractureEnergy) / strength]
  return Math.max(0, (free * shrinkage - failure) / (inner + outer - (failure - onset) / strength))
}

/**
 * Damage with delay, ḋ = max(0, d*(δ) − d)/τ, at the given times for a given shrinkage: one ordinary differential
 * equation because `interfaceState` gives δ from d; classical Runge–Kutta, error below 1e-6 with the default steps.
 * @param shrinkage s(t)
 * @param times     increasing, from t = 0 on [s]
 * @returns         [time]
 */
export const delayedDamage = (
  problem: Inclusion,
  shrinkage: (time: number) => number,
  times: readonly number[],
  stepsPerDelay = 400,
): Float64Array => {
  const { strength, stiffness, fractureEnergy, delay } = problem.cohesion
  const [onset, failure] = [strength / stiffness, (2 * fractureEnergy) / strength]
  const target = (opening: number) =>
    opening <= onset ? 0 : opening >= failure ? 1 : (failure * (opening - onset)) / (opening * (failure - onset))
  const rate = (time: number, damage: number) => {
    const { opening } = interfaceState(problem, shrinkage(time), Math.min(1, damage))
    return Math.max(0, target(opening) - damage) / delay
  }
  let [now, damage] = [0, 0]
  return Float64Array.from(times, (time) => {
    const count = Math.max(1, Math.ceil(((time - now) / delay) * stepsPerDelay))
    const step = (time - now) / count
    for (let k = 0; k < count; k++) {
      const a = rate(now, damage)
      const b = rate(now + step / 2, damage + (step / 2) * a)
      const c = rate(now + step / 2, damage + (step / 2) * b)
      const d = rate(now + step, damage + step * c)
      damage += (step / 6) * (a + 2 * b + 2 * c + d)
      now += step
    }
    now = time
    return damage
  })
}

/** Radial displacement at r, 0…b [m]. */
export const displacementAt = (problem: Inclusion, state: InterfaceState, position: number): number => {
  const { dimension, radius, outerRadius } = problem
  if (position <= radius) return (state.innerDisplacement * position) / radius
  const shape = (r: number) => r - outerRadius ** dimension / r ** (dimension - 1)
  return (state.outerDisplacement * shape(position)) / shape(radius)
}

/** Radial and hoop stress at r, 0…b [Pa]; in the inclusion both equal the traction. */
export const stressAt = (
  problem: Inclusion,
  state: InterfaceState,
  position: number,
): { readonly radial: number; readonly hoop: number } => {
  const { dimension, radius, outerRadius } = problem
  if (position <= radius) return { radial: state.traction, hoop: state.traction }
  const { lambda, shear } = lame(problem.matrix)
  const factor = state.outerDisplacement / (radius - outerRadius ** dimension / radius ** (dimension - 1))
  const ratio = (outerRadius / position) ** dimension
  const uniform = dimension === 2 ? 2 * (lambda + shear) : 3 * lambda + 2 * shear
  return {
    radial: factor * (uniform + 2 * (dimension - 1) * shear * ratio),
    hoop: factor * (uniform - 2 * shear * ratio),
  }
}

/**
 * Damage after each of some loadings from rest to a shrinkage and back, by wear alone (load below the strength). The load
 * s = K δ/T_max follows from shrinkage and damage, the felt load s̃ from ds̃/dt = (s − s̃)/τ, and
 *   dd/dt = (1 − d) ⟨ds̃/dt⟩/Σ where s̃ > s_e, Σ = −(1 − s_e)/ln(1 − loss);
 * classical Runge–Kutta.
 * @param top      largest shrinkage
 * @param loadings how many
 * @param duration of each way [s]
 * @returns        [loading]
 */
export const wornDamage = (
  problem: Inclusion,
  top: number,
  loadings: number,
  duration: number,
  steps = 4000,
): Float64Array => {
  const { inner, outer, free } = compliances(problem)
  const { strength, stiffness, delay, fatigueLoss = 0, endurance = 0 } = problem.cohesion
  const scale = -(1 - endurance) / Math.log(1 - fatigueLoss)
  const softness = stiffness * (inner + outer)
  type Rates = readonly [felt: number, damage: number]
  const rates = (time: number, felt: number, damage: number): Rates => {
    const shrinkage = top * Math.max(0, 1 - Math.abs(time / duration - 1))
    const load = ((stiffness / strength) * free * shrinkage) / (1 + (1 - damage) * softness)
    const rise = (load - felt) / delay
    return [rise, felt > endurance ? ((1 - damage) * Math.max(0, rise)) / scale : 0]
  }
  let [felt, damage] = [0, 0]
  const step = (2 * duration) / steps
  return Float64Array.from({ length: loadings }, () => {
    for (let k = 0; k < steps; k++) {
      const at = (share: number, [f, d]: Rates): Rates =>
        rates((k + share) * step, felt + share * step * f, damage + share * step * d)
      const a = at(0, [0, 0])
      const b = at(0.5, a)
      const c = at(0.5, b)
      const d = at(1, c)
      felt += (step / 6) * (a[0] + 2 * b[0] + 2 * c[0] + d[0])
      damage += (step / 6) * (a[1] + 2 * b[1] + 2 * c[1] + d[1])
    }
    return damage
  })
}
