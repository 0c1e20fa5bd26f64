import { describe } from "vitest"
import { networkTwinFiles as files } from "../arbitrary/network-twin-files.ts"
import { envelopeFinding } from "./envelope.ts"
import { cyclingNetworkTwin, networkFeedbackFinding } from "./network-feedback.ts"
import { itHolds } from "./property.ts"

describe("contact resistance that grows with the gap", () => {
  itHolds({
    name: "does not widen the spread of a network at the end of charge while lost contact follows work and is less than half",
    twins: cyclingNetworkTwin(4),
    files,
    cases: 40,
    casesInTest: 8,
    finding: networkFeedbackFinding,
  })
})

describe("a network that has come into step", () => {
  itHolds({
    name: "does not leave the envelope of its spread while contacts stay what they are",
    twins: cyclingNetworkTwin(10),
    files,
    cases: 20,
    casesInTest: 4,
    finding: envelopeFinding,
  })
})
