import { iou } from '../math/boxes.ts'
import type { CameraId, Detection, FrameStamp, Quality, StreamId, TrackId } from '../types.ts'
import { associate, type TrackerDetection } from './association.ts'
import { shouldEmbed, withRequest } from './embedding-budget.ts'
import { type Motion, predict } from './motion.ts'
import type { TrackerOptions } from './options.ts'
import { crowdedIou, doubtfulGapMs, isWrongAssociation, reasonToWait, takeBack } from './pending-association.ts'
import { type ExpectedFace, expectedFaces } from './regions.ts'
import { isSteady } from './steadiness.ts'
import { addEmbedding, beginTrack, continueTrack, longestAbsenceMs, missTrack, type Track } from './track.ts'

/** A detection on its track. */
export interface TrackedFace extends Detection {
  readonly track: TrackId
  /** Whether its track needs an embedding from this frame. */
  readonly shouldEmbed: boolean
}

/** Follows the faces of one camera from frame to frame. All times are capture times. */
export interface Tracker {
  /**
   * Takes the detections of the next frame and returns them in the same order, each on its track. No track wants an
   * embedding from a damaged frame. Every track ends when `cut` says that the shot has changed since the last frame, and
   * when the stream is a new one.
   */
  update(stamp: FrameStamp, detections: readonly TrackerDetection[], cut: boolean): TrackedFace[]
  /**
   * Takes an embedding made from the last frame and returns the track that its face is on. That is another one than
   * `track` when the embedding shows that somebody else has taken the track over, which has ended then, or that the face
   * should never have been associated with it; then `track` is lost, as before the association.
   */
  embedded(track: TrackId, embedding: Float32Array, quality: Pick<Quality, 'overall'>): TrackId
  /** How many tracks there are: new, tracked or lost. */
  readonly count: number
  /** Whether a look a few times a second tells as much of the tracks as every frame: see `isSteady`. */
  isSteady(): boolean
  /** Where the faces should be at `atMs`; null when only the whole picture tells. See `expectedFaces`. */
  expected(atMs: number): readonly ExpectedFace[] | null
  /** Tracks that ended since the last call, in the order in which they ended. */
  takeEnded(): TrackId[]
}

/** A detection, its track, and the time since the track's frame before, milliseconds. */
interface Match {
  readonly detection: Detection
  readonly track: Track
  readonly gapMs: number
  /** Whether only an embedding can say that the face is the track's. */
  readonly isPending: boolean
}

/** `others`: the faces of the frame, this one too, and where the faces that were missed should be. */
const isCrowded = (face: Detection, others: readonly Pick<Detection, 'box'>[]): boolean =>
  others.some((other) => other !== face && iou(other.box, face.box) > crowdedIou)

const needsEmbedding = (
  { detection, track, gapMs, isPending }: Match,
  others: readonly Pick<Detection, 'box'>[],
  nowMs: number,
  options: TrackerOptions,
): boolean => {
  const isRisky =
    isCrowded(detection, others) || gapMs > doubtfulGapMs || track.guarded.doubt !== null || track.pending !== null
  return isPending || shouldEmbed(track.budget, detection, isRisky, nowMs, options)
}

/** Creates a camera's tracker. It depends on its input only, so a recording gives the same tracks each time. */
export const createTracker = (options: TrackerOptions, camera: CameraId): Tracker => {
  let stream: StreamId | null = null
  let number = 0
  let nowMs = -Infinity
  /** The tracks that are new, tracked or lost. */
  let tracks: Track[] = []
  const ended: TrackId[] = []

  const nextId = (): TrackId => `${camera}/${stream}/${number++}`
  const begin = (detection: Detection): Track => {
    const track = beginTrack(nextId(), detection, nowMs)
    tracks.push(track)
    return track
  }
  const removeWhere = (isOver: (track: Track) => boolean): void => {
    for (const track of tracks) if (isOver(track)) track.state = 'removed'
    ended.push(...tracks.filter(({ state }) => state === 'removed').map(({ id }) => id))
    tracks = tracks.filter(({ state }) => state !== 'removed')
  }

  return {
    update(stamp, detections, cut) {
      // 1. A cut or a new stream ends every track.
      const continues = stamp.stream === stream
      if (cut || !continues) removeWhere(() => true)
      stream = stamp.stream

      // 2. Time moves on, and tracks that were not seen for too long end.
      const beforeMs = nowMs
      nowMs = continues ? Math.max(nowMs, stamp.capturedAtMs) : stamp.capturedAtMs
      const stepMs = continues ? nowMs - beforeMs : 0
      removeWhere((track) => nowMs - track.seenMs > longestAbsenceMs(track, stepMs, options))

      // 3. Detections are associated with where the tracks should be now. Tracks without a detection are lost.
      const where = tracks.map((track) => predict(track.motion, nowMs))
      const owners = associate(tracks, where, detections, options)
      const missed = [...tracks.keys()].filter((i) => !owners.includes(i))
      for (const i of missed) missTrack(tracks[i] as Track)
      const absent = missed.map((i) => where[i] as Motion)

      // 4. Detections without a track begin new ones, and each track moves on to its detection.
      const matched = detections.map((detection, j): Match => {
        const track = tracks[owners[j] ?? -1] ?? begin(detection)
        const gapMs = nowMs - track.seenMs
        const predicted = where[owners[j] ?? -1]
        const why = predicted ? reasonToWait({ detection, track, predicted, gapMs, absent }, options) : null
        continueTrack(track, detection, nowMs, { confirmFrames: options.confirmFrames, why })
        return { detection, track, gapMs, isPending: why !== null }
      })

      // 5. Each track decides whether it needs an embedding from this frame. A damaged one would tell of somebody else.
      const others = [...detections, ...absent]
      // Where frames are rare, waiting for a second one costs more than embedding a false alarm.
      const isRare = stepMs >= options.firstGapMs
      return matched.map((match) => {
        const { detection, track } = match
        const isFit = !stamp.damaged && (track.state !== 'new' || isRare)
        const isWanted = isFit && needsEmbedding(match, others, nowMs, options)
        if (isWanted) track.budget = withRequest(track.budget, detection, nowMs)
        return { ...detection, track: track.id, shouldEmbed: isWanted }
      })
    },

    embedded(id, embedding, { overall }) {
      const track = tracks.find((candidate) => candidate.id === id)
      if (track?.pending && isWrongAssociation(track, embedding, overall, options)) {
        const own = takeBack(track, track.pending, nextId())
        tracks.push(own)
        addEmbedding(own, embedding, overall, options)
        return own.id
      }
      if (!track || !addEmbedding(track, embedding, overall, options)) return id
      ended.push(id)
      track.id = nextId()
      return track.id
    },

    get count() {
      return tracks.length
    },

    isSteady: () => isSteady(tracks, nowMs, options),

    expected: (atMs) => expectedFaces(tracks, nowMs, atMs),

    takeEnded: () => ended.splice(0),
  }
}
