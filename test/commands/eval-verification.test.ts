import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { verification } from '../../src/commands/eval/verification.ts'
import { canCutPhotos, castPhotos } from '../support/cast-photos.ts'
import { scratchDirectory } from '../support/footage.ts'
import { calling } from './called.ts'

const run = calling(verification)

it.skipIf(!canCutPhotos)(
  'eval verification embeds only the photos that the pairs name, grey if asked',
  { timeout: 150_000 },
  async () => {
    const pairs = join(scratchDirectory(), 'pairs.txt')
    writeFileSync(pairs, '1 1\nada 4 2\nada 4 ben 6\n')
    const { code, stdout } = await run('--photos', await castPhotos(), '--pairs', pairs, '--json')
    expect(code).toBe(0)
    const { people, photos, pairs: figures, bestCosine } = JSON.parse(stdout)
    expect([people, photos.used, figures.same, figures.different]).toEqual([2, 3, 1, 1])
    const grey = await run('--photos', await castPhotos(), '--pairs', pairs, '--grey', '1', '--json')
    expect(JSON.parse(grey.stdout).kinds).toEqual([{ kind: 'grey', photos: 3, found: 3 }])
    expect(JSON.parse(grey.stdout).bestCosine).not.toBe(bestCosine)
  },
)
