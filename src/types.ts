/**
 * The vocabulary of Rollcall as types: shapes, units, coordinate systems and owners.
 *
 * Coordinates: unless a comment says otherwise, x and y are fractions of the upright picture's width and height,
 * 0–1, origin at the top left, x to the right, y down; a box may reach a little outside. Rotation has been applied
 * and pixels are square. Times: `…Ms` are whole milliseconds, `…Us` microseconds, `…At…` since the Unix epoch.
 */

/** The name of a camera in the configuration; unique, `[A-Za-z0-9_.-]+`. */
export type CameraId = string

/**
 * One time line of a camera. A reconnect begins a new stream, because PTS and frame numbers start again; a jump of a clock
 * does too. The stream of a recording that is read without loss is made from its content, so it is the same each time.
 * `camera + stream + seq` names a frame for ever, which makes event IDs deterministic.
 */
export type StreamId = string

/** The streams of recordings that were read to their end, by camera. */
export type RecordingsRead = Readonly<Record<CameraId, readonly StreamId[]>>

/** One face followed on one camera until a cut or its absence: `camera/stream/number`. Never reused. */
export type TrackId = string

/**
 * The stable ID of a person. Never given to another one. After a merge the old ID stays an alias until the merge is
 * undone.
 */
export type PersonId = string

/**
 * `u-…`: names somebody of whom only poor looks have come, so that nobody can say who it is; no person. Later visits to the same
 * camera may share it.
 */
export type ProvisionalId = string

/** `o-…`, drawn by chance: names somebody who is never to be recognised, and says nothing of who it is. */
export type ObjectorId = string

/**
 * Names a sighting for ever, also after merges and splits: `camera/stream/track/seq`, the track and the frame that it began
 * with.
 */
export type SightingId = string

declare const clock: unique symbol

/**
 * Unix milliseconds by the clock of this machine. A plain number can be assigned to it, but `MediaMs` cannot, nor the reverse:
 * the clocks of cameras differ from ours and from each other, and a file has the time at which it was made.
 */
export type WallMs = number & { readonly [clock]?: 'wall' }

/** Milliseconds of a camera's or file's own time line: Unix time where it is known (`Clock`). */
export type MediaMs = number & { readonly [clock]?: 'media' }

/** Where `capturedAtMs` comes from: the camera's own NTP clock, the moment of arrival here, or the file's timeline. */
export type Clock = 'camera' | 'arrival' | 'file'

/** A rectangle in fractions of the upright picture; x and y are its top left corner. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A position in fractions of the upright picture. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** Image-left eye, image-right eye, nose tip, image-left mouth corner, image-right mouth corner. */
export type Landmarks = readonly [Point, Point, Point, Point, Point]

/**
 * A small planar RGB picture (u8): all of R, then all of G, then all of B, row-major, no padding: 3 · height · width
 * bytes.
 */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** One plane of a decoded picture; `stride` is the bytes of a row, at least the plane's width. */
export interface Plane {
  readonly data: Uint8Array
  readonly stride: number
}

/**
 * A decoded picture at full size, as the decoder left it in memory.
 * I420: planes Y, U, V (chroma halved both ways, rounded up). NV12: planes Y, UV interleaved.
 */
export interface Yuv {
  readonly format: 'I420' | 'NV12'
  readonly width: number
  readonly height: number
  readonly planes: readonly Plane[]
  readonly matrix: 'bt601' | 'bt709' | 'bt2020'
  /** True when luma spans 0–255 (JPEG cameras), false for 16–235. */
  readonly fullRange: boolean
}

/** What every record of a frame carries, pixels or not. */
export interface FrameStamp {
  readonly camera: CameraId
  readonly stream: StreamId
  /** Rises by one with each decoded frame of the stream, not always from 0. A gap means frames that were not analysed. */
  readonly seq: number
  /** Presentation time in the stream, integer microseconds (as in WebCodecs); ties boxes to the encoded picture. */
  readonly ptsUs: number
  /** Whole Unix milliseconds: at the lens if the camera sends its clock, else on arrival; for files since their start. */
  readonly capturedAtMs: MediaMs
  readonly clock: Clock
  /**
   * The RTP time of the packets that the picture came in, as the camera sent it: 32 bits, 90,000 ticks a second. Absent when it
   * did not come by RTP.
   */
  readonly rtpTime?: number
  /**
   * Something that the picture refers to was lost, and the decoder has concealed it. Such a frame is tracked and shown, but
   * no face of it is embedded. Absent when the picture is whole.
   */
  readonly damaged?: true
}

