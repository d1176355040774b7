import { expect, test } from 'vitest'
import { acksTogether } from '../../src/ipc/acks-together.ts'
import { createCreditWindow } from '../../src/ipc/credit-window.ts'
import type { ToVision } from '../../src/ipc/messages.ts'

test('acknowledgements go together, by camera, and other messages at once', () => {
  const sent: ToVision<never>[] = []
  const send = acksTogether<never>((message) => sent.push(message), 8)
  for (let i = 0; i < 5; i++) send({ type: 'ack', camera: 'a', records: 1 })
  send({ type: 'ack', camera: 'b', records: 1 })
  send({ type: 'stop' })
  const two = { type: 'ack', camera: 'a', records: 2 }
  expect(sent).toEqual([two, two, { type: 'stop' }])
})

test.each([1, 2, 3, 8, 9])('with a window of %i a camera that sends all it may goes on for ever', (size) => {
  const window = createCreditWindow(size)
  const send = acksTogether<never>((message) => {
    if (message.type === 'ack') window.acknowledged(message.camera, message.records)
  }, size)
  const underWay: string[] = []
  let taken = 0
  while (taken < 100) {
    const before = taken
    while (window.hasRoom('a')) {
      window.sent('a')
      underWay.push('a')
    }
    expect(underWay.length).toBeLessThanOrEqual(size)
    for (const camera of underWay.splice(0)) {
      send({ type: 'ack', camera, records: 1 })
      taken++
    }
    expect(taken).toBeGreaterThan(before)
  }
})
