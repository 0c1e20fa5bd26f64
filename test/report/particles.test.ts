import { decode } from "fast-png"
import { describe, expect, it } from "vitest"
import { icosphere } from "../../src/image/icosphere.ts"
import { firstCamera, projected, turned } from "../../src/report/particles/camera.ts"
import type { ParticleReportInput } from "../../src/report/particles/input.ts"
import { renderParticles } from "../../src/report/particles/page.ts"
import { planeDrawing, planeHues } from "../../src/report/particles/planes.ts"
import { poster } from "../../src/report/particles/poster.ts"
import { sceneOf } from "../../src/report/particles/scene.ts"
import { particleKeys, particleSentences } from "../../src/report/particles/summary.ts"
import { markupToPlain } from "../../src/report/text.ts"
import { fakeParticles } from "./fake-particles.ts"

const input = fakeParticles(160)
const { page, picture } = renderParticles(input)
const words = (of: ParticleReportInput) => particleSentences(of).map(markupToPlain).join(" ")

describe("the page", () => {
  it("is one whole document without requests, and names from files stay text", () => {
    expect(page.startsWith("<!doctype html>")).toBe(true)
    expect(page.includes("default-src 'none'")).toBe(true)
    expect(page.match(/(?:src|href)="(?!data:|#)/)).toBeNull()
    for (const text of ["balls &lt;1&gt;.tif", "&lt;ContactCB&gt; is empty"])
      expect(page.includes(text), text).toBe(true)
    expect(page.includes("<1>")).toBe(false)
    const shown = page.replaceAll(/<script>[\s\S]*?<\/script>/g, "")
    expect(shown.match(/\b(?:NaN|undefined|Infinity)\b/)).toBeNull()
  })

  it("has every part that the data hold", () => {
    const headings = [...page.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, text]) => text)
    expect(headings).toEqual([
      "The particles in the image",
      "The particles in space",
      "Attributes",
      "Damage",
      "Over depth",
      "Gradients of the phase map",
      "Neighbours",
      "Two estimators",
      "How it was made",
    ])
    for (const name of [
      "histogram-Damage",
      "damage-volume",
      "depth-Damage",
      "severe-nearest",
      "gradient-angles",
      "coupling-Sphericity",
    ]) {
      expect(page.includes(`id="figure-${name}"`), name).toBe(true)
    }
  })

  it("leaves out what is not known", () => {
    const bare: ParticleReportInput = {
      ...input,
      published: null,
      outlines: null,
      coordination: null,
      angles: null,
      planes: [],
      table: { ...input.table, columns: input.table.columns.filter(({ name }) => name !== "Damage") },
      population: { ...input.population, damage: null, severe: { kind: "unknown damage" }, depth: [] },
    }
    const made = renderParticles(bare)
    expect(made.picture).toBeUndefined()
    const headings = [...made.page.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, text]) => text)
    expect(headings).toEqual(["Attributes", "Neighbours", "How it was made"])
  })

  it("refuses pictures without their pixels and columns without their rows", () => {
    const [plane] = input.planes
    expect(() => renderParticles({ ...input, planes: [{ ...plane, gray: new Uint8Array(3) }] })).toThrow("gray of xy")
    expect(() => renderParticles({ ...input, coordination: new Int32Array(2) })).toThrow("coordination")
  })
})

describe("its words", () => {
  it("say what was found, and of how many", () => {
    const { particleCount, wholeCount } = input.population
    expect(words(input)).toContain(
      `100 × 100 × 100 voxels of 500 nm, 50.0 × 50.0 × 50.0 µm) ${particleCount} particles were found; the border cuts ${particleCount - wholeCount} of them`,
    )
    expect(words(input)).toContain("42 % particles and 58 % void")
    expect(words(input)).toContain("Damage rises towards the separator")
    expect(words(input)).toContain("they lie together")
    expect(particleKeys(input).map(({ title }) => title)).toContain("Touching neighbours")
  })

  it("do not speak of damage where there is none", () => {
    const unharmed = input.table.columns.map((column) =>
      column.name === "Damage" ? { ...column, values: column.values.map(() => 0) } : column,
    )
    expect(words({ ...input, table: { ...input.table, columns: unharmed } })).not.toMatch(/damage/i)
  })
})

