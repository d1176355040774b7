import { expect, test } from 'vitest'
import { expectGivenUp, framesOf, upTo, visionEntry } from './given-up.ts'
import { site, useRecordings } from './whole-site.ts'

const recordings = useRecordings()

test('a recording that makes its process abort is found and given up, the other is read to its end', () =>
  expectGivenUp(recordings.gate, 'abort'))

test('a recording that makes its process hang is found, too', async () => {
  const here = site(
    {
      cameras: { good: { url: recordings.gate }, 'hang-at-20': { url: recordings.gate } },
      vision: { processes: 1, hangAfterMs: 2000 },
    },
    { visionEntry },
  )
  const run = await here.start()
  await expect(run.done).rejects.toMatchObject({ code: 'CAMERA_QUARANTINED' })
  expect(framesOf(here.events(), 'good')).toEqual(upTo(run.status().framesOf.get('good') ?? 0))
  expect(run.status().framesOf.get('good')).toBeGreaterThan(40)
})
