import { describe, it } from 'vitest'
import { clips, models } from '../support/material.ts'
import { expectTurns } from './clips.ts'

describe.skipIf(!clips() || !models())('real footage', () => {
  it('three-people.mp4: three people, each the same whenever seen', () => expectTurns('three-people.mp4'), 120_000)
})
