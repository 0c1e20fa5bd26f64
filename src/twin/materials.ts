import { Schema } from "effect"
import { laws } from "../laws/registry.ts"
import { Law } from "./law.ts"
import { nonNegative, positive, Quantity, share } from "./quantity.ts"

const Elasticity = Schema.Struct({
  young: Quantity("Pa", positive),
  poisson: Quantity("", { above: -1, below: 0.5 }),
}).annotate({ identifier: "elasticity", description: "Isotropic linear elasticity" })

const chargeTransfer = Law("chargeTransfer", laws.chargeTransfer, "Current against overpotential")

const Active = Schema.Struct({
  "maximum-concentration": Quantity("mol/m^3", positive),
  "initial-stoichiometry": Quantity("", { above: 0, below: 1 }),
  density: Quantity("kg/m^3", positive),
  "nominal-capacity": Quantity("C/kg", positive),
  "stress-coupling": Schema.optionalKey(
    Schema.Boolean.annotate({
      description: "Whether the hydrostatic stress gradient drives lithium; true if not given",
    }),
  ),
  diffusivity: Law("diffusivity", laws.diffusivity, "Lithium diffusivity in the solid"),
  swelling: Law("swelling", laws.swelling, "Volume change against the stress-free state"),
  elasticity: Elasticity,
  "open-circuit": Law("openCircuit", laws.openCircuit, "Equilibrium potential against lithium"),
  "exchange-current": Law("exchangeCurrent", laws.exchangeCurrent, "Exchange current density"),
  "charge-transfer": chargeTransfer,
  cracking: Schema.optionalKey(
    Law("cracking", laws.cracking, "Cracks inside particles; a network follows them, nothing follows from them"),
  ),
}).annotate({ description: "Active material of all particles; stress-free at its initial stoichiometry" })

const MatrixMaterial = Schema.Struct({
  conductivity: Quantity("S/m", nonNegative),
  porosity: Quantity("", { above: 0, below: 1 }),
  bruggeman: Quantity("", nonNegative),
  elasticity: Elasticity,
  "initial-gap": Quantity("m", nonNegative),
}).annotate({ identifier: "matrix", description: "A porous carbon/binder conductor filled with electrolyte" })

/** What the cell is made of. */
export const Materials = Schema.Struct({
  temperature: Quantity("K", positive),
  active: Active,
  matrices: Schema.Record(Schema.NonEmptyString, MatrixMaterial).annotate({
    description: "Carbon/binder by the region names that the geometry uses",
  }),
  separator: Schema.Struct({ porosity: Quantity("", { above: 0, to: 1 }), bruggeman: Quantity("", nonNegative) }),
  electrolyte: Schema.Struct({
    transport: Law("electrolyte", laws.electrolyte, "Transport properties of the electrolyte"),
    "initial-concentration": Quantity("mol/m^3", positive),
  }),
  lithium: Schema.Struct({ "exchange-current": Quantity("A/m^2", positive), "charge-transfer": chargeTransfer }),
  interface: Schema.Struct({
    cohesion: Law("cohesion", laws.cohesion, "Traction and damage against opening"),
    "contact-resistance": Law("contactResistance", laws.contactResistance, "Electronic resistance against opening"),
  }),
}).annotate({ description: "Materials; every number with its unit and, where it is known, its source" })
export type Materials = typeof Materials.Type

/** Equations that are switched on. */
export const Model = Schema.Struct({
  space: Schema.optionalKey(
    Schema.Literals(["resolved", "network"]).annotate({
      description:
        "resolved: finite elements on a mesh; network: particles as shells and patches, on networks of conductors. " +
        "A packing is always a network",
    }),
  ),
  "particle-conduction": Schema.Literals(["none", "equipotential"]).annotate({
    description:
      "none: a facet takes the potential of the carbon/binder that touches it; equipotential: one potential a particle",
  }),
  mechanics: Schema.Boolean.annotate({ description: "Whether stress, gaps and damage are computed" }),
  shells: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 200 })).annotate({
      description: "Of a network: shells of a particle for which the tomogram gives none, 16 if not given",
    }),
  ),
  "angular-modes": Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 })).annotate({
      description:
        "Of a network: degree of the last surface harmonics by which lithium varies around a particle; " +
        "if not given 4, in the plane 8; 0 for none",
    }),
  ),
  "negligible-fall": Schema.optionalKey(
    Quantity("V", nonNegative).annotateKey({
      description:
        "Of a network: conductors along which the 5C current of a mean particle falls by less than this are taken for " +
        "ideal, 1 mV if not given, 0 for none",
    }),
  ),
})
export type Model = typeof Model.Type

/** Error control of the time integration. */
export const Solver = Schema.Struct({
  tolerance: Schema.optionalKey(Quantity("", { above: 0, below: 1 })),
  "first-step": Schema.optionalKey(Quantity("s", positive)),
  "longest-step": Schema.optionalKey(Quantity("s", positive)),
  "shortest-step": Schema.optionalKey(Quantity("s", positive)),
  "damage-increment": Schema.optionalKey(Quantity("", share)),
}).annotate({ description: "Error control of the time steps" })
export type Solver = typeof Solver.Type
