import { Schema } from "effect"

/** A table that is not what it should be, with the place of the first fault. */
export class TableInvalid extends Schema.TaggedError<TableInvalid>()("TableInvalid", {
  file: Schema.String,
  /** From 1; 0 for the table as a whole */
  line: Schema.Int,
  /** Header of the column, "" where the fault is not one column's */
  column: Schema.String,
  expected: Schema.String,
  found: Schema.String,
}) {
  override get message(): string {
    const place = this.line === 0 ? this.file : `${this.file}:${this.line}`
    const column = this.column === "" ? "" : ` ${this.column}:`
    return `${place}:${column} expected ${this.expected}; found ${this.found}`
  }
}
