import { setTimeout as sleep } from 'node:timers/promises'
import { endsInTime, framesCome, staysReady } from '../checks.ts'
import { type Fault, fault, oneOf } from '../fault.ts'
import type { Manner } from '../receivers.ts'

const badly: readonly Manner[] = ['away', 'silent', 'moody']

/** What the webhook and the MQTT broker do not take waits on disk, whatever happens to the program meanwhile. */
export const receivers: readonly Fault[] = [
  fault({
    name: 'a webhook and an MQTT broker that do not take events',
    isLong: true,
    apply: ({ receivers }, random) => {
      const manner = oneOf(badly, random)
      receivers.behave(manner)
      return manner
    },
    expect: async (world, manner) => {
      await framesCome(world)
      await sleep(5000)
      await staysReady(world)
      return manner
    },
    undo: ({ receivers }) => receivers.behave('well'),
  }),
  fault({
    name: 'SIGTERM while a webhook and an MQTT broker do not take events',
    isLong: true,
    apply: async ({ receivers, program }, random) => {
      const manner = oneOf(badly, random)
      receivers.behave(manner)
      await sleep(3000)
      program.kill('SIGTERM')
      return manner
    },
    expect: async (world, manner) => `${manner}: ${await endsInTime(world)}`,
    undo: ({ receivers }) => receivers.behave('well'),
  }),
  fault({
    name: 'kill -9 while a webhook and an MQTT broker do not take events',
    isLong: true,
    apply: async ({ receivers, program }, random) => {
      const manner = oneOf(badly, random)
      receivers.behave(manner)
      await sleep(2000 + 2000 * random())
      program.kill('SIGKILL')
      return manner
    },
    expect: async ({ program }, manner) => {
      await program.ended()
      return manner
    },
    undo: ({ receivers }) => receivers.behave('well'),
  }),
]
