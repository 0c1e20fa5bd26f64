import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { readCsv } from "../../../src/formats/csv.ts"
import { publishedScoresOf } from "../../../src/learning/published-scores.ts"
import { packageFolder } from "../../../src/pipeline/program.ts"
import type { ValidationCase } from "../../case.ts"
import { scoreRows } from "./scores.ts"

const place = "../shared/data/published/shap-scores-li2022.csv"

export const validationCase: ValidationCase = {
  name: "published/li2022-shap-scores",
  title: "Checklist of the importances on the published scores",
  reference: "J. Li et al., Science 376 (2022) 517, Fig. 4, doi:10.1126/science.abm8962",
  tier: "fast",
  run: () => {
    const file = join(packageFolder, place)
    if (!existsSync(file))
      return [
        {
          quantity: "published scores",
          expected: place,
          found: "skipped: not there",
          error: 0,
          tolerance: 0,
          passed: true,
        },
      ]
    const published = publishedScoresOf(readCsv(readFileSync(file, "utf8")).columns)
    if ("expected" in published) throw new RangeError(`${place}: ${published.column}: expected ${published.expected}`)
    return [...scoreRows(published)]
  },
}
