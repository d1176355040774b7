import { map, of, range, Subject, take, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { batchMap } from '../../src/operators/batch-map.ts'
import { marbles } from './marbles.ts'

const joined = (batch: readonly string[]) => batch.join('')

describe('batchMap', () => {
  it('maps at once while idle and batches what arrived meanwhile', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-abcd-e|')
      const subscribed = ' ^------!'
      const work = '        ----(r|)'
      const expected = '    -----x---y---(z|)'
      const slow = (batch: readonly string[]) => cold(work).pipe(map(() => joined(batch)))
      const out = source.pipe(batchMap(slow, { maxBatch: 2, capacity: 4 }))
      expectObservable(out).toBe(expected, { x: 'a', y: 'bc', z: 'de' })
      expectSubscriptions(source.subscriptions).toBe(subscribed)
    })
  })

  it('drops the value that waited longest beyond its capacity, and says so', () => {
    const dropped: string[] = []
    marbles(({ cold, expectObservable }) => {
      const source = cold('abcde|')
      const work = '       ----(r|)'
      const expected = '   ----x---(y|)'
      const slow = (batch: readonly string[]) => cold(work).pipe(map(() => joined(batch)))
      const out = source.pipe(batchMap(slow, { maxBatch: 4, capacity: 2, onDrop: (value) => dropped.push(value) }))
      expectObservable(out).toBe(expected, { x: 'a', y: 'de' })
    })
    expect(dropped).toEqual(['b', 'c'])
  })

  it('lets the newest value of a key win, in the place of the older one', () => {
    const dropped: string[] = []
    marbles(({ cold, expectObservable }) => {
      const source = cold('abcBCd|', { a: 'a1', b: 'b1', c: 'c1', B: 'b2', C: 'c2', d: 'd1' })
      const work = '       ------(r|)'
      const expected = '   ------x-----(y|)'
      const slow = (batch: readonly string[]) => cold(work).pipe(map(() => joined(batch)))
      const key = (value: string) => value.charAt(0)
      const onDrop = (value: string) => dropped.push(value)
      expectObservable(source.pipe(batchMap(slow, { maxBatch: 8, capacity: 8, key, onDrop }))).toBe(expected, {
        x: 'a1',
        y: 'b2c2d1',
      })
    })
    expect(dropped).toEqual(['b1', 'c1'])
  })

  it('serves every key in turn however fast one of them is', () => {
    const served: string[] = []
    const source = new Subject<string>()
    const done = new Subject<string>()
    const work = (batch: readonly string[]) => {
      served.push(joined(batch))
      return done.pipe(take(1))
    }
    source.pipe(batchMap(work, { maxBatch: 1, capacity: 3, key: (value) => value })).subscribe()
    source.next('fast')
    for (let i = 0; i < 4; i++) {
      for (const value of ['fast', 'fast', 'slow', 'fast', 'third']) source.next(value)
      done.next('')
    }
    expect(served).toEqual(['fast', 'slow', 'third', 'fast', 'slow'])
  })

  it('maps what is still waiting when the source completes, then completes', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('(ab|)')
      const slow = (batch: readonly string[]) => cold('--(r|)').pipe(map(() => joined(batch)))
      expectObservable(source.pipe(batchMap(slow, { maxBatch: 1, capacity: 1 }))).toBe('--x-(y|)', { x: 'a', y: 'b' })
    })
  })

  it('passes on an error of the source at once', () => {
    marbles(({ cold, expectObservable }) => {
      const slow = () => cold('-----r|')
      expectObservable(cold('a-#').pipe(batchMap(slow, { maxBatch: 1, capacity: 1 }))).toBe('--#')
    })
  })

  it('passes on an error of project, thrown or emitted', () => {
    marbles(({ cold, expectObservable }) => {
      const thrown = () => {
        throw 'error'
      }
      const emitted = () => throwError(() => 'error')
      expectObservable(cold('-a-').pipe(batchMap(thrown, { maxBatch: 1, capacity: 1 }))).toBe('-#')
      expectObservable(cold('-a-').pipe(batchMap(emitted, { maxBatch: 1, capacity: 1 }))).toBe('-#')
    })
  })

  it('stops project and gives back what waits when it is unsubscribed', () => {
    const dropped: string[] = []
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('abc---')
      const inner = cold(' --------r')
      const out = source.pipe(
        batchMap(() => inner, { maxBatch: 1, capacity: 4, onDrop: (value) => dropped.push(value) }),
      )
      expectObservable(out, '^---!').toBe('-----')
      expectSubscriptions(inner.subscriptions).toBe('^---!')
      expectSubscriptions(source.subscriptions).toBe('^---!')
    })
    expect(dropped).toEqual(['b', 'c'])
  })

  it('does not grow the stack when source and project are synchronous', () => {
    let count = 0
    range(0, 100_000)
      .pipe(batchMap((batch) => of(batch.length), { maxBatch: 1, capacity: 1 }))
      .subscribe({ next: (size) => (count += size) })
    expect(count).toBe(100_000)
  })

  it('keeps its state per subscription', () => {
    const source = new Subject<string>()
    const out = source.pipe(batchMap((batch) => of(joined(batch)), { maxBatch: 1, capacity: 1 }))
    const seen: string[] = []
    out.pipe(take(1)).subscribe((value) => seen.push(`first ${value}`))
    out.subscribe((value) => seen.push(`second ${value}`))
    source.next('a')
    source.next('b')
    expect(seen).toEqual(['first a', 'second a', 'second b'])
  })
})
