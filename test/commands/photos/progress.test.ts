import { expect, test } from 'vitest'
import { progress } from '../../../src/commands/photos/progress.ts'

const told = (isTerminal: boolean, total: number, msEach: number): string[] => {
  const lines: string[] = []
  let now = 0
  const tell = progress(total, 'photos', { isTerminal, write: (text) => void lines.push(text), nowMs: () => now })
  for (let done = 1; done <= total; done++) {
    now += msEach
    tell(done)
  }
  return lines
}

test('elsewhere than on a terminal there is a line every ten seconds, with what is left', () => {
  expect(told(false, 25, 1000)).toEqual(['10 of 25 photos, about 15 s left\n', '20 of 25 photos, about 5 s left\n'])
  expect(told(false, 9, 1000)).toEqual([])
  expect(told(false, 3, 3_600_000)[0]).toBe('1 of 3 photos, about 2.0 h left\n')
  expect(told(false, 3, 120_000)[0]).toBe('1 of 3 photos, about 4 min left\n')
})

test('on a terminal one line is written anew, ten times a second at most, and ended', () => {
  const lines = told(true, 30, 10)
  expect(lines).toHaveLength(3)
  expect(lines.at(-1)).toBe('\r\x1b[2K30 of 30 photos\n')
})
