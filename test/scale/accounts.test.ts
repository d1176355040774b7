import { describe, expect, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import type { SeamRecord } from '../../src/seam/record.ts'
import { createAccounts } from './accounts.ts'

/** A record of a frame that was captured in the second of its number. */
const record = (owner: string, epoch: number, number: number): SeamRecord => ({
  camera: 'door',
  owner,
  epoch,
  number,
  embedder: '00',
  what: {
    type: 'faces',
    faces: {
      camera: 'door',
      stream: `s${epoch}`,
      seq: number,
      ptsUs: 0,
      capturedAtMs: number * 1000,
      clock: 'camera',
      width: 640,
      height: 360,
      faces: [],
      endedTracks: [],
    },
  },
})
const event = (epoch: number, seq: number): RollcallEvent =>
  ({
    id: `door/s${epoch}/${seq}`,
    type: 'rollcall.frame.v1',
    data: { camera: 'door', stream: `s${epoch}`, seq, capturedAtMs: seq * 1000 },
  }) as RollcallEvent

describe('accounts of a site', () => {
  test('miss the event of a record, unless it was of the moment before a kill', () => {
    const accounts = createAccounts()
    for (const number of [1, 2, 3]) accounts.record(number, record('a', 1, number))
    accounts.event(event(1, 1), 'one')
    expect(accounts.missing(2)).toEqual([])
    expect(accounts.missing(accounts.end())).toEqual(['door s1 2 of a (offset 2)', 'door s1 3 of a (offset 3)'])
    accounts.identityDied(2500, 3000)
    expect(accounts.missing(accounts.end())).toEqual(['door s1 2 of a (offset 2)'])
    expect(accounts.excused()).toBe(1)
    expect(accounts.faults()).toEqual([])
  })

  test.each([['the record first'], ['the event first']])(
    'blame an event of who no longer had the camera: %s',
    (which) => {
      const accounts = createAccounts()
      const take = [() => accounts.record(2, record('a', 1, 2)), () => accounts.event(event(1, 2), 'late')]
      accounts.record(0, record('a', 1, 1))
      accounts.record(1, record('b', 2, 1))
      for (const each of which === 'the record first' ? take : take.reverse()) each()
      expect(accounts.faults()).toEqual(['door s1 2: taken from a, which no longer had the camera'])
      expect(accounts.owner('door')).toBe('b')
    },
  )

  test('blame a number that is missing, two owners of one epoch, and an event that came with other content', () => {
    const accounts = createAccounts()
    accounts.record(0, record('a', 1, 1))
    accounts.record(1, record('a', 1, 3))
    accounts.record(2, record('b', 1, 4))
    accounts.event(event(1, 1), 'one')
    accounts.event(event(1, 1), 'one')
    accounts.event(event(1, 1), 'other')
    expect(accounts.faults()).toEqual([
      'door: a sent number 3 after 1',
      'door: a and b have one epoch, 1',
      'event door/s1/1 came twice: one and other',
    ])
  })

  test('know the newest frame of which an event has come', () => {
    const accounts = createAccounts()
    expect(accounts.newest('door')).toBeNull()
    accounts.record(0, record('a', 1, 5))
    accounts.record(1, record('b', 2, 1))
    accounts.event(event(2, 1), 'new')
    accounts.event(event(1, 5), 'old')
    expect(accounts.newest('door')).toEqual({ epoch: 2, capturedAtMs: 1000 })
  })
})
