/** A fenced block of a Markdown file. */
export interface Block {
  /** The word after the fence, "" where there is none. */
  readonly language: string
  readonly text: string
  /** Line of the fence, counted from 1. */
  readonly line: number
}

/** Every fenced block, in order. */
export const blocksOf = (markdown: string): readonly Block[] => {
  const blocks: Block[] = []
  let open: { language: string; line: number; content: string[] } | undefined
  for (const [index, row] of markdown.split("\n").entries()) {
    if (open === undefined && row.startsWith("```")) {
      open = { language: row.slice(3).trim(), line: index + 1, content: [] }
    } else if (open !== undefined && row.startsWith("```")) {
      blocks.push({ language: open.language, line: open.line, text: open.content.join("\n") })
      open = undefined
    } else {
      open?.content.push(row)
    }
  }
  if (open !== undefined) throw new Error(`line ${open.line}: the block does not end`)
  return blocks
}

/** Targets of links and pictures that lie in the repository, without their anchors. */
export const localLinksOf = (markdown: string): readonly string[] =>
  [...markdown.replaceAll(/<!--.*?-->/gs, "").matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
    .map(([, link, attribute]) => (link ?? attribute).split("#")[0])
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target))

/** What a program says it prints: the comment after each `console.log(…)`, as in `console.log(1 + 1) // 2`. */
export const promisedOutput = (program: string): readonly string[] =>
  [...program.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, promised]) => promised.trim())

/** Names given to `npm run`, and `npm test` as "test". */
export const scriptsNamed = (shell: string): readonly string[] =>
  [...shell.matchAll(/npm (?:run ([\w:-]+)|(test)\b)/g)].map(([, script, test]) => script ?? test)
