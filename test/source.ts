import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { type ESTree, parseSync, Visitor } from "vite"

/** What the architecture rules look at in one file. */
export interface Source {
  /** Path below src/, with forward slashes. */
  readonly path: string
  readonly lineCount: number
  readonly references: readonly Reference[]
  readonly hasDefaultExport: boolean
  /** Members taken from these host objects, such as `process.env`. */
  readonly hostMembers: readonly string[]
}

/** One place where a file names another module, by whatever syntax. */
export interface Reference {
  /** As written; undefined where it is computed. */
  readonly module: string | undefined
  /** Erased before the program runs. */
  readonly onlyTypes: boolean
}

const hostObjects = ["process", "Buffer", "Deno", "Bun"]

const textOf = (node: ESTree.Node | null | undefined): string | undefined => {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value
  if (node?.type === "TemplateLiteral" && node.expressions.length === 0) return node.quasis[0].value.cooked ?? undefined
  return undefined
}

/** Reads the references of one file from its syntax tree. */
export const readSource = (path: string, text: string): Source => {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`)
  const references: Reference[] = []
  const hostMembers: string[] = []
  let hasDefaultExport = false
  const refer = (source: ESTree.Node | null | undefined, kind?: string): void => {
    references.push({ module: textOf(source), onlyTypes: kind === "type" })
  }
  new Visitor({
    ImportDeclaration: ({ source, importKind }) => refer(source, importKind),
    ImportExpression: ({ source }) => refer(source),
    ExportAllDeclaration: ({ source, exportKind }) => refer(source, exportKind),
    ExportNamedDeclaration: ({ source, exportKind, specifiers }) => {
      if (source) refer(source, exportKind)
      for (const { exported } of specifiers) {
        if (exported.type === "Identifier" && exported.name === "default") hasDefaultExport = true
      }
    },
    ExportDefaultDeclaration: () => {
      hasDefaultExport = true
    },
    TSImportType: ({ source }) => refer(source, "type"),
    TSImportEqualsDeclaration: ({ moduleReference }) => {
      if (moduleReference.type === "TSExternalModuleReference") refer(moduleReference.expression)
    },
    CallExpression: ({ callee, arguments: [argument] }) => {
      if (callee.type === "Identifier" && callee.name === "require") refer(argument)
    },
    NewExpression: ({ callee, arguments: [argument, base] }) => {
      const isFile = callee.type === "Identifier" && callee.name === "URL" && base?.type === "MemberExpression"
      if (isFile && textOf(argument)?.endsWith(".ts")) refer(argument)
    },
    MemberExpression: ({ object, property }) => {
      if (object.type !== "Identifier" || !hostObjects.includes(object.name)) return
      hostMembers.push(`${object.name}.${property.type === "Identifier" ? property.name : "…"}`)
    },
  }).visit(program)
  return { path, lineCount: text.trimEnd().split("\n").length, references, hasDefaultExport, hostMembers }
}

/** One name that a file exports. */
export interface Exported {
  readonly name: string
  /** The file it comes from as written, undefined where it is declared in place. */
  readonly from: string | undefined
  /** A docstring stands right before it. */
  readonly documented: boolean
}

const declaredNames = (declaration: ESTree.Declaration): string[] => {
  if (declaration.type === "VariableDeclaration") {
    return declaration.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []))
  }
  return "id" in declaration && declaration.id?.type === "Identifier" ? [declaration.id.name] : []
}

/** The names a file exports, in its own order; overloads and a type beside a value of one name count once each. */
export const readExports = (path: string, text: string): readonly Exported[] => {
  const { program, comments } = parseSync(path, text)
  const isDocumented = (start: number): boolean =>
    comments.some(
      ({ type, value, end }) =>
        type === "Block" && value.startsWith("*") && end <= start && text.slice(end, start).trim() === "",
    )
  return program.body.flatMap((statement): Exported[] => {
    if (statement.type !== "ExportNamedDeclaration") return []
    const { declaration, source, specifiers, start } = statement
    const documented = isDocumented(start)
    if (declaration) return declaredNames(declaration).map((name) => ({ name, from: undefined, documented }))
    return specifiers.flatMap(({ exported }) =>
      exported.type === "Identifier" ? [{ name: exported.name, from: source?.value, documented }] : [],
    )
  })
}

/** The folder src/ of this repository. */
export const sourceFolder = fileURLToPath(new URL("../src/", import.meta.url))

/** Every TypeScript file of src/, AssemblyScript excepted. */
export const sourceFiles = (): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(sourceFolder, { recursive: true, encoding: "utf8" })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => path.endsWith(".ts") && !path.startsWith("kernels/assembly/"))
      .sort()
      .map((path) => [path, readFileSync(sourceFolder + path, "utf8")]),
  )
