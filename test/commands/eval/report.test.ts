import { expect, test } from 'vitest'
import { report } from '../../../src/commands/eval/arguments.ts'
import { calling } from '../called.ts'

test('a blank line parts a table from what is before it, and does not begin the output', async () => {
  const table = { head: ['person', 'photos'], rows: [['1', 3]] }
  const printed = await calling(async () => {
    await report({}, { result: {}, text: [table, 'two words', table], page: () => '' })
    return 0
  })()
  expect(printed.stdout.split('\n')).toEqual([
    'person  photos',
    '1            3',
    'two words',
    '',
    'person  photos',
    '1            3',
  ])
})
