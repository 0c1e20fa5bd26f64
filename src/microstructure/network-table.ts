import { nearestCentres } from "../particles/nearest-centres.ts"
import { neighbourAttributes, neighbourCount } from "../particles/neighbours.ts"
import type { ParticleTable, TableColumn } from "../particles/table.ts"
import type { ElectrodeNetwork } from "./electrode-network.ts"

/** Balls and circles have no long axis. */
const noDirection = ["Yaw", "Pitch", "Roll", "OrienIso"]
/** What only an image holds */
const noImage = ["SurfaceInner", "Damage", "RoughInner", "RoughOuter"]

/**
 * The attributes that a network alone gives of its particles, for generated packings and layouts: particles as balls
 * (circles in the plane) of their volumes. Names and definitions as of measured tables; the simulation adds its own.
 * Cost O(N log N).
 * @param density [particle] PDensity; unless given that of the whole, right for what a cube of 100 µm holds
 */
export const networkTable = (network: ElectrodeNetwork, density?: Float64Array): ParticleTable => {
  const { dimension, particles, patches, collectorArea, thickness } = network
  const { count, volume, centre } = particles
  const inPlane = dimension === 2
  const radius = volume.map((v) => (inPlane ? Math.sqrt(v / Math.PI) : Math.cbrt((3 * v) / (4 * Math.PI))))
  const sums = { area: new Float64Array(count), contact: new Float64Array(count), matrix: new Float64Array(count) }
  const [high, pore, coordination] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)]
  for (let i = 0; i < count; i++) {
    const touching = new Set<number>()
    for (let patch = patches.start[i]; patch < patches.start[i + 1]; patch++) {
      const area = patches.area[patch]
      sums.area[i] += area
      sums.contact[i] += area * patches.contactShare[patch]
      sums.matrix[i] += area * (patches.highShare[patch] + patches.lowShare[patch])
      high[i] += area * patches.highShare[patch]
      pore[i] += area * patches.poreShare[patch]
      if (patches.contactShare[patch] > 0 && patches.neighbour[patch] >= 0) touching.add(patches.neighbour[patch])
    }
    coordination[i] = touching.size
  }
  const share = (part: Float64Array): Float64Array => part.map((area, i) => area / sums.area[i])
  const nearest = nearestCentres(centre, neighbourCount)
  const centreDistance = (i: number, j: number): number =>
    Math.hypot(
      centre[3 * i] - centre[3 * j],
      centre[3 * i + 1] - centre[3 * j + 1],
      centre[3 * i + 2] - centre[3 * j + 2],
    )
  const round = new Float64Array(count).fill(1)
  const near = neighbourAttributes({
    nearest,
    centreDistance,
    surfaceDistance: (i, j) => Math.max(0, centreDistance(i, j) - radius[i] - radius[j]),
    volume,
    elongation: round,
    sphericity: round,
    alignment: () => Number.NaN,
  })
  const total = volume.reduce((sum, v) => sum + v, 0)
  const axis = (at: 0 | 1 | 2): Float64Array => Float64Array.from({ length: count }, (_, i) => centre[3 * i + at])
  const column = (name: string, unit: string, values: Float64Array): TableColumn => ({ name, unit, values })
  const ratio = inPlane ? 1 / (2 * Math.sqrt(Math.PI)) : Math.cbrt((4 * Math.PI) / 3) / Math.sqrt(4 * Math.PI)
  return {
    particleCount: count,
    columns: [
      column("Label", "", Float64Array.from(particles.label)),
      column("X", "m", axis(0)),
      ...(inPlane ? [] : [column("Y", "m", axis(1))]),
      column("Z", "m", axis(2)),
      column("SurfaceOuter", inPlane ? "m" : "m^2", sums.area),
      column("Volume", inPlane ? "m^2" : "m^3", volume.slice()),
      column("Elongation", "", round.slice()),
      column("Sphericity", "", round.slice()),
      column(
        "VSratio",
        "",
        round.map(() => ratio),
      ),
      column("Contact", "", share(sums.contact)),
      column("ContactCB", "", share(sums.matrix)),
      column("ContactVoid", "", share(pore)),
      column("Coverage", "", share(high)),
      column("Coordination", "", coordination),
      column("PDensity", "", density ?? new Float64Array(count).fill(total / (collectorArea * thickness))),
      column("SphericityStd", "", near.sphericityStd),
      column("DistNearest", "m", near.distNearest),
      column("DistNearestCentre", "m", near.distNearestCentre),
      column("ElongStd", "", near.elongStd),
      column("VolumeStd", inPlane ? "m^2" : "m^3", near.volumeStd),
    ],
    missing: [
      ...(inPlane ? [{ name: "Y", reason: "lies out of the plane" }] : []),
      ...noDirection.map((name) => ({ name, reason: "balls have no long axis" })),
      ...noImage.map((name) => ({ name, reason: "a network without an image has no cracks and no rough surfaces" })),
      ...["EDensity", "Homogeneity"].map((name) => ({ name, reason: "given by a simulation" })),
    ],
    cut: particles.cut.slice(),
  }
}
