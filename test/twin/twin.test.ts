import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect, Result, Schema } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { coverage, meshLayout } from "../../src/mesh/layout.ts"
import { isMeshProblem } from "../../src/mesh/problem.ts"
import { layoutOf, meshFault, resolutionOf } from "../../src/twin/layout.ts"
import { loadTwin, twinInvalid } from "../../src/twin/load.ts"
import { readSetting } from "../../src/twin/override.ts"
import { parameterRows } from "../../src/twin/provenance.ts"
import { segmentSettings } from "../../src/twin/tomogram.ts"
import { Twin } from "../../src/twin/twin.ts"

const shipped = fileURLToPath(new URL("../../twins/", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "twin-"))
afterAll(() => rmSync(folder, { recursive: true }))

const three = join(shipped, "li2022-three-particle.yaml")

const attempt = (file: string, ...sets: string[]) =>
  Effect.runPromise(
    Effect.result(Effect.flatMap(Effect.forEach(sets, readSetting), (settings) => loadTwin(file, settings))),
  )

const load = async (file: string, ...sets: string[]) => {
  const result = await attempt(file, ...sets)
  if (Result.isFailure(result)) throw new Error(JSON.stringify(result.failure))
  return result.success
}

const complaint = async (file: string, ...sets: string[]): Promise<string> => {
  const result = await attempt(file, ...sets)
  if (Result.isSuccess(result)) throw new Error("the twin was accepted")
  return ("message" in result.failure ? result.failure.message : JSON.stringify(result.failure))
    .replaceAll(folder, "")
    .replaceAll(shipped, "twins/")
}

const written = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const drawing = async (file: string, ...sets: string[]) => {
  const loaded = await load(file, ...sets)
  const { geometry, mesh } = loaded.twin
  if (geometry.kind !== "layout") throw new Error("no layout")
  const drawn = layoutOf(geometry)
  if ("faults" in drawn) throw new Error(JSON.stringify(drawn.faults))
  return { loaded, layout: drawn.layout, resolution: resolutionOf(mesh) }
}

describe("shipped twins", () => {
  const files = readdirSync(shipped).filter((file) => file.endsWith(".yaml"))

  it.each(files)("%s is accepted and names its schema", async (file) => {
    const { twin } = await load(join(shipped, file))
    expect(twin.name).toBe(file.replace(".yaml", ""))
    expect(readFileSync(join(shipped, file), "utf8")).toMatch(
      /^# yaml-language-server: \$schema=\.\/twin\.schema\.json\n/,
    )
  })

  it.each(files)("%s gives a source for every number of its materials", async (file) => {
    const { twin } = await load(join(shipped, file))
    const bare = parameterRows(twin.materials).filter(({ value, source }) => typeof value === "number" && !source)
    expect(bare.map(({ path }) => path)).toEqual([])
  })

  it("holds the parameters of the paper", async () => {
    const { parameters } = await load(three)
    const { active, matrices, cohesion, contactResistance, electrolyte } = parameters
    expect(active.diffusivity.value(0.4)).toBe(2e-14)
    expect(active).toMatchObject({ nominalCapacity: 720_000, elasticity: { young: 140e9, poisson: 0.3 } })
    expect(active.swelling.slope(30_000)).toBe(1.5e-6)
    expect(active.openCircuit.potential(0.5)).toBeCloseTo(3.972, 3)
    const exchange = new Float64Array(3)
    active.exchangeCurrent.evaluateInto(0.5, 1000, exchange)
    expect(exchange[0]).toBeCloseTo(3.4, 9)
    expect(matrices.high).toEqual({
      conductivity: 100,
      porosity: 0.5,
      bruggeman: 1.5,
      elasticity: { young: 2e9, poisson: 0.3 },
      initialGap: 0,
    })
    expect(matrices.low).toMatchObject({ conductivity: 2e-3, initialGap: 2e-10 })
    expect(cohesion).toEqual({
      stiffness: 3e18,
      strength: 3e8,
      fractureEnergy: 0.4,
      mixity: 1,
      delay: 20,
      processZone: 0.6e-6,
      fatigueLoss: 0.55,
      endurance: 0.65,
    })
    expect(contactResistance.resistance(1e-9, 0) / contactResistance.resistance(0, 0)).toBeCloseTo(Math.E, 9)
    expect(electrolyte.transference(1000)).toBe(0.38)
  })

  it.each([
    ["li2022-three-particle.yaml", [0.75, 0.5, 0.25]],
    ["li2022-five-particle.yaml", [0.8, 0.633, 0.5, 0.367, 0.2]],
  ])("%s: the cut covers the particles as published", async (file, shares) => {
    const { layout, resolution } = await drawing(join(shipped, file))
    const mesh = meshLayout(layout, resolution)
    if (isMeshProblem(mesh)) throw new Error(JSON.stringify(mesh))
    const covered = coverage(mesh, "high")
    for (const [particle, share] of shares.entries()) expect(Math.abs(covered[particle] - share)).toBeLessThan(0.01)
  })

  it("the cut of three particles leans so that 11 um rise the wanted offset", async () => {
    const { layout } = await drawing(three)
    expect(Math.abs(Math.sin(layout.cuts?.[0].angle ?? 0)) * 11e-6).toBeCloseTo(5e-6 * Math.cos(Math.PI / 4), 15)
  })
})

