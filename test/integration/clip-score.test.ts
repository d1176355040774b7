import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clips, models } from '../support/material.ts'
import { watched } from '../support/watched.ts'
import { scoreThreePeople } from './three-people-score.ts'

const committed: { idf1: number } = JSON.parse(readFileSync(new URL('../quality/clips.json', import.meta.url), 'utf8'))[
  'three-people.mp4'
]
/** What another machine's floating point may change: a frame or two. */
const tolerance = 0.005

describe.skipIf(!clips() || !models())('three-people.mp4', () => {
  it('keeps everybody’s ID over cuts, hands and absence: IDF1', async () => {
    const recording = join(clips() ?? '', 'three-people.mp4')
    const idf1 = scoreThreePeople(await watched({ cameras: { camera: recording }, models: models() ?? '' }))
    expect(idf1).toBeGreaterThanOrEqual(0.95)
    expect(idf1, `${idf1}`).toBeGreaterThanOrEqual(committed.idf1 - tolerance)
  }, 300_000)
})
