import { parquetContents } from "./parquet-contents.ts"
import { answerQuestions } from "./thread-answers.ts"

/** A file that is read as a whole. */
export interface ParquetRequest {
  readonly path: string
}

answerQuestions(
  ({ path }: ParquetRequest) => parquetContents(path),
  (cause) => (cause instanceof Error ? cause.message : String(cause)),
)
