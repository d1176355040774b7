import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { tellReading } from '../../src/commands/tell-reading.ts'
import { silent } from '../../src/silent-log.ts'
import { createStatus, notStarted } from '../../src/site/status.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('says how far recordings are while they are read, and nothing afterwards', () => {
  const status = createStatus(['door', 'hall'], () => 2)
  const said: object[] = []
  const saw = (count: number): void => {
    for (let seq = 0; seq < count; seq++) status.saw({ camera: 'door', faces: [{}] } as never)
  }
  {
    using _ = tellReading(status.now, { ...silent, info: (values: object) => void said.push(values) })
    saw(300)
    vi.advanceTimersByTime(14_000)
    expect(said).toEqual([])
    vi.advanceTimersByTime(1000)
    saw(150)
    status.change({ ...notStarted('door'), state: 'ended' })
    vi.advanceTimersByTime(15_000)
  }
  vi.advanceTimersByTime(60_000)
  expect(said).toEqual([
    { cameras: ['door', 'hall'], frames: 300, framesPerS: 20, faces: 300, people: 2 },
    { cameras: ['hall'], frames: 450, framesPerS: 10, faces: 450, people: 2 },
  ])
})
