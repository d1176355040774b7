import { decodeBinary } from '@rollcall/client'
import { expect, test } from 'vitest'
import { encodePicture, encodeUnit } from '../../src/sinks/websocket/protocol.ts'
import { frameEvent, frameFace } from '../sinks/events.ts'
import { videoUnit } from '../sinks/websocket/video-units.ts'

const message = (header: object, bytes: Uint8Array): ArrayBuffer => {
  const json = new TextEncoder().encode(JSON.stringify(header))
  const whole = new Uint8Array(4 + json.length + bytes.length)
  new DataView(whole.buffer).setUint32(0, json.length)
  whole.set(json, 4)
  whole.set(bytes, 4 + json.length)
  return whole.buffer
}

test('a picture message is read as it was written', () => {
  const frame = frameEvent('tür', 7, [frameFace('p-1', 0.1, 0.2, 0.3, 0.4)]).data
  const jpeg = Uint8Array.of(0xff, 0xd8, 0, 1, 2, 0xff, 0xd9)
  const { buffer } = Uint8Array.from(encodePicture({ frame, jpeg }))
  expect(decodeBinary(buffer)).toEqual({ kind: 'still', picture: { frame, jpeg } })
})

test('a unit is read with its header; a kind of a later Rollcall is not taken for another', () => {
  const { data, ...stamp } = videoUnit({ n: 3, key: true })
  const sent = Uint8Array.from(encodeUnit({ ...stamp, data })).buffer
  const read = decodeBinary(sent)
  expect(read).toEqual({ kind: 'unit', unit: { kind: 'unit', ...stamp, bytes: Uint8Array.from(data) } })
  const bytes = Uint8Array.of(0, 0, 0, 1, 0x67)
  expect(decodeBinary(message({ kind: 'sound' }, bytes))).toEqual({ kind: 'unknown' })
})

test('what is no message throws', () => {
  expect(() => decodeBinary(new ArrayBuffer(2))).toThrow(RangeError)
  expect(() => decodeBinary(Uint8Array.of(0, 0, 9, 9, 1).buffer)).toThrow(RangeError)
  expect(() => decodeBinary(message({}, new Uint8Array()).slice(0, 5))).toThrow()
})
