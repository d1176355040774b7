import { expect, it } from 'vitest'
import { identities } from '../../src/commands/eval/identities.ts'
import { canCutPhotos, castPhotos } from '../support/cast-photos.ts'
import { calling } from './called.ts'

const run = calling(identities)

it.skipIf(!canCutPhotos)(
  'eval identities spoils a share of the photos of the people who are drawn, and says in how many a face is found',
  { timeout: 150_000 },
  async () => {
    const hard = ['--level', 'hard', '--photos', await castPhotos(), '--people', '3', '--json']
    const { code, stdout, stderr } = await run(...hard, '--grey', '0.5', '--poor', '0.25')
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const { people, tracks, kinds } = JSON.parse(stdout) as {
      people: number
      tracks: number
      kinds: { kind: string; photos: number; found: number }[]
    }
    const sum = (of: 'photos' | 'found', some = kinds) => some.reduce((total, kind) => total + kind[of], 0)
    expect(people).toBe(3)
    expect(sum('photos')).toBeLessThanOrEqual(12)
    const grey = kinds.filter(({ kind }) => kind.startsWith('grey'))
    expect(sum('photos', grey)).toBe(Math.round(sum('photos') / 2))
    // In a picture without colours no face is lost.
    for (const { kind, photos: all, found } of kinds) if (kind === 'grey') expect(found).toBe(all)
    expect(tracks).toBe(sum('found'))
  },
)
