/** From here the asymptotic series reaches double precision. */
const asymptoticFrom = 25

/**
 * Bessel function J_n(x) of order 0 or 1, to about 1e-15 absolute: the periodic trapezoidal rule on
 * J_n = (1/π) ∫₀^π cos(n θ − x sin θ) dθ (spectrally accurate) below 25, Hankel's asymptotic series above.
 * @source Abramowitz & Stegun (1964), 9.1.21 and 9.2.5–9.2.10
 */
export const besselJ = (order: 0 | 1, x: number): number => {
  if (x < 0) return order === 0 ? besselJ(0, -x) : -besselJ(1, -x)
  return x < asymptoticFrom ? byIntegral(order, x) : byAsymptotics(order, x)
}

const byIntegral = (order: number, x: number): number => {
  const count = 40
  let sum = 0
  // Over a whole period every term but the end points occurs twice
  for (let k = 0; k <= count; k++) {
    const angle = (k * Math.PI) / count
    const term = Math.cos(order * angle - x * Math.sin(angle))
    sum += k === 0 || k === count ? term / 2 : term
  }
  return sum / count
}

const byAsymptotics = (order: number, x: number): number => {
  const square = 4 * order * order
  let term = 1
  let even = 0
  let odd = 0
  for (let k = 0; k < 60; k++) {
    const sign = k % 4 < 2 ? 1 : -1
    if (k % 2 === 0) even += sign * term
    else odd += sign * term
    const next = (term * (square - (2 * k + 1) ** 2)) / ((k + 1) * 8 * x)
    if (Math.abs(next) >= Math.abs(term) || next === 0) break
    term = next
  }
  const phase = x - (order / 2 + 0.25) * Math.PI
  return Math.sqrt(2 / (Math.PI * x)) * (even * Math.cos(phase) - odd * Math.sin(phase))
}

/**
 * Positive root number n = 1, 2, … of J₁: McMahon's expansion, then Newton.
 * @source Abramowitz & Stegun (1964), 9.5.12
 */
export const besselRoot = (n: number): number => {
  const start = (n + 0.25) * Math.PI
  let x = start - 3 / (8 * start) + 3 / (128 * start ** 3)
  for (let k = 0; k < 4; k++) {
    const value = besselJ(1, x)
    x -= value / (besselJ(0, x) - value / x)
  }
  return x
}
