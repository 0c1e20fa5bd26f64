import type { Work } from "../../engine/engine.ts"
import type { Workspace } from "../../kernels/workspace.ts"
import { ball } from "./tasks/balls.ts"
import { ascend, cross, pass } from "./tasks/basins.ts"
import { columns, planes, soften } from "./tasks/distances.ts"
import { fuse, vote } from "./tasks/fusion.ts"
import { classify, denoise } from "./tasks/gray.ts"
import { label } from "./tasks/labels.ts"
import { choose, join, parts } from "./tasks/parts.ts"

const handlers = {
  ascend,
  ball,
  choose,
  classify,
  columns,
  cross,
  denoise,
  fuse,
  join,
  label,
  parts,
  pass,
  planes,
  soften,
  vote,
}

type Handlers = typeof handlers

/** A piece of work on a box, as a plain record. */
export type Task = { readonly [K in keyof Handlers]: Parameters<Handlers[K]>[1] }[keyof Handlers]

/** The answer to a task. */
export type Reply<T extends Task> = ReturnType<Handlers[T["kind"]]>

/** What the operating system has said against reading or writing. */
export interface Trouble {
  readonly trouble: { readonly code: string; readonly message: string }
}

/** Does tasks in one workspace; the answer is told as news, so that nobody keeps it. */
export const segmentationWork =
  (work: Workspace): Work =>
  async (input, tell) => {
    const task = input as Task
    try {
      tell(handlers[task.kind](work, task as never))
    } catch (cause) {
      const { code, syscall, message } = cause as NodeJS.ErrnoException
      if (code === undefined || syscall === undefined) throw cause
      tell({ trouble: { code, message } } satisfies Trouble)
    }
  }
