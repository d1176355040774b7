/**
 * The one contract between TypeScript and the GStreamer addon. Names are the same on both sides.
 *
 * Threads: GStreamer decodes in its own threads, which never wait for JavaScript. JavaScript never waits for GStreamer
 * either, except in `take()`, which scales one picture on the calling thread.
 */

/** GStreamer's version, and for each element name asked for, whether it can be created. */
export function inspect(elements: readonly string[]): { version: string; elements: Record<string, boolean> }

/**
 * The names of the decoders that GStreamer knows as hardware, and that take some of these caps, highest rank first. They exist in its
 * registry only where their drivers were found; whether one works shows only when it is tried.
 */
export function hardwareDecoders(caps: string): readonly string[]

/**
 * The GStreamer caps of what a file's first bytes look like, e.g. `video/quicktime, variant=(string)iso`; null when
 * nothing fits. A megabyte is enough for every format. Opens nothing.
 */
export function typeOf(head: Uint8Array): string | null

/** Opens and starts a pipeline. Throws when `launch` or `decode` does not parse, with GStreamer's own message. */
export function open(options: OpenOptions): Pipeline

/**
 * Encodes a picture (planar RGB, sides up to 8192 pixels) as JPEG of this quality, 1–100, on another thread; its bytes are
 * copied at once. Rejects when the bytes are not 3 · width · height, or no JPEG encoder is installed.
 */
export function encodeJpeg(
  picture: { readonly width: number; readonly height: number; readonly data: Uint8Array },
  quality: number,
): Promise<Uint8Array>

/**
 * Opens what encodes pictures and writes them: a gst-launch description with an appsrc named `pictures`. Throws with GStreamer's
 * message when it does not parse.
 */
export function openEncoder(launch: string): Encoder

/** Encodes pictures, one call at a time. Owned by whoever opened it, who calls `close()`. */
export interface Encoder {
  /**
   * Gives the next picture: Y, then U, then V (chroma halved both ways, rounded up), rows without padding; copied at once.
   * `caps` are GStreamer's of `video/x-raw, format=I420`, and may change. Times are nanoseconds. Resolves when there is room for
   * another picture; rejects with GStreamer's message when encoding or writing failed.
   */
  push(picture: Uint8Array, caps: string, ptsNs: bigint, durationNs: bigint): Promise<void>
  /** No picture follows. Resolves when all are written; rejects as `push`. */
  end(): Promise<void>
  /** Resolves when its threads are gone. Idempotent. */
  close(): Promise<void>
}

/** Which of the received access units are decoded: all, those that others refer to, key units only, or none. */
export type DecodePolicy = 'all' | 'reference' | 'keys' | 'none'

/** All that the choice about one access unit depends on; what is left out has the value of a pipeline that has just begun. */
export interface Situation {
  readonly policy?: DecodePolicy
  /** How many frames after this one a decoder that starts here gives whole pictures; null where none can start. */
  readonly recovery?: number | null
  /** No other picture refers to it. */
  readonly disposable?: boolean
  /** Shown before the key unit that it follows. */
  readonly leading?: boolean
  /** Its frame would not pass `decoded`, because of the limit of frames, and the decoder holds none that does. */
  readonly leftOut?: boolean
  readonly broken?: boolean
  readonly lagMs?: number
  /** Old units are decoded on purpose. */
  readonly isCatchingUp?: boolean
  /** The decoder lacks what the next unit refers to; for how long, by the units' arrival; and why. */
  readonly isBlind?: boolean
  readonly blindMs?: number
  readonly blindReason?: 'behind' | 'broken' | 'disposable' | 'policy'
  readonly isConcealing?: boolean
  /** Decoding began with the last key unit. */
  readonly beganAtKey?: boolean
  readonly hasKeyAhead?: boolean
  readonly keyEveryMs?: number | null
  readonly sinceKeyMs?: number
  readonly maxLagMs?: number
  readonly maxBlindMs?: number
}

/**
 * What the decoder does with the unit: it is fed; left out with what follows, up to a key unit (`lose`); left out alone
 * (`skip`); or left out with all before the newest whole key unit (`jump`).
 */
export type Choice =
  | { readonly action: 'feed'; readonly damaged: boolean }
  | { readonly action: 'lose' | 'skip' | 'jump'; readonly reason: 'behind' | 'broken' | 'disposable' | 'policy' }

/** The rule by which a pipeline's decoder is fed. Pure; exported for tests. */
export function choose(situation: Situation): Choice

/** An access unit, to the rule that tells by sizes whether a scene is calm. */
export interface UnitSize {
  readonly key: boolean
  readonly bytes: number
  /** It ends with bytes that stand for nothing. */
  readonly filled?: boolean
  /** When it was received, by a monotonic clock. */
  readonly atMs: number
}

