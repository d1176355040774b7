import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import { configSchema } from '../../src/config/config.ts'
import type { FrameEvent, RollcallEvent } from '../../src/events/types.ts'
import { iou } from '../../src/math/boxes.ts'
import { startRun } from '../../src/site/run.ts'
import { partOf, scratchDirectory } from '../support/footage.ts'
import { watchedLog } from '../support/restarts.ts'
import { runToEnd } from './rollcall.ts'

const isFrame = (event: RollcallEvent): event is FrameEvent => event.type === 'rollcall.frame.v1'

describe('the time of a live frame', () => {
  it('names the very picture of the loop that was analysed', async () => {
    const file = await partOf('lobby', 12, 16, join(scratchDirectory(), 'lobby.mp4'))
    const recorded = await runToEnd(['run', '--until-end', '--camera', `a=${file}`, '--events', '-'])
    const frames = recorded.events.filter(isFrame)

    const simulated = await startSimulatedCameras([{ name: 'a', file }])
    onTestFinished(() => simulated.close())
    const [source] = simulated.cameras
    const config = configSchema.parse({
      // In parts of a picture the boxes are the same within some per cent only.
      cameras: { a: { url: source?.url, wholeLookMs: null } },
      http: { port: null },
      log: { level: 'silent' },
    })
    /** Overlap of each live face with the nearest one of the recording's frame, by distance between the two frames. */
    const overlaps = new Map([-1, 0, 1].map((distance) => [distance, [] as number[]]))
    const enough = Promise.withResolvers<void>()
    const saw = (events: readonly RollcallEvent[]): void => {
      for (const { data } of events.filter(isFrame)) {
        const shown = data.clock === 'camera' ? (source?.camera.shownAt(data.capturedAtMs) ?? null) : null
        if (shown === null) continue
        for (const [distance, list] of overlaps)
          for (const { box } of frames[shown + distance]?.data.faces ?? []) {
            const best = Math.max(0, ...data.faces.map((face) => iou(face.box, box)))
            if (best > 0.3) list.push(best)
          }
      }
      if ((overlaps.get(0)?.length ?? 0) > 150) enough.resolve()
    }
    const score = () => {
      throw new Error('nobody asks')
    }
    const run = await startRun(config, { untilEnd: false, log: watchedLog(), scorer: { saw, score } })
    await enough.promise
    run.stop()
    await run.done

    const exact = (distance: number): number => {
      const list = overlaps.get(distance) ?? []
      return list.filter((value) => value > 0.98).length / list.length
    }
    // The decoders are the same, so that the same picture gives the same boxes; neighbours move. Not every box is compared
    // with its own face: in a crowd, one that is found in one run only is compared with the face beside it.
    expect(exact(0)).toBeGreaterThan(0.7)
    expect(exact(-1)).toBeLessThan(0.25)
    expect(exact(1)).toBeLessThan(0.25)
  }, 90_000)
})
