import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { eventJson } from '../../../src/events/json.ts'
import { createReplayBuffer } from '../../../src/sinks/websocket/replay-buffer.ts'
import { cameraEvent } from '../events.ts'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

/** Bytes of buffers that are still in use. What hangs on a weak map, and what buffers free late, takes several rounds. */
const bytesInUse = async (): Promise<number> => {
  for (let i = 0; i < 4; i++) {
    gc()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return process.memoryUsage().arrayBuffers
}

test('the newest events take as much memory as they may, and not a multiple of it', async () => {
  const maxBytes = 16 * 2 ** 20
  const before = await bytesInUse()
  const replay = createReplayBuffer(maxBytes)
  for (let i = 0; i < 40_000; i++) {
    // As an event that all sinks take: its own bytes are gone once they have it.
    const event = cameraEvent({ camera: 'door', state: 'offline', atMs: i, reason: 'x'.repeat(100 + (i % 1900)) })
    eventJson(event)
    // As a Kafka client does: small buffers out of Node's pool between any two events.
    Buffer.from('k'.repeat(8000))
    replay.add(event, i)
    if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  expect(replay.first).toBeGreaterThan(1)
  expect((await bytesInUse()) - before).toBeLessThan(1.15 * maxBytes)
})
