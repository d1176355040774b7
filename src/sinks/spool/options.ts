import { z } from 'zod'

export const spoolOptions = z.strictObject({
  directory: z
    .string()
    .min(1)
    .default('.rollcall/spool')
    .describe(
      'Where events wait for the broker; one Rollcall a directory, on a disk that lasts. It defaults to .rollcall/spool.',
    ),
  maxBytes: z
    .int()
    .min(65_536)
    .default(1_073_741_824)
    .describe(
      'Most bytes on disk. When it is full the oldest frame events go; other events are never dropped, publishing waits. It defaults to 1073741824.',
    ),
  segmentBytes: z
    .int()
    .min(4096)
    .default(8_388_608)
    .describe('Size of one file, which is also the least that is dropped at once. It defaults to 8388608.'),
  fsync: z
    .enum(['always', 'interval', 'never'])
    .default('interval')
    .describe(
      'When events are forced to the disk: before they count as published, every fsyncMs, or when the system likes. A killed Rollcall loses nothing with any of them; a loss of power loses what was not forced. It defaults to interval.',
    ),
  fsyncMs: z.int().min(10).default(1000).describe('Time between two of them with interval. It defaults to 1000.'),
})

export type SpoolOptions = z.infer<typeof spoolOptions>
