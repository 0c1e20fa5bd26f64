/** What fills a cell: active material, carbon/binder, electrolyte-filled separator, or pore without carbon/binder. */
export type RegionKind = "particle" | "matrix" | "separator" | "void"

/** A named part of the domain; every cell belongs to exactly one. */
export interface Region {
  readonly kind: RegionKind
  /** Unique name, such as "particle 3", "high" or "separator". */
  readonly name: string
  /** Index of the particle, −1 where the region is none. */
  readonly particle: number
}

/** Facets (edges in 2-D, triangles in 3-D) with the one cell they were taken from. */
export interface FacetSet {
  /** [facet, dimension] nodes, in the orientation of the cell's boundary. */
  readonly facetToNode: Int32Array
  /** [facet] */
  readonly facetToCell: Int32Array
}

/**
 * Doubled facets between a particle (inner side) and whatever it touches (outer side). Node k of the inner
 * side lies exactly on node k of the outer side. Where two particles touch, the inner one has the lower index.
 */
export interface InterfaceFacets {
  /** [facet, dimension] */
  readonly innerNode: Int32Array
  /** [facet, dimension] */
  readonly outerNode: Int32Array
  /** [facet] */
  readonly innerCell: Int32Array
  /** [facet] */
  readonly outerCell: Int32Array
}

/**
 * Conforming simplices with doubled particle interfaces. A node of the plane (or space) that lies on an
 * interface exists once for each particle that touches it and once for everything else.
 */
export interface Mesh {
  readonly dimension: 2 | 3
  /** [node, dimension] [m] */
  readonly nodes: Float64Array
  /** [cell, dimension + 1], positively oriented. */
  readonly cellToNode: Int32Array
  /** [cell] index into `regions`. */
  readonly cellToRegion: Int32Array
  readonly regions: readonly Region[]
  readonly interfaces: InterfaceFacets
  readonly boundaries: {
    /** Current collector: facets of matrix (or particle) cells on the collector side. */
    readonly collector: FacetSet
    /** Lithium counter electrode: facets of separator cells on the far side of the separator. */
    readonly lithium: FacetSet
    /** Outer edges of the carbon/binder domain, the one towards the separator included: u = 0 there. */
    readonly outer: FacetSet
  }
}

/** Number of nodes; a doubled one counts once for each copy. */
export const nodeCount = (mesh: Mesh): number => mesh.nodes.length / mesh.dimension
/** Number of cells (triangles or tetrahedra). */
export const cellCount = (mesh: Mesh): number => mesh.cellToRegion.length
/** Number of doubled facets. */
export const interfaceCount = (mesh: Mesh): number => mesh.interfaces.innerCell.length
/** Number of particles: one more than the highest particle index of any region. */
export const particleCount = (mesh: Mesh): number =>
  mesh.regions.reduce((count, region) => Math.max(count, region.particle + 1), 0)
