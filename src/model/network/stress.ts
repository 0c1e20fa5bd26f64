import type { IsotropicElasticity } from "../../laws/contracts.ts"
import type { RadialGrid } from "./radial-grid.ts"

/** What stress in a particle comes to. */
export interface ShellStress {
  /** Largest principal stress of any shell or the surface [Pa] */
  readonly principal: number
  /** Largest hydrostatic stress [Pa] */
  readonly hydrostatic: number
  /** Stored energy over the particle's volume [J/m³] */
  readonly energy: number
}

/**
 * Tension along the surface of a free sphere, or of a free cylinder in plane strain, E/(3(1 − ν)) (⟨ε_v⟩ − ε_v(R)), raised
 * by what pulls at the surface [Pa]: largest where lithium leaves.
 * @param mean    ΔV/V averaged over the particle
 * @param surface ΔV/V at its surface
 * @param pull    mean traction on the surface [Pa]
 * @source X. Zhang, W. Shyy, A. M. Sastry, J. Electrochem. Soc. 154 (2007) A910
 */
export const surfaceTension = (elasticity: IsotropicElasticity, mean: number, surface: number, pull: number): number =>
  (elasticity.young * (mean - surface)) / (3 * (1 - elasticity.poisson)) + pull

/**
 * Extremes and energy of the stress that lithium leaves in a particle, in closed form from the shell means: with
 * B = E/(3(1 − ν)), ⟨ε⟩ the mean over the particle and ⟨ε⟩_r that inside r,
 *   sphere:   σ_r = (2B/3)(⟨ε⟩ − ⟨ε⟩_r), σ_θ = (B/3)(2⟨ε⟩ + ⟨ε⟩_r − 3ε);
 *   cylinder: σ_r = (B/2)(⟨ε⟩ − ⟨ε⟩_r), σ_θ = (B/2)(⟨ε⟩ + ⟨ε⟩_r − 2ε), σ_z = B(ν⟨ε⟩ − ε);
 * and a uniform pull on the surface, which a sphere passes on to all directions and a cylinder to two and 2ν of it along
 * its axis.
 * @param swelling [shell] ΔV/V
 * @param row      first entry of the particle's shells in the grid
 * @param surface  ΔV/V at the surface
 * @param pull     mean traction on the surface [Pa]
 * @source X. Zhang, W. Shyy, A. M. Sastry, J. Electrochem. Soc. 154 (2007) A910; S. P. Timoshenko, J. N. Goodier, Theory
 *   of Elasticity (1970), §§ 150, 151
 */
export const shellStress = (
  dimension: 2 | 3,
  { share, shells }: RadialGrid,
  row: number,
  { young, poisson }: IsotropicElasticity,
  swelling: Float64Array,
  surface: number,
  pull: number,
): ShellStress => {
  const base = young / (3 * (1 - poisson))
  let mean = 0
  for (let j = 0; j < shells; j++) mean += share[row + j] * swelling[j]
  let principal = Number.NEGATIVE_INFINITY
  let hydrostatic = Number.NEGATIVE_INFINITY
  let energy = 0
  /** Of what lies inside: volume and volume times swelling */
  let inside = 0
  let insideSwelling = 0
  for (let j = 0; j <= shells; j++) {
    const atSurface = j === shells
    const part = atSurface ? 0 : share[row + j]
    const own = atSurface ? surface : swelling[j]
    // To the middle of the shell, by volume
    const within = inside + part / 2
    const inner = atSurface ? mean : (insideSwelling + (part / 2) * own) / within
    let radial: number
    let hoop: number
    let third: number
    if (dimension === 3) {
      radial = ((2 * base) / 3) * (mean - inner) + pull
      hoop = (base / 3) * (2 * mean + inner - 3 * own) + pull
      third = hoop
    } else {
      radial = (base / 2) * (mean - inner) + pull
      hoop = (base / 2) * (mean + inner - 2 * own) + pull
      third = base * (poisson * mean - own) + 2 * poisson * pull
    }
    principal = Math.max(principal, radial, hoop, third)
    hydrostatic = Math.max(hydrostatic, (radial + hoop + third) / 3)
    const squares = radial * radial + hoop * hoop + third * third
    energy += (part * (squares - 2 * poisson * (radial * hoop + hoop * third + third * radial))) / (2 * young)
    inside += part
    insideSwelling += part * own
  }
  return { principal, hydrostatic, energy }
}
