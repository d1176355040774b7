import { expect, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { watchHeld } from '../support/held.ts'
import { expectGivenUp } from './given-up.ts'
import { site, until, useRecordings } from './whole-site.ts'

const nowhere = 'rtsp://127.0.0.1:1/door'

const recordings = useRecordings()

const isOfCamera = ({ type }: RollcallEvent): boolean => type.startsWith('rollcall.camera.')

test('recordings whose process is killed are read again: the same events, none lost, none twice', async () => {
  const cameras = { cafe: { url: recordings.cafe }, gate: { url: recordings.gate } }
  const undisturbed = site({ cameras })
  await (await undisturbed.start()).done
  const held = watchHeld()
  const here = site({ cameras })
  const run = await here.start()
  const pid = await until(() => run.vision.get('vision-1'))
  // Somebody is in the picture: the sighting and the track go on.
  await until(() => run.status().people > 0)
  here.restarts.expect(/SIGKILL/)
  process.kill(pid, 'SIGKILL')
  await run.done
  expect(here.events().filter((event) => !isOfCamera(event))).toEqual(
    undisturbed.events().filter((event) => !isOfCamera(event)),
  )
  expect(run.status().frames).toBe(undisturbed.events().filter(({ type }) => type === 'rollcall.frame.v1').length)
  const again = here.events().filter(({ data }) => 'reason' in data && /killed by SIGKILL/.test(`${data.reason}`))
  expect(again).toContainEqual(expect.objectContaining({ type: 'rollcall.camera.opening.v1', subject: 'cafe' }))
  expect(await held.extra()).toEqual([])
}, 90_000)

test(
  'a recording that makes its process crash is found and given up, the other is read to its end',
  () => expectGivenUp(recordings.gate, 'crash'),
  120_000,
)

test('a live process that is stopped: not ready, then replaced; its camera says so', async () => {
  const held = watchHeld()
  const here = site(
    { cameras: { door: { url: nowhere } }, http: { port: 0 }, vision: { processes: 1, hangAfterMs: 3000 } },
    { untilEnd: false },
  )
  const run = await here.start()
  const ready = async () => (await fetch(`${run.url}/readyz`)).json() as Promise<{ ready: boolean; reasons: string[] }>
  await until(async () => (await ready()).ready)
  const pid = run.vision.get('vision-1') ?? 0
  here.restarts.expect(/did not answer for/)
  process.kill(pid, 'SIGSTOP')
  await until(async () => (await ready()).reasons[0]?.includes('has not answered for '))
  await until(() =>
    here.events().some(({ data }) => 'reason' in data && /did not answer for \d+ s/.test(`${data.reason}`)),
  )
  await until(async () => (await ready()).ready)
  expect(run.vision.get('vision-1')).not.toBe(pid)
  const metrics = await (await fetch(`${run.url}/metrics`)).text()
  expect(metrics).toMatch(/rollcall_vision_deaths_total{how="hung",process="main"} 1/)
  process.kill(run.vision.get('vision-1') ?? 0, 'SIGSTOP')
  const stopped = performance.now()
  run.stop()
  await run.done
  // A process that does not answer is killed after five seconds.
  expect(performance.now() - stopped).toBeLessThan(20_000)
  expect(await held.extra()).toEqual([])
}, 180_000)
