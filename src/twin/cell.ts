import { Effect } from "effect"
import type { LawContext, LawCurve, LawFamily } from "../laws/law-entry.ts"
import { laws } from "../laws/registry.ts"
import type { NetworkChoices } from "../model/network/parameters.ts"
import type { HalfCellParameters, Matrix, TimeSettings } from "../model/resolved/parameters.ts"
import { readCurve } from "./curve.ts"
import type { Document } from "./document.ts"
import { TwinInvalid } from "./errors.ts"
import { createLaw, fileKey, type LawChoice } from "./law.ts"
import type { Materials, Model, Solver } from "./materials.ts"
import { locate } from "./problem.ts"
import type { QuantityFault } from "./quantity.ts"

const matricesOf = (matrices: Materials["matrices"]): Readonly<Record<string, Matrix>> =>
  Object.fromEntries(
    Object.entries(matrices).map(([name, matrix]) => [
      name,
      {
        conductivity: matrix.conductivity.value,
        porosity: matrix.porosity.value,
        bruggeman: matrix.bruggeman.value,
        elasticity: { young: matrix.elasticity.young.value, poisson: matrix.elasticity.poisson.value },
        initialGap: matrix["initial-gap"].value,
      },
    ]),
  )

const faultAt = (document: Document, path: readonly PropertyKey[], fault: QuantityFault): TwinInvalid =>
  new TwinInvalid({ problems: locate([{ path, ...fault }], document.place) })

/** Makes a law, its curves read first; numbers that do not fit together are the twin's fault, at the law's path. */
const makeLaw = Effect.fnUntraced(function* <Law>(
  document: Document,
  path: readonly string[],
  family: LawFamily<Law>,
  choice: LawChoice,
  context: LawContext,
): Effect.fn.Return<Law, TwinInvalid> {
  const curves: Record<string, LawCurve> = {}
  for (const [name, table] of Object.entries(family[choice.law].tables)) {
    const key = fileKey(name)
    const at = [...path, key]
    curves[key] = yield* readCurve(choice.curves[key], table).pipe(
      Effect.mapError((fault) => faultAt(document, at, fault)),
    )
  }
  return yield* Effect.try({
    try: () => createLaw(family, choice, curves, context),
    catch: (cause) => {
      if (!(cause instanceof RangeError)) throw cause
      return faultAt(document, path, { expected: `numbers that make a "${choice.law}" law`, found: cause.message })
    },
  })
})

/** Parameters of the half-cell in SI, laws made, and what a network alone takes. */
export const halfCellParameters = Effect.fn("halfCellParameters")(function* (
  document: Document,
  materials: Materials,
  model: Model,
): Effect.fn.Return<HalfCellParameters & NetworkChoices, TwinInvalid> {
  const { active, separator, electrolyte, lithium } = materials
  const context: LawContext = {
    temperature: materials.temperature.value,
    maximumConcentration: active["maximum-concentration"].value,
    initialStoichiometry: active["initial-stoichiometry"].value,
  }
  const law = <Law>(path: readonly string[], family: LawFamily<Law>, choice: LawChoice) =>
    makeLaw(document, ["materials", ...path], family, choice, context)
  return {
    temperature: context.temperature,
    active: {
      maximumConcentration: context.maximumConcentration,
      initialStoichiometry: context.initialStoichiometry,
      density: active.density.value,
      nominalCapacity: active["nominal-capacity"].value,
      diffusivity: yield* law(["active", "diffusivity"], laws.diffusivity, active.diffusivity),
      stressCoupling: active["stress-coupling"] ?? true,
      swelling: yield* law(["active", "swelling"], laws.swelling, active.swelling),
      elasticity: { young: active.elasticity.young.value, poisson: active.elasticity.poisson.value },
      openCircuit: yield* law(["active", "open-circuit"], laws.openCircuit, active["open-circuit"]),
      exchangeCurrent: yield* law(["active", "exchange-current"], laws.exchangeCurrent, active["exchange-current"]),
      chargeTransfer: yield* law(["active", "charge-transfer"], laws.chargeTransfer, active["charge-transfer"]),
    },
    matrices: matricesOf(materials.matrices),
    separator: { porosity: separator.porosity.value, bruggeman: separator.bruggeman.value },
    electrolyte: yield* law(["electrolyte", "transport"], laws.electrolyte, electrolyte.transport),
    initialElectrolyte: electrolyte["initial-concentration"].value,
    lithium: {
      exchangeCurrent: lithium["exchange-current"].value,
      chargeTransfer: yield* law(["lithium", "charge-transfer"], laws.chargeTransfer, lithium["charge-transfer"]),
    },
    contactResistance: yield* law(
      ["interface", "contact-resistance"],
      laws.contactResistance,
      materials.interface["contact-resistance"],
    ),
    cohesion: yield* law(["interface", "cohesion"], laws.cohesion, materials.interface.cohesion),
    particleConduction: model["particle-conduction"],
    mechanics: model.mechanics,
    ...(model.shells !== undefined && { shells: model.shells }),
    ...(model["angular-modes"] !== undefined && { angularModes: model["angular-modes"] }),
    ...(model["negligible-fall"] && { negligibleFall: model["negligible-fall"].value }),
    ...(active.cracking && { cracking: yield* law(["active", "cracking"], laws.cracking, active.cracking) }),
  }
})

/** Error control with its defaults. */
export const timeSettings = (solver: Solver = {}): TimeSettings => ({
  tolerance: solver.tolerance?.value ?? 2e-3,
  firstStep: solver["first-step"]?.value ?? 0.1,
  longestStep: solver["longest-step"]?.value ?? 600,
  shortestStep: solver["shortest-step"]?.value ?? 1e-6,
  damageIncrement: solver["damage-increment"]?.value ?? 0.05,
})
