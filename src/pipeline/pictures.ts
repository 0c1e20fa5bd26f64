import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { makeFolder } from "../formats/make-folder.ts"
import { unwrappedFont } from "../formats/woff.ts"
import { type Drawing, svgDocument } from "../report/drawing.ts"
import { markupToPlain } from "../report/text.ts"
import { writeDerived } from "../store/atomic.ts"
import { type RunUnwritable, unwritable } from "../store/errors.ts"

/** A picture by the name of its files. */
export interface NamedDrawing {
  readonly name: string
  /** What screen readers say, as mark-up */
  readonly title: string
  readonly drawing: Drawing
}

const faces = ["latin", "greek"].flatMap((script) =>
  ["400-normal", "400-italic", "700-normal"].map((face) => `source-sans-3-${script}-${face}.woff`),
)

/** The report's typeface as files in a folder of their own; none where the package is not installed. */
const fontFiles = (folder: string): readonly string[] => {
  try {
    return faces.map((face) => {
      const woff = readFileSync(fileURLToPath(import.meta.resolve(`@fontsource/source-sans-3/files/${face}`)))
      const file = join(folder, face.replace(/woff$/, "ttf"))
      writeFileSync(file, unwrappedFont(woff))
      return file
    })
  } catch {
    return []
  }
}

/** Pixels of a PNG along one of the drawing. */
const pixelRatio = 2

/** Draws SVG documents as PNG; the typeface is the report's on any machine. */
const withRaster = <A, E>(use: (png: (svg: string) => Uint8Array) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.acquireUseRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "synchrode-fonts-"))),
    (folder) => {
      const { Resvg } = createRequire(import.meta.url)("@resvg/resvg-js") as typeof import("@resvg/resvg-js")
      const files = fontFiles(folder)
      const font =
        files.length === 0
          ? { loadSystemFonts: true }
          : { loadSystemFonts: false, fontFiles: [...files], defaultFontFamily: "Source Sans 3" }
      return use((svg) => new Resvg(svg, { fitTo: { mode: "zoom", value: pixelRatio }, font }).render().asPng())
    },
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true })),
  )

/** Makes a folder, or removes the pictures that others have left in it. */
const clearedFolder = (folder: string): Effect.Effect<void, RunUnwritable> =>
  Effect.try({
    try: () => {
      makeFolder(folder)
      for (const name of readdirSync(folder)) if (/\.(svg|png)$/.test(name)) rmSync(join(folder, name))
    },
    catch: (cause) => unwritable(folder, cause),
  })

/** Writes each picture as NAME.svg and NAME.png into a folder, where no others stay. */
export const writePictures = Effect.fn("writePictures")(function* (
  folder: string,
  drawings: readonly NamedDrawing[],
): Effect.fn.Return<void, RunUnwritable> {
  yield* clearedFolder(folder)
  yield* withRaster((png) =>
    Effect.forEach(
      drawings,
      Effect.fnUntraced(function* ({ name, title, drawing }) {
        const svg = svgDocument(drawing, markupToPlain(title))
        yield* writeDerived(join(folder, `${name}.svg`), svg)
        yield* writeDerived(join(folder, `${name}.png`), png(svg))
      }),
      { discard: true },
    ),
  )
})
