/** What a unit measures, with a quantity a user might write. */
export interface Dimension {
  /** With its article: "a length". */
  readonly name: string
  readonly example: string
}

/** By coherent SI unit as used in twins; several units may share one physical dimension. */
export const dimensions: Readonly<Record<string, Dimension>> = {
  "": { name: "a plain number", example: "0.5" },
  m: { name: "a length", example: "10 um" },
  "m^2": { name: "an area", example: "4 um^2" },
  "m^3": { name: "a volume", example: "4 um^3" },
  s: { name: "a time", example: "20 s" },
  "1/s": { name: "a rate", example: "0.1 1/s" },
  "m/s": { name: "a velocity", example: "3 nm/s" },
  "m^2/s": { name: "a diffusivity", example: "2e-14 m^2/s" },
  kg: { name: "a mass", example: "8 mg" },
  "kg/m^3": { name: "a density", example: "4780 kg/m^3" },
  "kg/mol": { name: "a molar mass", example: "97.28 g/mol" },
  mol: { name: "an amount of substance", example: "1 mol" },
  "mol/m^3": { name: "a concentration", example: "1000 mol/m^3" },
  "m^3/mol": { name: "a molar volume", example: "1.5e-6 m^3/mol" },
  "J/mol": { name: "a molar energy", example: "25 kJ/mol" },
  K: { name: "a temperature", example: "298.15 K" },
  rad: { name: "an angle", example: "19 deg" },
  A: { name: "a current", example: "1 mA" },
  "A/m^2": { name: "a current density", example: "12 A/m^2" },
  C: { name: "a charge", example: "1 C" },
  "C/kg": { name: "a charge per mass", example: "200 mAh/g" },
  V: { name: "a voltage", example: "4.5 V" },
  ohm: { name: "a resistance", example: "10 ohm" },
  "ohm m^2": { name: "an area-specific resistance", example: "1e-3 ohm m^2" },
  "S/m": { name: "a conductivity", example: "100 S/m" },
  Pa: { name: "a pressure", example: "140 GPa" },
  "Pa/m": { name: "a stiffness per area", example: "3e18 Pa/m" },
  "J/m^2": { name: "an energy per area", example: "0.4 J/m^2" },
  J: { name: "an energy", example: "1 J" },
  N: { name: "a force", example: "1 N" },
  W: { name: "a power", example: "1 W" },
}
