import type { Place } from '../blur.ts'
import type { Client } from '../client.ts'
import type { FrameEvent } from '../events.ts'
import { blurAt, boxesAt } from './boxes-at.ts'
import { CanvasElement } from './canvas-element.ts'
import { coverBoxes, drawBoxes } from './draw-boxes.ts'
import { createRtpAlignment } from './rtp-alignment.ts'
import type { Shared } from './shared-client.ts'

/** What `requestVideoFrameCallback` says of a frame; `captureTime` and `rtpTimestamp` with WebRTC only. */
type FrameMetadata = Pick<
  VideoFrameCallbackMetadata,
  'mediaTime' | 'expectedDisplayTime' | 'captureTime' | 'rtpTimestamp'
>

/** Events of frames are kept for so long: a video that is further behind shows no boxes. */
const keptMs = 30_000

/** Where the picture lies in a box of this size that shows it with `object-fit: contain`. */
const contain = (width: number, height: number, video: HTMLVideoElement): Place => {
  const scale = Math.min(width / video.videoWidth, height / video.videoHeight)
  const [w, h] = [video.videoWidth * scale, video.videoHeight * scale]
  return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h }
}

/**
 * `<rollcall-overlay for="ID" camera="door">`: draws the boxes of a camera over any `<video>` of it, by the time at which each frame
 * was taken. `offset` says that time less the media time, milliseconds. Without it the frame's own RTP time counts where it is
 * the camera's, then its capture time (both WebRTC); else it is fitted, taking the video for `latency` milliseconds old.
 * docs/overlay.md says what must be true of clocks.
 */
export class RollcallOverlay extends CanvasElement {
  #frames: FrameEvent['data'][] = []
  /** The least of what was seen: a frame that was shown late says nothing. A file that begins again is another video. */
  #fittedMs = Number.POSITIVE_INFINITY
  #lastMediaMs = 0
  #byRtpTime = createRtpAlignment()

  /** Milliseconds from media time to capture time, as fitted or given; null before the first frame. */
  offsetMs: number | null = null

  protected frames(camera: string): string {
    return camera
  }

  protected start({ client }: Shared): () => void {
    const video = document.getElementById(this.attribute('for'))
    if (!(video instanceof HTMLVideoElement)) {
      console.error(`<rollcall-overlay>: for: expected the id of a <video>, got "${this.attribute('for')}"`)
      return () => undefined
    }
    this.#fittedMs = Number.POSITIVE_INFINITY
    this.#byRtpTime = createRtpAlignment()
    Object.assign(this.style, { position: 'absolute', pointerEvents: 'none' })
    const camera = this.attribute('camera')
    const off = client.on('rollcall.frame.v1', ({ data }) => {
      if (data.camera !== camera) return
      this.#frames = [...this.#frames.filter(({ capturedAtMs }) => capturedAtMs > data.capturedAtMs - keptMs), data]
      this.#frames.sort((a, b) => a.capturedAtMs - b.capturedAtMs)
    })
    let request = video.requestVideoFrameCallback(function next(_now, metadata) {
      request = video.requestVideoFrameCallback(next)
      draw(metadata)
    })
    const draw = (metadata: FrameMetadata): void => this.#draw(video, client, metadata)
    return () => {
      off()
      video.cancelVideoFrameCallback(request)
    }
  }

  #capturedAtMs(client: Client, isLoop: boolean, { mediaTime, rtpTimestamp, ...metadata }: FrameMetadata): number {
    const { expectedDisplayTime, captureTime } = metadata
    const mediaMs = mediaTime * 1000
    const byRtpTimeMs = rtpTimestamp === undefined ? null : this.#byRtpTime(this.#frames, rtpTimestamp)
    const given = this.attribute('offset')
    const ahead = client.nowMs() - Date.now()
    if (given !== '') this.offsetMs = Number(given)
    else if (byRtpTimeMs !== null) this.offsetMs = byRtpTimeMs - mediaMs
    else if (captureTime !== undefined) this.offsetMs = performance.timeOrigin + captureTime + ahead - mediaMs
    else {
      if (isLoop && mediaMs < this.#lastMediaMs) this.#fittedMs = Number.POSITIVE_INFINITY
      this.#lastMediaMs = mediaMs
      const shownAtMs = performance.timeOrigin + expectedDisplayTime + ahead
      this.#fittedMs = Math.min(this.#fittedMs, shownAtMs - mediaMs)
      this.offsetMs = this.#fittedMs - Number(this.attribute('latency'))
    }
    return mediaMs + this.offsetMs
  }

  #draw(video: HTMLVideoElement, client: Client, metadata: FrameMetadata): void {
    const { offsetLeft, offsetTop, clientWidth, clientHeight } = video
    const pixels = (length: number): string => `${length}px`
    const [left, top, width, height] = [offsetLeft, offsetTop, clientWidth, clientHeight].map(pixels)
    Object.assign(this.style, { left, top, width, height })
    const { canvas } = this
    // Setting a size clears the canvas.
    Object.assign(canvas, { width: clientWidth * devicePixelRatio, height: clientHeight * devicePixelRatio })
    const capturedAtMs = this.#capturedAtMs(client, video.loop, metadata)
    const boxes = boxesAt(this.#frames, capturedAtMs)
    const place = contain(canvas.width, canvas.height, video)
    coverBoxes(canvas, blurAt(this.#frames, capturedAtMs), place)
    drawBoxes(canvas, boxes, place, this.nameOf)
    this.dispatchEvent(new CustomEvent('rollcall-overlay', { detail: { capturedAtMs, boxes } }))
  }
}
