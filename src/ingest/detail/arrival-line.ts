import type { FrameTimes } from '../clock.ts'

/** The two clocks have jumped apart; a busy machine or network does not delay pictures by so much for long. */
const JUMP_MS = 5000
/** By how much a camera's clock may be slow, as a share of time. The zoo's worst is .001. */
const DRIFT = 0.002

/**
 * Smooth times of arrival: a stream's own PTS, moved so that the pictures which came fastest have arrived at that time.
 * So a picture that came late by the network's or this machine's doing gets the time at which it should have come. Returns Unix
 * milliseconds. A stream without PTS gets the times of arrival.
 */
export const arrivalLine = (): ((times: Pick<FrameTimes, 'ptsNs' | 'arrivedAtMs'>) => number) => {
  /** The least delay so far, plus what the two clocks differ by. */
  let lagMs: number | null = null
  let lastPtsMs = 0
  return ({ ptsNs, arrivedAtMs }) => {
    if (ptsNs < 0n) return arrivedAtMs
    const ptsMs = Number(ptsNs) / 1e6
    const nowMs = arrivedAtMs - ptsMs
    const isNew = lagMs === null || Math.abs(nowMs - lagMs) > JUMP_MS
    lagMs = isNew ? nowMs : Math.min(nowMs, (lagMs as number) + DRIFT * Math.max(0, ptsMs - lastPtsMs))
    lastPtsMs = ptsMs
    return ptsMs + lagMs
  }
}
