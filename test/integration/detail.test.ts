import { describe, expect, it, onTestFinished } from 'vitest'
import { startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import { configSchema } from '../../src/config/config.ts'
import type { FrameEvent, RollcallEvent } from '../../src/events/types.ts'
import { startRun } from '../../src/site/run.ts'
import { farFootage } from '../support/far-footage.ts'
import { canEncode } from '../support/gst.ts'
import { watchedLog } from '../support/restarts.ts'

const isFrame = (event: RollcallEvent): event is FrameEvent => event.type === 'rollcall.frame.v1'

describe.skipIf(!canEncode('h264'))('a small and a big stream of one camera, over RTSP', () => {
  it('embeds faces from the big one, goes on with the small one while it is away, and is one camera', async () => {
    const { big, small } = await farFootage('street')
    const simulated = await startSimulatedCameras(
      [
        { name: 'small', file: small },
        { name: 'big', file: big },
      ],
      { auth: { scheme: 'digest', user: 'viewer', password: 'hunter2' } },
    )
    onTestFinished(() => simulated.close())
    const [smallOne, bigOne] = simulated.cameras
    const config = configSchema.parse({
      cameras: { street: { url: smallOne?.url, detailUrl: bigOne?.url.replace(/\/\/.*@/, '//') } },
      http: { port: null },
      log: { level: 'silent' },
    })
    const sources = { main: 0, detail: 0 }
    const states: string[] = []
    const enough = Promise.withResolvers<void>()
    const alone = Promise.withResolvers<void>()
    let isAway = false
    const saw = (events: readonly RollcallEvent[]): void => {
      for (const { type } of events) if (type.startsWith('rollcall.camera.')) states.push(type)
      for (const { source } of events.filter(isFrame).flatMap(({ data }) => data.faces)) {
        if (source === undefined) continue
        sources[source]++
        if (sources.detail >= 6) enough.resolve()
        if (isAway && source === 'main') alone.resolve()
      }
    }
    const score = () => {
      throw new Error('nobody asks')
    }
    const run = await startRun(config, { untilEnd: false, log: watchedLog(), scorer: { saw, score } })
    await enough.promise
    bigOne?.camera.stop()
    isAway = true
    await alone.promise
    run.stop()
    await run.done
    expect(states.filter((state) => !/opening|online|ended/.test(state))).toEqual([])
    expect(states.filter((state) => state === 'rollcall.camera.online.v1')).toHaveLength(1)
  }, 90_000)
})
