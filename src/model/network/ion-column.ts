import { faraday, gasConstant } from "../../laws/constants.ts"
import type { Electrolyte } from "../../laws/contracts.ts"
import type { IonLayers } from "../../microstructure/electrode-network.ts"
import type { Separator } from "../resolved/parameters.ts"

/** Cells of electrolyte from the collector to the lithium electrode, whose surface is a last cell without volume. */
export interface IonColumn {
  readonly cells: number
  /** [cell] electrolyte [m³] */
  readonly volume: Float64Array
  /** [cell − 1] (area over length) ε/τ between neighbours [m] */
  readonly shape: Float64Array
}

/** Properties are evaluated no lower than this share of the initial concentration. */
const lowestRelative = 1e-3

/**
 * The electrode's layers, cells of equal thickness across the separator, and the surface of the lithium electrode.
 * @param area      [m²]
 * @param thickness of the separator [m]
 * @param across    cells across the separator
 */
export const ionColumn = (
  layers: IonLayers,
  area: number,
  separator: Separator,
  thickness: number,
  across: number,
): IonColumn => {
  const cells = layers.count + across + 1
  const height = new Float64Array(cells)
  const porosity = new Float64Array(cells).fill(1)
  const transport = new Float64Array(cells).fill(1)
  for (let cell = 0; cell < layers.count; cell++) {
    height[cell] = layers.thickness[cell]
    porosity[cell] = layers.porosity[cell]
    transport[cell] = layers.porosity[cell] / layers.tortuosity[cell]
    if (!(height[cell] > 0 && porosity[cell] > 0 && transport[cell] > 0 && Number.isFinite(transport[cell])))
      throw new RangeError(
        `ion layer ${cell} has thickness ${height[cell]} m, porosity ${porosity[cell]}, ` +
          `tortuosity ${layers.tortuosity[cell]}; expected all above 0`,
      )
  }
  for (let cell = layers.count; cell < cells - 1; cell++) {
    height[cell] = thickness / across
    porosity[cell] = separator.porosity
    transport[cell] = separator.porosity ** separator.bruggeman
  }
  const resistance = (cell: number): number => height[cell] / (2 * transport[cell])
  return {
    cells,
    volume: height.map((own, cell) => own * porosity[cell] * area),
    shape: Float64Array.from({ length: cells - 1 }, (_, face) => area / (resistance(face) + resistance(face + 1))),
  }
}

/**
 * Adds concentrated-solution transport between neighbouring cells, the flows of `model/resolved/electrolyte-transport` in
 * one direction: charge i = κ (φ₁ − φ₂) − χ (y₁ − y₂) and salt F D_l c_l0 (y₁ − y₂) + t₊ i, with properties at the mean of
 * both concentrations and exact derivatives.
 * @param salt      first unknown c_l/c_l0; φ_l of the same cells from `ionic` on
 * @param reference c_l0 [mol/m³]
 * @param positions [face, 4, 4] places in `jacobian` of y₁, y₂, φ₁, φ₂
 * @param residual  added to [A]
 * @source J. Newman, K. E. Thomas-Alyea, Electrochemical Systems (2004), §12
 */
export const addIonTransport = (
  { cells, shape }: IonColumn,
  electrolyte: Electrolyte,
  reference: number,
  temperature: number,
  salt: number,
  ionic: number,
  positions: Int32Array,
  x: Float64Array,
  residual: Float64Array,
  jacobian: Float64Array,
): void => {
  const thermal = (2 * gasConstant * temperature) / faraday
  for (let face = 0; face < cells - 1; face++) {
    const sum = (x[salt + face] + x[salt + face + 1]) / 2
    const free = sum > lowestRelative
    const mean = free ? sum : lowestRelative
    const share = free ? reference / 2 : 0
    const c = mean * reference
    const kappa = electrolyte.conductivity(c)
    const dKappa = electrolyte.conductivitySlope(c)
    const t = electrolyte.transference(c)
    const dT = electrolyte.transferenceSlope(c)
    const factor = electrolyte.thermodynamicFactor(c)
    const dFactor = electrolyte.thermodynamicFactorSlope(c)
    const diffusion = electrolyte.diffusivity(c) * faraday * reference
    const dDiffusion = electrolyte.diffusivitySlope(c) * faraday * reference
    const chi = (thermal * kappa * (1 - t) * factor) / mean
    const dChi =
      (thermal * (dKappa * (1 - t) * factor - kappa * dT * factor + kappa * (1 - t) * dFactor)) / mean -
      chi / (mean * reference)
    const g = shape[face]
    const alongY = x[salt + face] - x[salt + face + 1]
    const alongP = x[ionic + face] - x[ionic + face + 1]
    const charge = kappa * alongP - chi * alongY
    const chargeShared = share * (dKappa * alongP - dChi * alongY)
    const saltFlow = diffusion * alongY + t * charge
    const saltShared = share * (dDiffusion * alongY + dT * charge) + t * chargeShared
    residual[salt + face] += g * saltFlow
    residual[salt + face + 1] -= g * saltFlow
    residual[ionic + face] += g * charge
    residual[ionic + face + 1] -= g * charge
    const at = face * 16
    for (let side = 0; side < 2; side++) {
      const sign = side === 0 ? g : -g
      const saltRow = at + side * 4
      const chargeRow = at + 8 + side * 4
      jacobian[positions[saltRow]] += sign * (diffusion - t * chi + saltShared)
      jacobian[positions[saltRow + 1]] += sign * (t * chi - diffusion + saltShared)
      jacobian[positions[saltRow + 2]] += sign * t * kappa
      jacobian[positions[saltRow + 3]] -= sign * t * kappa
      jacobian[positions[chargeRow]] += sign * (chargeShared - chi)
      jacobian[positions[chargeRow + 1]] += sign * (chargeShared + chi)
      jacobian[positions[chargeRow + 2]] += sign * kappa
      jacobian[positions[chargeRow + 3]] -= sign * kappa
    }
  }
}
