/**
 * The one contract between TypeScript and the GStreamer addon. Names are the same on both sides.
 *
 * Threads: GStreamer decodes in its own threads; nothing here blocks one of them on JavaScript, and nothing here blocks
 * JavaScript on GStreamer, except `take()`, which scales one picture on the calling thread.
 */

/** GStreamer's version, and for each element name asked for, whether it can be created. */
export function inspect(elements: readonly string[]): { version: string; elements: Record<string, boolean> }

/** Opens and starts a pipeline. Throws when `launch` does not parse, with GStreamer's own message. */
export function open(options: OpenOptions): Pipeline

export interface OpenOptions {
  /**
   * A gst-launch description with an appsink named `frames` (video/x-raw, I420 or NV12, square pixels, upright) and
   * optionally one named `encoded` (byte-stream H.264/H.265 access units, or JPEG).
   * The addon sets both appsinks' properties itself.
   */
  readonly launch: string
  /**
   * `newest`: an untaken frame is replaced by the next one, and counted as dropped (live cameras).
   * `every`: the decoder waits until frames are taken; none is lost (files).
   */
  readonly mode: 'newest' | 'every'
  /** The detector's picture fits into this many square pixels a side. Never enlarged, aspect kept. */
  readonly pictureSide: number
  /**
   * One queue for everything. In mode `every`, messages come after the frames that precede them have been taken; in mode
   * `newest` they come at once. `frame` is coalesced: it says that `take()` will give one.
   */
  readonly onEvent: (event: PipelineEvent) => void
}

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
  | { readonly type: 'eos' }
  | { readonly type: 'state'; readonly state: 'null' | 'ready' | 'paused' | 'playing' }
  | { readonly type: 'accessUnit'; readonly unit: AccessUnit }

export interface AccessUnit {
  readonly data: Uint8Array
  /** Nanoseconds; pts is −1 and dts null when the stream has none. */
  readonly ptsNs: bigint
  readonly dtsNs: bigint | null
  readonly key: boolean
  /** GStreamer caps, e.g. `video/x-h264, stream-format=(string)byte-stream, …`. */
  readonly caps: string
}

export interface Pipeline {
  /**
   * The newest (or, in mode `every`, the next) frame; null when there is none, and after `stop()`. Scales the picture on
   * this thread. In mode `every` another `frame` event follows when more wait: one `take()` an event gets them all.
   */
  take(): NativeFrame | null
  /** Access units arrive as events while on; the first one is a key frame. Bounded: under pressure whole groups up to the next key frame are dropped. */
  accessUnits(on: boolean): void
  readonly stats: {
    readonly decoded: number
    readonly taken: number
    /** Replaced by newer ones, or left untaken at `stop()`: decoded = taken + dropped + waiting. */
    readonly dropped: number
    readonly accessUnitsDropped: number
    /** Monotonic ms since the last decoded frame; null before the first; 0 while the decoder waits for `take()`. */
    readonly sinceLastFrameMs: number | null
  }
  /** Stops without blocking: the state change runs elsewhere. Resolves when every thread and descriptor is gone; no event follows the call. Idempotent. Frames already taken stay valid. */
  stop(): Promise<void>
}

export interface NativeFrame {
  /** Number of this frame among the decoded ones, from 0. */
  readonly seq: number
  /** −1 when the stream has none. */
  readonly ptsNs: bigint
  /** Unix ms when the sample reached the appsink. */
  readonly arrivedAtMs: number
  /** Unix ms from the camera's NTP clock (GstReferenceTimestampMeta `timestamp/x-ntp`, minus 2208988800 s); null when the camera has not told yet. */
  readonly ntpAtMs: number | null
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
