import { type Drawing, svgDocument } from "../drawing.ts"
import { pageWidth } from "../figures.ts"
import { readableDate } from "../number.ts"
import { pageHead } from "../page-head.ts"
import { base64 } from "../raster.ts"
import { type FontFace, fontFaceRules, hoverScript } from "../style.ts"
import { counted, escaped, literal, markupToHtml, markupToPlain } from "../text.ts"
import {
  angleFigures,
  attributeFigures,
  couplingFigures,
  depthFigures,
  estimatorFigures,
  neighbourFigures,
  type ParticleFigure,
  planeFigures,
  severeFigures,
  subvolumeFigures,
} from "./figures.ts"
import { assertParticleReportInput, type ParticleReportInput } from "./input.ts"
import { pngOf, poster } from "./poster.ts"
import { type Scene, sceneData, sceneOf } from "./scene.ts"
import { sceneScript } from "./scene-script.ts"
import { hasDamage, isPlane, particleKeys, particleSentences, severeSentence } from "./summary.ts"
import { damageTable, distributionTable, missingList, subvolumeTable, workTable } from "./tables.ts"

/** The report of a particle table with its picture in space as a file of its own. */
export interface ParticleReport {
  readonly page: string
  /** PNG; absent where no particle has an outline */
  readonly picture?: Uint8Array
}

/** Height of the view in space over its width */
const stage = { width: pageWidth, height: 700 } as const

const sceneStyle = `
.stage{position:relative;aspect-ratio:${stage.width}/${stage.height};border:1px solid var(--line);border-radius:4px;overflow:hidden;background:#fff}
.stage img{position:absolute;width:100%;height:100%}.stage canvas{display:none;position:absolute;width:100%;height:100%;cursor:grab;touch-action:none;outline-offset:-2px}
.live .stage img{display:none}.live .stage canvas{display:block}.stage span{display:none;position:absolute;transform:translate(-50%,-50%);font-size:13px;color:var(--soft);pointer-events:none;text-shadow:0 0 3px #fff,0 0 3px #fff,0 0 3px #fff}
.live .stage span{display:block}.tools{display:none;flex-wrap:wrap;gap:10px 22px;align-items:center;margin:12px 0;font-size:14.5px}.live .tools{display:flex}
.tools select,.tools button{font:inherit;padding:4px 8px;border:1px solid var(--line);border-radius:5px;background:#fff;color:var(--ink)}.tools input[type=range]{width:170px;accent-color:var(--accent)}
.tools output{flex:1 1 260px;text-align:right;color:var(--soft);font-variant-numeric:tabular-nums}
.scale{display:inline-flex;gap:8px;align-items:center;font-variant-numeric:tabular-nums}.scale i{display:inline-block;width:150px;height:12px;border-radius:2px}.scale b{font-weight:400;color:var(--soft)}
.planes:has(input:not(:checked)) .overlay{display:none}.planes label{font-size:14.5px;cursor:pointer}
@media print{.tools,.planes label{display:none!important}.live .stage img{display:block}.live .stage canvas,.live .stage span{display:none}}
`.trim()

/** The report as one HTML document that needs nothing else, and the picture of the particles. */
export const renderParticles = (
  input: ParticleReportInput,
  options: { readonly fonts?: readonly FontFace[] } = {},
): ParticleReport => {
  assertParticleReportInput(input)
  const scene = sceneOf(input)
  const picture = scene === undefined ? undefined : pngOf(poster(scene, stage.width, stage.height))
  const page = pageOf(input, scene, picture, fontFaceRules(options.fonts ?? []))
  return picture === undefined ? { page } : { page, picture }
}

