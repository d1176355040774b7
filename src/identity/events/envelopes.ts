import { dataSchemaOf, type Envelope } from '../../events/types.ts'
import { timeOf } from './event-values.ts'

/** Makes the CloudEvents attributes of this site's events and numbers those that are logged. */
export interface Envelopes {
  /**
   * The attributes of one event. `source` is relative to the site; `id` is unique with it. `atMs` is Unix milliseconds.
   */
  readonly envelope: <Type extends string>(
    type: Type,
    subject: string,
    source: string,
    id: string,
    atMs: number,
  ) => Envelope<Type>
  /** The events that `work` makes carry this trace; undefined: none. */
  readonly traced: <T>(traceparent: string | undefined, work: () => T) => T
  /** The number of the last event about people, tracks or sightings. */
  readonly sequence: () => number
  /** Takes the next number. */
  readonly nextSequence: () => number
}

/** `lastSequence` is `sequence()` of the run before. */
export const createEnvelopes = (site: string, lastSequence: number): Envelopes => {
  let sequence = lastSequence
  let trace: { readonly traceparent?: string } = {}
  return {
    envelope: (type, subject, source, id, atMs) => ({
      specversion: '1.0',
      id,
      source: `/${site}/${source}`,
      type,
      subject,
      time: timeOf(atMs),
      datacontenttype: 'application/json',
      dataschema: dataSchemaOf(type),
      partitionkey: subject,
      ...trace,
    }),
    traced: (traceparent, work) => {
      trace = traceparent === undefined ? {} : { traceparent }
      try {
        return work()
      } finally {
        trace = {}
      }
    },
    sequence: () => sequence,
    nextSequence: () => ++sequence,
  }
}
