import { describe, test } from 'vitest'
import { hasKafka } from '../../support/kafka/broker.ts'
import { expectToWait, useHangingBroker } from './hanging-broker.ts'

describe.skipIf(!hasKafka)('a broker that answers some requests and hangs at others', () => {
  const setting = useHangingBroker()

  test.each(['Metadata', 'InitProducerId', 'CreateTopics'] as const)(
    'at %s: publishing goes on, a warning says so, and each event comes once it answers',
    (kind) => expectToWait(kind, setting()),
  )
})