/** A decoded frame. Whoever takes it owns it and calls `close()`; its pixels are invalid (and detached) afterwards. */
export interface Frame extends FrameStamp {
  readonly full: Yuv
  /** The same instant for the detector: fitted into the configured square, never enlarged. */
  readonly picture: Picture
  /** A JPEG of `picture`, for people to look at. */
  encodeJpeg(quality?: number): Promise<Uint8Array>
  /**
   * Unchanged from the decoder: when it gave the frame, when its access unit had come (null for recordings and raw pictures),
   * and what the camera's own clock said. Absent where nobody asks.
   */
  readonly received?: {
    readonly arrivedAtMs: WallMs
    readonly unitArrivedAtMs: WallMs | null
    readonly ntpAtMs: number | null
  }
  close(): void
}

/**
 * How many frames of a live camera are analysed. `awake`: all. `steady`: `steadyFps` a second, while everybody there is known
 * and keeps still. `resting`: `restFps` a second, while nobody is there; where the machine is late only key frames are
 * even decoded. `dozing`: the same, and while nothing moves, too.
 */
export type Pace = 'awake' | 'steady' | 'resting' | 'dozing'

/** How a camera's own video is encoded: as access units with start codes (Annex B), or one JPEG after the other. */
export type VideoEncoding = 'h264' | 'h265' | 'jpeg'

/** What is said of one access unit of a camera's own video, the encoded data of one picture. In decoding order. */
export interface UnitStamp {
  readonly camera: CameraId
  /** That of the frames decoded at this time; an event of a clock's jump can be ahead of it. */
  readonly stream: StreamId
  /** Rises by one from unit to unit of a connection, whether sent or not: after a gap only a key unit can be decoded. */
  readonly n: number
  /** Presentation time, integer microseconds: that of the frame which is decoded from it. */
  readonly ptsUs: number
  /** As in `FrameStamp`, within some milliseconds: the analysed frame's own says it exactly. */
  readonly capturedAtMs: MediaMs
  readonly clock: Clock
  /** When it came here from the camera. */
  readonly arrivedAtMs: WallMs
  /** Whether a decoder can start here. */
  readonly key: boolean
  /** Something was lost in it, or before it since the last whole key unit. */
  readonly broken: boolean
  readonly encoding: VideoEncoding
  /** As WebCodecs names it (`avc1.64001f`, `hev1.1.6.L93.B0`); `jpeg` for Motion JPEG. */
  readonly codec: string
  /** Size of the upright picture in square pixels, to whose fractions boxes refer. */
  readonly width: number
  readonly height: number
  /** Degrees clockwise by which the decoded picture is turned to stand upright. */
  readonly turn: 0 | 90 | 180 | 270
}

/** One access unit of a camera's own video. */
export interface VideoUnit extends UnitStamp {
  readonly data: Uint8Array
}

/** Whose video is wanted: every unit, or key units only. */
export interface VideoWish {
  readonly camera: CameraId
  readonly only?: 'keys'
}

/** One face that a detector found. */
export interface Detection {
  readonly box: Box
  readonly landmarks: Landmarks
  /** 0–1, the detector's own confidence. */
  readonly score: number
}

/** How far an embedding of this face can be trusted. */
export interface Quality {
  /** 0–1, 1 is best: combines all below with the detector's score; the weight of the embedding in templates. */
  readonly overall: number
  /** Shorter side of the box in full-size pixels. */
  readonly sizePx: number
  /** 0–1, 1 is best: how clearly the aligned crop shows the face; less for blur, noise, low contrast and codec blocks. */
  readonly sharpness: number
  /** −1 (turned to the image left) … 0 (frontal) … 1, from the landmarks. */
  readonly yaw: number
}

/** The stream that a face was embedded from: the one that is analysed, or the big one of `detailUrl`. */
export type FaceSource = 'main' | 'detail'

/** One detection in one frame, on its track. */
export interface Face extends Detection {
  readonly track: TrackId
  /** Absent when the track did not need an embedding from this frame. */
  readonly quality?: Quality
  /** Unit length; absent when the track did not need one from this frame. Biometric data. */
  readonly embedding?: Float32Array
  /**
   * Which picture the embedding was made from: this frame (`main`), or one of the last seconds of the camera's `detailUrl`.
   * Absent without an embedding, and on cameras that have no such URL.
   */
  readonly source?: FaceSource
}

/** All that leaves the vision process for one analysed frame: about a kilobyte, without pixels. */
export interface Faces extends FrameStamp {
  /** Size of the upright picture in square pixels. */
  readonly width: number
  readonly height: number
  readonly faces: readonly Face[]
  /** The frame's span, as W3C Trace Context names it; absent when the frame is not traced (`telemetry.traces`). */
  readonly traceparent?: string
  /** Tracks that ended since the last record of this camera (by absence, a cut, or the end of the stream). */
  readonly endedTracks: readonly TrackId[]
}

