import type { Span, Tracer } from '@opentelemetry/api'
import type { RollcallEvent } from '../events/types.ts'
import type { Faces } from '../types.ts'
import { belowRemote, inSpan } from './spans.ts'

/** Continues the traces of frames below the spans of vision processes. */
export interface SiteTraces {
  /** Runs the work that identifies these faces in a span. */
  identify<T>(faces: Faces, work: () => T): T
  /** The events of these faces are on disk. */
  committed(faces: Faces): void
  /** Publishes events to a sink, in a span of each frame that some of them are of. */
  publish(sink: string, events: readonly RollcallEvent[], work: () => Promise<void>): Promise<void>
}

/**
 * What follows below `frame`:
 *
 *   frame
 *   ├─ identify       who they are
 *   ├─ commit         until the events are on disk, with those that share the commit
 *   └─ publish SINK   written, in the replay buffer, or on disk for a broker
 */
export const createSiteTraces = (tracer: Tracer): SiteTraces => {
  const commits = new WeakMap<Faces, Span>()
  return {
    identify: (faces, work) => {
      const context = belowRemote(faces.traceparent)
      if (context === null) return work()
      const result = inSpan(tracer, 'identify', context, work)
      commits.set(faces, tracer.startSpan('commit', {}, context))
      return result
    },
    committed: (faces) => commits.get(faces)?.end(),
    publish: (sink, events, work) => {
      const traced = new Set(events.map(({ traceparent }) => traceparent))
      let publishing = work
      for (const traceparent of traced) {
        const context = belowRemote(traceparent)
        const inner = publishing
        if (context !== null) publishing = () => inSpan(tracer, `publish ${sink}`, context, inner)
      }
      return publishing()
    },
  }
}
