import { expect, onTestFinished, test, vi } from 'vitest'
import { coveredMs, dayOf } from '../../../src/commands/people/attendance.ts'
import { lasting } from '../../../src/commands/people/print.ts'
import type { Sighting } from '../../../src/events/types.ts'
import type { SavedSighting } from '../../../src/identity/state/state.ts'
import { openStore } from '../../../src/identity/store/open.ts'
import { changeOf, embedder, personAt, temporaryDirectory } from '../../identity/store/states.ts'
import { calledWith } from './called.ts'

const zone = 'America/New_York'
/** Two o'clock in the afternoon of 2 March 2026 there. */
const twoPm = Date.UTC(2026, 2, 2, 19)
const minuteMs = 60_000

const inZone = (): void => {
  vi.stubEnv('TZ', zone)
  vi.setSystemTime(twoPm)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    vi.useRealTimers()
  })
}

const sightingAt = (number: number, more: Partial<SavedSighting>): SavedSighting => {
  const [fromMs, untilMs] = [twoPm, twoPm + minuteMs]
  const whose = { person: 'p-0', camera: 'door', ended: true }
  return { number, sighting: `door/s/${number}/1`, ...whose, fromMs, untilMs, frames: 9, tracks: [], ...more }
}

/** Ada was there yesterday, this morning on two cameras at once, and is there; two others are named Bo. */
const leftBehind = () => {
  const directory = temporaryDirectory()
  const store = openStore(directory, { embedder })
  const at = (minutes: number) => twoPm + minutes * minuteMs
  store.commit(
    changeOf({
      sequence: 9,
      created: 3,
      people: [personAt(0, { name: 'Ada' }), personAt(1, { name: 'Bo' }), personAt(2, { name: 'Bo' })],
      sightings: [
        sightingAt(1, { fromMs: at(-15 * 60), untilMs: at(-14 * 60 - 30) }),
        sightingAt(2, { fromMs: at(-60), untilMs: at(-30) }),
        sightingAt(3, { camera: 'hall', fromMs: at(-40), untilMs: at(-20) + 3000 }),
        sightingAt(4, { camera: 'yard', fromMs: at(-1), untilMs: at(0), ended: false }),
        sightingAt(5, { person: 'p-1' }),
      ],
    }),
  )
  store.close()
  return calledWith('--state', directory)
}

test('people show NAME --today says where and when, in local time, and how long in all', async () => {
  inZone()
  const { run, json } = leftBehind()
  expect((await run('show', 'Ada', '--today')).stdout.split('\n')).toEqual([
    `Ada (p-0), 2026-03-02, ${zone}`,
    'FROM      UNTIL        CAMERA  TIME         SIGHTING',
    '13:00:00  13:30:00     door    30 min 00 s  door/s/2/1',
    '13:20:00  13:40:03     hall    20 min 03 s  door/s/3/1',
    '13:59:00  still there  yard    1 min 00 s   door/s/4/1',
    '41 min 03 s in 3 sightings',
  ])
  const result = await json('show', 'p-0', '--today')
  expect(result).toMatchObject({ person: { id: 'p-0', name: 'Ada' }, totalMs: 41 * minuteMs + 3000 })
  expect(result.fromMs).toBe(Date.UTC(2026, 2, 2, 5))
  expect(result.sightings.map(({ camera }: Sighting) => camera)).toEqual(['door', 'hall', 'yard'])
  expect((await run('show', 'p-2', '--today')).stdout).toBe(`Bo (p-2), 2026-03-02, ${zone}\nnot seen`)
})

test('a name that two people have is not guessed, and only show takes --today', async () => {
  const { run } = leftBehind()
  expect((await run('show', 'Ada')).stdout).toMatch(/^id +p-0$/m)
  expect(await run('show', 'Bo', '--today')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('2 people are named "Bo": p-1, p-2'),
  })
  expect(await run('show', 'Cy')).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no person "Cy"') })
  expect(await run('list', '--today')).toMatchObject({ code: 2, stderr: expect.stringContaining('--today') })
})

test('a day is from midnight to midnight, also when the clock changes; what is seen twice counts once', () => {
  inZone()
  const hours = ({ fromMs, untilMs }: { fromMs: number; untilMs: number }) => (untilMs - fromMs) / 3_600_000
  expect(hours(dayOf(twoPm))).toBe(24)
  expect(hours(dayOf(Date.UTC(2026, 2, 8, 17)))).toBe(23)
  expect(hours(dayOf(Date.UTC(2026, 10, 1, 17)))).toBe(25)
  const span = (fromMs: number, untilMs: number) => ({ fromMs, untilMs }) as Sighting
  const day = { fromMs: 100, untilMs: 1000 }
  expect(coveredMs([span(300, 400), span(0, 200), span(350, 360), span(390, 500), span(900, 2000)], day)).toBe(400)
})

test('how long something lasted is told in the largest two or three units', () => {
  const told = [100, 59_949, 59_950, 123_000, 3_723_000].map(lasting)
  expect(told).toEqual(['0.1 s', '59.9 s', '1 min 00 s', '2 min 03 s', '1 h 02 min 03 s'])
})
