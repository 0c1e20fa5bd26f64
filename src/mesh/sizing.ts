/** Wanted edge length at a point [m]. */
export type SizeFunction = (x: number, y: number) => number

export interface SizeSources {
  /** [source, 2] [m] */
  readonly position: Float64Array
  /** [source] wanted length there, > 0 [m] */
  readonly length: Float64Array
}

export interface Extent {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
}

const cellLimit = 4_000_000

/**
 * Smallest length that some source allows, h(x) = min(maximum, min_k(length_k + growth |x − x_k|)).
 *
 * Every node of a background grid knows its best source (found by sweeps over the eight neighbours); between
 * nodes the best of the four corners' sources counts, so that h has a slope of at most `growth` almost everywhere.
 * @param spacing  of the background grid [m]; coarsened if the grid would pass four million nodes
 * @source P.-E. Danielsson, Computer Graphics and Image Processing 14 (1980) 227–248 (distance by sweeps);
 *   P.-O. Persson, Engineering with Computers 22 (2006) 95–109 (gradient-limited size functions)
 */
export const sizeFunction = (
  sources: SizeSources,
  extent: Extent,
  growth: number,
  maximum: number,
  spacing: number,
): SizeFunction => {
  const { position, length } = sources
  const spanX = extent.x1 - extent.x0
  const spanY = extent.y1 - extent.y0
  const step = Math.max(spacing, Math.sqrt((spanX * spanY) / cellLimit))
  const nx = Math.max(2, Math.ceil(spanX / step) + 1)
  const ny = Math.max(2, Math.ceil(spanY / step) + 1)
  const dx = spanX / (nx - 1)
  const dy = spanY / (ny - 1)
  const best = new Int32Array(nx * ny).fill(-1)
  /** [node] what its best source allows there */
  const least = new Float64Array(nx * ny).fill(Number.POSITIVE_INFINITY)

  const allowed = (source: number, x: number, y: number): number => {
    const dx = x - position[2 * source]
    const dy = y - position[2 * source + 1]
    return length[source] + growth * Math.sqrt(dx * dx + dy * dy)
  }
  const offer = (node: number, i: number, j: number, source: number): void => {
    if (source < 0 || source === best[node]) return
    const size = allowed(source, extent.x0 + i * dx, extent.y0 + j * dy)
    if (best[node] >= 0 && size >= least[node]) return
    best[node] = source
    least[node] = size
  }
  const column = (x: number): number => Math.min(nx - 2, Math.max(0, Math.floor((x - extent.x0) / dx)))
  const row = (y: number): number => Math.min(ny - 2, Math.max(0, Math.floor((y - extent.y0) / dy)))

  for (let k = 0; k < length.length; k++) {
    const i = column(position[2 * k])
    const j = row(position[2 * k + 1])
    for (let b = 0; b < 2; b++) for (let a = 0; a < 2; a++) offer((j + b) * nx + i + a, i + a, j + b, k)
  }
  for (let round = 0; round < 2; round++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const node = j * nx + i
        if (j > 0) {
          offer(node, i, j, best[node - nx])
          if (i > 0) offer(node, i, j, best[node - nx - 1])
          if (i < nx - 1) offer(node, i, j, best[node - nx + 1])
        }
        if (i > 0) offer(node, i, j, best[node - 1])
      }
      for (let i = nx - 2; i >= 0; i--) offer(j * nx + i, i, j, best[j * nx + i + 1])
    }
    for (let j = ny - 1; j >= 0; j--) {
      for (let i = nx - 1; i >= 0; i--) {
        const node = j * nx + i
        if (j < ny - 1) {
          offer(node, i, j, best[node + nx])
          if (i < nx - 1) offer(node, i, j, best[node + nx + 1])
          if (i > 0) offer(node, i, j, best[node + nx - 1])
        }
        if (i < nx - 1) offer(node, i, j, best[node + 1])
      }
      for (let i = 1; i < nx; i++) offer(j * nx + i, i, j, best[j * nx + i - 1])
    }
  }

  return (x, y) => {
    const node = row(y) * nx + column(x)
    let size = maximum
    for (let corner = 0; corner < 4; corner++) {
      const source = best[node + (corner & 1) + (corner >> 1) * nx]
      if (source >= 0) size = Math.min(size, allowed(source, x, y))
    }
    return size
  }
}
