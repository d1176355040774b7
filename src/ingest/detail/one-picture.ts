import type { Yuv } from '../../types.ts'
import type { FrameTimes } from '../clock.ts'
import type { Wanted } from './seen-tracks.ts'

/** A decoded picture of the big stream, owned by whoever asked for it. `NativeFrame` is one. */
export interface BigFrame extends Yuv {
  readonly damaged: boolean
  close(): void
}

/** What decodes the big stream; see `Pipeline.pictureAt`. */
export type PictureAt = (ptsNs: bigint) => Promise<BigFrame | null>

/** A picture that was decoded for these tracks. */
export interface Decoded {
  readonly frame: BigFrame
  readonly times: FrameTimes
  readonly wanted: readonly Wanted[]
}

/** Decodes one picture at a time, and holds one at most: being decoded, ready, or taken. */
export interface OnePicture {
  /** Whether another one can be begun. */
  isFree(): boolean
  /** Begins to decode. `onGone` is called when there is no such picture, or the connection was another one meanwhile. */
  begin(at: PictureAt, times: FrameTimes, wanted: readonly Wanted[], onGone: () => void): void
  /** The picture that is ready; null when there is none. It stays open until `release`. */
  take(): Decoded | null
  /** The picture that was taken last, until it is released. */
  taken(): Decoded | null
  /** Closes the picture that was taken. Idempotent. */
  release(): void
  /** Gives up what is being decoded, and closes what is ready. */
  drop(): void
}

/** Begins with none. */
export const createOnePicture = (): OnePicture => {
  /** Rises when what is being decoded is not wanted any more. */
  let epoch = 0
  let isDecoding = false
  let ready: Decoded | null = null
  let taken: Decoded | null = null

  return {
    isFree: () => !isDecoding && ready === null,
    begin: (at, times, wanted, onGone) => {
      const began = epoch
      isDecoding = true
      const done = (frame: BigFrame | null): void => {
        isDecoding = false
        if (frame !== null && !frame.damaged && began === epoch) {
          ready = { frame, times, wanted }
          return
        }
        frame?.close()
        onGone()
      }
      at(times.ptsNs).then(done, () => done(null))
    },
    take: () => {
      taken?.frame.close()
      taken = ready
      ready = null
      return taken
    },
    taken: () => taken,
    release: () => {
      taken?.frame.close()
      taken = null
    },
    drop: () => {
      epoch++
      ready?.frame.close()
      ready = null
    },
  }
}
