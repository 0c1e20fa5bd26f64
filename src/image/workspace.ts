import { Workspace } from "../kernels/workspace.ts"

/** What all calls of one thread work in, one after the other; nothing in it outlives a call. */
let workspace: Workspace | undefined

/** Bytes of a workspace that waits for the next call; what exceeds them is given back. */
const mostKept = 2 ** 26

/**
 * Does something in the memory that filters of this thread share.
 * @param bytes about as many as are laid out
 * @param work  must not come back here, and leave nothing that refers to the memory
 */
export const inWorkspace = <Found>(bytes: number, work: (workspace: Workspace) => Found): Found => {
  workspace ??= new Workspace()
  const found = work(workspace)
  if (bytes > mostKept) {
    workspace.close()
    workspace = undefined
  }
  return found
}
