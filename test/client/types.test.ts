import type * as client from '@rollcall/client'
import { expectTypeOf, it } from 'vitest'
import type * as events from '../../src/events/types.ts'
import type * as server from '../../src/sinks/websocket/protocol.ts'

/** Without `readonly` and the kinds of numbers, which the client does not know, and with intersections written out. */
type Plain<T> = T extends number ? number : T extends object ? { -readonly [K in keyof T]: Plain<T[K]> } : T
type Other = Exclude<server.ServerMessage, server.EventMessage | server.SnapshotMessage>
type OfClient = Exclude<client.ServerMessage, client.EventMessage | client.SnapshotMessage>

/** These fail in the compiler (`npm run types`), not when they run. */
it('the client package says of events and messages what the server sends and takes', () => {
  expectTypeOf<Plain<client.FrameEvent>>().toExtend<Plain<events.FrameEvent>>()
  expectTypeOf<Plain<events.FrameEvent>>().toExtend<Plain<client.FrameEvent>>()
  expectTypeOf<Plain<client.PersonMergedEvent>>().toEqualTypeOf<
    Plain<Extract<events.PersonEvent, { type: 'rollcall.person.merged.v1' }>>
  >()
  expectTypeOf<client.RollcallEvent['type']>().toEqualTypeOf<events.RollcallEvent['type']>()
  expectTypeOf<Plain<OfClient>>().toEqualTypeOf<Plain<Other>>()
  expectTypeOf<Plain<server.Snapshot>>().toExtend<Plain<client.Snapshot>>()
  expectTypeOf<Plain<client.UnitHeader>>().toExtend<Plain<server.UnitHeader>>()
  expectTypeOf<Plain<server.UnitHeader>>().toExtend<Plain<client.UnitHeader>>()
  expectTypeOf<client.SnapshotReason>().toEqualTypeOf<server.SnapshotReason>()
  expectTypeOf<Plain<client.ClientMessage>>().toExtend<Plain<server.ClientMessage>>()
})