/**
 * Whether pictures of these caps (`video/x-raw,…`) become RGB by the addon's own arithmetic: then a picture of noise has come out
 * exactly as by GStreamer's. Exported for tests.
 */
export function hasOwnColours(caps: string): boolean

/** The rule for sizes by which a pipeline that dozes is asleep: whether the scene is calm after each of the units. Pure; exported for tests. */
export function calmAfter(sizes: readonly UnitSize[]): boolean[]

/** A decoded picture's brightness, a byte a pixel, row by row. */
export interface Brightness {
  readonly width: number
  readonly height: number
  readonly luma: Uint8Array
  /** When it was received, by a monotonic clock. */
  readonly atMs: number
}

/** The rule for pictures: whether the scene is still after each of them. Pure; exported for tests. */
export function stillAfter(pictures: readonly Brightness[]): boolean[]

/** What `open` starts, and who hears of it. */
export interface OpenOptions {
  /**
   * A gst-launch description of what receives: its appsink named `units` gets whole access units (byte-stream H.264 and
   * H.265, JPEG, …), which go into the ring. A source of raw pictures has an appsink named `frames` instead, and no
   * `decode`. The addon sets the properties of these elements itself. Further elements are looked at when they have
   * these names: `demux` (its pads are told as `stream`), `packets` (RTP before it is unpacked: gaps are counted as
   * lost), `units` (`format`, `maxPixels`) and `decoded` (after the decoder: `maxFps`, `maxPixels`).
   */
  readonly launch: string
  /**
   * A gst-launch description of what decodes: from an appsrc named `units` to an appsink named `frames` (video/x-raw,
   * I420 or NV12, square pixels, upright). Null for a source of raw pictures.
   */
  readonly decode: string | null
  /**
   * `newest`: receiving never waits. An untaken frame is replaced by the next one, and counted as dropped; units are
   * left undecoded when the machine is late (live cameras).
   * `every`: the decoder waits until frames are taken, and the source for the decoder; none is lost (files).
   */
  readonly mode: 'newest' | 'every'
  /**
   * The longest side of the detector's picture, in square pixels. The picture is never enlarged and keeps its aspect.
   */
  readonly pictureSide: number
  /** Most frames of a second that pass `decoded`, 1–1000. Absent or null: all. */
  readonly maxFps?: number | null
  /**
   * The largest picture, in pixels. A stream that declares more ends with an error (gst-stream-error-quark 5, its debug
   * text is the size, such as `30000x30000`) before a decoder allocates it. Absent: no limit.
   */
  readonly maxPixels?: number
  /**
   * The names of the elements that parsebin and decodebin may plug, wherever they are; `hlsdemux` is plugged once only, so
   * that no segment of a playlist is another one. Absent: all that are installed, among them those which fetch what a file
   * names.
   */
  readonly allowed?: readonly string[]
  /** What is decoded until `decode()` says otherwise: all. */
  readonly policy?: DecodePolicy
  /**
   * How much the ring holds: milliseconds by arrival (4000), in whole groups of pictures, of which the oldest may begin
   * earlier; and bytes (8 MiB), or 8192 units, never more.
   */
  readonly ringMs?: number
  readonly ringBytes?: number
  /**
   * After a loss, decoding waits this long for a whole key unit (2000 ms); then it goes on without, and its frames are
   * `damaged` up to the next whole key unit.
   */
  readonly maxBlindMs?: number
  /** A unit that has waited for longer than this makes the decoder leave some out (400 ms). Mode `newest` only. */
  readonly maxLagMs?: number
  /** How long the decoder of `picturesAt` stays open after a call, for the next one (5000 ms). */
  readonly keepDecoderMs?: number
  /**
   * Called for everything, in one order. In mode `every`, a message comes after the frames before it have been taken;
   * in mode `newest` it comes at once. One `frame` event may stand for several frames: it says that `take()` has one.
   */
  readonly onEvent: (event: PipelineEvent) => void
}

/**
 * What happens in a pipeline. `error`, `warning`, `eos` and `state` are messages of GStreamer's bus; `domain` and
 * `code` are those of gst/gsterror.h, and one of the addon's own: of `rollcall-codec-error-quark` the code, 264 or 265, is
 * the codec (H.264, H.265) whose packets come although the other one is described.
 */
