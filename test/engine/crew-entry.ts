import { serve } from "../../src/engine/crew.ts"
import { type Brief, crewChores } from "./crew-chores.ts"

await serve(async (brief, floats) => crewChores(brief as Brief, floats).work)
