import { expect, test } from 'vitest'
import { site, until, useRecordings } from './whole-site.ts'

const visionEntry = new URL('./two-looks-worker.ts', import.meta.url)
const recordings = useRecordings()

test('the last look waits for the end of the recording, also when it is read in two runs', async () => {
  let frames = 0
  const here = site(
    { cameras: { door: { url: recordings.cafe } } },
    {
      visionEntry,
      onIdentified: ({ seen }) => {
        if (seen?.type === 'faces') frames = seen.faces.seq + 1
      },
    },
  )
  const countOf = (type: string): number => here.events().filter((event) => event.type === type).length
  const first = await here.start()
  await until(() => frames > 80)
  first.stop()
  await first.done
  expect(frames).toBeLessThan(100)
  expect(countOf('rollcall.person.created.v1')).toBe(2)
  expect(countOf('rollcall.person.merged.v1'), 'it may go on').toBe(0)
  const second = await here.start()
  await second.done
  expect(frames).toBe(100)
  expect(countOf('rollcall.person.created.v1')).toBe(2)
  expect(countOf('rollcall.person.merged.v1')).toBe(1)
})
