import { expect, onTestFinished, test } from 'vitest'
import { h264 } from '../../simulator/footage/test-picture.ts'
import type { Quirks } from '../../simulator/quirks.ts'
import { footageOf, startPersonality } from '../../simulator/start-personality.ts'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { silent } from '../../src/silent-log.ts'
import { footageDirectory } from '../zoo/watch.ts'
import { countFrames } from './count-frames.ts'

const camera = { kind: 'transport', does: '', expect: 'picture' } as const

const quirks: Quirks = { transport: { packets: () => (packets) => packets.toReversed() } }

// GStreamer believes a sender after two packets in order, and drops those before: a part of the first key frame.
test('a picture’s packets that come in reverse over UDP, from the first one on, cost no picture', async () => {
  const personality = { ...camera, footage: h264('gop-size=12', { size: [640, 360] }), quirks }
  const shown = await footageOf(personality, null, footageDirectory)
  const running = await startPersonality('door', personality, shown)
  onTestFinished(() => running.close())
  const options = cameraOptions.parse({ url: running.url, transport: 'udp', decoder: 'software' })
  const cameras = openCameras([{ name: 'door', options }], { pictureSide: 320, untilEnd: false, log: silent })
  onTestFinished(() => cameras.close())
  const door = cameras.named('door')
  const frames = countFrames(door)
  await expect.poll(frames, { timeout: 20_000 }).toBeGreaterThan(4)
  expect(door.stats).toMatchObject({ lost: 0, damaged: 0, skipped: { broken: 0 } })
})
