import { Observable, of, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { groupCommit } from '../../src/operators/group-commit.ts'
import { collect } from './collect.ts'
import { marbles } from './marbles.ts'

/** Values in capital letters have events to commit. `writes` has what each commit wrote. */
const createLog = (fails = false) => {
  const writes: string[] = []
  let uncommitted = ''
  return {
    writes,
    saw: (value: string): void => {
      if (value !== value.toLowerCase()) uncommitted += value
    },
    onDisk: (value: string): boolean => !uncommitted.includes(value),
    log: {
      hasUncommitted: () => uncommitted !== '',
      commit: () => {
        if (fails) throw new Error('the disk is full')
        writes.push(uncommitted)
        uncommitted = ''
      },
    },
  }
}

/** Compares what comes out for the source, and what was written in which commits; 4 frames are the longest wait. */
const check = (source: string, output: string, writes: readonly string[], more = {}, unsubscribed?: string): void => {
  const { log, saw, writes: written, onDisk } = createLog()
  marbles(({ cold, expectObservable }) => {
    const values = cold(source).pipe(tap(saw), groupCommit(log, { maxWaitMs: 4, ...more }))
    const checked = values.pipe(tap((value) => expect(onDisk(value), `${value} is on disk`).toBe(true)))
    expectObservable(checked, unsubscribed).toBe(output)
  })
  expect(written).toEqual(writes)
}

describe('groupCommit', () => {
  it('writes what comes within the wait in one commit, and releases it in order', () => {
    check('-A--b-C--d---E|', '-----(Ab)-(Cd)(E|)', ['A', 'C', 'E'])
    check('A-BCD-----|', '----(ABCD)|', ['ABCD', ''])
  })

  it('counts the wait from the first value of a group, so that steady traffic waits no longer', () => {
    check('A--B--C--D-------|', '----(AB)--(CD)---|', ['AB', 'CD', ''])
  })

  it('passes on at once what has nothing to commit', () => {
    check('-a-b-c|', '-a-b-c|', [''])
  })

  it('commits a group at once when it is full', () => {
    check('-(AbC)--|', '-(AbC)--|', ['AC', ''], { maxValues: 3 })
  })

  it('commits each value by itself when nothing may wait', () => {
    check('-A-b-(CD)-|', '-A-b-(CD)-|', ['A', 'C', 'D', ''], { maxWaitMs: 0 })
  })

  it('commits and releases what waits when the source ends or fails', () => {
    check('-Ab|', '---(Ab|)', ['A'])
    check('-Ab#', '---(Ab#)', ['A'])
  })

  it('does nothing more after it is unsubscribed', () => {
    check('-A--------|', '---', [], {}, '---!')
  })

  it('takes a synchronous source', async () => {
    const { log, saw, writes } = createLog()
    const values = of('A', 'b', 'C').pipe(tap(saw), groupCommit(log, { maxWaitMs: 4 }))
    expect(await collect(values)).toEqual(['A', 'b', 'C'])
    expect(writes).toEqual(['AC'])
  })

  it('releases what waits as soon as somebody else has committed it', () => {
    const { log, saw } = createLog()
    marbles(({ cold, expectObservable }) => {
      const asked = (value: string): void => {
        saw(value)
        if (value === 't') log.commit()
      }
      expectObservable(cold('A-t----|').pipe(tap(asked), groupCommit(log, { maxWaitMs: 4 }))).toBe('--(At)-|')
    })
  })

  it('sends nothing of what could not be committed', () => {
    const { log, saw } = createLog(true)
    marbles(({ cold, expectObservable }) => {
      const output = cold('-a-Bc------').pipe(tap(saw), groupCommit(log, { maxWaitMs: 4 }))
      expectObservable(output).toBe('-a-----#', undefined, new Error('the disk is full'))
    })
  })

  it('keeps the order when a value that leaves brings the next one', async () => {
    const { log, saw, onDisk } = createLog()
    const source = new Observable<string>((subscriber) => {
      const send = (value: string): void => {
        saw(value)
        subscriber.next(value)
      }
      next = send
      send('A')
      send('b')
      send('C')
      subscriber.complete()
    })
    let next: (value: string) => void = () => undefined
    const got: string[] = []
    const output = source.pipe(groupCommit(log, { maxWaitMs: 4, maxValues: 3 }))
    output.subscribe((value) => {
      expect(onDisk(value)).toBe(true)
      got.push(value)
      if (value === 'A') next('D')
    })
    expect(got.join('')).toBe('AbCD')
  })
})
