import { enableCompileCache } from "node:module"
import { serve } from "../engine/crew.ts"

enableCompileCache?.()
const { networkShareWork } = await import("./network-crew.ts")
await serve(networkShareWork)
