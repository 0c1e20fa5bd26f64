import type { JobEnd, Work } from "./engine.ts"

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** Does a job and says how it ended; never rejects. */
export const attempt = async (
  work: Work,
  input: unknown,
  tell: (news: unknown) => void,
  signal: AbortSignal,
): Promise<JobEnd> => {
  try {
    return { kind: "done", result: structuredClone(await work(input, tell, signal)) }
  } catch (cause) {
    return { kind: "failed", reason: reasonOf(cause) }
  }
}
