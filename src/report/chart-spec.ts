import type { Axis } from "./axis.ts"

/** A curve. */
export interface ChartLine {
  readonly name: string
  readonly colour: string
  /** [row], ascending */
  readonly x: Float64Array
  /** [row]; NaN makes a gap */
  readonly y: Float64Array
  readonly width?: number
  readonly dash?: "solid" | "dashed" | "dotted"
  readonly opacity?: number
  /** Dots at the rows (for few rows). */
  readonly dots?: boolean
  /** Left out of hovering, legend and end labels (one of many thin lines). */
  readonly quiet?: boolean
}

/** An area between two curves over the same x. */
export interface ChartBand {
  readonly name: string
  readonly colour: string
  readonly x: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
}

/** A vertical stripe behind the curves. */
export interface ChartSpan {
  readonly from: number
  readonly to: number
}

/** Touching bars, as of a histogram. */
export interface ChartBars {
  readonly colour: string
  /** [bin + 1] */
  readonly edges: Float64Array
  /** [bin] */
  readonly heights: Float64Array
}

/** A chart in numbers and words, before it is drawn. */
export interface Chart {
  readonly width: number
  readonly height: number
  readonly x: Axis
  readonly y: Axis
  /** Panel letter, may be empty. */
  readonly letter?: string
  /** Mark-up above the plot, may be empty. */
  readonly heading?: string
  readonly lines?: readonly ChartLine[]
  readonly bands?: readonly ChartBand[]
  readonly spans?: readonly ChartSpan[]
  readonly bars?: ChartBars
  /** Horizontal reference line, such as zero. */
  readonly baseline?: number
  /** Names at the line ends, a row above the plot, or none. */
  readonly names?: "ends" | "above" | "none"
  /** false leaves the tick labels and title of x to the chart below. */
  readonly xLabels?: boolean
  /** Room on the left [px], to line up charts under one another. */
  readonly left?: number
  /** Room on the right [px] */
  readonly right?: number
}