/**
 * A picture of a face for people to look at: the best so far of its track. It goes from vision to identity beside `Faces`, and
 * is in no event. Biometric data.
 */
export interface FaceCrop extends Pick<FrameStamp, 'camera' | 'stream' | 'seq' | 'capturedAtMs'> {
  readonly track: TrackId
  /** `Quality.overall` of the face. */
  readonly quality: number
  /** Pixels of the JPEG, which stands upright: at most 160. */
  readonly width: number
  readonly height: number
  readonly jpeg: Uint8Array
}

/** The picture of a face in a photo that somebody was enrolled with; as `FaceCrop` for the rest. */
export interface EnrolledCrop extends Pick<FaceCrop, 'quality' | 'width' | 'height' | 'jpeg'> {
  readonly person: PersonId
}

/** Every state of a camera. */
export const cameraStates = ['opening', 'online', 'overloaded', 'frozen', 'offline', 'ended'] as const

/**
 * `overloaded`: the camera sends, but this machine is too slow: no picture of it is decoded or analysed in time. `frozen`:
 * connected, but the camera sends nothing, or the same picture again and again. `offline`: not connected; another attempt may
 * follow. `ended`: the recording is over, or Rollcall has given up on the camera.
 */
export type CameraState = (typeof cameraStates)[number]

/** A change of a camera's state. Ordered with the camera's frames. */
export interface CameraChange {
  readonly camera: CameraId
  readonly state: CameraState
  readonly atMs: number
  /** Words for people to read; never holds a credential. */
  readonly reason: string
  /** Stable code (`ErrorCode` of errors.ts) when something is wrong. */
  readonly code?: string
  /** When `offline`: time until the next attempt; absent when there will be none. */
  readonly retryInMs?: number
  /** When `ended`: the stream of a recording that was read to its end without loss. */
  readonly stream?: StreamId
}

/** Rollcall's IDs compared with the truth, where it is known: in the demo. */
export interface TruthScore {
  /** People in the scenes. */
  readonly people: number
  /** Those of them that have been given an ID. */
  readonly found: number
  /** IDs that were given and not merged into others; equal to `people` at best. */
  readonly ids: number
  /** Mean over the people found; 1 is best. */
  readonly idsPerPerson: number
  /** Faces that got another ID than their person had before. */
  readonly switches: number
  /** Faces that were compared. */
  readonly faces: number
}

/** A person as `/api/people` and the viewer's list show it. */
export interface Person {
  readonly id: PersonId
  readonly name: string | null
  readonly archived: boolean
  readonly createdAtMs: number
  readonly lastSeenAtMs: MediaMs
  /** Empty for a person who was enrolled or imported and has not been seen here. */
  readonly lastCamera: CameraId
  readonly tracks: number
  readonly faces: number
}

/**
 * What somebody can do with people; `answer` is one to a question of the review that changes nobody, `what-if` all that other
 * settings would have made otherwise. `object` and `revoke` say of nobody who it was.
 */
export const actionKinds = [
  'name',
  'merge',
  'unmerge',
  'split',
  'move',
  'separate',
  'delete',
  'enroll',
  'import',
  'answer',
  'what-if',
  'object',
  'revoke',
] as const

/** See `actionKinds`. */
export type ActionKind = (typeof actionKinds)[number]

/** Where problems of one camera or sink are reported; they are never a crash. pino satisfies it. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** The clock of this machine. It is a parameter, so that tests do not sleep. */
export interface Time {
  nowMs(): WallMs
}

/** The last seconds of a camera, as it sent them. */
export interface Capture {
  readonly camera: CameraId
  /** MP4; H.264, H.265 or Motion JPEG, not encoded anew. */
  readonly video: Uint8Array
  /** GStreamer's name of the encoding, such as `video/x-h264`. */
  readonly encoding: string
  readonly pictures: number
  /** From the first picture to the last, milliseconds. */
  readonly lengthMs: number
  /** When the first picture was taken: by the camera's clock where it tells, else by arrival. */
  readonly startsAtMs: MediaMs
  /** When the first and the last picture arrived, Unix milliseconds of this machine. */
  readonly arrivedMs: readonly [first: WallMs, last: WallMs]
  /** Pictures before which something was lost. */
  readonly broken: number
  /** Why it is shorter than was asked for; null when it is not. */
  readonly short: string | null
}
