import { readFileSync, rmSync } from "node:fs"
import { File, Group, type GuessableDataTypes, ready } from "h5wasm/node"
import type { MadeVolume } from "./volume.ts"

await ready

/** What a file of a test holds: paths of datasets, paths with @ of attributes. */
export type Hdf5Contents = Readonly<
  Record<string, MadeVolume | { readonly data: GuessableDataTypes; readonly shape?: readonly number[] } | string>
>

export interface Hdf5Recipe {
  /** Chunks, slowest axis first */
  readonly chunks?: readonly number[]
  readonly packed?: boolean
  /** Axes of one entry before the three */
  readonly leading?: number
}

const isVolume = (content: Hdf5Contents[string]): content is MadeVolume =>
  typeof content === "object" && "values" in content

/** A group of a file, made where it is not there. */
const groupAt = (file: File, path: string): Group => {
  let group: Group = file
  for (const name of path.split("/").filter(Boolean)) {
    const child = group.get(name)
    group = child instanceof Group ? child : group.create_group(name)
  }
  return group
}

/** An HDF5 file with the contents; written by the library, read back as bytes. */
export const madeHdf5 = (path: string, contents: Hdf5Contents, recipe: Hdf5Recipe = {}): Uint8Array => {
  const { chunks, packed = false, leading = 0 } = recipe
  const file = new File(path, "w")
  for (const [place, content] of Object.entries(contents)) {
    const [object, attribute] = place.split("@")
    const cut = object.lastIndexOf("/")
    if (attribute !== undefined) {
      const owner = object === "" ? file : (file.get(object) ?? groupAt(file, object))
      if ("create_attribute" in owner) {
        if (typeof content === "string") owner.create_attribute(attribute, content)
        else if ("data" in content) owner.create_attribute(attribute, content.data)
      }
      continue
    }
    const group = groupAt(file, object.slice(0, cut))
    const name = object.slice(cut + 1)
    if (typeof content === "string") group.create_dataset({ name, data: content })
    else if (isVolume(content)) {
      const shape = [...new Array<number>(leading).fill(1), ...content.shape.toReversed()]
      group.create_dataset({
        name,
        data: content.values,
        shape,
        ...(chunks === undefined ? {} : { chunks: [...new Array<number>(leading).fill(1), ...chunks] }),
        ...(packed ? { compression: 4 } : {}),
      })
    } else {
      const { data, shape } = content
      group.create_dataset({ name, data, ...(shape === undefined ? {} : { shape: [...shape] }) })
    }
  }
  file.close()
  const bytes = new Uint8Array(readFileSync(path))
  rmSync(path)
  return bytes
}
