import { z } from 'zod'
import { dataSchemaId } from './schema-id.ts'

/** What a schema says about its event, for people. */
export interface Described {
  readonly title: string
  readonly description: string
  /** A whole event, from a real run where there was one. */
  readonly example: object
}

/**
 * The schema of one type of event as structured CloudEvents JSON: a line of a file, a text message of a WebSocket. On
 * Kafka `data` is the value of the record, and the other attributes are its headers.
 */
export const eventOf = <Type extends string, Data extends z.ZodType>(
  type: Type,
  data: Data,
  { title, description, example }: Described,
) =>
  z
    .object({
      specversion: z.literal('1.0').describe('The version of CloudEvents.'),
      id: z.string().min(1).describe('Depends only on what happened: a repeat has the same one.'),
      source: z
        .string()
        .regex(/^\/[A-Za-z0-9_.-]{1,64}\/(cameras\/[A-Za-z0-9_.-]{1,64}|people)$/)
        .describe('`/SITE/cameras/CAMERA` or `/SITE/people`.'),
      type: z.literal(type).describe('The kind of event, with the version of its data.'),
      subject: z
        .string()
        .min(1)
        .describe('The camera or the person that it is about; `calibration` when it is about all people.'),
      time: z.iso
        .datetime({ precision: 3 })
        .describe('When it happened: RFC 3339, UTC, milliseconds. Recordings begin at 1970-01-01T00:00:00.000Z.'),
      datacontenttype: z.literal('application/json').describe('Of `data`.'),
      dataschema: z
        .literal(dataSchemaId(type))
        .describe('What describes `data`: the part after the `#` of the schema whose `$id` comes before it.'),
      partitionkey: z.string().min(1).describe('The key of the Kafka record: the same as `subject`.'),
      traceparent: z
        .string()
        .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
        .exactOptional()
        .describe('The span of the frame that led to it (W3C Trace Context); absent when that is not traced.'),
      data,
    })
    .meta({ title, description, examples: [example] })
