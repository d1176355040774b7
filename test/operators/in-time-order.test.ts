import { Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { inTimeOrder } from '../../src/operators/in-time-order.ts'
import { marbles } from './marbles.ts'

/** `a3` is camera a at 3 ms; a trailing dot marks its last value. */
const describeValue = (value: string) => ({
  camera: value.charAt(0),
  atMs: Number(value.slice(1).replace('.', '')),
  last: value.endsWith('.'),
})

/** What comes out after each value that goes in. */
const steps = (values: readonly string[], cameras: readonly string[]): string[] => {
  const source = new Subject<string>()
  const out: string[] = []
  let step: string[] = []
  source
    .pipe(inTimeOrder(cameras, describeValue))
    .subscribe({ next: (v) => step.push(v), complete: () => step.push('|') })
  for (const value of values) {
    step = []
    source.next(value)
    out.push(step.join(' '))
  }
  step = []
  source.complete()
  return [...out, step.join(' ')]
}

describe('inTimeOrder', () => {
  it('holds a value until every camera has shown what it has first', () => {
    expect(steps(['a1', 'a4', 'b2', 'b5', 'a6.', 'b9.'], ['a', 'b'])).toEqual([
      '',
      '',
      'a1 b2',
      'a4',
      'b5',
      'a6. b9.',
      '|',
    ])
  })

  it('gives the same order whatever the order of arrival', () => {
    const arrivals = [
      ['a1', 'a2', 'a3.', 'b1', 'b2.'],
      ['b1', 'b2.', 'a1', 'a2', 'a3.'],
      ['a1', 'b1', 'a2', 'b2.', 'a3.'],
    ]
    for (const values of arrivals)
      expect(steps(values, ['b', 'a']).join(' ').split(' ').filter(Boolean)).toEqual([
        'a1',
        'b1',
        'a2',
        'b2.',
        'a3.',
        '|',
      ])
  })

  it('no longer waits for a camera after its last value', () => {
    expect(steps(['b9.', 'a1', 'a2'], ['a', 'b'])).toEqual(['', 'a1', 'a2', 'b9. |'])
  })

  it('lets go of everything when the source completes', () => {
    expect(steps(['a1', 'a2', 'c1', 'c9'], ['a', 'b', 'c'])).toEqual(['', '', '', '', 'a1 c1 a2 c9 |'])
  })

  it('passes on an error at once and refuses an unknown camera', () => {
    marbles(({ cold, expectObservable }) => {
      const values = { p: 'a1', q: 'x1' }
      expectObservable(cold('-p-#', values).pipe(inTimeOrder(['a', 'b'], describeValue))).toBe('---#')
      expectObservable(cold('-q', values).pipe(inTimeOrder(['a'], describeValue))).toBe(
        '-#',
        undefined,
        new Error('camera "x" is unknown here, or has already ended'),
      )
    })
  })
})
