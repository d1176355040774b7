import { test } from 'vitest'
import { expectTheSamePeople } from './own-material.ts'

test('all frames of all cameras together: the same people everywhere', () => expectTheSamePeople('all frames'))
