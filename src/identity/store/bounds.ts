/** What never-ending tables keep at most. The oldest go, some with each commit; their pages are used again. */
export interface StoreBounds {
  /** Events about people and tracks that every sink has; about .5 kB each. */
  readonly events: number
  /** Sightings; about .4 kB each. */
  readonly sightings: number
  /** Settled tracks; about 1.4 kB each with 512 numbers an embedding. */
  readonly settled: number
  /** Tracks without a person, where they are kept at all; as large. */
  readonly unassigned: number
}

/** Together about 690 MB: what a site of many passers-by comes to within weeks. */
export const storeBounds: StoreBounds = { events: 100_000, sightings: 500_000, settled: 200_000, unassigned: 100_000 }

/** How much a state takes. */
export interface StoreSizes {
  /** Rows of the tables that `StoreBounds` bounds. */
  readonly rows: StoreBounds
  /** The file of the database, bytes; its write-ahead log, up to 4 MB, comes on top. */
  readonly bytes: number
  /** Of these, bytes of pages that are free and will be used again. */
  readonly freeBytes: number
}
