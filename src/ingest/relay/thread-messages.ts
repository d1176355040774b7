import type { CameraFailure } from '../camera-failure.ts'
import type { RelayTarget } from './target.ts'

/** What the thread of the relays is told. `id` is the relay's. */
export type ToThread =
  | { readonly type: 'open'; readonly id: number; readonly target: RelayTarget }
  | { readonly type: 'ask'; readonly id: number }
  | { readonly type: 'close'; readonly id: number }

/** What the thread of the relays tells. */
export type FromThread =
  | {
      readonly type: 'opened'
      readonly id: number
      readonly location: string
      readonly secret: string
      /** The camera answers with an HLS playlist. */
      readonly isPlaylist: boolean
      /** The camera got the password in clear. */
      readonly inClear: boolean
    }
  /** Something of the stream is missing, and it goes on. */
  | { readonly type: 'lost'; readonly id: number; readonly what: string }
  | { readonly type: 'failed'; readonly id: number; readonly failure: CameraFailure }
  | ({ readonly type: 'state'; readonly id: number } & RelayState)

/** How a relayed camera does. */
export interface RelayState {
  /** What is wrong with the camera, as far as the relay knows. */
  readonly failure: CameraFailure | null
  /** Milliseconds since something came from the camera; null when nothing ever came. */
  readonly silentMs: number | null
  /** The segments of its HLS stream are encrypted with AES-128. */
  readonly isEncrypted?: true
}
