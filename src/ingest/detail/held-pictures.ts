import type { Yuv } from '../../types.ts'
import type { FrameTimes } from '../clock.ts'
import type { Wanted } from './seen-tracks.ts'

/** A decoded picture of the big stream, owned by whoever asked for it. `NativeFrame` is one. */
export interface BigFrame extends Yuv {
  readonly damaged: boolean
  close(): void
}

/** What decodes the big stream; see `Pipeline.picturesAt`. */
export type PicturesAt = (ptsNs: readonly bigint[]) => Promise<readonly (BigFrame | null)[]>

/** A picture that was decoded for these tracks. */
export interface Decoded {
  readonly frame: BigFrame
  readonly times: FrameTimes
  readonly wanted: readonly Wanted[]
}

/** Decodes a few pictures at a time, and holds those until the last one is taken: being decoded, ready, or taken. */
export interface HeldPictures {
  /** Whether others can be begun. */
  isFree(): boolean
  /** Begins to decode. `onGone` is called for each picture that is not there, or whose connection was another one. */
  begin(at: PicturesAt, times: readonly FrameTimes[], wanted: readonly Wanted[], onGone: () => void): void
  /** The next picture that is ready; null when there is none. It stays open until `release`. */
  take(): Decoded | null
  /** The picture that was taken last, until it is released. */
  taken(): Decoded | null
  /** Closes the picture that was taken. Idempotent. */
  release(): void
  /** Gives up what is being decoded, and closes what is ready. */
  drop(): void
}

/** Begins with none. */
export const createHeldPictures = (): HeldPictures => {
  /** Rises when what is being decoded is not wanted any more. */
  let epoch = 0
  let isDecoding = false
  let ready: readonly Decoded[] = []
  let taken: Decoded | null = null

  return {
    isFree: () => !isDecoding && ready.length === 0,
    begin: (at, times, wanted, onGone) => {
      const began = epoch
      isDecoding = true
      const done = (frames: readonly (BigFrame | null)[]): void => {
        isDecoding = false
        ready = times.flatMap((each, i): readonly Decoded[] => {
          const frame = frames[i] ?? null
          if (frame !== null && !frame.damaged && began === epoch) return [{ frame, times: each, wanted }]
          frame?.close()
          onGone()
          return []
        })
      }
      at(times.map(({ ptsNs }) => ptsNs)).then(done, () => done([]))
    },
    take: () => {
      taken?.frame.close()
      taken = ready[0] ?? null
      ready = ready.slice(1)
      return taken
    },
    taken: () => taken,
    release: () => {
      taken?.frame.close()
      taken = null
    },
    drop: () => {
      epoch++
      for (const { frame } of ready) frame.close()
      ready = []
    },
  }
}
