import { setTimeout as wait } from 'node:timers/promises'
import { causes, isProtocolError } from './failure.ts'

const TIMES = 100
const EVERY_MS = 100

/**
 * Asks again while not all brokers know a new topic or its leaders, for ten seconds. kafkajs does not repeat these requests.
 * Rejects with everything else.
 */
export const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (let time = 1; ; time++) {
    try {
      return await ask()
    } catch (error) {
      const isPassing = causes(error).some((each) => isProtocolError(each) && each.retriable)
      if (!isPassing || time === TIMES) throw error
      await wait(EVERY_MS)
    }
  }
}
