import { of, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { publishTo } from '../../src/operators/publish-to.ts'
import { collect } from './collect.ts'

const value = (name: string, count = 1) => ({
  name,
  events: Array.from({ length: count }, (_, i) => ({ id: `${name}${i}` }) as RollcallEvent),
})

describe('publishTo', () => {
  it('passes each value on only after every outbox has taken its events, in order', async () => {
    const log: string[] = []
    const gate = Promise.withResolvers<void>()
    const slow = {
      push: (events: readonly RollcallEvent[]) => gate.promise.then(() => void log.push(`slow ${events[0]?.id}`)),
    }
    const fast = { push: async (events: readonly RollcallEvent[]) => void log.push(`fast ${events[0]?.id}`) }
    const done = collect(of(value('a'), value('b')).pipe(publishTo([slow, fast])))
    await Promise.resolve()
    expect(log).toEqual(['fast a0'])
    gate.resolve()
    expect((await done).map(({ name }) => name)).toEqual(['a', 'b'])
    expect(log).toEqual(['fast a0', 'slow a0', 'fast b0', 'slow b0'])
  })

  it('does not bother outboxes with values that have no events, and needs no outbox', async () => {
    const never = { push: () => Promise.reject(new Error('was pushed')) }
    expect(await collect(of(value('a', 0)).pipe(publishTo([never])))).toHaveLength(1)
    expect(await collect(of(value('a')).pipe(publishTo([])))).toHaveLength(1)
  })

  it('passes on an error of the source', async () => {
    await expect(collect(throwError(() => new Error('source')).pipe(publishTo([])))).rejects.toThrow('source')
  })
})
