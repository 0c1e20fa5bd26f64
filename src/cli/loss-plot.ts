import type { TrainingNews } from "../pipeline/segmenter/request.ts"

/** Columns and rows of the plot, without its axis [character] */
const columns = 60
const rows = 10

const dots = [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80]

/** Mean of the finite values that fall into each of some equal parts; NaN where there are none. */
const thinned = (points: readonly (readonly [number, number])[], most: number, parts: number): Float64Array => {
  const sum = new Float64Array(parts)
  const count = new Float64Array(parts)
  for (const [at, value] of points) {
    const part = Math.min(parts - 1, Math.floor((at / most) * parts))
    sum[part] += value
    count[part]++
  }
  return sum.map((total, part) => (count[part] > 0 ? total / count[part] : Number.NaN))
}

/**
 * Lines of a plot of losses over the steps so far, logarithmic upwards: the training's as dots, those of the held-out
 * slices as o.
 */
export const lossPlot = ({ losses, looks }: Pick<TrainingNews, "losses" | "looks">): readonly string[] => {
  if (losses.length === 0) return []
  const most = losses.length
  const fine = thinned(
    losses.map((loss, step) => [step, loss]),
    most,
    2 * columns,
  )
  const held = thinned(
    looks.map(({ step, loss }) => [step - 1, loss]),
    most,
    columns,
  )
  const shown = [...fine, ...held].filter((value) => value > 0)
  const [low, high] = [Math.min(...shown), Math.max(...shown)]
  const span = Math.log(high / low) || 1
  const height = (value: number, steps: number): number =>
    Math.min(steps - 1, Math.floor((Math.log(high / value) / span) * steps))
  const cells = Array.from({ length: rows }, () => new Uint8Array(columns))
  fine.forEach((value, x) => {
    if (!(value > 0)) return
    const y = height(value, 4 * rows)
    cells[y >> 2][x >> 1] |= dots[4 * (x & 1) + (y & 3)]
  })
  const lines = cells.map((line) => [...line].map((cell) => (cell === 0 ? " " : String.fromCharCode(0x2800 + cell))))
  held.forEach((value, x) => {
    if (value > 0) lines[height(value, rows)][x] = "o"
  })
  const label = (y: number): string =>
    y === 0 || y === rows - 1 ? (y === 0 ? high : low).toPrecision(3).padStart(8) : " ".repeat(8)
  return [
    ...lines.map((line, y) => `${label(y)} │${line.join("").trimEnd()}`),
    `${" ".repeat(9)}└${"─".repeat(columns)}`,
    `${" ".repeat(10)}1${String(most).padStart(columns - 1)}  steps (⠒ training, o held out)`,
  ]
}

interface Terminal {
  readonly isTTY?: boolean
  readonly write: (text: string) => unknown
}

/** Redrawn this often [ms] */
const interval = 1000

/** A plot that is drawn over itself on a terminal; nothing elsewhere. @param now clock [ms] */
export const livePlot = (stream: Terminal, quiet: boolean, now: () => number = () => performance.now()) => {
  let last = Number.NEGATIVE_INFINITY
  let drawn = 0
  const erase = (): void => {
    if (drawn > 0) stream.write(`\r\u001b[${drawn}A\u001b[J`)
    drawn = 0
  }
  return {
    draw: (news: TrainingNews): void => {
      if (quiet || stream.isTTY !== true || now() - last < interval) return
      last = now()
      const lines = lossPlot(news)
      erase()
      stream.write(lines.map((line) => `${line}\n`).join(""))
      drawn = lines.length
    },
    erase,
  }
}
