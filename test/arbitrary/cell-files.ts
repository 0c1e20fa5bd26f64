import { readFileSync } from "node:fs"
import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { Document, isCollection, isPair, parse } from "yaml"
import type { Protocol } from "../../src/model/protocol.ts"
import { merged } from "../../src/twin/layers.ts"
import { type LoadedTwin, plainDocument, twinOf } from "../../src/twin/load.ts"
import { scenarioOf } from "../../src/twin/scenario/load.ts"
import type { CycledCell } from "./cycled-cell.ts"

const baseFile = fileURLToPath(new URL("../../twins/materials/nmc811-li2022.yaml", import.meta.url))
const base: unknown = parse(readFileSync(baseFile, "utf8"))

/** Lengths are written to the hundredth of a micrometre. */
export const tidy = (length: number): number => Math.round(length * 100) / 100
export const um = (length: number): string => `${tidy(length)} um`

/** What a twin's file says of materials, where that differs from the reference half-cell. */
export const materialsData = ({ materials }: CycledCell) => {
  const matrix = (conductivity: number, initialGap: number) => ({
    conductivity: `${conductivity} S/m`,
    elasticity: { young: `${materials.young} GPa`, poisson: 0.3 },
    "initial-gap": `${initialGap} nm`,
  })
  return {
    active: {
      diffusivity: { law: "constant", value: `${materials.diffusivity} m^2/s` },
      "exchange-current": { law: "insertion", reference: `${materials.exchangeCurrent} A/m^2` },
    },
    matrices: {
      high: matrix(materials.highConductivity, 0),
      low: matrix(materials.lowConductivity, materials.initialGap),
    },
    interface: {
      cohesion: {
        law: "bilinear",
        strength: `${materials.strength} MPa`,
        "fracture-energy": `${materials.fractureEnergy} J/m^2`,
        delay: `${materials.delay} s`,
        "process-zone": `${materials.processZone} um`,
        "fatigue-loss": `${materials.fatigueLoss} %`,
      },
      "contact-resistance": {
        law: "exponential",
        closed: `${materials.closedResistance} ohm m^2`,
        "reference-gap": `${materials.referenceGap} nm`,
      },
    },
  }
}

const stepPhrases = ({ rate, protocol, rest }: CycledCell): string[] => {
  switch (protocol.kind) {
    case "fixed charge": {
      const seconds = Math.round((3600 * protocol.charged) / rate)
      return [
        `Charge at ${rate}C for ${seconds} s or until 5.1 V`,
        `Rest for ${rest} s`,
        `Discharge at ${rate}C for ${Math.round(seconds * protocol.returned)} s or until 2.5 V`,
      ]
    }
    case "voltage window":
      return [
        `Charge at ${rate}C until ${protocol.upper} V`,
        `Rest for ${rest} s`,
        `Discharge at ${rate}C for 120 s or until ${protocol.lower} V`,
      ]
    case "charge and hold":
      return [
        `Charge at ${rate}C until ${protocol.upper} V`,
        `Hold at ${protocol.upper} V until C/2`,
        `Discharge at ${rate}C for 60 s or until 2.5 V`,
      ]
  }
}

const scenarioData = (description: string, cell: CycledCell) => ({
  description,
  cycle: { repeat: cell.cycles, steps: stepPhrases(cell) },
})

/** YAML whose innermost lists and mappings stand on one line. */
const readable = (data: unknown): string => {
  const document = new Document(data)
  const isOpen = (node: unknown): boolean => isCollection(node) && node.flow !== true
  const flatten = (node: unknown): void => {
    if (!isCollection(node)) return
    const inner = node.items.map((item) => (isPair(item) ? item.value : item))
    inner.forEach(flatten)
    if (!inner.some(isOpen) && node.items.length > 0 && String(node).length < 100) node.flow = true
  }
  flatten(document.contents)
  if (isCollection(document.contents)) document.contents.flow = false
  return document.toString({ lineWidth: 120, flowCollectionPadding: true })
}

/** A twin as files of a folder. */
export interface TwinFiles {
  readonly twin: string
  readonly scenario: string
}

/**
 * A cell as files of a folder: its `twin.yaml` extends the shipped materials.
 * @param data the twin's file without its `extends`
 */
export const cellFiles = (data: object, cell: CycledCell, folder: string, description: string): TwinFiles => ({
  twin: `extends: ${relative(folder, baseFile).replaceAll("\\", "/")}\n${readable(data)}`,
  scenario: readable(scenarioData(description, cell)),
})

/** Twin and scenario by the way that their files would go, without the disk. */
export const loadedCell = Effect.fn("loadedCell")(function* (data: object, cell: CycledCell) {
  const loaded: LoadedTwin = yield* twinOf(plainDocument("twin.yaml", merged(base, data)))
  const written = plainDocument("scenario.yaml", scenarioData("generated", cell))
  const { protocol }: { readonly protocol: Protocol } = yield* scenarioOf(written, new Map())
  return { loaded, protocol }
})
