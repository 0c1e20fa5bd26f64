import type { Quadrature } from "../../fem/quadrature.ts"
import type { HalfCellParameters } from "./parameters.ts"

/** Charge-transfer points: those of the facets of particles that touch connected electrolyte. */
export interface InterfacePoints {
  readonly dimension: 2 | 3
  readonly rule: Quadrature
  /** Facets times points of the rule */
  readonly count: number
  /** [facet] facet of the mesh's interfaces */
  readonly facets: Int32Array
  /**
   * [facet, dofsPerFacet] x, φ_s − V, c_l/c_l0, φ_l of the facet's vertices, then V, then the particle's potential if
   * it has one
   */
  readonly facetDofs: Int32Array
  readonly dofsPerFacet: number
  /** Unknown that holds the cell voltage V */
  readonly voltage: number
  /** [point] [m], [m²] in 3-D */
  readonly weight: Float64Array
  /** [facet] λ_int [m] */
  readonly initialGap: Float64Array
  /** [facet] 1 where the facet touches carbon/binder that reaches the collector */
  readonly electronic: Uint8Array
  /** [facet] */
  readonly particle: Int32Array
  /** [point] current density into the electrolyte of the last evaluation [A/m²] */
  readonly current: Float64Array
  /** [point] ∂(current density through the contact)/∂R of the last evaluation, 0 without contact [A/(Ω·m⁴)] */
  readonly feedSlope: Float64Array
}

/** A contact without resistance would tie two unknowns together; no contact of a cathode comes near this [Ω·m²]. */
const least = 1e-12

/**
 * Adds the charge transfer i(x, φ_s, c_l, φ_l; R(λ)) of every point to the lithium, electron, salt and ion rows.
 *
 * With particle potentials the reaction runs at φ_particle on every wetted facet, and carbon/binder contacts feed the
 * particle through (φ_s − φ_particle)/R(λ).
 *
 * @param gap       [point] λ [m]
 * @param positions [facet, dof, dof] places in `jacobian`, −1 to skip
 * @param residual  added to [A], [A/m] in 2-D
 */
