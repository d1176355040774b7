import { expect, onTestFinished, test } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { excerpt, loopFile } from '../support/footage.ts'
import { watchHeld } from '../support/held.ts'
import { expectGivenUp, framesOf, upTo, visionEntry } from './given-up.ts'
import { site, until, useRecordings } from './whole-site.ts'

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
  here.restarts.expect(/did not answer for/)
  const run = await here.start()
  await expect(run.done).rejects.toMatchObject({ code: 'CAMERA_QUARANTINED' })
  expect(framesOf(here.events(), 'good')).toEqual(upTo(run.status().framesOf.get('good') ?? 0))
  expect(run.status().framesOf.get('good')).toBeGreaterThan(40)
})

test('a live camera that crashes its process comes into quarantine; the other goes on, and stop ends all', async () => {
  // It plays on however long the processes take to start.
  const rtsp = await startRtspServer()
  onTestFinished(() => rtsp.close())
  rtsp.addCamera('good', { loop: excerpt(await readLoop(loopFile('street')), 3, 11) })
  const held = watchHeld()
  const here = site(
    {
      cameras: { good: { url: rtsp.url('good'), maxFps: 5 }, 'abort-at-3': { url: recordings.gate } },
      http: { port: 0 },
    },
    { visionEntry, untilEnd: false },
  )
  here.restarts.expect(/SIGABRT/)
  const run = await here.start()
  await until(() => run.status().cameras[1]?.code === 'CAMERA_QUARANTINED')
  expect(run.status().cameras[1]).toMatchObject({
    state: 'offline',
    retryInMs: 30_000,
    reason: expect.stringMatching(/SIGABRT, also with this camera alone.*tried again in 30 s — let the camera/),
  })
  const before = run.status().framesOf.get('good') ?? 0
  await until(() => (run.status().framesOf.get('good') ?? 0) > before + 10)
  await until(async () => (await fetch(`${run.url}/readyz`)).status === 200)
  const metrics = await (await fetch(`${run.url}/metrics`)).text()
  expect(metrics).toMatch(/rollcall_vision_deaths_total{how="crashed",process="main"} 4/)
  expect(metrics).toMatch(/rollcall_camera_quarantined{camera="abort-at-3",process="main"} 1/)
  run.stop()
  await run.done
  expect(await held.extra()).toEqual([])
})
