import { expect } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { watchHeld } from '../support/held.ts'
import { site } from './whole-site.ts'

export const visionEntry = new URL('./failing-worker.ts', import.meta.url)

export const framesOf = (events: readonly RollcallEvent[], camera: string): readonly number[] =>
  events.flatMap(({ type, data }) => (type === 'rollcall.frame.v1' && data.camera === camera ? data.seq : []))
export const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

/** A recording whose process dies at frame 20 (`how` as in `failing-worker.ts`) is given up; the other is read to its end. */
export const expectGivenUp = async (recording: string, how: 'crash' | 'abort'): Promise<void> => {
  const held = watchHeld()
  const bad = `${how}-at-20`
  const here = site({ cameras: { good: { url: recording }, [bad]: { url: recording } } }, { visionEntry })
  here.restarts.expect(/SIGSEGV|SIGABRT/)
  const run = await here.start()
  await expect(run.done).rejects.toMatchObject({
    code: 'CAMERA_QUARANTINED',
    message: expect.stringContaining(`${bad} was not read to its end: its vision process was killed by SIG`),
  })
  const events = here.events()
  expect(framesOf(events, 'good')).toEqual(upTo(run.status().framesOf.get('good') ?? 0))
  expect(run.status().framesOf.get('good')).toBeGreaterThan(40)
  expect(framesOf(events, bad)).toEqual(upTo(20))
  const ended = run.status().cameras.map(({ camera, state, code }) => [camera, state, code])
  expect(ended).toEqual([
    ['good', 'ended', undefined],
    [bad, 'ended', 'CAMERA_QUARANTINED'],
  ])
  expect(await held.extra()).toEqual([])
}
