import { expect, test } from 'vitest'
import type { Run } from '../../src/site/run.ts'
import { site, useRecordings } from './whole-site.ts'

const visionEntry = new URL('./two-looks-worker.ts', import.meta.url)
const recordings = useRecordings()

test('the last look waits for the end of the recording, also when it is read in two runs', async () => {
  let frames = 0
  let first: Run | null = null
  const here = site(
    { cameras: { door: { url: recordings.cafe } } },
    {
      visionEntry,
      onIdentified: ({ seen }) => {
        if (seen?.type === 'faces') frames = seen.faces.seq + 1
        // Both looks have been there twice.
        if (frames === 80) first?.stop()
      },
    },
  )
  const countOf = (type: string): number => here.events().filter((event) => event.type === type).length
  first = await here.start()
  await first.done
  expect(frames).toBeLessThan(100)
  expect(countOf('rollcall.person.created.v1')).toBe(2)
  expect(countOf('rollcall.person.merged.v1'), 'it may go on').toBe(0)
  first = null
  await (await here.start()).done
  expect(frames).toBe(100)
  expect(countOf('rollcall.person.created.v1')).toBe(2)
  expect(countOf('rollcall.person.merged.v1')).toBe(1)
})
