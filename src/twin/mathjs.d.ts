/** All of mathjs in one file. */
declare module "mathjs/lib/browser/math.js" {
  import type { MathJsInstance } from "mathjs"

  const mathjs: MathJsInstance
  export = mathjs
}
