import { bilinearEntry } from "./cohesion.ts"
import { exponentialContactEntry, frozenContactEntry } from "./contact-resistance.ts"
import type {
  ChargeTransfer,
  CohesiveLaw,
  ContactResistance,
  Electrolyte,
  ExchangeCurrent,
  OpenCircuitPotential,
  SolidDiffusivity,
  Swelling,
} from "./contracts.ts"
import { type CrackGrowth, parisEntry } from "./crack-growth.ts"
import { constantElectrolyteEntry } from "./electrolyte.ts"
import { landesfeind2019Entry } from "./electrolyte-landesfeind.ts"
import { nyman2008Entry } from "./electrolyte-nyman.ts"
import {
  chen2020ExchangeCurrentEntry,
  constantExchangeCurrentEntry,
  insertionEntry,
  oregan2022ExchangeCurrentEntry,
} from "./exchange-current.ts"
import { butlerVolmerEntry } from "./kinetics.ts"
import type { LawFamily } from "./law-entry.ts"
import { marcusHushChidseyEntry } from "./marcus-hush-chidsey.ts"
import { chen2020OpenCircuitEntry, tabulatedOpenCircuitEntry } from "./open-circuit.ts"
import { mohtat2020OpenCircuitEntry } from "./open-circuit-mohtat.ts"
import {
  constantDiffusivityEntry,
  karanth2024Entry,
  oregan2022Entry,
  tabulatedDiffusivityEntry,
} from "./solid-diffusivity.ts"
import { constantMolarVolumeEntry, tabulatedSwellingEntry } from "./swelling.ts"

const chargeTransfer: LawFamily<ChargeTransfer> = {
  "butler-volmer": butlerVolmerEntry,
  "marcus-hush-chidsey": marcusHushChidseyEntry,
}

const exchangeCurrent: LawFamily<ExchangeCurrent> = {
  insertion: insertionEntry,
  constant: constantExchangeCurrentEntry,
  chen2020: chen2020ExchangeCurrentEntry,
  oregan2022: oregan2022ExchangeCurrentEntry,
}

const openCircuit: LawFamily<OpenCircuitPotential> = {
  chen2020: chen2020OpenCircuitEntry,
  // The same fit, by the name of the set that takes it over
  oregan2022: chen2020OpenCircuitEntry,
  mohtat2020: mohtat2020OpenCircuitEntry,
  table: tabulatedOpenCircuitEntry,
}

const electrolyte: LawFamily<Electrolyte> = {
  constant: constantElectrolyteEntry,
  nyman2008: nyman2008Entry,
  landesfeind2019: landesfeind2019Entry,
}

const diffusivity: LawFamily<SolidDiffusivity> = {
  constant: constantDiffusivityEntry,
  oregan2022: oregan2022Entry,
  karanth2024: karanth2024Entry,
  table: tabulatedDiffusivityEntry,
}

const swelling: LawFamily<Swelling> = {
  "constant-molar-volume": constantMolarVolumeEntry,
  table: tabulatedSwellingEntry,
}

const contactResistance: LawFamily<ContactResistance> = {
  exponential: exponentialContactEntry,
  frozen: frozenContactEntry,
}

const cohesion: LawFamily<CohesiveLaw> = {
  bilinear: bilinearEntry,
}

const cracking: LawFamily<CrackGrowth> = {
  paris: parisEntry,
}

/** Every law by family and by its name in twins. */
export const laws = {
  chargeTransfer,
  exchangeCurrent,
  openCircuit,
  electrolyte,
  diffusivity,
  swelling,
  contactResistance,
  cohesion,
  cracking,
} as const

export type LawFamilyName = keyof typeof laws

/** Names that a twin may use for a law of a family. */
export const lawNames = (family: LawFamilyName): readonly string[] => Object.keys(laws[family])
