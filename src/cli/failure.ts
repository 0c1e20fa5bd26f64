import type { BranchError } from "../pipeline/branch.ts"
import type { BuildError } from "../pipeline/build.ts"
import type { ComparisonError } from "../pipeline/compare-labels.ts"
import type { LearnError } from "../pipeline/learning/learn.ts"
import type { ParticlesError } from "../pipeline/particles/particles.ts"
import type { PhantomError } from "../pipeline/phantom-files.ts"
import type { ProjectExists } from "../pipeline/project.ts"
import type { NetworksApart } from "../pipeline/segmenter/average.ts"
import type { TrainingError } from "../pipeline/segmenter/train.ts"
import type { SweepError } from "../pipeline/sweep.ts"
import type { EnsembleError } from "../pipeline/synchronisation.ts"
import type { CaseUnknown } from "../pipeline/validation.ts"
import type { SweepInvalid } from "../twin/errors.ts"
import type { UsageWrong } from "./arguments.ts"

/** Everything that can go wrong in the world around the program. */
export type Failure =
  | UsageWrong
  | BranchError
  | EnsembleError
  | BuildError
  | SweepError
  | SweepInvalid
  | ProjectExists
  | CaseUnknown
  | ComparisonError
  | PhantomError
  | ParticlesError
  | LearnError
  | TrainingError
  | NetworksApart

export const exitCodes = {
  done: 0,
  wrongInput: 1,
  numericalFailure: 2,
  environment: 3,
  interrupted: 130,
  fault: 70,
} as const

/** Who has to act: the user's input is wrong, or the machine does not give what is needed. */
export const exitCodeOf = (failure: Failure): number => {
  switch (failure._tag) {
    case "UsageWrong":
    case "TwinInvalid":
    case "ScenarioInvalid":
    case "SweepInvalid":
    case "SliceUnusable":
    case "VoxelSizeMissing":
    case "SliceOutOfRange":
    case "RunOccupied":
    case "BranchImpossible":
    case "ProjectExists":
    case "CaseUnknown":
    case "TableInvalid":
    case "VolumeUnsuitable":
    case "MemoryTooSmall":
    case "ParticleTooLarge":
    case "NetworksApart":
    case "ModelUnreadable":
    case "ModelUnsuitable":
    case "ModelInputMismatch":
    case "ModelFailed":
      return exitCodes.wrongInput
    case "TomogramUnreadable":
      return failure.trouble === "missing" ? exitCodes.environment : exitCodes.wrongInput
    case "FileUnreadable":
    case "RunUnreadable":
    case "RunUnwritable":
    case "SnapshotMissing":
    case "ScratchUnusable":
    case "SegmentationLost":
    case "MeasuringLost":
    case "LearningLost":
    case "TrainingLost":
    case "InferenceUnavailable":
    case "TomogramUnwritable":
      return exitCodes.environment
  }
}

/** The failure as data, for --json. */
export const failureRecord = (failure: Failure): Readonly<Record<string, unknown>> => ({
  error: failure._tag,
  message: failure.message,
  ...("problems" in failure ? { problems: failure.problems } : {}),
})