const pageOf = (
  input: ParticleReportInput,
  scene: Scene | undefined,
  picture: Uint8Array | undefined,
  faces: string,
): string => {
  const { title, programVersion, started, warnings } = input
  const space = scene === undefined || picture === undefined ? "" : spaceSection(scene, picture)
  return `${pageHead({ title: `${title} · particles`, programVersion, fontRules: faces, style: sceneStyle, hasScripts: true })}
<body>
<header>
<p class="kicker">Particles and their attributes</p>
<h1>${escaped(title)}</h1>
<p class="facts">${started === "" ? "" : `measured ${escaped(readableDate(started))} · `}synchrode ${escaped(programVersion)}</p>
</header>
<main>
<section class="summary"><p>${particleSentences(input).map(markupToHtml).join(" ")}</p></section>
${keyList(input)}
${warnings
  .map(
    ({ severity, message }) =>
      `<p class="notice ${severity}"><b>${severity === "note" ? "Note" : severity === "warning" ? "Warning" : "Error"}</b>${escaped(message)}</p>`,
  )
  .join("")}
${planesSection(input)}
${space}
${section("Attributes", `Of whole particles; columns, units and definitions are those of particles.csv.`, gridOf(attributeFigures(input)) + distributionTable(input) + missingList(input))}
${damageSection(input)}
${section("Over depth", `Means in layers of depth *Z*, from the current collector towards the separator, with the ${Math.round(100 * input.population.settings.confidence)} % confidence interval of each mean.`, gridOf(depthFigures(input)))}
${section("Gradients of the phase map", "*u* is the sum of the gradients of the phase map towards the six neighbours of a voxel, *v* the way to the particle’s centre. Angles near 90° belong to a map that is layered along radii; near 0° it rises towards the centre, near 180° towards the surface.", gridOf(angleFigures(input)))}
${section("Neighbours", "", gridOf(neighbourFigures(input)))}
${subvolumeSection(input)}
${estimatorSection(input)}
${section("How it was made", literal(input.method), workTable(input))}
</main>
<footer>Made by synchrode ${escaped(programVersion)}. All pictures are drawn from the numbers of this run. Attributes after J. Li et al., Science 376, 517–521 (2022), doi:10.1126/science.abm8962, table S1.</footer>
<script>${hoverScript}</script>
${space === "" ? "" : `<script>${sceneScript}</script>`}
</body>
</html>
`
}

/** A part of the page; `words` is mark-up. */
const section = (heading: string, words: string, body: string): string =>
  body === ""
    ? ""
    : `<section><h2>${heading}</h2>${words === "" ? "" : `<p>${markupToHtml(words)}</p>`}${body}</section>`

const keyList = (input: ParticleReportInput): string =>
  `<dl class="keys">${particleKeys(input)
    .map(
      ({ title, value, note }) =>
        `<div><dt>${markupToHtml(title)}</dt><dd>${markupToHtml(value)}<small>${markupToHtml(note)}</small></dd></div>`,
    )
    .join("")}</dl>`

/** Data that a script reads; text in it can never end the element. */
const jsonElement = (id: string, data: unknown): string =>
  `<script type="application/json" id="${escaped(id)}">${JSON.stringify(data).replace(/</g, "\\u003c")}</script>`

const pictureOf = (name: string, drawing: Drawing, title: string, caption: string, style: string): string => {
  const isReadable = drawing.plots.some(({ curves }) => curves.length > 0)
  const id = `hover-${name}`
  return (
    `<figure id="figure-${escaped(name)}"${isReadable ? ` data-hover="${escaped(id)}"` : ""} style="${style}">` +
    svgDocument(drawing, title) +
    (caption === "" ? "" : `<figcaption>${markupToHtml(caption)}</figcaption>`) +
    (isReadable ? jsonElement(id, drawing.plots) : "") +
    "</figure>"
  )
}

const gridOf = (figures: readonly ParticleFigure[]): string =>
  figures.length === 0
    ? ""
    : `<div class="grid">${figures
        .map(({ name, title, caption, drawing }) =>
          pictureOf(name, drawing, markupToPlain(title), caption, `--width:${Math.ceil(drawing.width)}`),
        )
        .join("")}</div>`

/** Figures side by side, however wide the page; a single one keeps its size. */
const rowOf = (figures: readonly ParticleFigure[]): string =>
  figures.length === 1
    ? gridOf(figures)
    : `<div class="row">${figures
        .map(({ name, title, caption, drawing }) =>
          pictureOf(name, drawing, markupToPlain(title), caption, `--share:${Math.round(drawing.width)}`),
        )
        .join("")}</div>`

