import type { FrameEvent } from '../events.ts'

type Frame = Pick<FrameEvent['data'], 'capturedAtMs' | 'rtpTime'>

/** RTP ticks in a millisecond, with all encodings of video. */
const ticksPerMs = 90
/** A time that is further from every frame is none of theirs. */
const farthestMs = 30_000
/** So many shown pictures wait for the event of their frame, which may come later. */
const rememberedPictures = 64

/** From `from` to `to`, over the end of the 32 bits, milliseconds. */
const msBetween = (from: number, to: number): number => ((to - from) | 0) / ticksPerMs

/**
 * Says when a picture was taken by the RTP time that the browser tells of it: milliseconds of the camera's clock. Null while no
 * picture had exactly the RTP time of a frame: then the media server has written times of its own, or no event has come yet.
 */
export const createRtpAlignment = (): ((frames: readonly Frame[], rtpTime: number) => number | null) => {
  let shown: readonly number[] = []
  let isPassedOn = false
  return (frames, rtpTime) => {
    const timed = frames.filter((frame): frame is Required<Frame> => frame.rtpTime !== undefined)
    if (!isPassedOn) {
      shown = [...shown.slice(1 - rememberedPictures), rtpTime]
      const all = new Set(shown)
      isPassedOn = timed.some((frame) => all.has(frame.rtpTime))
    }
    if (!isPassedOn) return null
    const away = timed.map((frame) => ({ frame, ms: msBetween(frame.rtpTime, rtpTime) }))
    const nearest = away.reduce<(typeof away)[number] | null>(
      (best, each) => (best === null || Math.abs(each.ms) < Math.abs(best.ms) ? each : best),
      null,
    )
    return nearest === null || Math.abs(nearest.ms) > farthestMs ? null : nearest.frame.capturedAtMs + nearest.ms
  }
}
