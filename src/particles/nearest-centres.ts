import { assertLength } from "../array/assert.ts"

/**
 * [point] the nearest other points, nearest first, ties to the lower number; fewer where there are fewer others. A grid
 * of cells is searched in growing shells, so that time is linear in the number of points of even density.
 * @param places [point, 3] [m]
 */
export const nearestCentres = (places: Float64Array, wanted: number): readonly (readonly number[])[] => {
  const count = places.length / 3
  assertLength("places", places, 3 * Math.floor(count))
  if (count < 2) return Array.from({ length: count }, () => [])
  const low = [0, 1, 2].map((a) => places.reduce((least, v, i) => (i % 3 === a ? Math.min(least, v) : least), Infinity))
  const high = [0, 1, 2].map((a) => places.reduce((most, v, i) => (i % 3 === a ? Math.max(most, v) : most), -Infinity))
  const extent = Math.max(...high.map((value, a) => value - low[a]))
  // Some three points a cell, were they even; a plane or a line of points has fewer cells.
  const volume = high.reduce((product, value, a) => product * Math.max(value - low[a], extent / 1000), 1)
  const edge = extent > 0 ? Math.max(Math.cbrt((3 * volume) / count), extent / 200) : 1
  const cells = high.map((value, a) => Math.floor((value - low[a]) / edge) + 1)
  const cellOf = (p: number, a: number): number => Math.floor((places[3 * p + a] - low[a]) / edge)
  const members: number[][] = Array.from({ length: cells[0] * cells[1] * cells[2] }, () => [])
  for (let p = 0; p < count; p++) members[cellOf(p, 0) + cells[0] * (cellOf(p, 1) + cells[1] * cellOf(p, 2))].push(p)
  const squared = (p: number, q: number): number =>
    (places[3 * p] - places[3 * q]) ** 2 +
    (places[3 * p + 1] - places[3 * q + 1]) ** 2 +
    (places[3 * p + 2] - places[3 * q + 2]) ** 2
  const farthest = Math.max(...cells)
  return Array.from({ length: count }, (_, p) => {
    const [cx, cy, cz] = [cellOf(p, 0), cellOf(p, 1), cellOf(p, 2)]
    let found: { readonly point: number; readonly squared: number }[] = []
    for (let shell = 0; shell <= farthest; shell++) {
      for (let z = Math.max(0, cz - shell); z <= Math.min(cells[2] - 1, cz + shell); z++)
        for (let y = Math.max(0, cy - shell); y <= Math.min(cells[1] - 1, cy + shell); y++) {
          const side = Math.abs(z - cz) === shell || Math.abs(y - cy) === shell
          for (let x = cx - shell; x <= cx + shell; x += side || shell === 0 ? 1 : 2 * shell) {
            if (x < 0 || x >= cells[0]) continue
            for (const point of members[x + cells[0] * (y + cells[1] * z)])
              if (point !== p) found.push({ point, squared: squared(p, point) })
          }
        }
      found.sort((a, b) => a.squared - b.squared || a.point - b.point)
      found = found.slice(0, wanted)
      // Whatever lies in farther shells is at least this many edges away.
      if (found.length === wanted && found[wanted - 1].squared < (shell * edge) ** 2) break
    }
    return found.map(({ point }) => point)
  })
}
