/** One face of a labelled stream: who it truly is, and what a vision process would say of it. */
export interface StreamFace {
  readonly person: string
  /** What a tracker would say, unique over all cameras; it sometimes swaps two people. */
  readonly track: string
  /** 0–1. */
  readonly quality: number
  /** Unit length. */
  readonly embedding: Float32Array
}

/** The faces of one frame, in time order over all cameras. */
export interface StreamFrame {
  readonly atMs: number
  readonly camera: string
  readonly faces: readonly StreamFace[]
}
