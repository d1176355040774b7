/**
 * The one contract between TypeScript and the GStreamer addon. Names are the same on both sides.
 *
 * Threads: GStreamer decodes in its own threads, which never wait for JavaScript. JavaScript never waits for GStreamer
 * either, except in `take()`, which scales one picture on the calling thread.
 */

/** GStreamer's version, and for each element name asked for, whether it can be created. */
export function inspect(elements: readonly string[]): { version: string; elements: Record<string, boolean> }

/**
 * The GStreamer caps of what a file's first bytes look like, e.g. `video/quicktime, variant=(string)iso`; null when
 * nothing fits. A megabyte is enough for every format. Opens nothing.
 */
export function typeOf(head: Uint8Array): string | null

/** Opens and starts a pipeline. Throws when `launch` does not parse, with GStreamer's own message. */
export function open(options: OpenOptions): Pipeline

/** What `open` starts, and who hears of it. */
export interface OpenOptions {
  /**
   * A gst-launch description with an appsink named `frames` (video/x-raw, I420 or NV12, square pixels, upright) and
   * optionally one named `encoded` (byte-stream H.264/H.265 access units, or JPEG).
   * The addon sets both appsinks' properties itself. Further elements are looked at when they have these names: `demux`
   * (its pads are told as `stream`), `units` (before the decoder: `format`, `maxPixels`) and `decoded` (after the
   * decoder: `maxFps`, `maxPixels`).
   */
  readonly launch: string
  /**
   * `newest`: an untaken frame is replaced by the next one, and counted as dropped (live cameras).
   * `every`: the decoder waits until frames are taken; none is lost (files).
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
  /**
   * Called for everything, in one order. In mode `every`, a message comes after the frames before it have been taken;
   * in mode `newest` it comes at once. One `frame` event may stand for several frames: it says that `take()` has one.
   */
  readonly onEvent: (event: PipelineEvent) => void
}

/**
 * What happens in a pipeline. `error`, `warning`, `eos` and `state` are messages of GStreamer's bus; `domain` and
 * `code` are those of gst/gsterror.h.
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
  /** Whether a decoder can start here. */
  readonly key: boolean
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
   * Turns events with access units on or off. The first one is a key frame. When they are not taken fast enough, whole
   * groups of pictures are dropped.
   */
  accessUnits(on: boolean): void
  readonly stats: {
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
  }
  /**
   * Stops on another thread, and resolves when every thread and descriptor is gone. No event follows the call. Frames
   * already taken stay valid. Idempotent.
   */
  stop(): Promise<void>
}

/** A decoded frame. Owned by whoever took it, who calls `close()`. */
export interface NativeFrame {
  /** The number of the frame among all decoded ones, from 0. */
  readonly seq: number
  /** Presentation time, nanoseconds; −1 when the stream has none. */
  readonly ptsNs: bigint
  /** When the frame reached the appsink, Unix milliseconds. */
  readonly arrivedAtMs: number
  /**
   * Unix milliseconds by the camera's NTP clock (GstReferenceTimestampMeta `timestamp/x-ntp`, minus 2208988800 s); null
   * until the camera has sent it.
   */
  readonly ntpAtMs: number | null
  /** Something that the picture refers to was lost, and the decoder has concealed it. */
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