describe("the planes", () => {
  it("show cracks in a colour of their own, inside particles", () => {
    const [plane] = input.planes
    const cracks = plane.labels.map((label, at) => (label % 2 === 1 && at % 5 === 0 ? 1 : 0))
    const outside = plane.labels.indexOf(0)
    const shown = { ...plane, cracks: Uint8Array.from(cracks) }
    shown.cracks[outside] = 1
    const { body } = planeDrawing(shown, [], 300)
    const [, url] = /class="overlay"[^>]*href="data:image\/png;base64,([^"]*)"/.exec(body) ?? []
    const { data, palette } = decode(Buffer.from(url, "base64"))
    const crack = (palette?.length ?? 0) - 1
    expect(Int32Array.from(data, (index) => (index === crack ? 1 : 0))).toEqual(cracks)
    expect(renderParticles({ ...input, planes: [shown] }).page).toContain("Cracks and inner voids are red")
    expect(renderParticles(input).page).not.toContain("Cracks and inner voids are red")
  })

  it("give neighbours different hues", () => {
    for (const plane of input.planes) {
      const hues = planeHues(plane)
      const { width, height, labels } = plane
      for (let y = 0; y < height; y++)
        for (let x = 0; x + 1 < width; x++) {
          const [a, b] = [labels[x + width * y], labels[x + 1 + width * y]]
          if (a > 0 && b > 0 && a !== b) expect(hues.get(a)).not.toBe(hues.get(b))
        }
    }
  })

  it("lie as clear labels over the gray picture", () => {
    const urls = [...page.matchAll(/<image class="(gray|overlay)"[^>]*href="data:image\/png;base64,([^"]*)"/g)]
    expect(urls.map(([, kind]) => kind)).toEqual(["gray", "overlay", "gray", "overlay", "gray", "overlay"])
    const [gray, overlay] = urls.map(([, , data]) => decode(Buffer.from(data, "base64")))
    expect([...gray.data]).toEqual([...input.planes[0].gray])
    const clear = [...overlay.data].map((index) => overlay.palette?.[index].at(3) ?? 255)
    input.planes[0].labels.forEach((label, pixel) => {
      if (label === 0) expect(clear[pixel]).toBe(0)
      else expect(clear[pixel]).toBeGreaterThan(0)
    })
    expect(new Set(clear).size).toBe(3)
  })
})

describe("the scene", () => {
  const scene = sceneOf(input)
  if (scene === undefined) throw new Error("no scene")

  it("turns points as a rigid body, and projects what is nearer larger", () => {
    const camera = firstCamera(scene.box)
    const [a, b] = [turned(camera, 3, -2, 5), turned(camera, -1, 4, 2)]
    expect(Math.hypot(...a)).toBeCloseTo(Math.hypot(3, -2, 5), 12)
    expect(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]).toBeCloseTo(3 * -1 - 2 * 4 + 5 * 2, 12)
    const [left, , near] = projected(camera, [1, 0, 10], 400, 400)
    const [right, , far] = projected(camera, [1, 0, -10], 400, 400)
    expect(near).toBeLessThan(far)
    expect(left - 200).toBeGreaterThan(right - 200)
    // z points up.
    expect(projected(camera, turned(camera, 0, 0, 1), 400, 400)[1]).toBeLessThan(200)
  })

  it("shows first what varies, between its outermost hundredths", () => {
    const { attributes, first } = scene
    expect(attributes[first].name).toBe("Damage")
    expect(attributes.map(({ name }) => name)).not.toContain("RoughInner")
    for (const { low, high, values } of attributes) {
      expect(high).toBeGreaterThan(low)
      expect(values.filter((value) => value < low || value > high).length).toBeLessThanOrEqual(0.03 * values.length + 2)
    }
  })

  it("paints a ball where it is, in its colour, lit from above and in front of what lies behind", () => {
    const { vertices } = icosphere(2)
    const count = vertices.length / 3
    const two = (order: readonly [number, number]) =>
      poster(
        {
          ...scene,
          box: [20, 20, 20],
          camera: { ...firstCamera([20, 20, 20]), yaw: 0, pitch: 0 },
          outlines: {
            divisions: 2,
            particle: Int32Array.of(0, 1),
            // In the middle of the box, one behind the other: the reader looks along +y.
            centre: Float32Array.from(order.flatMap((y) => [10e-6, y, 10e-6])),
            reach: new Float32Array(2 * count).fill(4e-6),
          },
          attributes: [{ ...scene.attributes[scene.first], values: Float32Array.of(0, 1), low: 0, high: 1 }],
          first: 0,
        },
        200,
        120,
      )
    const pixel = (picture: ReturnType<typeof two>, x: number, y: number) => [
      ...picture.pixels.subarray(3 * (x + 200 * y), 3 * (x + 200 * y) + 3),
    ]
    const palest = two([4e-6, 16e-6])
    const darkest = two([16e-6, 4e-6])
    // The first of ember's colours is pale yellow, the last dark red: the nearer ball hides the other.
    expect(pixel(palest, 100, 60)[1]).toBeGreaterThan(100)
    expect(pixel(darkest, 100, 60)[1]).toBeLessThan(20)
    expect(pixel(palest, 100, 50)[0]).toBeGreaterThan(pixel(palest, 100, 70)[0])
    expect(pixel(palest, 20, 60)).toEqual([255, 255, 255])
  })

  it("is written as a picture of its own", () => {
    const decoded = decode(picture ?? new Uint8Array())
    expect([decoded.width, decoded.height, decoded.channels]).toEqual([1152, 700, 3])
  })
})
