import type { ReportParameter } from "../report/input.ts"
import type { Manifest } from "../store/manifest.ts"

/** Headings by the beginning of a path; the first that fits counts. */
const groups: readonly (readonly [string, string])[] = [
  ["materials.active", "Active material"],
  ["materials.matrices", "Carbon/binder"],
  ["materials.separator", "Separator"],
  ["materials.electrolyte", "Electrolyte"],
  ["materials.lithium", "Lithium electrode"],
  ["materials.interface", "Interface of particles and carbon/binder"],
  ["materials", "Cell"],
  ["model", "Model"],
  ["solver", "Solver"],
  ["mesh", "Mesh"],
  ["geometry", "Geometry"],
]

/** Symbols of the equations, by path. */
const symbols: Readonly<Record<string, string>> = {
  "materials.temperature": "T",
  "materials.active.maximum-concentration": "c_max",
  "materials.active.initial-stoichiometry": "x_0",
  "materials.active.density": "ρ",
  "materials.active.nominal-capacity": "q_1C",
  "materials.active.diffusivity.value": "D",
  "materials.active.swelling.molar-volume": "Ω_V",
  "materials.active.elasticity.young": "E",
  "materials.active.elasticity.poisson": "ν",
  "materials.active.exchange-current.reference": "i_0",
  "materials.electrolyte.transport.conductivity": "κ",
  "materials.electrolyte.transport.diffusivity": "D_l",
  "materials.electrolyte.transport.transference": "t_+",
  "materials.electrolyte.initial-concentration": "c_l",
  "materials.lithium.exchange-current": "i_Li",
  "materials.interface.cohesion.stiffness": "K",
  "materials.interface.cohesion.strength": "T_max",
  "materials.interface.cohesion.fracture-energy": "G_c",
  "materials.interface.cohesion.mixity": "β",
  "materials.interface.cohesion.delay": "τ_d",
  "materials.interface.contact-resistance.closed": "R_0",
  "materials.interface.contact-resistance.reference-gap": "λ_ref",
}

/** Symbols by the last key, where the path has a name of the user's in it. */
const lastSymbols: Readonly<Record<string, string>> = {
  conductivity: "σ",
  porosity: "ε",
  bruggeman: "b",
  "initial-gap": "λ_int",
}

/** Keys whose words need more than a space. */
const words: Readonly<Record<string, string>> = {
  young: "Young's modulus",
  poisson: "Poisson's ratio",
  bruggeman: "Bruggeman exponent",
  anodic: "anodic coefficient",
  cathodic: "cathodic coefficient",
  reference: "at half filling and 1 mol/L",
  closed: "of a closed contact",
}

const nameOf = (path: string, prefix: string): string => {
  const keys = (path === prefix ? path : path.slice(prefix.length + 1)).split(".")
  const last = keys.at(-1)
  if (last === "law") return `${named(keys.slice(0, -1))} (law)`
  return named(last === "value" && keys.length > 1 ? keys.slice(0, -1) : keys)
}

const named = (keys: readonly string[]): string => keys.map((key) => words[key] ?? key.replaceAll("-", " ")).join(": ")

/** Parameters of a run under the headings and symbols of its report; text about the twin itself is left out. */
export const reportParameters = ({ parameters, settings }: Manifest): readonly ReportParameter[] => {
  const set = settings.map((setting) => setting.split("=")[0].trim())
  return parameters
    .filter(({ path }) => path !== "name" && path !== "description")
    .map(({ path, value, unit, source, note }) => {
      const [prefix, group] = groups.find(([start]) => path.startsWith(start)) ?? ["", "Other"]
      const last = path.split(".").at(-1) ?? ""
      return {
        group,
        name: nameOf(path, prefix),
        symbol: symbols[path] ?? (path.startsWith("materials.") ? lastSymbols[last] : undefined) ?? "",
        value: typeof value === "boolean" ? (value ? "yes" : "no") : value,
        unit,
        source: source ?? note ?? "",
        overridden: set.some((each) => path === each || path.startsWith(`${each}.`)),
      }
    })
    .sort((one, other) => rank(one.group) - rank(other.group))
}

const rank = (group: string): number => groups.findIndex(([, name]) => name === group)
