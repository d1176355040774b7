/** One face of a labelled stream: who it is, and what a worker would say of it. */
export interface StreamFace {
  readonly person: string
  /** The tracker's ID, unique over all cameras. A simulated tracker sometimes swaps two people. */
  readonly track: string
  /** Overall quality, 0–1. */
  readonly quality: number
  /** Unit length. */
  readonly embedding: Float32Array
}

/** The faces of one frame. A stream's frames are in time order over all cameras. */
export interface StreamFrame {
  readonly atMs: number
  readonly camera: string
  readonly faces: readonly StreamFace[]
}
