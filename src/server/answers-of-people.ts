import type { Sighting } from '../events/types.ts'
import type { Box, CameraId, MediaMs, PersonId, SightingId, TrackId } from '../types.ts'

/*
 * What routes about people answer, as types only: the viewer uses them too.
 */

/** What became of one photo. */
export interface PhotoVerdict {
  /** As it was sent; `photo 1` for one without a name. */
  readonly file: string
  readonly accepted: boolean
  /** A stable word, and the same with the measurement and what to do; both null for a photo that was accepted. */
  readonly reason: string | null
  readonly why: string | null
  /** How the photo was turned, degrees clockwise, so that its face stands upright. */
  readonly turn: number
  /** Where faces are, the largest first, in fractions of the turned photo. */
  readonly boxes: readonly Box[]
}

/** Somebody a face may be. */
export interface FaceMatch {
  readonly person: PersonId
  readonly name: string | null
  /** Cosine to the person's mean. */
  readonly similarity: number
  /** The cosine corrected for evidence, compared with `threshold`. */
  readonly score: number
  readonly threshold: number
  /** A track with this one face would join this person: the score reaches the threshold and leads the next one's clearly. */
  readonly is: boolean
  /** The last ones. */
  readonly sightings: readonly Sighting[]
}

/** What was found in a photo. */
export interface PhotoSearch {
  /** How the photo was turned, degrees clockwise, so that its faces stand upright; boxes are fractions of the turned photo. */
  readonly turn: number
  readonly faces: readonly {
    readonly box: Box
    /** 0–1, `Quality.overall`. */
    readonly quality: number
    /** Why the answer may be wrong, in words. */
    readonly problems: readonly string[]
    /** The best first; empty when nobody is known. */
    readonly matches: readonly FaceMatch[]
  }[]
}

/** Something that was decided about a person. */
export interface DecisionInWords {
  readonly atMs: number
  /** `joined at .71 over .64; next: anna .52`. */
  readonly words: string
  /** The type of the event that told of it. */
  readonly type: string
  readonly sequence: number
  /** Null when it was about no track. */
  readonly track: TrackId | null
  readonly camera: CameraId | null
}

/** A kept picture of a person: what is said of it, not the picture. */
export interface PhotoOfPerson {
  readonly id: string
  /** Who it is, as known now. */
  readonly person: PersonId
  readonly sighting: SightingId
  readonly camera: CameraId
  readonly atMs: MediaMs
  /** 0–1, `Quality.overall`. */
  readonly quality: number
  readonly width: number
  readonly height: number
}