export type PipelineEvent =
  | { readonly type: 'frame' }
  | {
      readonly type: 'error' | 'warning'
      readonly domain: string
      readonly code: number
      readonly message: string
      readonly debug: string
      readonly element: string
    }
  /** A stream that `demux` has found, or that a parsebin of this name cannot take apart; null: there are no more. */
  | { readonly type: 'stream'; readonly caps: string | null }
  /**
   * Hardware has given its first picture, after `useHardware`; or software decodes (again): because hardware refused or failed, for
   * this reason; without one, because the format has changed.
   */
  | { readonly type: 'decoder'; readonly isHardware: boolean; readonly reason: string | null }
  /** The format of the access units that follow at `units`. */
  | { readonly type: 'format'; readonly caps: string }
  | { readonly type: 'eos' }
  | { readonly type: 'state'; readonly state: 'null' | 'ready' | 'paused' | 'playing' }
  | { readonly type: 'accessUnit'; readonly unit: AccessUnit }

/** All encoded data of one picture, as the camera sent it. The data is the receiver's own copy. */
export interface AccessUnit {
  readonly data: Uint8Array
  /** Presentation and decoding time in nanoseconds; −1 and null when the stream has none. */
  readonly ptsNs: bigint
  readonly dtsNs: bigint | null
  /** When it was received, Unix milliseconds. */
  readonly arrivedAtMs: number
  /** By the camera's NTP clock, as `NativeFrame.ntpAtMs`. */
  readonly ntpAtMs: number | null
  /**
   * Whether a decoder can start here: for H.264 an IDR picture or an I picture with a recovery point of 0, for H.265
   * IDR, CRA and BLA.
   */
  readonly key: boolean
  /** Something was lost in it, or before it since the last whole key unit. */
  readonly broken: boolean
  /** GStreamer caps, e.g. `video/x-h264, stream-format=(string)byte-stream, …`. */
  readonly caps: string
}

/** A running pipeline. Owned by whoever opened it, who calls `stop()`. */
export interface Pipeline {
  /**
   * The newest frame, in mode `every` the next one; null when there is none, and after `stop()`. Scales the picture on
   * this thread. In mode `every` another `frame` event follows while frames wait, so one `take()` for each event gets
   * all.
   */
  take(): NativeFrame | null
  /**
   * Turns events with access units on or off. The first one is the newest key unit of the ring, at once. When they are
   * not taken fast enough, whole groups of pictures are dropped.
   */
  accessUnits(on: boolean): void
  /**
   * Says what is decoded from now on. When more is wanted than before, decoding begins with the
   * newest key unit of the ring and catches up. Mode `every` decodes all.
   */
  decode(policy: DecodePolicy): void
  /**
   * From now on, under the policy `all`, only key units are decoded (two a second at most) while decoded pictures say that the scene
   * is still, and where key units are more than 1.1 s apart the sizes of units too: from a whole key unit on, if they come every
   * `maxSleepMs` or oftener, and until one of them says otherwise or no key unit has come for so long. Then it catches up from the
   * newest key unit on; from the one before it, when it is the newest one's picture that says so. Null: no more. Does nothing in
   * mode `every`.
   *
   * For ten seconds after units were left out because the machine was late, it is so whether anything moves or not, but for ten seconds
   * after a scene that was still has changed; with `onlyWhenLate` at no other time. While decoders of this process wait for a core, or
   * key units for a tenth of a second, frames of a scene that is still come every four seconds only.
   */
  doze(maxSleepMs: number | null, onlyWhenLate?: boolean): void
  /**
   * How many frames of a second pass `decoded` from now on, 1–1000, instead of `maxFps`; null: all. In mode `newest` a unit whose
   * frame would not pass is not decoded, if no other refers to it. Where every unit is a key unit (Motion JPEG), twice as many as
   * pass are decoded and no more. `passesLate`: all that a pipeline that dozes catches up with when it wakes passes, too; the default is
   * false.
   */
  limit(maxFps: number | null, passesLate?: boolean): void
  /**
   * Lets a hardware decoder take over at the next whole key unit; `decode` is a line as that of `open`, whose decoder goes on until
   * then. Nothing is lost by it, but what an open group shows before its key unit. When it reports an error, gives no picture for
   * three seconds, or is so slow for three that units wait for longer than `maxLagMs` or are left out, the first line decodes again, from the last key unit on
   * that was given: no picture is missing or given twice. A `decoder` event tells of each change. `picturesAt` stays with the first line. Does
   * nothing in mode `every`, and while hardware decodes.
   */
  useHardware(decode: string): void
  /** The ring from its first key unit on, copied; empty when it holds none. */
  captured(): readonly AccessUnit[]
  /**
   * For each time the picture whose presentation time is nearest, decoded by a decoder of its own from the key unit before
   * the first one up to the last one: best of one group. Null when the decoder gives none; all are null when one of them is
   * not, or not whole, in the ring. `seq` is the number of its access unit among those received. The decoder is opened for
   * the first call, serves one at a time, and stays open for `keepDecoderMs`.
   */
  picturesAt(ptsNs: readonly bigint[]): Promise<readonly (NativeFrame | null)[]>
  /**
   * Degrees clockwise by which the stream says that its pictures are to be turned, as far as it has told: access units are
   * as sent. Null when they are mirrored.
   */
  readonly turn: 0 | 90 | 180 | 270 | null
  readonly stats: PipelineStats
  /**
   * Stops on another thread, and resolves when every thread and descriptor is gone. No event follows the call. Frames
   * already taken stay valid. Idempotent.
   */
  stop(): Promise<void>
}

