import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readTruth } from '../../src/demo/truth.ts'
import { iou } from '../../src/math/boxes.ts'
import type { Box } from '../../src/types.ts'
import { canCutPhotos, castPhotos } from '../support/cast-photos.ts'
import { type LoopName, loopFile, scratchDirectory } from '../support/footage.ts'
import { runToEnd } from './rollcall.ts'

const loops: readonly LoopName[] = ['lobby', 'gate', 'cafe', 'street']

test.skipIf(!canCutPhotos)(
  'of ten people one objects by photos: nine IDs, and no event tells who or where the tenth is',
  async () => {
    const photos = await castPhotos()
    const [objector = '', ...others] = readdirSync(photos)
      .filter((name) => !name.startsWith('.'))
      .sort()
    expect(others).toHaveLength(9)
    const state = join(scratchDirectory(), 'state')
    const files = readdirSync(join(photos, objector)).flatMap((name) => ['--photo', join(photos, objector, name)])
    const never = await runToEnd(['people', 'never', ...files, '--state', state, '--yes'])
    expect(never.code, never.stderr).toBe(0)
    const config = join(scratchDirectory(), 'rollcall.json')
    const cameras = Object.fromEntries(loops.map((loop) => [loop, { url: loopFile(loop) }]))
    writeFileSync(config, JSON.stringify({ cameras, cameraDefaults: { maxFps: 5 }, http: { port: null } }))
    const { code, events } = await runToEnd([
      'run',
      '--until-end',
      '--state',
      state,
      '--config',
      config,
      '--events',
      '-',
    ])
    expect(code).toBe(0)
    const kinds = (kind: string): number => events.filter(({ type }) => type === `rollcall.person.${kind}.v1`).length
    expect(kinds('created') - kinds('merged') - kinds('deleted')).toBe(9)

    const truths = new Map(
      await Promise.all(
        loops.map(
          async (loop) => [loop as string, await readTruth(loopFile(loop).replace('.mp4', '.truth.jsonl'))] as const,
        ),
      ),
    )
    const found = { named: 0, tentative: 0, blurred: 0, others: 0 }
    for (const { type, data } of events) {
      if (type !== 'rollcall.frame.v1') continue
      const truth = truths.get(data.camera)
      const real = truth?.facesOf[Math.round((data.ptsUs / 1e6) * truth.fps)] ?? []
      const shows = (box: Box): string | undefined =>
        real.filter((face) => iou(box, face.box) > 0.3).toSorted((a, b) => iou(box, b.box) - iou(box, a.box))[0]?.person
      for (const face of data.faces)
        if (shows(face.box) === objector) found[face.person === null ? 'tentative' : 'named']++
      for (const box of data.blur ?? []) {
        const person = shows(box)
        if (person !== undefined) found[person === objector ? 'blurred' : 'others']++
      }
    }
    expect(found).toMatchObject({ named: 0, others: 0 })
    // Poor faces, and those before there is enough evidence, are tentative as anybody's.
    expect(found.blurred).toBeGreaterThan(found.tentative)
  },
  600_000,
)
