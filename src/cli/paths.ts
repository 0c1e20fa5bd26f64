import { relative } from "node:path"

/** A path as it is shown: from the current folder where it lies below it. */
export const shown = (path: string): string => {
  const near = relative(process.cwd(), path)
  return near === "" ? "." : near.startsWith("..") ? path : near
}

/** Name of a twin's, a scenario's or a sweep's file without folder and ending. */
export const stem = (file: string): string => (file.split(/[\\/]/).at(-1) ?? file).replace(/\.(ya?ml|json)$/, "")
