/** A run of text in one style. */
export interface TextRun {
  readonly text: string
  readonly style: "plain" | "italic" | "subscript" | "superscript" | "bold"
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

/** Text made safe inside elements and attributes of HTML and SVG; characters that XML forbids are dropped. */
export const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids exactly these
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/[&<>"']/g, (character) => escapes[character])

const token = /\*([^*]+)\*|_\{([^}]*)\}|_([\p{L}\p{N}+−]+(?:,[\p{L}\p{N}]+)*)|\^\{([^}]*)\}|\^([-−+]?\d+)|\$([^$]+)\$/gu

const marks = "*_^$"
const standIns = "\ue000\ue001\ue002\ue003"

/** Text that mark-up leaves as it is (names, sources and messages from files). */
export const literal = (text: string): string =>
  text.replace(/[*_^$]/g, (character) => standIns[marks.indexOf(character)])

const restored = (text: string): string =>
  text.replace(/[\ue000-\ue003]/g, (character) => marks[standIns.indexOf(character)])

/**
 * Small mark-up of symbols and units: `*c*` italic, `c_max` or `c_{max}` subscript, `m^2` or `10^{−14}`
 * superscript, `$text$` bold.
 */
export const textRuns = (markup: string): readonly TextRun[] =>
  markedRuns(markup).map(({ text, style }) => ({ text: restored(text), style }))

const markedRuns = (markup: string): readonly TextRun[] => {
  const runs: TextRun[] = []
  let from = 0
  for (const match of markup.matchAll(token)) {
    if (match.index > from) runs.push({ text: markup.slice(from, match.index), style: "plain" })
    const [, italic, subscriptGroup, subscript, superscriptGroup, superscript, bold] = match
    if (italic !== undefined) runs.push({ text: italic, style: "italic" })
    else if (bold !== undefined) runs.push({ text: bold, style: "bold" })
    else if (superscriptGroup !== undefined || superscript !== undefined) {
      runs.push({ text: (superscriptGroup ?? superscript).replace(/-/g, "−"), style: "superscript" })
    } else runs.push({ text: subscriptGroup ?? subscript, style: "subscript" })
    from = match.index + match[0].length
  }
  if (from < markup.length) runs.push({ text: markup.slice(from), style: "plain" })
  return runs
}

const elements = { italic: "i", subscript: "sub", superscript: "sup", bold: "b" } as const

/** Mark-up as HTML. */
export const markupToHtml = (markup: string): string =>
  textRuns(markup)
    .map(({ text, style }) =>
      style === "plain" ? escaped(text) : `<${elements[style]}>${escaped(text)}</${elements[style]}>`,
    )
    .join("")

/**
 * Mark-up as the children of an SVG text element.
 * @param size  of the surrounding text [px]
 */
export const markupToSvg = (markup: string, size: number): string => {
  let shift = 0
  return textRuns(markup)
    .map(({ text, style }) => {
      const wanted = style === "subscript" ? 0.22 * size : style === "superscript" ? -0.36 * size : 0
      const step = wanted - shift
      shift = wanted
      const attributes =
        (step === 0 ? "" : ` dy="${step.toFixed(1)}"`) +
        (wanted === 0 ? "" : ` font-size="${(0.74 * size).toFixed(1)}"`) +
        (style === "italic" ? ' font-style="italic"' : style === "bold" ? ' font-weight="600"' : "")
      return attributes === "" ? escaped(text) : `<tspan${attributes}>${escaped(text)}</tspan>`
    })
    .join("")
}

/** Mark-up with its marks taken away. */
export const markupToPlain = (markup: string): string =>
  textRuns(markup)
    .map(({ text }) => text)
    .join("")

const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"
const level = "0123456789−+"

/** Mark-up as plain text with raised digits, where there is no other way to raise them: "2 × 10⁻¹⁴". */
export const markupToUnicode = (markup: string): string =>
  textRuns(markup)
    .map(({ text, style }) =>
      style === "superscript" ? text.replace(/[0-9−+]/g, (character) => raised[level.indexOf(character)]) : text,
    )
    .join("")

/** Rough width of text in the report's sans-serif face [px]; for layout only. */
export const textWidth = (text: string, size: number): number => {
  let ems = 0
  for (const character of text) {
    ems += /[ilj.,:;'|()/ ]/.test(character)
      ? 0.27
      : /[mwMW%—→]/.test(character)
        ? 0.8
        : /[A-Z]/.test(character)
          ? 0.58
          : 0.5
  }
  // Faces that stand in for ours run wider.
  return 1.1 * ems * size
}

/** Items as a list in words: "a", "a and b", "a, b and c". */
export const inWords = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`

/** "1 particle", "3 particles". */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en-GB")} ${noun}${count === 1 ? "" : "s"}`
