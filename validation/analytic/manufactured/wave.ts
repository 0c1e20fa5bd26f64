/** Amplitude · cos(p x + α) cos(q y + β), with the derivatives that sources need. */
export interface Wave {
  readonly amplitude: number
  /** p, q [1/m] */
  readonly wavenumber: readonly [number, number]
  /** α, β; off symmetry, so that no error hides */
  readonly phase: readonly [number, number]
}

/** Value and derivatives at a point. */
export interface Jet {
  readonly value: number
  readonly x: number
  readonly y: number
  readonly xx: number
  readonly xy: number
  readonly yy: number
}

export const jetOf = ({ amplitude, wavenumber, phase }: Wave, x: number, y: number): Jet => {
  const [p, q] = wavenumber
  const [cx, sx] = [Math.cos(p * x + phase[0]), Math.sin(p * x + phase[0])]
  const [cy, sy] = [Math.cos(q * y + phase[1]), Math.sin(q * y + phase[1])]
  return {
    value: amplitude * cx * cy,
    x: -amplitude * p * sx * cy,
    y: -amplitude * q * cx * sy,
    xx: -amplitude * p * p * cx * cy,
    xy: amplitude * p * q * sx * sy,
    yy: -amplitude * q * q * cx * cy,
  }
}

export const laplacian = ({ xx, yy }: Jet): number => xx + yy
