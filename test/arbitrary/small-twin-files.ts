import { readFileSync } from "node:fs"
import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { Document, isCollection, isPair, parse } from "yaml"
import { meshLayout } from "../../src/mesh/layout.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"
import type { MeshProblem } from "../../src/mesh/problem.ts"
import type { Protocol } from "../../src/model/protocol.ts"
import type { HalfCellParameters, TimeSettings } from "../../src/model/resolved/parameters.ts"
import { merged } from "../../src/twin/layers.ts"
import { layoutOf, resolutionOf } from "../../src/twin/layout.ts"
import { plainDocument, twinOf } from "../../src/twin/load.ts"
import { scenarioOf } from "../../src/twin/scenario/load.ts"
import type { SmallParticle, SmallTwin } from "./small-twin.ts"

const baseFile = fileURLToPath(new URL("../../twins/materials/nmc811-li2022.yaml", import.meta.url))
const base: unknown = parse(readFileSync(baseFile, "utf8"))

/** Half width and half height of a section [um] */
const halfBox = ({ radius, aspect, tilt }: SmallParticle): readonly [number, number] => {
  const [cosine, sine] = [Math.cos((tilt * Math.PI) / 180), Math.sin((tilt * Math.PI) / 180)]
  const other = radius * aspect
  return [Math.hypot(radius * cosine, other * sine), Math.hypot(radius * sine, other * cosine)]
}

/** Places are written to the hundredth of a micrometre. */
const tidy = (length: number): number => Math.round(length * 100) / 100
const um = (length: number): string => `${tidy(length)} um`

/** How far a pore that parts two particles reaches into the height of each [um] */
const poreReach = 0.5

const separatorThickness = 10

/** Where everything of a small twin is drawn [um] */
const placed = (twin: SmallTwin) => {
  const { particles, columns, sideGap, ligament } = twin
  const boxes = particles.map(halfBox)
  const half = Math.max(...boxes.map(([x]) => x))
  const width = tidy(2 * sideGap + columns * 2 * half + (columns - 1) * ligament)
  const tops = Array.from({ length: columns }, () => sideGap - ligament)
  const places = boxes.map(([halfWidth, halfHeight], k) => {
    const column = k % columns
    const middle = sideGap + half + column * (2 * half + ligament)
    const y = tops[column] + ligament + halfHeight
    tops[column] = y + halfHeight
    return { x: middle + particles[k].shift * (half - halfWidth), y, bottom: y - halfHeight, top: y + halfHeight }
  })
  const height = tidy(Math.max(...tops) + sideGap)
  const first = particles.length - twin.severed
  const pore = twin.severed === 0 ? undefined : [places[first - 1].top - poreReach, places[first].bottom + poreReach]
  return { width, height, places, pore }
}

/** The twin's file without its `extends`, as data. */
const twinData = (name: string, description: string, twin: SmallTwin) => {
  const { width, height, places, pore } = placed(twin)
  const { materials } = twin
  const matrix = (conductivity: number, initialGap: number) => ({
    conductivity: `${conductivity} S/m`,
    elasticity: { young: `${materials.young} GPa`, poisson: 0.3 },
    "initial-gap": `${initialGap} nm`,
  })
  return {
    name,
    description,
    geometry: {
      kind: "layout",
      width: um(width),
      height: um(height),
      "separator-thickness": um(separatorThickness),
      particles: twin.particles.map(({ radius, aspect, tilt }, k) => {
        const centre = [um(places[k].x), um(places[k].y)]
        return aspect === 1
          ? { kind: "circle", centre, radius: um(radius) }
          : { kind: "ellipse", centre, "half-axes": [um(radius), um(radius * aspect)], angle: `${tilt} deg` }
      }),
      ...(twin.cut === null
        ? {}
        : {
            cuts: [
              {
                kind: "straight",
                through: [um((width / 2) * (1 + twin.cut.offset)), um(height / 2)],
                angle: `${twin.cut.angle} deg`,
                left: "high",
                right: "low",
              },
            ],
          }),
      ...(twin.mirrored ? { mirrored: true } : {}),
      ...(pore === undefined
        ? {}
        : { boxes: [{ kind: "void", name: "pore", from: ["0 um", um(pore[0])], to: [um(width), um(pore[1])] }] }),
      matrix: "high",
    },
    mesh: { "interface-length": "1.5 um", growth: 0.4, "maximum-length": "4 um" },
    materials: {
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
    },
    model: { "particle-conduction": twin.conduction, mechanics: true },
  }
}

const stepPhrases = ({ rate, protocol, rest }: SmallTwin): string[] => {
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

const scenarioData = (description: string, twin: SmallTwin) => ({
  description,
  cycle: { repeat: twin.cycles, steps: stepPhrases(twin) },
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

/** A small twin as files of a folder: its `twin.yaml` extends the shipped materials. */
export const smallTwinFiles = (
  twin: SmallTwin,
  folder: string,
  name: string,
  description: string,
): { readonly twin: string; readonly scenario: string } => ({
  twin: `extends: ${relative(folder, baseFile).replaceAll("\\", "/")}\n${readable(twinData(name, description, twin))}`,
  scenario: readable(scenarioData(description, twin)),
})

/** A small twin as the model takes it. */
export interface SmallCase {
  readonly mesh: Mesh | MeshProblem
  readonly parameters: HalfCellParameters
  readonly protocol: Protocol
  readonly time: TimeSettings
}

/** Builds a small twin by the way that its files would go, without the disk. */
export const builtSmallTwin = (twin: SmallTwin): Promise<SmallCase> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const written = plainDocument("twin.yaml", merged(base, twinData("generated", "generated", twin)))
      const loaded = yield* twinOf(written)
      const { protocol } = yield* scenarioOf(plainDocument("scenario.yaml", scenarioData("generated", twin)), new Map())
      const { geometry } = loaded.twin
      const drawn = geometry.kind === "layout" ? layoutOf(geometry) : { faults: [] }
      if ("faults" in drawn) throw new Error(JSON.stringify(drawn.faults))
      return {
        mesh: meshLayout(drawn.layout, resolutionOf(loaded.twin.mesh)),
        parameters: loaded.parameters,
        protocol,
        time: loaded.time,
      }
    }),
  )
