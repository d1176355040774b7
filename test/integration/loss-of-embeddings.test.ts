import { expect, test } from 'vitest'
import { lossFigures } from '../../bench/loss-figures.ts'
import { runThroughLoss } from '../../bench/loss-run.ts'
import type { FrameEvent } from '../../src/events/types.ts'
import { loopFile } from '../support/footage.ts'

/** H.264 and H.265. */
const loops = ['lobby', 'gate'] as const
const enough = 5

test('of faces in damaged pictures none is embedded and nobody is founded, over UDP that loses and moves packets', async () => {
  const scenes = loops.map((name) => ({ name, file: loopFile(name), truth: null }))
  const { events } = await runThroughLoss({ scenes, keys: { maxBlindMs: 0 } }, async (program, lose) => {
    const facesOf = (camera: string, test: (frame: FrameEvent['data']) => boolean) =>
      program.events.flatMap((event) =>
        event.type === 'rollcall.frame.v1' && event.data.camera === camera && test(event.data) ? event.data.faces : [],
      )
    const embedded = (camera: string): boolean =>
      facesOf(camera, ({ damaged }) => !damaged).some(({ quality }) => quality !== null)
    await program.until('a face that is embedded', () => loops.every(embedded), 90_000)
    lose(0.05)
    const isHit = (camera: string): boolean => facesOf(camera, ({ damaged }) => damaged === true).length >= enough
    await program.until('faces in damaged pictures', () => loops.every(isHit), 90_000)
  })
  const figures = lossFigures(events, 400)
  expect(figures).toMatchObject({ embeddedInDamaged: 0, foundedByDamaged: 0 })
  expect(figures.facesInDamaged).toBeGreaterThanOrEqual(enough * loops.length)
}, 200_000)
