import { expect, test } from 'vitest'
import { checkPeopleFile, peopleFile } from '../../src/server/people-bodies.ts'

const around = { rollcall: 2, embedder: { name: 'small', sha256: '5'.repeat(64), dimensions: 4 } }
const personAt = (i: number) => ({
  id: `p-${i}`,
  name: null,
  createdAtMs: 1000,
  lastSeenAtMs: 2000,
  exemplars: [{ vector: [1, 0, 0, 0], weight: 1 }],
})

/** How often other work got its turn until a promise was settled. */
const turnsUntil = async (settled: Promise<unknown>): Promise<number> => {
  let [turns, isOver] = [0, false]
  void settled.finally(() => (isOver = true))
  while (!isOver) {
    await new Promise((resolve) => setImmediate(resolve))
    turns++
  }
  return turns
}

test('an import of many people is checked as the schema does, and lets other work go on', async () => {
  const people = Array.from({ length: 5000 }, (_, i) => personAt(i))
  const checking = checkPeopleFile({ ...around, people })
  expect(await turnsUntil(checking)).toBeGreaterThanOrEqual(20)
  expect(await checking).toEqual({ data: peopleFile.parse({ ...around, people }) })
})

test('a wrong one is not read to its end', async () => {
  let read = 0
  const wrong = () =>
    Object.defineProperty({ ...personAt(1), more: 1 }, 'id', {
      enumerable: true,
      get: () => {
        read++
        return '?'
      },
    })
  const people = [personAt(0), ...Array.from({ length: 60_000 }, wrong)]
  const result = await checkPeopleFile({ ...around, people })
  expect(read).toBeLessThan(100)
  const issues = 'error' in result ? result.error.issues : []
  expect(issues[0]?.path.slice(0, 2)).toEqual(['people', 1])
})

test.each([
  ['nothing', null, ['']],
  ['no object', [], ['']],
  ['no people', around, ['people']],
  ['people that are none', { ...around, people: 7 }, ['people']],
  ['a field more', { ...around, people: [], more: 1 }, ['']],
  [
    'wrong around, and wrong within',
    { people: [{ ...personAt(0), id: '?' }] },
    ['rollcall', 'embedder', 'people.0.id'],
  ],
])('%s', async (_, value, paths) => {
  const result = await checkPeopleFile(value)
  expect('error' in result && result.error.issues.map(({ path }) => path.join('.'))).toEqual(paths)
})
