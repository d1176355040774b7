import type { RtspAuth } from './auth.ts'
import type { Footage } from './footage/footage.ts'
import type { Loop } from './loop.ts'
import type { Quirks } from './quirks.ts'

/** What part of a camera is odd: none of a good one. `hostile` peers are no cameras, and give no picture. */
export type Kind = 'good' | 'session' | 'transport' | 'login' | 'sdp' | 'rtp' | 'time' | 'picture' | 'hostile'

/**
 * What a good client makes of a camera: a picture within five seconds; or none, and one sentence that tells people which
 * camera it is, what is wrong and what to change.
 */
export type Expectation = 'picture' | { readonly says: RegExp; readonly remedy: RegExp }

/** A camera, or what pretends to be one, that does something wrong: plain data and pure functions. */
export interface Personality {
  readonly kind: Kind
  /** What it does, as a sentence without its subject: "sends on other channels than were asked for". */
  readonly does: string
  /** Cameras and programs of which it was reported. */
  readonly seen?: string
  readonly expect: Expectation
  /** Pictures still come so long after the first one, milliseconds. It defaults to 0: one picture is enough. */
  readonly lastsMs?: number
  /** It ends connections; a client has to come back by itself. It defaults to false. */
  readonly breaks?: boolean
  /** What a client has to know beforehand. */
  readonly client?: {
    /** It defaults to `tcp`. */
    readonly transport?: 'tcp' | 'udp' | 'auto'
    /** It defaults to what the server asks for. */
    readonly login?: Pick<RtspAuth, 'user' | 'password'>
    /** Degrees clockwise to turn the picture upright. It defaults to what the stream says. */
    readonly rotate?: 90 | 180 | 270
  }
  /** What it shows instead of a given file: pictures that no file has. */
  readonly footage?: Footage | (() => Loop)
  /**
   * What it shows `afterMs` after the first PLAY: somebody has changed its settings. `drops`: it ends its connections then.
   */
  readonly later?: {
    readonly footage: Footage | (() => Loop)
    readonly afterMs: number
    readonly drops: boolean
  }
  /** The size of its pictures as people are to see them: upright, with square pixels. By default any. */
  readonly size?: readonly [width: number, height: number]
  readonly quirks: Quirks
}
