/** [m], [S/m] */
export interface Layer {
  readonly thickness: number
  readonly conductivity: number
}

/** σ_eff = ΣL/Σ(L/σ): current crosses the layers [S/m]. */
export const seriesConductivity = (layers: readonly Layer[]): number => {
  let [thickness, resistance] = [0, 0]
  for (const layer of layers) {
    thickness += layer.thickness
    resistance += layer.thickness / layer.conductivity
  }
  return thickness / resistance
}

/** σ_eff = Σ(Lσ)/ΣL: current runs along the layers [S/m]. */
export const parallelConductivity = (layers: readonly Layer[]): number => {
  let [thickness, conductance] = [0, 0]
  for (const layer of layers) {
    thickness += layer.thickness
    conductance += layer.thickness * layer.conductivity
  }
  return conductance / thickness
}

/**
 * Potential at x from the first face, 0 there, while the current density i runs in +x across the layers: φ = −Σ i L/σ
 * [V].
 * @source Ohm's law
 */
export const seriesPotential = (layers: readonly Layer[], current: number, position: number): number => {
  let [potential, start] = [0, 0]
  for (const { thickness, conductivity } of layers) {
    const inside = Math.min(Math.max(position - start, 0), thickness)
    potential -= (current * inside) / conductivity
    start += thickness
  }
  return potential
}

/**
 * Potential of two discs or cylinders, concentric: current per depth I through a ring of radius a…b,
 * φ(r) − φ(b) = I ln(b/r)/(2πσ): a curved check that is not exact for linear elements [V].
 */
export const ringPotential = (conductivity: number, currentPerDepth: number, outer: number, position: number): number =>
  (currentPerDepth * Math.log(outer / position)) / (2 * Math.PI * conductivity)
