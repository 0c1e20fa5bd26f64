/** The part of the package `numeric` that is used here; it brings no types. */
declare module "numeric" {
  const numeric: {
    /** A = U diag(S) Vᵀ, rows as arrays, S falling. */
    readonly svd: (matrix: readonly (readonly number[])[]) => {
      readonly U: readonly (readonly number[])[]
      readonly S: readonly number[]
      readonly V: readonly (readonly number[])[]
    }
  }
  export = numeric
}
