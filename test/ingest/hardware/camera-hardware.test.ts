import { createServer } from 'node:net'
import { asyncScheduler, filter, firstValueFrom, interval, map, take } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import type { Camera } from '../../../src/ingest/camera.ts'
import { openCameras } from '../../../src/ingest/cameras.ts'
import { createHardware, type Hardware } from '../../../src/ingest/hardware/hardware.ts'
import { tryDecoder } from '../../../src/ingest/hardware/trial.ts'
import { openVerdicts } from '../../../src/ingest/hardware/verdicts.ts'
import { cameraOptions } from '../../../src/ingest/options.ts'
import type { CameraChange, Log } from '../../../src/types.ts'
import { movingLines } from './clip.ts'

const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

interface Opened {
  readonly hardware: Hardware
  readonly cameras: readonly Camera[]
  readonly changes: readonly CameraChange[]
}

/** A recording in its own time, as two cameras, whose decoders in software may give way to one of the candidates. */
const openWith = async (candidates: readonly string[], options: object = {}): Promise<Opened> => {
  const read = cameraOptions.parse({ url: await movingLines(500), ...options })
  const hardware = createHardware({
    candidates: () => candidates,
    tryDecoder: (trial) => tryDecoder({ ...trial, atMost: 1000 }),
    verdicts: () => openVerdicts(null, ''),
    log,
    elapsedMs: () => performance.now(),
  })
  const named = ['door', 'hall'].map((name) => ({ name, options: read }))
  const opened = openCameras(named, { pictureSide: 64, untilEnd: false, log, hardware })
  onTestFinished(() => opened.close())
  const taking = opened.ready$.subscribe((camera) => camera.take()?.close())
  onTestFinished(() => taking.unsubscribe())
  const changes: CameraChange[] = []
  opened.changes$.subscribe((change) => changes.push(change))
  return { hardware, cameras: [opened.named('door'), opened.named('hall')], changes }
}

type Stats = Camera['stats']

const when = ({ cameras }: Opened, holds: (stats: readonly Stats[]) => boolean): Promise<readonly Stats[]> =>
  firstValueFrom(
    interval(20, asyncScheduler).pipe(
      map(() => cameras.map(({ stats }) => stats)),
      filter(holds),
      take(1),
    ),
  )

test('a decoder that is wrong is passed over, the next one decodes, and when it dies software goes on', async () => {
  const dying = 'openh264dec ! identity error-after=35'
  const opened = await openWith(['openh264dec ! videobalance brightness=0.05', dying])
  await when(opened, (stats) => stats.some(({ hardware }) => hardware === dying))
  const after = await when(opened, (stats) => stats.every(({ fallbacks }) => fallbacks === 1))
  expect(after.map(({ hardware }) => hardware)).toEqual([null, null])
  const told = opened.changes.filter(({ code }) => code === 'CAMERA_DECODER')
  expect(told.map(({ camera, state }) => `${camera} ${state}`).toSorted()).toEqual(['door online', 'hall online'])
  expect(told[0]?.reason).toMatch(/Failed after iterations.*decoder: software/)
  await when(opened, (stats) => stats.every(({ decoded }, i) => decoded > (after[i] as Stats).decoded))
})

test('a session that is refused leaves one camera in software, and no third one is asked for', async () => {
  const server = createServer()
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
  await new Promise((resolve) => server.close(resolve))
  // Only one at a time can have the port.
  const exclusive = `openh264dec ! tee name=t t. ! queue ! tcpserversink host=127.0.0.1 port=${port} async=false t. ! queue`
  const opened = await openWith([exclusive])
  const stats = await when(
    opened,
    (all) => all.some(({ hardware }) => hardware !== null) && all.some(({ fallbacks }) => fallbacks === 1),
  )
  expect(stats.map(({ hardware, fallbacks }) => [hardware, fallbacks])).toEqual(
    expect.arrayContaining([
      [exclusive, 0],
      [null, 1],
    ]),
  )
  expect(opened.hardware.claim(exclusive)).toBeNull()
})

test('nothing is tried where software is wanted', async () => {
  const opened = await openWith(['openh264dec'], { decoder: 'software' })
  const stats = await when(opened, (all) => all.every(({ received }) => received > 60))
  expect(stats.map(({ hardware, fallbacks }) => [hardware, fallbacks])).toEqual([
    [null, 0],
    [null, 0],
  ])
})
