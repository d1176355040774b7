import { z } from 'zod'
import { eventOf } from './envelope.ts'
import { examples } from './examples.ts'
import { atMs, camera, counter, counterFromOne, personId, sequence } from './words.ts'

/** A rule has fired. */
export const ruleFired = eventOf(
  'rollcall.rule.fired.v1',
  z.object({
    rule: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,64}$/)
      .describe('The name of the rule in the configuration.'),
    when: z
      .enum(['arrives', 'leaves', 'stays', 'misses'])
      .describe('What the rule waits for; docs/integrations.md explains each.'),
    person: personId,
    name: z.string().min(1).nullable().describe('The name of the person at that time; null for the unknown.'),
    camera: camera.describe('Where the person was seen last.'),
    atMs: atMs.describe(
      'When it happened: the arrival, the last moment before the leaving, the moment at which the stay was long enough. Capture time, milliseconds.',
    ),
    fromMs: atMs.describe('When the visit began: capture time, milliseconds.'),
    frames: counterFromOne.describe('Analysed frames of the visit until it was decided.'),
    visits: counter.describe(
      'The number of the visit, as far as the rule knows: without `times` it forgets visits that no longer matter.',
    ),
    reasons: z.array(z.string().min(1)).min(1).describe('Why: one sentence for each condition, for people to read.'),
    sequence,
  }),
  {
    title: 'Rule fired',
    description:
      'What a rule of the configuration waits for has happened. `time` is that moment, and `subject` the person.',
    example: examples.ruleFired,
  },
)
