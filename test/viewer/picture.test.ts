import { expect, test } from 'vitest'
import { encodePicture } from '../../src/sinks/websocket/protocol.ts'
import { decodePicture } from '../../viewer/src/picture.ts'
import { frameEvent, frameFace } from '../sinks/events.ts'

test('a picture message is read as it was written', () => {
  const frame = frameEvent('tür', 7, [frameFace('p-1', 0.1, 0.2, 0.3, 0.4)]).data
  const jpeg = Uint8Array.of(0xff, 0xd8, 0, 1, 2, 0xff, 0xd9)
  const { buffer } = encodePicture({ frame, jpeg })
  expect(decodePicture(buffer as ArrayBuffer)).toEqual({ frame, jpeg })
})
