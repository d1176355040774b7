import { TestScheduler } from 'rxjs/testing'
import { expect } from 'vitest'

/** Runs `test` in RxJS's virtual time; marbles are compared with vitest's `toEqual`. */
export const marbles = (test: Parameters<TestScheduler['run']>[0]): void => {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test)
}
