/** A decoder in use. One of the two is called, once. */
export interface Session {
  release(): void
  /** The driver did not give it: there is no room for more than are open now. */
  refused(): void
}

/** After this time it is tried whether there is room again: other programs may have ended. */
const RELEARN_MS = 3_600_000

/** How many sessions each decoder can have at once, which only a refusal tells. `elapsedMs` is a monotonic clock. */
export const createSessions = (elapsedMs: () => number): { claim(decoder: string): Session | null } => {
  const decoders = new Map<string, { open: number; most: number; learnedAtMs: number }>()
  return {
    claim: (decoder) => {
      const state = decoders.get(decoder) ?? { open: 0, most: Number.POSITIVE_INFINITY, learnedAtMs: 0 }
      decoders.set(decoder, state)
      if (elapsedMs() - state.learnedAtMs > RELEARN_MS) state.most = Number.POSITIVE_INFINITY
      if (state.open >= state.most) return null
      state.open++
      return {
        release: () => void state.open--,
        refused: () => {
          state.most = --state.open
          state.learnedAtMs = elapsedMs()
        },
      }
    },
  }
}