const planesSection = (input: ParticleReportInput): string => {
  const figures = planeFigures(input)
  if (figures.length === 0) return ""
  const colours = input.planes.some(({ cracks }) => cracks !== undefined)
    ? "Cracks and inner voids are red; other colours tell neighbouring particles apart and mean nothing else."
    : "Colours tell neighbouring particles apart and mean nothing else."
  const words = isPlane(input)
    ? colours
    : `Three planes of the volume; dashed lines mark where the others cut. ${colours}`
  return section(
    "The particles in the image",
    words,
    `<div class="planes"><label><input type="checkbox" checked> labels over the image</label>${rowOf(figures)}</div>`,
  )
}

/** Ends of the axes about the middle of the box, in half edges. */
const axisMarks: readonly (readonly [string, string])[] = [
  ["x", "1.08,-1,-1"],
  ["y", "-1,1.08,-1"],
  ["z", "-1,-1,1.1"],
]

const cuts: readonly (readonly [string, string])[] = [
  ["", "nothing"],
  ["x+", "from high x"],
  ["x-", "from low x"],
  ["y+", "from high y"],
  ["y-", "from low y"],
  ["z+", "from high z"],
  ["z-", "from low z"],
]

const spaceSection = (scene: Scene, picture: Uint8Array): string => {
  const { attributes, first, outlines, left } = scene
  const shown = attributes[first]
  const marks = axisMarks.map(([name, at]) => `<span data-at="${at}"><i>${name}</i></span>`).join("")
  const words =
    `Every particle as it reaches out from its centre in ${10 * 4 ** outlines.divisions + 2} directions` +
    `${left > 0 ? `; ${counted(left, "small particle")} left out` : ""}. The box is the field of view.`
  return section(
    "The particles in space",
    words,
    `<figure id="figure-scene"><div class="tools">` +
      `<label>Coloured by <select name="attribute"></select></label>` +
      `<span class="scale"><b></b><i></i><b></b></span>` +
      `<label>Cut away <select name="side">${cuts.map(([value, text]) => `<option value="${value}">${text}</option>`).join("")}</select></label>` +
      `<input type="range" min="0" max="1000" value="500" disabled aria-label="How much is cut away">` +
      `<button type="button">Reset</button><output></output></div>` +
      `<div class="stage"><img alt="The particles${shown === undefined ? "" : `, coloured by ${escaped(shown.name)}`}" src="data:image/png;base64,${base64(picture)}"><canvas tabindex="0" aria-label="The particles; arrow keys turn them, plus and minus change the distance"></canvas>${marks}</div>` +
      `<figcaption>${shown === undefined ? "" : `At first coloured by ${escaped(shown.name)}, from its first to its last hundredth. `}Drag to turn; click, then use the wheel to come nearer; point at a particle to read its number and value.</figcaption>` +
      `${jsonElement("scene-data", sceneData(scene))}</figure>`,
  )
}

const damageSection = (input: ParticleReportInput): string => {
  const { severe } = input.population
  if (!hasDamage(input)) return ""
  return section(
    "Damage",
    `Where one class ends and the next begins is a choice of this program; the published classes have pictures but no numbers. ${severeSentence(severe)}`,
    damageTable(input) + gridOf(severeFigures(input)),
  )
}

const subvolumeSection = (input: ParticleReportInput): string =>
  section(
    "Does a part speak for the whole?",
    "The volume is cut into equal parts and each is held against the whole: the mean of an attribute, the number of particles per volume, and the largest distance of the distribution functions. A distance that is not above that of as many particles drawn blindly from the whole is due to their number alone.",
    subvolumeTable(input) + gridOf(subvolumeFigures(input)),
  )

const estimatorSection = (input: ParticleReportInput): string =>
  section(
    "Two estimators",
    "Geometric: as the table of attributes defines them, on smooth surfaces. Published: as the authors' code counts them in voxels, for comparison with their scores.",
    gridOf(estimatorFigures(input)) + gridOf(couplingFigures(input)),
  )
