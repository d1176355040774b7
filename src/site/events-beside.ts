import type { Config } from '../config/config.ts'
import type { Connection } from '../kafka/options.ts'

const reached = ({ brokers, tls, sasl }: Pick<Connection, 'brokers' | 'tls' | 'sasl'>): string =>
  JSON.stringify([brokers?.toSorted(), tls, sasl])

/**
 * Whether logged events are written to Kafka in the transaction of what they say of people: then the brokers of `sinks.kafka` are those
 * of the seam. Elsewhere they wait in the spool, as all others do.
 */
export const eventsGoBeside = ({ seam, sinks }: Pick<Config, 'seam' | 'sinks'>): boolean =>
  seam.stateTopic && seam.kafka.brokers !== null && reached(seam.kafka) === reached(sinks.kafka)
