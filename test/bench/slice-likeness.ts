/**
 * Fits the generator of slices to a tomogram's slice and shows both side by side:
 *
 *     node test/bench/slice-likeness.ts SLICE.tif 70e-9 runs/likeness [rounds]
 *
 * Both are segmented and read in the same way. Each round moves the settings by what the reading of a slice made with them
 * misses; with none, those of `likeHolotomography` are shown as they are. Prints readings and settings; writes
 * likeness.svg and likeness.png: the images, gray values, power spectra, profiles across outlines, sizes and crack shares.
 */
import { Effect } from "effect"
import { encode } from "fast-png"
import { openVolume } from "../../src/formats/open-volume.ts"
import { wholeOf } from "../../src/image/brick.ts"
import { fittedSlice, nearerSettings } from "../../src/image/phantom-slice/fit.ts"
import { likeHolotomography, type SliceSettings } from "../../src/image/phantom-slice/settings.ts"
import { likeSlice } from "../../src/image/phantom-slice/slice.ts"
import { ringPower } from "../../src/image/phantom-slice/spectrum.ts"
import { profileReach, type SliceStatistics, sliceStatistics } from "../../src/image/phantom-slice/statistics.ts"
import { isSegmentProblem, segmentSlice } from "../../src/image/segment.ts"
import { defaultSegmentSettings } from "../../src/image/settings.ts"
import { planeGrid, type Volume } from "../../src/image/volume.ts"
import { writePictures } from "../../src/pipeline/pictures.ts"
import { axisOver } from "../../src/report/axis.ts"
import { chartDrawing } from "../../src/report/chart.ts"
import { ink } from "../../src/report/colour.ts"
import { composed, type Drawing, label } from "../../src/report/drawing.ts"
import { base64 } from "../../src/report/raster.ts"

const [file, voxel = "70e-9", out = "runs/likeness", rounds = "0", seed = "3"] = process.argv.slice(2)
const pixel = Number(voxel)

const openSlice = Effect.gen(function* () {
  const source = yield* openVolume(file, { voxelSize: pixel })
  const [width, height] = source.shape
  const values = yield* source.read(wholeOf(source))
  const gray: Volume = {
    ...planeGrid(width, height, pixel),
    values: Float32Array.from(values).slice(0, width * height),
  }
  return gray
})

const read = (gray: Volume): SliceStatistics => {
  const found = segmentSlice(gray, { ...defaultSegmentSettings, closings: [0.07e-6, 0.56e-6], openings: [0.35e-6] })
  if (isSegmentProblem(found)) throw new Error(JSON.stringify(found))
  return sliceStatistics(gray, found)
}

const shown = (what: unknown): string =>
  JSON.stringify(what, (_, value) => (typeof value === "number" ? Number(value.toPrecision(3)) : value))

const room = 1180
const gap = 16
const picture = (name: string, gray: Volume): Drawing => {
  const [width, height] = gray.shape
  const tall = (room * height) / width
  const data = Uint8Array.from(gray.values, (v) => Math.min(255, Math.max(0, v)))
  const url = `data:image/png;base64,${base64(encode({ width, height, data, channels: 1, depth: 8 }))}`
  const body = `<image width="${room}" height="${tall}" preserveAspectRatio="none" href="${url}"/>${label(8, 18, name, { halo: true, weight: 700 })}`
  return { width: room, height: tall, body, plots: [] }
}

const colours = [ink.discharge, ink.charge]
type Curve = readonly [x: Float64Array, y: Float64Array]
const chart = (heading: string, xTitle: string, yTitle: string, curves: readonly Curve[]): Drawing => {
  const columns = curves.map(([x]) => x)
  return chartDrawing({
    width: (room - gap) / 2,
    height: 270,
    heading,
    x: axisOver(xTitle, columns, { snug: true }),
    y: axisOver(
      yTitle,
      curves.map(([, y]) => y),
      { snug: true },
    ),
    names: "above",
    lines: curves.map(([x, y], k) => ({
      name: ["tomogram", "generated"][k % 2] + (curves.length > 2 ? (k < 2 ? ", along *x*" : ", along *y*") : ""),
      colour: colours[k % 2],
      dash: k < 2 ? "solid" : "dashed",
      x,
      y,
    })),
  })
}

