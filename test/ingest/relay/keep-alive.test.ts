import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readSession, sessionLife, signEveryMs } from '../../../src/ingest/relay/keep-alive.ts'

test.each([
  ['12', { id: '12', timeoutMs: null }],
  ['12;timeout=5', { id: '12', timeoutMs: 5000 }],
  [' a-b$ ; Timeout = 90 ; x=1', { id: 'a-b$', timeoutMs: 90_000 }],
  ['12;timeout=soon', { id: '12', timeoutMs: null }],
  ['12;timeout=0', { id: '12', timeoutMs: null }],
])('the session in %j', (header, read) => {
  expect(readSession(header)).toEqual(read)
})

test('a sign of life comes twice in the time-out, and at least every four seconds', () => {
  expect([0, 1000, 2000, 5000, 60_000].map(signEveryMs)).toEqual([400, 450, 900, 2250, 4000])
})

describe('a session', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const uriOf = (location: string): string => location
  const said = (...headers: readonly (readonly [string, string])[]) => ({ first: '', headers, body: Buffer.alloc(0) })

  /** A camera that answers signs of life with these statuses, in turn; null: not at all. */
  const cameraOf = (...statuses: readonly (number | null)[]) => {
    const asked: string[] = []
    const note = (method: string, session: string | undefined): void => void asked.push(`${method} ${session ?? '-'}`)
    const left = [...statuses]
    return {
      asked,
      ping: (method: string, { headers }: ReturnType<typeof said>) => {
        note(method, headers[0]?.[1])
        const status = left.length > 1 ? left.shift() : left[0]
        return status == null ? new Promise<number>(() => {}) : Promise.resolve(status)
      },
      tell: (method: string, { headers }: ReturnType<typeof said>) => note(method, headers[0]?.[1]),
    }
  }

  test('is kept by what the camera lists, under its last name', async () => {
    const camera = cameraOf(200)
    const life = sessionLife(camera)
    life.note('OPTIONS', said(['Public', 'OPTIONS, PLAY, get_parameter']))
    life.note('SETUP', said(['Session', '1;timeout=2']))
    life.note('PLAY', said(['Session', '2']))
    life.begin(uriOf)
    await vi.advanceTimersByTimeAsync(1900)
    expect(camera.asked).toEqual(['GET_PARAMETER 2', 'GET_PARAMETER 2'])
    life.stop()
    await vi.advanceTimersByTimeAsync(9000)
    expect(camera.asked).toHaveLength(2)
  })

  test('changes the method once, at once, when it is refused', async () => {
    const camera = cameraOf(405, 454)
    const life = sessionLife(camera)
    life.begin(uriOf)
    await vi.advanceTimersByTimeAsync(8000)
    expect(camera.asked).toEqual(['OPTIONS -', 'GET_PARAMETER -', 'GET_PARAMETER -'])
    life.stop()
  })

  test('goes on when nothing is answered', async () => {
    const camera = cameraOf(null)
    const life = sessionLife(camera)
    life.begin(uriOf)
    await vi.advanceTimersByTimeAsync(12_000)
    expect(camera.asked).toHaveLength(3)
    life.stop()
  })
})
