import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import type { FontFace } from "../report/style.ts"

const faces = [
  { file: "source-sans-3-latin-wght-normal.woff2", style: "normal" },
  { file: "source-sans-3-latin-wght-italic.woff2", style: "italic" },
  { file: "source-sans-3-greek-wght-normal.woff2", style: "normal", unicodeRange: "U+0370-03FF" },
] as const

/** The report's typeface, embedded so that a page looks the same anywhere; none where the package is not installed. */
export const reportFonts: Effect.Effect<readonly FontFace[]> = Effect.forEach(faces, ({ file, style, ...face }) =>
  Effect.promise(async () => {
    const location = fileURLToPath(import.meta.resolve(`@fontsource-variable/source-sans-3/files/${file}`))
    const bytes = await readFile(location)
    return {
      family: "Source Sans 3",
      weight: "200 900",
      style,
      unicodeRange: "unicodeRange" in face ? face.unicodeRange : "",
      dataUrl: `data:font/woff2;base64,${bytes.toString("base64")}`,
    }
  }),
).pipe(Effect.catchCause(() => Effect.succeed([])))
