import { isLawChoice } from "./law.ts"
import { isMapping } from "./layers.ts"
import { pathText } from "./problem.ts"
import { isQuantity } from "./quantity.ts"

/** One value of a twin as it is used, for the manifest and the report. */
export interface ParameterRow {
  /** `materials.active.diffusivity.value` */
  readonly path: string
  /** In SI where it has a unit */
  readonly value: number | string | boolean
  /** Coherent SI unit; "" for plain numbers and for words */
  readonly unit: string
  /** As the user wrote it */
  readonly text: string
  readonly source?: string
  readonly note?: string
}

/** Every number, word and switch of a decoded twin, in the order of the file. */
export const parameterRows = (value: unknown, path: readonly PropertyKey[] = []): readonly ParameterRow[] => {
  if (isQuantity(value)) return [{ path: pathText(path), ...value }]
  if (isLawChoice(value)) {
    const { law, source: origin, parameters, curves } = value
    return [
      { path: pathText([...path, "law"]), value: law, unit: "", text: law, source: origin },
      ...parameterRows(parameters, path),
      ...Object.entries(curves).map(([key, curve]): ParameterRow => {
        const text = curve.kind === "file" ? curve.file : `${curve.points.length} points`
        const { source } = curve
        return {
          path: pathText([...path, key]),
          value: text,
          unit: "",
          text,
          ...(source === undefined ? {} : { source }),
        }
      }),
    ]
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => parameterRows(item, [...path, index]))
  if (isMapping(value)) return Object.entries(value).flatMap(([key, item]) => parameterRows(item, [...path, key]))
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") {
    return [{ path: pathText(path), value, unit: "", text: String(value) }]
  }
  return []
}