describe("twins", () => {
  it("decode and encode back to the same twin", async () => {
    const { twin } = await load(three)
    const encoded = Schema.encodeUnknownSync(Twin)(twin)
    const again = await Effect.runPromise(Schema.decodeUnknownEffect(Twin)(encoded))
    expect(again.geometry).toEqual(twin.geometry)
    expect(again.materials).toEqual(twin.materials)
  })

  it("take what they do not state from the file they extend", async () => {
    const file = written(
      "own.yaml",
      `extends: ${three}\nname: own\nmaterials: { active: { density: 5 g/cm^3, diffusivity: { law: oregan2022 } } }\ngeometry: { width: 12 um }\n`,
    )
    const { twin, parameters } = await load(file)
    expect(twin.name).toBe("own")
    expect(parameters.active.density).toBe(5000)
    expect(twin.materials.active.diffusivity.parameters).toEqual({})
    expect(twin.geometry).toMatchObject({ kind: "layout", width: { value: 1.2e-5 }, height: { value: 3.3e-5 } })
    expect(await complaint(written("loop.yaml", "extends: loop.yaml"))).toMatch(
      /loop.yaml:1:1: extends: expected a file that does not extend this one/,
    )
  })

  it("read curves beside them, in the units given", async () => {
    written("potential.csv", "# measured\nsto,mV\n0.2,4300\n0.6 3900\n0.9,3500\n")
    const curve = "{ law: table, potential: { kind: file, file: potential.csv, units: ['', mV] } }"
    const file = written("curve.yaml", `extends: ${three}\nmaterials: { active: { open-circuit: ${curve} } }\n`)
    const { parameters } = await load(file)
    expect(parameters.active.openCircuit.potential(0.6)).toBeCloseTo(3.9, 12)
    written("potential.csv", "0.2,4300\n0.2,3900\n")
    expect(await complaint(file)).toBe(
      "/curve.yaml:2:52: materials.active.open-circuit.potential: expected arguments that increase; found 0.2 after 0.2",
    )
  })

  it("list every value with its source; a value set on the command line says so", async () => {
    const { twin } = await load(
      three,
      "materials.active.density=5 g/cm^3",
      "materials.electrolyte.transport.law=nyman2008",
    )
    const rows = new Map(parameterRows(twin).map((row) => [row.path, row]))
    expect(rows.get("materials.active.density")).toEqual({
      path: "materials.active.density",
      value: 5000,
      unit: "kg/m^3",
      text: "5 g/cm^3",
      source: "set on the command line",
    })
    expect(rows.get("materials.electrolyte.transport.law")?.value).toBe("nyman2008")
    expect(rows.get("materials.electrolyte.transport.activation-energy")).toMatchObject({
      value: 17_000,
      source: "default of the law",
    })
    expect(rows.has("materials.electrolyte.transport.conductivity")).toBe(false)
    expect(rows.get("geometry.particles[0].radius")).toMatchObject({ value: 5e-6, unit: "m" })
  })

  it("give segmentation settings with the defaults of the method", async () => {
    const base = join(shipped, "holotomography-slice.yaml")
    const { twin } = await load(
      base,
      "geometry.segmentation={threshold: {kind: value, value: 120}, closings: [0 nm, 140 nm], matrix: {split: {kind: share, high: 60 %}}, band: {kind: rows, first: 10, end: 600}, separator-side: top}",
    )
    if (twin.geometry.kind !== "tomogram") throw new Error("no tomogram")
    expect(segmentSettings(twin.geometry.segmentation)).toMatchObject({
      threshold: { kind: "value", value: 120 },
      closings: [0, 1.4e-7],
      matrix: { split: { kind: "share", high: 0.6 }, length: 1e-6 },
      band: { kind: "rows", first: 10, end: 600 },
      separator: "top",
      denoise: { kind: "median", radius: 2 },
    })
  })
})

describe("what a network alone takes", () => {
  const packing = join(shipped, "packing.yaml")
  const sets = ["model.shells=20", "model.angular-modes=0", "model.negligible-fall=0.2 mV"]

  it("reaches its parameters, with cracks as the law's source has them unless told", async () => {
    const { parameters } = await load(packing, ...sets, "materials.active.cracking.initial-length=40 nm")
    expect(parameters).toMatchObject({ shells: 20, angularModes: 0, negligibleFall: 2e-4 })
    expect(parameters.cracking?.initialLength).toBeCloseTo(4e-8, 20)
    expect(parameters.cracking?.coefficient).toBeCloseTo(3.9e-20 / 3600, 30)
    expect((await load(three)).parameters).not.toHaveProperty("cracking")
  })

  it.each([...sets, "materials.active.cracking={law: paris}"])("%s is refused by a mesh", async (setting) => {
    const [path] = setting.split("=")
    expect(await complaint(three, setting)).toContain(`${path}: expected a network (model.space: network)`)
    await load(three, setting, "model.space=network")
  })
})

