import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assign } from '../../src/placement/assign.ts'
import { decodeMember, encodeMember, type MemberData } from '../../src/placement/member-data.ts'
import { emptySlot, encodeSlotValue, slotsOf, withRecord } from '../../src/placement/slots.ts'

describe('what members say of themselves', () => {
  const member: MemberData = {
    id: 'id-1',
    capacity: 2.5,
    held: new Map([[3, 17]]),
    refused: new Set([4]),
  }

  it('comes back as it was written', () => {
    expect(decodeMember(encodeMember(member))).toEqual(member)
  })

  it('of a later version is read as far as it is understood', () => {
    const later = { ...JSON.parse(encodeMember(member).toString()), v: 9, zone: 'north', refused: { 4: 'why' } }
    expect(decodeMember(Buffer.from(JSON.stringify(later)))).toEqual({ ...member, refused: new Set() })
  })

  it('never fails, whatever the bytes are, and can be placed', () => {
    const bytes = fc.oneof(
      fc.uint8Array().map((each) => Buffer.from(each)),
      fc.json().map((each) => Buffer.from(each)),
    )
    fc.assert(
      fc.property(bytes, (each) => {
        const read = decodeMember(each)
        expect(read.capacity).toBeGreaterThan(0)
        expect(assign([{ ...read, id: 'x' }], [0, 1]).get('x')).toEqual([0, 1])
      }),
    )
  })
})

describe('the records of a slot', () => {
  const wanted = { camera: 'door', keys: { url: 'rtsp://192.0.2.1/', password: '${CAM_PASSWORD}' } }
  const claim = { worker: 'id-1', name: 'pod-1', camera: 'door', epoch: 5, state: 'open' } as const

  it('are the last of each kind', () => {
    const one = withRecord(emptySlot, 'wanted', Buffer.from(encodeSlotValue(wanted)))
    const both = withRecord(one ?? emptySlot, 'claim', Buffer.from(encodeSlotValue(claim)))
    expect(both).toEqual({ wanted, claim, isBuried: false })
    expect(withRecord(both ?? emptySlot, 'wanted', null)).toEqual({ wanted: null, claim, isBuried: false })
  })

  it.each([
    ['another', Buffer.from('{}')],
    ['claim', Buffer.from(encodeSlotValue(wanted))],
    ['wanted', Buffer.from('no JSON')],
  ])('of a form that nobody understands change nothing: %s', (key, value) => {
    expect(withRecord({ wanted, claim, isBuried: false }, key, value)).toBeNull()
  })

  it('let nobody close or take what another has got since', () => {
    const at = (change: object) => Buffer.from(encodeSlotValue({ ...claim, ...change }))
    const slot = { wanted, claim, isBuried: false }
    const zombies = [at({ worker: 'id-0', epoch: 4, state: 'closed' }), at({ worker: 'id-2' })]
    for (const each of zombies) expect(withRecord(slot, 'claim', each)).toEqual({ ...slot, isBuried: true })
    expect(withRecord({ ...slot, isBuried: true }, 'claim', at({}))).toEqual(slot)
    const next = { ...claim, worker: 'id-2', epoch: 6 }
    expect(withRecord(slot, 'claim', at(next))).toEqual({ ...slot, claim: next })
  })

  it('name a camera once', () => {
    const slot = { ...emptySlot, wanted }
    expect(slotsOf([emptySlot, slot, slot])).toEqual(new Map([['door', 1]]))
  })
})