/** Counts since `open`. Where there is no ring (raw pictures), units are not counted. */
export interface PipelineStats {
  readonly decoded: number
  readonly taken: number
  /** Frames replaced by newer ones, or not taken before `stop()`: decoded = taken + dropped + waiting. */
  readonly dropped: number
  readonly accessUnitsDropped: number
  /**
   * Milliseconds since the last decoded frame, by a monotonic clock; null before the first; 0 while the decoder waits
   * for `take()`.
   */
  readonly sinceLastFrameMs: number | null
  /** Access units received, and their bytes. */
  readonly received: number
  readonly receivedBytes: number
  /** Losses: gaps in RTP sequence numbers, and discontinuities that a demuxer tells of. One gap counts once. */
  readonly lost: number
  /** Key units received, and the median milliseconds between them; null before there are two. */
  readonly keys: number
  readonly keyEveryMs: number | null
  /** Milliseconds since the last unit was received; null before the first. */
  readonly sinceLastUnitMs: number | null
  /** How long the unit that the decoder comes to next has waited; 0 when there is none. */
  readonly lagMs: number
  /**
   * Units that were not decoded: the machine was late (`behind`; `disposable`: the same, and no other picture refers to
   * the unit), something before it was lost (`broken`), or nobody wanted it (`policy`).
   */
  readonly skipped: {
    readonly behind: number
    readonly broken: number
    readonly disposable: number
    readonly policy: number
  }
  /** Frames decoded from units after a loss; among `decoded`. */
  readonly damaged: number
  /** Only key units are decoded, because nothing moves or the machine was late: see `doze`. */
  readonly asleep: boolean
  /** It would be asleep if something moved, too, because the machine was late. */
  readonly givesWay: boolean
  /** What the ring holds. */
  readonly ring: { readonly units: number; readonly bytes: number; readonly ms: number }
}

/** A decoded frame. Owned by whoever took it, who calls `close()`. */
export interface NativeFrame {
  /** The number of the frame among all decoded ones, from 0. */
  readonly seq: number
  /** Presentation time, nanoseconds; −1 when the stream has none. */
  readonly ptsNs: bigint
  /** When the frame reached the appsink, Unix milliseconds. */
  readonly arrivedAtMs: number
  /** When the access unit that the frame was decoded from arrived, Unix milliseconds; null in mode `every`, and for raw pictures. */
  readonly unitArrivedAtMs: number | null
  /**
   * Unix milliseconds by the camera's NTP clock (GstReferenceTimestampMeta `timestamp/x-ntp`, minus 2208988800 s); null
   * until the camera has sent it.
   */
  readonly ntpAtMs: number | null
  /**
   * The RTP time of the packets that the picture came in, 32 bits of 90,000 ticks a second, as the camera sent it; null when it
   * did not come by RTP, in mode `every`, and for raw pictures.
   */
  readonly rtpTime: number | null
  /** Something that the picture refers to was lost: it may be grey or smeared. */
  readonly damaged: boolean
  readonly format: 'I420' | 'NV12'
  readonly width: number
  readonly height: number
  readonly matrix: 'bt601' | 'bt709' | 'bt2020'
  readonly fullRange: boolean
  /**
   * Zero-copy views of the decoder's memory, read-only by agreement; detached by `close()`. A plane ends with the last
   * pixel of its last row, so it can be shorter than stride · rows.
   */
  readonly planes: readonly { readonly data: Uint8Array; readonly stride: number }[]
  /** Planar RGB: all of R, then G, then B, rows without padding; detached by `close()`. */
  readonly picture: { readonly width: number; readonly height: number; readonly data: Uint8Array }
  /**
   * Encodes `picture` on another thread, quality 1–100; `close()` may follow at once. Rejects when the frame is closed
   * or no JPEG encoder is installed.
   */
  encodeJpeg(quality: number): Promise<Uint8Array>
  /** Gives the decoder its buffer back. Idempotent. */
  close(): void
}
