import { dirname, resolve } from "node:path"
import { Effect, Schema } from "effect"
import type { NetworkChoices } from "../model/network/parameters.ts"
import type { HalfCellParameters, TimeSettings } from "../model/resolved/parameters.ts"
import { halfCellParameters, timeSettings } from "./cell.ts"
import { type ReadFile, withCurvePoints } from "./curve.ts"
import { type Document, type Malformed, readDocument, type WrittenDocument } from "./document.ts"
import { type FileUnreadable, TwinInvalid } from "./errors.ts"
import { isMapping, layered } from "./layers.ts"
import { layoutOf, matrixFaults, namedMatrices } from "./layout.ts"
import { overridden, type Setting } from "./override.ts"
import { type Fault, faultsOf, locate } from "./problem.ts"
import { isNetwork, Twin } from "./twin.ts"

/** A twin ready to be built. */
export interface LoadedTwin {
  readonly file: string
  readonly twin: Twin
  readonly parameters: HalfCellParameters & NetworkChoices
  readonly time: TimeSettings
  /** With its values and those of the command line; knows where each stands. */
  readonly document: Document
  /** Everything that was read */
  readonly files: readonly ReadFile[]
}

/** Reads a file and everything it extends, the base first. */
const readLayers = (
  file: string,
  seen: readonly string[],
): Effect.Effect<readonly WrittenDocument[], FileUnreadable | Malformed | TwinInvalid> =>
  Effect.gen(function* () {
    const document = yield* readDocument(file)
    const { data } = document
    if (!isMapping(data)) {
      return yield* invalid(document, [
        { path: [], expected: "a mapping of keys to values", found: JSON.stringify(data) ?? "nothing" },
      ])
    }
    const base = data.extends
    if (base === undefined) return [document]
    if (typeof base !== "string") {
      return yield* invalid(document, [
        { path: ["extends"], expected: "the name of a file", found: JSON.stringify(base) },
      ])
    }
    const path = resolve(dirname(file), base)
    if (seen.includes(path)) {
      return yield* invalid(document, [
        { path: ["extends"], expected: "a file that does not extend this one", found: base },
      ])
    }
    return [...(yield* readLayers(path, [...seen, path])), document]
  })

const invalid = (document: Document, faults: readonly Fault[]): Effect.Effect<never, TwinInvalid> =>
  Effect.fail(new TwinInvalid({ problems: locate(faults, document.place) }))

/** A twin's problems found outside its schema, such as those of the mesher. */
export const twinInvalid = ({ document }: Pick<LoadedTwin, "document">, fault: Fault): TwinInvalid =>
  new TwinInvalid({ problems: locate([fault], document.place) })

const decodeTwin = Schema.decodeUnknownEffect(Twin, { errors: "all", onExcessProperty: "error", reportInput: true })

/** What a mesh has no use for. */
const networkOnly = (twin: Twin): readonly Fault[] =>
  isNetwork(twin)
    ? []
    : [
        ...(["shells", "angular-modes", "negligible-fall"] as const).flatMap((key) =>
          twin.model[key] === undefined ? [] : [["model", key]],
        ),
        ...(twin.materials.active.cracking === undefined ? [] : [["materials", "active", "cracking"]]),
      ].map((path) => ({ path, expected: "a network (model.space: network), which alone knows this", found: "a mesh" }))

/** What the schema cannot see: names that must be there, shares that a cut can give. */
const geometryFaults = (twin: Twin): readonly Fault[] => {
  const { geometry, materials, mesh } = twin
  const known = Object.keys(materials.matrices)
  const meshless: readonly Fault[] =
    mesh === undefined && !isNetwork(twin)
      ? [{ path: ["mesh"], expected: "edge lengths of the mesh (interface-length …)", found: "nothing" }]
      : []
  if (geometry.kind === "layout") {
    const drawn = layoutOf(geometry)
    return [
      ...meshless,
      ...networkOnly(twin),
      ...("faults" in drawn ? drawn.faults : []),
      ...matrixFaults(namedMatrices(geometry), known),
    ]
  }
  const { high, low } = geometry.matrices
  return [
    ...meshless,
    ...networkOnly(twin),
    ...matrixFaults(
      [
        [["geometry", "matrices", "high"], high],
        [["geometry", "matrices", "low"], low],
      ],
      known,
    ),
  ]
}

/** A twin from a document that stands alone, such as the one in the manifest of a run. */
export const twinOf = Effect.fn("twinOf")(function* (document: Document): Effect.fn.Return<LoadedTwin, TwinInvalid> {
  const twin = yield* decodeTwin(document.data).pipe(
    Effect.catchTag("SchemaError", ({ issue }) => invalid(document, faultsOf(issue))),
  )
  const faults = geometryFaults(twin)
  if (faults.length > 0) return yield* invalid(document, faults)
  const parameters = yield* halfCellParameters(document, twin.materials, twin.model)
  return { file: document.file, twin, parameters, time: timeSettings(twin.solver), document, files: [] }
})

/** A document made from data that was read before; its places are paths only. */
export const plainDocument = (file: string, data: unknown): Document => ({
  file,
  data,
  place: () => ({ file }),
  has: () => true,
})

/** Reads and checks one twin; all numbers returned are SI. */
export const loadTwin = Effect.fn("loadTwin")(function* (
  file: string,
  settings: readonly Setting[] = [],
): Effect.fn.Return<LoadedTwin, FileUnreadable | TwinInvalid> {
  const layers = yield* readLayers(file, [resolve(file)]).pipe(
    Effect.catchTag("Malformed", ({ problem }) => Effect.fail(new TwinInvalid({ problems: [problem] }))),
  )
  const written = yield* overridden(layered(layers), settings).pipe(
    Effect.mapError((problem) => new TwinInvalid({ problems: [problem] })),
  )
  const { extends: _, ...data } = written.data as Readonly<Record<string, unknown>>
  const whole = yield* withCurvePoints({ ...written, data }).pipe(
    Effect.mapError((error) =>
      "_tag" in error ? error : twinInvalid({ document: written }, { path: error.path, ...error.fault }),
    ),
  )
  const files = [...layers.map(({ file: name, text }) => ({ file: name, text })), ...whole.files]
  return { ...(yield* twinOf(whole.document)), files }
})
