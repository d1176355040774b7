import { z } from 'zod'

/** The keys of `sinks.kafka.spool`. */
export const spoolOptions = z.strictObject({
  directory: z
    .string()
    .min(1)
    .default('auto')
    .describe(
      'Directory in which events wait for the broker. Each Rollcall needs its own, on a disk that outlives it. It defaults to auto: spool in the state directory; without one, .rollcall/spool.',
    ),
  maxBytes: z
    .int()
    .min(65_536)
    .default(1_073_741_824)
    .describe(
      'Most bytes on disk. When the spool is full the oldest frame events are dropped; other events never are, publishing waits instead. It defaults to 1073741824.',
    ),
  segmentBytes: z
    .int()
    .min(4096)
    .default(8_388_608)
    .describe('Size of one file. A full spool drops whole files. It defaults to 8388608.'),
  fsync: z
    .enum(['always', 'interval', 'never'])
    .default('interval')
    .describe(
      'When events are synced to the disk: before they count as published (always), every fsyncMs (interval), or when the operating system does it (never). A crash of Rollcall loses nothing with any of them; a power failure loses what was not synced. It defaults to interval.',
    ),
  fsyncMs: z
    .int()
    .min(10)
    .default(1000)
    .describe('Milliseconds between two syncs with fsync: interval. It defaults to 1000.'),
})

/** `sinks.kafka.spool` with every default filled in. */
export type SpoolOptions = z.infer<typeof spoolOptions>