/** Share of values below each. */
const ranks = (values: Float64Array, factor: number): Curve => {
  const sorted = values.map((v) => v * factor).sort()
  return [sorted, sorted.map((_, k) => (100 * (k + 0.5)) / sorted.length)]
}

const figure = (images: readonly Volume[], both: readonly SliceStatistics[]): Drawing => {
  const images2 = images.map((gray, k) => picture(["tomogram", "generated"][k], gray))
  const levels = Float64Array.from({ length: 256 }, (_, v) => v)
  const distance = Float64Array.from({ length: 2 * profileReach + 1 }, (_, k) => k - profileReach)
  const power = (key: "particlePower" | "matrixPower" | "bandPower"): readonly Curve[] => {
    const rings = both.map((one) => ringPower(one[key].power))
    return (["alongX", "alongY"] as const).flatMap((way) =>
      rings.map((ring): Curve => [ring.frequency, ring[way].map((v) => Math.log10(v))]),
    )
  }
  const powers = "lg power (gray value²)"
  const frequency = "frequency (1/pixel)"
  const charts = [
    chart(
      "Gray values",
      "gray value",
      "share (%)",
      both.map(({ histogram }): Curve => [levels, histogram.map((share) => 100 * share)]),
    ),
    chart(
      "Across outlines",
      "distance from the outline, particle on the left (pixel)",
      "mean gray value",
      both.map(({ profile }): Curve => [distance, profile]),
    ),
    chart("Noise in particles", frequency, powers, power("particlePower")),
    chart("Noise in the matrix", frequency, powers, power("matrixPower")),
    chart(
      "Sizes",
      "diameter (µm)",
      "particles below (%)",
      both.map(({ diameters }) => ranks(diameters, 1e6)),
    ),
    chart(
      "Cracks",
      "share of cracks (%)",
      "particles below (%)",
      both.map(({ crackShares }) => ranks(crackShares, 100)),
    ),
  ]
  const top = images2.reduce((sum, { height }) => sum + height + gap, 0)
  const parts = [
    ...images2.map((drawing, k) => ({ drawing, x: 0, y: k * (drawing.height + gap) })),
    ...charts.map((drawing, k) => ({
      drawing,
      x: (k % 2) * (drawing.width + gap),
      y: top + Math.floor(k / 2) * (drawing.height + gap),
    })),
  ]
  return composed(room, top + 3 * (charts[0].height + gap), parts)
}

const program = Effect.gen(function* () {
  const tomogram = yield* openSlice
  const [width, height] = tomogram.shape
  let settings: SliceSettings = { ...likeHolotomography(Number(seed), width, height), pixel }
  const real = read(tomogram)
  const wanted = fittedSlice(real, settings)
  console.log("read of the tomogram", shown(wanted))
  let made = likeSlice(settings).gray
  let like = read(made)
  for (let round = 0; round < Number(rounds); round++) {
    const fitted = { ...settings, noise: wanted.noise, lean: wanted.lean < 0.03 ? 0 : wanted.lean }
    settings = nearerSettings(fitted, wanted, fittedSlice(like, settings))
    made = likeSlice(settings).gray
    like = read(made)
  }
  console.log("read of the slice made", shown(fittedSlice(like, settings)))
  console.log("its settings", shown(settings))
  const overlap = real.histogram.reduce((sum, share, v) => sum + Math.min(share, like.histogram[v]), 0)
  console.log(`histograms overlap by ${(100 * overlap).toFixed(1)} %`)
  for (const key of ["particlePower", "matrixPower", "bandPower"] as const) {
    const [a, b] = [ringPower(real[key].power).all, ringPower(like[key].power).all]
    console.log(`${key}: made over tomogram by rings of 1/32`, shown(Array.from(a, (v, k) => b[k] / v)))
  }
  const drawing = figure([tomogram, made], [real, like])
  yield* writePictures(out, [{ name: "likeness", title: "A tomogram's slice and a generated one", drawing }])
})

await Effect.runPromise(Effect.scoped(program))
