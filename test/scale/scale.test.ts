import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import type { CameraId, PersonId } from '../../src/types.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { sharedBroker } from '../support/kafka/shared-broker.ts'
import { runScale } from './scale.ts'

const names = ['ada', 'bo', 'cy']
const cameras = Array.from({ length: 6 }, (_, i) => ({
  name: `${names[i % names.length]}-${Math.floor(i / names.length)}`,
  options: { url: 'rtsp://127.0.0.1:1/none' },
}))

/** Everybody has one ID on all cameras of the name, from the first to the last frame. */
const people = () => {
  const ids = new Map<string, Set<PersonId>>()
  const seen = new Set<CameraId>()
  return {
    saw: ({ type, data }: RollcallEvent): void => {
      if (type !== 'rollcall.frame.v1') return
      const [name = ''] = data.camera.split('-')
      seen.add(data.camera)
      const own = ids.get(name) ?? new Set()
      for (const { person } of data.faces) if (person !== null) own.add(person)
      ids.set(name, own)
    },
    compare: () => ({
      seen: seen.size,
      changed: [...ids].flatMap(([name, own]) => (own.size > 1 ? [`${name}: ${[...own].join(' ')}`] : [])),
    }),
  }
}

describe.skipIf(!hasKafka)('a site of several processes', () => {
  test('loses no event and changes no ID when a worker and identity are killed', async () => {
    const { plain } = await sharedBroker()
    const lines: string[] = []
    const steps = await runScale({
      seed: 1,
      minutes: 5,
      steps: 2,
      only: 'kill -9 of',
      brokers: [plain],
      cluster: null,
      replicas: 1,
      cameras,
      single: null,
      people: people(),
      workers: 2,
      vision: [join(import.meta.dirname, 'synthetic-worker.ts')],
      watchMs: 1500,
      sleepMs: 0,
      say: (line) => lines.push(line),
    })
    expect(
      steps.filter(({ failure }) => failure !== null),
      lines.join('\n'),
    ).toEqual([])
    expect(steps.map(({ name }) => name).sort()).toEqual(['kill -9 of a worker', 'kill -9 of the active identity'])
  })
})
