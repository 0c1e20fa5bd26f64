import { pageStyle } from "./style.ts"
import { escaped } from "./text.ts"

/** What the head of a page says. */
export interface PageHead {
  /** Of the window, as plain text */
  readonly title: string
  readonly programVersion: string
  /** Rules of the fonts, as `fontFaceRules` makes them */
  readonly fontRules: string
  /** Style beyond that of all pages */
  readonly style?: string
  /** A page without scripts forbids them. */
  readonly hasScripts: boolean
}

/** Beginning of a page up to its body: it loads nothing from anywhere. */
export const pageHead = ({
  title,
  programVersion,
  fontRules,
  style = "",
  hasScripts,
}: PageHead): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="synchrode ${escaped(programVersion)}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'${hasScripts ? "; script-src 'unsafe-inline'" : ""}">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${fontRules}${pageStyle}${style}</style>
</head>`
