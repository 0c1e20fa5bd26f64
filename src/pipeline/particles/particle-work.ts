import type { Work } from "../../engine/engine.ts"
import { type MeasureJob, measureWork } from "./measure-work.ts"
import { type RelabelJob, relabelWork } from "./relabel-work.ts"

/** Whatever is to be done with particles in threads. */
export const particleWork: Work = (input, tell, signal) =>
  (input as MeasureJob | RelabelJob).kind === "measure"
    ? measureWork(input, tell, signal)
    : relabelWork(input, tell, signal)
