import { integrate } from "./quadrature.ts"

export interface SwellingSolid {
  /** E [Pa] */
  readonly young: number
  /** ν */
  readonly poisson: number
  /** Ω_V: the free linear strain is Ω_V (c − c_ini)/3 [m³/mol] */
  readonly molarVolume: number
  /** c_ini, stress-free [mol/m³] */
  readonly reference: number
}

/** [Pa] */
export interface RadialStress {
  readonly radial: number
  readonly hoop: number
  /** σ_z of the cylinder; equal to the hoop stress in the sphere */
  readonly axial: number
  readonly hydrostatic: number
}

/**
 * Stress in a sphere with a free surface and a radial concentration c(r); with C(r) = (3/r³) ∫₀^r c s² ds:
 *   σ_r = 2ΩE/(9(1 − ν)) [C(R) − C(r)],  σ_θ = ΩE/(9(1 − ν)) [2 C(R) + C(r) − 3 c(r)],
 *   σ_h = 2ΩE/(9(1 − ν)) [C(R) − c(r)].
 * @source Cheng & Verbrugge (2009), J. Power Sources 190, 453; Zhang, Shyy & Sastry (2007), J. Electrochem. Soc. 154,
 *   A910
 */
export const sphereStress = (
  solid: SwellingSolid,
  concentration: (r: number) => number,
  radius: number,
  position: number,
): RadialStress => {
  const scale = (solid.molarVolume * solid.young) / (9 * (1 - solid.poisson))
  const whole = meanWithin(3, concentration, radius)
  const inner = meanWithin(3, concentration, position)
  const here = concentration(position)
  const hoop = scale * (2 * whole + inner - 3 * here)
  return { radial: 2 * scale * (whole - inner), hoop, axial: hoop, hydrostatic: 2 * scale * (whole - here) }
}

/**
 * Stress in a cylinder with a free surface and ends held (ε_z = 0, plane strain); with e = Ω(c − c_ini)/3 and
 * ē(r) = (2/r²) ∫₀^r e s ds:
 *   σ_r = E/(2(1 − ν)) [ē(R) − ē(r)],  σ_θ = E/(2(1 − ν)) [ē(R) + ē(r) − 2 e(r)],
 *   σ_z = ν(σ_r + σ_θ) − E e = E/(1 − ν) [ν ē(R) − e(r)],
 *   σ_h = E/(3(1 − ν)) [(1 + ν) ē(R) − 2 e(r)].
 * Unlike a sphere's, its axial and hydrostatic stress depend on c_ini: the ends are held.
 * @source Timoshenko & Goodier (1970), Theory of Elasticity, §151 with the thermal strain replaced by e
 */
export const cylinderStress = (
  solid: SwellingSolid,
  concentration: (r: number) => number,
  radius: number,
  position: number,
): RadialStress => {
  const strain = (r: number) => (solid.molarVolume / 3) * (concentration(r) - solid.reference)
  const scale = solid.young / (1 - solid.poisson)
  const whole = meanWithin(2, strain, radius)
  const inner = meanWithin(2, strain, position)
  const here = strain(position)
  const radial = (scale / 2) * (whole - inner)
  const hoop = (scale / 2) * (whole + inner - 2 * here)
  const axial = scale * (solid.poisson * whole - here)
  return { radial, hoop, axial, hydrostatic: (radial + hoop + axial) / 3 }
}

/** Radial displacement of the free surface [m]: R ē for the sphere, (1 + ν) R ē for the held cylinder. */
export const surfaceDisplacement = (
  shape: "cylinder" | "sphere",
  solid: SwellingSolid,
  concentration: (r: number) => number,
  radius: number,
): number => {
  const mean = meanWithin(shape === "sphere" ? 3 : 2, concentration, radius)
  const strain = (solid.molarVolume / 3) * (mean - solid.reference)
  return radius * strain * (shape === "sphere" ? 1 : 1 + solid.poisson)
}

/** Mean of f over the ball (dimension 3) or disc (2) of a radius. */
export const meanWithin = (dimension: 2 | 3, f: (r: number) => number, radius: number): number =>
  radius > 0 ? dimension * integrate((s) => f(s * radius) * s ** (dimension - 1), 0, 1) : f(0)
