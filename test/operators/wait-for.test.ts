import { setImmediate as turn } from 'node:timers/promises'
import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { waitFor } from '../../src/operators/wait-for.ts'

/** What comes out, while `settled` is what the values have to wait for when they come. */
const flow = () => {
  const source$ = new Subject<string>()
  const out: string[] = []
  let settled: Promise<void> | null = null
  source$.pipe(waitFor(() => settled)).subscribe({
    next: (value) => out.push(value),
    error: (error: Error) => out.push(error.message),
    complete: () => out.push('|'),
  })
  return { source$, out, mustWait: (until: Promise<void> | null): void => void (settled = until) }
}

test('values wait for what was to be settled when they came, and keep their order', async () => {
  const { source$, out, mustWait } = flow()
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  mustWait(first.promise)
  source$.next('a')
  source$.next('b')
  mustWait(second.promise)
  source$.next('c')
  mustWait(null)
  source$.next('d')
  source$.complete()
  await turn()
  expect(out).toEqual([])
  first.resolve()
  await turn()
  expect(out, 'not those that wait for more').toEqual(['a', 'b'])
  second.resolve()
  await turn()
  expect(out).toEqual(['a', 'b', 'c', 'd', '|'])
})

test('what will never be settled fails, and nothing that waited is emitted', async () => {
  const { source$, out, mustWait } = flow()
  source$.next('a')
  const lost = Promise.withResolvers<void>()
  mustWait(lost.promise)
  source$.next('b')
  source$.next('c')
  lost.reject(new Error('somebody else has it'))
  await turn()
  expect(out).toEqual(['a', 'somebody else has it'])
})
