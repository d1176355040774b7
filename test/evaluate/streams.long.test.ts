import { it } from 'vitest'
import { expectNoEasier } from './no-easier.ts'

it('easier simulated people are no easier than the reference', () => expectNoEasier('easier'))