export const addInterfaceCurrents = (
  points: InterfacePoints,
  parameters: HalfCellParameters,
  gap: Float64Array,
  positions: Int32Array,
  x: Float64Array,
  residual: Float64Array,
  jacobian: Float64Array,
): void => {
  const { dimension, rule, facetDofs, dofsPerFacet } = points
  const { active, contactResistance, initialElectrolyte } = parameters
  const perFacet = rule.weights.length
  const shared = parameters.particleConduction === "equipotential"
  const exchange = new Float64Array(3)
  const transfer = new Float64Array(4)
  /** ∂i/∂(x, φ driving the reaction, c_l/c_l0, φ_l) */
  const slope = new Float64Array(4)
  const common = 4 * dimension
  const own = common + 1
  for (let facet = 0; facet < points.facets.length; facet++) {
    const at = facet * dofsPerFacet
    const contacts = points.electronic[facet] === 1
    if (!shared && !contacts) continue
    const voltage = x[points.voltage]
    for (let q = 0; q < perFacet; q++) {
      const point = facet * perFacet + q
      let stoichiometry = 0
      let solid = 0
      let salt = 0
      let ionic = 0
      for (let v = 0; v < dimension; v++) {
        const N = rule.points[q * dimension + v]
        stoichiometry += N * x[facetDofs[at + v]]
        if (contacts) solid += N * relative(facetDofs[at + dimension + v])
        salt += N * x[facetDofs[at + 2 * dimension + v]]
        ionic += N * x[facetDofs[at + 3 * dimension + v]]
      }
      solid += voltage
      const weight = points.weight[point]
      const resistance = contacts
        ? Math.max(least, contactResistance.resistance(gap[point], points.initialGap[facet]))
        : 0
      const driver = shared ? x[facetDofs[at + own]] : solid
      active.exchangeCurrent.evaluateInto(stoichiometry, salt * initialElectrolyte, exchange)
      active.chargeTransfer.evaluateInto(
        exchange[0],
        driver - ionic - active.openCircuit.potential(stoichiometry),
        shared ? 0 : resistance,
        transfer,
      )
      const current = transfer[0]
      points.current[point] = current
      points.feedSlope[point] = !contacts ? 0 : shared ? (driver - solid) / (resistance * resistance) : transfer[3]
      slope[0] = -transfer[1] * active.openCircuit.slope(stoichiometry) + transfer[2] * exchange[1]
      slope[1] = transfer[1]
      slope[2] = transfer[2] * exchange[2] * initialElectrolyte
      slope[3] = -transfer[1]

      // Rows: lithium leaves the solid, electrons leave the carbon/binder, salt and charge enter the electrolyte.
      for (let field = 0; field < 4; field++) {
        if (shared && field === 1) continue
        const sign = field < 2 ? weight : -weight
        for (let v = 0; v < dimension; v++) {
          const N = rule.points[q * dimension + v]
          if (N === 0) continue
          const rowAt = at + field * dimension + v
          const row = facetDofs[rowAt]
          residual[row] += sign * N * current
          for (let other = 0; other < 4; other++) {
            if (other === 1) {
              jacobian[positions[rowAt * dofsPerFacet + (shared ? own : common)]] += sign * N * slope[1]
              if (shared) continue
            }
            for (let w = 0; w < dimension; w++) {
              const M = rule.points[q * dimension + w]
              // At the collector φ_s is V alone, already counted.
              if (other === 1 && facetDofs[at + dimension + w] === points.voltage) continue
              if (M !== 0)
                jacobian[positions[rowAt * dofsPerFacet + other * dimension + w]] += sign * N * M * slope[other]
            }
          }
        }
      }
      if (shared) addParticleBalance(facet, q, weight, current, resistance, driver, solid, contacts)
    }
  }

  /** φ_s − V at an electron unknown: zero where that is the collector itself. */
  function relative(dof: number): number {
    return dof === points.voltage ? 0 : x[dof]
  }

  /** Kirchhoff's law of a particle: reactions leave it, contacts feed it. */
  function addParticleBalance(
    facet: number,
    q: number,
    weight: number,
    current: number,
    resistance: number,
    potential: number,
    solid: number,
    contacts: boolean,
  ): void {
    const at = facet * dofsPerFacet
    const ownAt = at + own
    const row = facetDofs[ownAt]
    residual[row] += weight * current
    jacobian[positions[ownAt * dofsPerFacet + own]] += weight * slope[1]
    for (let other = 0; other < 4; other++) {
      if (other === 1) continue
      for (let w = 0; w < dimension; w++)
        jacobian[positions[ownAt * dofsPerFacet + other * dimension + w]] +=
          weight * rule.points[q * dimension + w] * slope[other]
    }
    if (!contacts) return
    const conductance = weight / resistance
    const feed = conductance * (solid - potential)
    residual[row] -= feed
    jacobian[positions[ownAt * dofsPerFacet + own]] += conductance
    jacobian[positions[ownAt * dofsPerFacet + common]] -= conductance
    for (let v = 0; v < dimension; v++) {
      const N = rule.points[q * dimension + v]
      const electron = at + dimension + v
      residual[facetDofs[electron]] += N * feed
      jacobian[positions[electron * dofsPerFacet + own]] -= N * conductance
      jacobian[positions[electron * dofsPerFacet + common]] += N * conductance
      if (facetDofs[electron] !== points.voltage)
        jacobian[positions[ownAt * dofsPerFacet + dimension + v]] -= N * conductance
      for (let w = 0; w < dimension; w++)
        if (facetDofs[at + dimension + w] !== points.voltage)
          jacobian[positions[electron * dofsPerFacet + dimension + w]] +=
            N * rule.points[q * dimension + w] * conductance
    }
  }
}