describe("messages about twins", () => {
  it("name a length of the mesh as the file does", async () => {
    const { loaded, layout, resolution } = await drawing(three, "mesh.maximum-length=0.1 um")
    const problem = meshLayout(layout, resolution)
    if (!isMeshProblem(problem)) throw new Error("meshed")
    expect(twinInvalid(loaded, meshFault(problem)).message).toBe(
      "--set mesh.maximum-length=0.1 um: mesh.maximum-length: expected at least mesh.interface-length; found 1e-7",
    )
  })

  it.each([
    [
      "materials.interface.cohesion.strength=85 mm",
      'expected a pressure (Pa), such as 140 GPa; found "85 mm", a length (m)',
    ],
    ["materials.active.elasticity.young=-140 GPa", 'expected a pressure above 0 Pa; found "-140 GPa"'],
    [
      "materials.electrolyte.transport.law=nymann",
      'expected one of "constant", "nyman2008", "landesfeind2019"; found "nymann" (did you mean "nyman2008"?)',
    ],
    ["model.particle-conduction=finite", 'expected one of "none", "equipotential"; found "finite"'],
    [
      "geometry.matrix=hihg",
      'expected the name of a matrix under materials.matrices: "high", "low"; found "hihg" (did you mean "high"?)',
    ],
    ["materials.active.charge-transfer.anodic=1.5", 'expected a plain number of at most 1; found "1.5"'],
  ])("%s", async (setting, expected) => {
    const [path] = setting.split("=")
    expect(await complaint(three, setting)).toBe(`--set ${setting}: ${path}: ${expected}`)
  })

  it("name file, line and column", async () => {
    const text = `extends: ${three}
name: wrong
materials:
  active:
    density: 4780 kg
    desnity: 1 kg/m^3
  interface:
    cohesion: { law: bilinaer }
geometry:
  particles:
    - { kind: circle, centre: [5.5 um], radius: 5 um }
    - { kind: square }
`
    expect(await complaint(written("wrong.yaml", text))).toMatchInlineSnapshot(`
      "/wrong.yaml:5:5: materials.active.density: expected a density (kg/m^3), such as 4780 kg/m^3; found "4780 kg", a mass (kg)
      /wrong.yaml:6:5: materials.active.desnity: expected one of the keys "maximum-concentration", "initial-stoichiometry", "density", "nominal-capacity", "stress-coupling", "diffusivity", "swelling", "elasticity", "open-circuit", "exchange-current", "charge-transfer", "cracking"; found the key "desnity" (did you mean "density"?)
      /wrong.yaml:8:17: materials.interface.cohesion.law: expected one of "bilinear"; found "bilinaer" (did you mean "bilinear"?)
      /wrong.yaml:11:23: geometry.particles[0].centre[1]: expected a value; found nothing (the list is too short)
      /wrong.yaml:12:9: geometry.particles[1].kind: expected one of "circle", "ellipse", "polygon"; found "square""
    `)
  })

  it("speak of numbers that make no law, of cuts that cannot be, of files that are missing", async () => {
    expect(await complaint(three, "materials.interface.cohesion.stiffness=1e12 Pa/m")).toMatch(
      /^twins\/materials\/nmc811-li2022.yaml:\d+:\d+: materials.interface.cohesion: expected numbers that make a "bilinear" law; found .*snaps back/,
    )
    expect(await complaint(three, "geometry.cuts[0].particles[1].particle=7")).toBe(
      "--set geometry.cuts[0].particles[1].particle=7: geometry.cuts[0].particles[1].particle: expected the number of a circle: 1, 2, 3; found 7",
    )
    expect(await complaint(join(folder, "gone.yaml"))).toBe("/gone.yaml: no such file")
    expect(await complaint(written("base.yaml", "extends: gone.yaml"))).toBe("/gone.yaml: no such file")
    expect(await complaint(written("list.yaml", "- 1"))).toBe(
      "/list.yaml:1:1: expected a mapping of keys to values; found [1]",
    )
  })

  it("name the two circles that overlap, where the second one stands", async () => {
    const { loaded, layout, resolution } = await drawing(
      three,
      "geometry.particles[1].centre=[5.5 um, 15 um]",
      "geometry.cuts=[]",
    )
    const problem = meshLayout(layout, resolution)
    if (!isMeshProblem(problem)) throw new Error("meshed")
    expect(twinInvalid(loaded, meshFault(problem)).message).toMatch(
      /geometry\.particles\[1\]: expected particles that do not overlap; found particles 1 and 2 overlap by 0\.5000 µm$/,
    )
  })
})
