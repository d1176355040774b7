import { Registry } from 'prom-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createMetrics } from '../../src/metrics.ts'
import { createLedger } from '../../src/seam/ledger.ts'
import { createSeamPool } from '../../src/site/seam-pool.ts'
import type { CameraChange } from '../../src/types.ts'
import { chosenEmbedder } from '../../src/vision/chosen-embedder.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { seamOn, sending, site } from '../seam/identity-role.ts'
import { eventually } from '../support/eventually.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { sharedBroker } from '../support/kafka/shared-broker.ts'
import { silent } from './site.ts'

describe.skipIf(!hasKafka)('cameras of other machines', () => {
  test('one that is paused says nothing more until it goes on: not what was under way, nor that it is silent', async () => {
    const { plain } = await sharedBroker()
    const seam = seamOn(plain)
    let laterMs = 0
    const elapsedMs = (): number => performance.now() + laterMs
    const { sha256 } = await chosenEmbedder(modelOptions.parse({}))
    const pool = createSeamPool(site, seam, {
      ledger: createLedger([], elapsedMs),
      isKept: false,
      sha256,
      hasCamera: () => true,
      onFigures: () => {},
      onFatal: (error) => expect.unreachable(String(error)),
      metrics: createMetrics(new Registry()),
      nowMs: Date.now,
      elapsedMs,
      log: silent,
    })
    const said: string[] = []
    const hearing = pool.messages$.subscribe(({ message }) => {
      if (message.type === 'change') said.push(`${message.change.camera} ${message.change.state}`)
    })
    onTestFinished(async () => {
      const over = Promise.withResolvers<void>()
      hearing.add(over.resolve)
      pool.stop()
      await over.promise
    })
    const vision = await sending(seam, 'vision-a', 1)
    const say = (camera: string, state: CameraChange['state']) => vision.say({ camera, state, atMs: 1, reason: 'so' })
    await say('door', 'online')
    await say('hall', 'online')
    await eventually(() => expect(said).toEqual(['door online', 'hall online']))
    pool.close('door')
    await say('door', 'frozen')
    await say('hall', 'frozen')
    await eventually(() => expect(said.slice(2)).toEqual(['hall frozen']))
    laterMs = 11_000
    await eventually(() => expect(said.slice(3)).toEqual(['hall offline']))
    pool.open('door', {} as never)
    await say('door', 'online')
    await eventually(() => expect(said.slice(4)).toEqual(['door online']))
  })
})
