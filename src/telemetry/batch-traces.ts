import { ROOT_CONTEXT, type Span, type Tracer } from '@opentelemetry/api'
import type { Frame } from '../types.ts'
import { below, inSpan, traceparentOf } from './spans.ts'

/** A picture that is older than this when it comes is of a camera whose clock is wrong. */
const OLDEST_MS = 60_000

/** What a frame says of its way so far. */
export type TracedFrame = Pick<Frame, 'camera' | 'stream' | 'seq' | 'capturedAtMs' | 'clock' | 'received'>

/** Chooses the frames that are traced. */
export interface BatchTraces {
  /** Begins the trace of a batch that was just taken; null when none of its frames was chosen. */
  begin(frames: readonly TracedFrame[]): BatchTrace | null
}

/** One batch on its way through a vision process. */
export interface BatchTrace {
  /** Runs the work of a stage in a span. */
  readonly stage: <T>(name: string, work: () => T) => T
  /** What the record of a frame carries; undefined for one that was not chosen. */
  traceparent(frame: TracedFrame): string | undefined
  end(): void
}

/**
 * The trace of a frame, from the lens to its record:
 *
 *   frame                                  camera, stream and number
 *   ├─ capture                             lens and network, where the camera tells its time
 *   ├─ decode                              in the ring and the decoder; not of recordings
 *   ├─ wait                                for its turn
 *   └─ batch ─ detect, track, embed, …     in the trace of the batch's first frame; linked with the others
 *
 * An identity process goes on below `frame`.
 */
export const createBatchTraces = (tracer: Tracer): BatchTraces => ({
  begin: (frames) => {
    const chosen = frames.flatMap((frame) => {
      const span = beginFrame(tracer, frame)
      return span ? [[frame, span] as const] : []
    })
    const [first, ...others] = chosen.map(([, span]) => span)
    if (first === undefined) return null
    const spans = new Map(chosen)
    const attributes = { 'rollcall.batch.frames': frames.length }
    const links = others.map((span) => ({ context: span.spanContext() }))
    const batch = tracer.startSpan('batch', { attributes, links }, below(first))
    for (const span of others) span.addLink({ context: batch.spanContext() })
    return {
      stage: (name, work) => inSpan(tracer, name, below(batch), work),
      traceparent: (frame) => {
        const span = spans.get(frame)
        return span && traceparentOf(span)
      },
      end: () => {
        batch.end()
        for (const span of spans.values()) span.end()
      },
    }
  },
})

/** Null when the frame is not chosen. */
const beginFrame = (tracer: Tracer, frame: TracedFrame): Span | null => {
  const { camera, stream, seq, capturedAtMs, clock, received } = frame
  const nowMs = Date.now()
  const decodedAtMs = Math.min(received?.arrivedAtMs ?? nowMs, nowMs)
  const cameAtMs = Math.min(received?.unitArrivedAtMs ?? decodedAtMs, decodedAtMs)
  const isKnown = clock === 'camera' && capturedAtMs <= cameAtMs && cameAtMs - capturedAtMs < OLDEST_MS
  const startTime = isKnown ? capturedAtMs : cameAtMs
  const attributes = { 'rollcall.camera': camera, 'rollcall.stream': stream, 'rollcall.frame': seq }
  const span = tracer.startSpan('frame', { startTime, attributes }, ROOT_CONTEXT)
  if (!span.isRecording()) return null
  if (isKnown) tracer.startSpan('capture', { startTime }, below(span)).end(cameAtMs)
  if (received?.unitArrivedAtMs != null)
    tracer.startSpan('decode', { startTime: cameAtMs }, below(span)).end(decodedAtMs)
  tracer.startSpan('wait', { startTime: decodedAtMs }, below(span)).end(nowMs)
  return span
}
