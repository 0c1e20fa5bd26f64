import type { Progress } from "../pipeline/progress.ts"

/** 95 s → 1:35 */
export const clockText = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  const rest = String(whole % 60).padStart(2, "0")
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`
}

const bar = (share: number, width: number): string => {
  const full = Math.round(share * width)
  return "█".repeat(full) + "░".repeat(width - full)
}

interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly write: (text: string) => unknown
}

/** Redrawn this often on a terminal, written this often elsewhere [ms] */
const redrawn = 100
const written = 60_000

/**
 * A bar with the time left on a terminal, one line a minute elsewhere.
 * @param now clock [ms]
 */
export const progressMeter = (stream: Terminal, quiet: boolean, now: () => number = () => performance.now()) => {
  const begun = now()
  let first: { readonly at: number; readonly share: number } | undefined
  let last = Number.NEGATIVE_INFINITY
  let isDrawn = false

  const clear = (): void => {
    if (isDrawn) stream.write("\r\u001b[2K")
    isDrawn = false
  }

  const left = (share: number): string => {
    if (first === undefined || share <= first.share) return "time left unknown"
    const pace = (now() - first.at) / (share - first.share) / 1000
    return `${clockText(pace * (1 - share))} left`
  }

  /** How far some work has come, and in which state it is. */
  const drawShare = (share: number, state: string): void => {
    // While nothing is added to what an earlier call has done, as in preparation, no pace can be told.
    if (first === undefined || share <= first.share) first = { at: now(), share }
    const isTerminal = stream.isTTY === true
    if (quiet || now() - last < (isTerminal ? redrawn : written)) return
    // The first line elsewhere comes after a minute, not at once.
    if (!isTerminal && last === Number.NEGATIVE_INFINITY && now() - begun < written) return
    last = now()
    const percent = `${(100 * share).toFixed(0).padStart(3)} %`
    if (!isTerminal) {
      stream.write(`${percent}, ${left(share)}, ${state}\n`)
      return
    }
    const width = (stream.columns ?? 80) - 1
    const text = `${bar(share, 20)} ${percent}  ${left(share)}  ${state}`
    stream.write(`\r\u001b[2K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`)
    isDrawn = true
  }

  /** How far a run has come. */
  const draw = ({ share, doing, time, voltage }: Progress): void =>
    drawShare(share, `${doing}, ${time.toFixed(0)} s, ${voltage.toFixed(3)} V`)

  /** What is being prepared, on a terminal only. */
  const stage = (text: string): void => {
    if (quiet || stream.isTTY !== true) return
    clear()
    stream.write(`${text} …`)
    isDrawn = true
  }

  return { draw, drawShare, stage, clear }
}
