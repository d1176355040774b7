import { expect, test } from 'vitest'
import { createUnitGroups } from '../../../src/sinks/websocket/unit-groups.ts'
import { createWaitingUnits, type UnitMessage } from '../../../src/sinks/websocket/waiting-units.ts'

/** A client with room for so many messages, which the test takes one by one. */
const setUp = () => {
  const state = { room: 0, nowMs: 0, sent: [] as number[], dropped: 0 }
  const units = createWaitingUnits({
    binaries: {
      hasRoom: () => state.room > 0,
      send: (message) => {
        state.room--
        state.sent.push(message[0] ?? 0)
      },
    },
    onDrop: (count) => (state.dropped += count),
    ageMs: () => state.nowMs,
  })
  return { state, units }
}
const unit = (n: number, key = false, camera = 'door', bytes = 1): UnitMessage => ({
  camera,
  key,
  message: new Uint8Array(bytes).fill(n),
})
const go = ({ state, units }: ReturnType<typeof setUp>, room: number): void => {
  state.room = room
  units.pump()
}

test('units of watched cameras come in order, the group of the newest key unit first', () => {
  const client = setUp()
  const { state, units } = client
  units.watch([{ camera: 'door' }], () => [unit(1, true), unit(2)])
  units.offer(unit(3))
  units.offer(unit(9, true, 'yard'))
  go(client, 10)
  expect(state).toMatchObject({ sent: [1, 2, 3], dropped: 0 })
  units.watch([{ camera: 'door' }], () => [unit(1, true)])
  units.offer(unit(4))
  expect(state.sent).toEqual([1, 2, 3, 4])
})

test('without a group the first unit is a key unit', () => {
  const client = setUp()
  client.units.watch([{ camera: 'door' }], () => [])
  client.state.room = 9
  for (const each of [unit(1), unit(2, true), unit(3)]) client.units.offer(each)
  expect(client.state.sent).toEqual([2, 3])
})

test('a slow client goes on with the newest key unit, and without one with the next', () => {
  const client = setUp()
  const { state, units } = client
  units.watch([{ camera: 'door' }], () => [unit(1, true), unit(2)])
  state.nowMs = 900
  for (const each of [unit(3), unit(4, true), unit(5)]) units.offer(each)
  state.nowMs = 1001
  go(client, 1)
  expect(state).toMatchObject({ sent: [4], dropped: 3 })
  state.nowMs = 1950
  units.offer(unit(6))
  expect(state.dropped).toBe(5)
  go(client, 9)
  expect(state.sent).toEqual([4])
  units.offer(unit(7))
  units.offer(unit(8, true))
  units.offer(unit(9))
  expect(state).toMatchObject({ sent: [4, 8, 9], dropped: 6 })
})

test('a key unit alone waits for longer, but never for ever', () => {
  for (const [afterMs, sent] of [
    [1400, [1, 5, 6]],
    [1600, [5, 6]],
  ] as const) {
    const client = setUp()
    client.units.watch([{ camera: 'door' }], () => [unit(1, true), unit(2)])
    client.state.nowMs = 1100
    client.units.offer(unit(3))
    client.state.nowMs = afterMs
    go(client, 9)
    for (const each of [unit(4), unit(5, true), unit(6)]) client.units.offer(each)
    expect(client.state.sent).toEqual(sent)
  }
})

test('what waits is bounded in bytes', () => {
  const client = setUp()
  client.units.watch([{ camera: 'door' }], () => [])
  client.units.offer(unit(1, true))
  client.units.offer(unit(2, false, 'door', 9_000_000))
  client.units.offer(unit(3))
  go(client, 9)
  expect(client.state).toMatchObject({ sent: [1], dropped: 2 })
})

test('key units only: the newest; and from there to all of it', () => {
  const client = setUp()
  const { state, units } = client
  units.watch([{ camera: 'door', only: 'keys' }], () => [unit(1, true), unit(2)])
  for (const each of [unit(3), unit(4, true), unit(5)]) units.offer(each)
  go(client, 9)
  expect(state).toMatchObject({ sent: [4], dropped: 1 })
  units.watch([{ camera: 'door' }], () => [unit(4, true), unit(5)])
  go(client, 9)
  expect(state.sent).toEqual([4, 4, 5])
})

test('a large stream does not hold up another camera', () => {
  const client = setUp()
  client.units.watch([{ camera: 'door' }, { camera: 'yard' }], (camera) =>
    camera === 'door' ? [unit(1, true), unit(2), unit(3)] : [unit(4, true, 'yard')],
  )
  go(client, 2)
  expect(client.state.sent).toEqual([1, 4])
})

test('the group of a watched camera is kept, within bounds', () => {
  const groups = createUnitGroups()
  const kept = (camera = 'door') => groups.of(camera).map(({ message }) => message[0])
  groups.add(unit(1))
  expect(kept()).toEqual([])
  for (const each of [unit(2, true), unit(3), unit(4, true), unit(5)]) groups.add(each)
  expect(kept()).toEqual([4, 5])
  groups.add(unit(6, false, 'door', 9_000_000))
  expect(kept()).toEqual([])
  groups.add(unit(7))
  expect(kept()).toEqual([])
  groups.add(unit(8, true))
  groups.keep(new Map([['yard', 1]]))
  expect(kept()).toEqual([])
})
