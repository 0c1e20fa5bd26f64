import { describe } from "vitest"
import { smallTwinFiles as files } from "../arbitrary/small-twin-files.ts"
import { cyclingTwin, feedbackFinding } from "./feedback.ts"
import { itHolds } from "./property.ts"

describe("contact resistance that grows with the gap", () => {
  itHolds({
    name: "does not widen the spread at the end of charge while gaps follow work",
    twins: cyclingTwin(3),
    files,
    cases: 12,
    finding: feedbackFinding,
  })
})
