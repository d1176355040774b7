import kafkajs from 'kafkajs'

/** What all producers have in common: one request at a time keeps the order, and a topic exists before anything is sent. */
export const producerConfig = {
  maxInFlightRequests: 1,
  allowAutoTopicCreation: false,
  createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
} as const

/** As `acks`: a record counts as written once all in-sync replicas have it. */
export const ALL_REPLICAS = -1
