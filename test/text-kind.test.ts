import { describe, expect, test } from 'vitest'
import { namesAddresses, textIn, textKind } from '../src/text-kind.ts'

test.each([
  ['#EXTM3U\n#EXT-X-TARGETDURATION:1\n', 'hls'],
  ['\n#EXTM3U\r\n#EXT-X-STREAM-INF:BANDWIDTH=1\r\nlow.m3u8\r\n', 'hls'],
  ['#EXTM3U\na.mp3\n', 'playlist'],
  ['[playlist]\nFile1=http://a/b', 'playlist'],
  ['<asx version="3.0">', 'playlist'],
  ['<?xml version="1.0"?>\n<!-- x -->\n<MPD xmlns="x">', 'dash'],
  ['<SmoothStreamingMedia MajorVersion="2">', 'smooth'],
  ['v=0\r\no=- 1 1 IN IP4 0.0.0.0', 'sdp'],
  ['  <!DOCTYPE html><title>x</title>', 'page'],
  ['<?xml version="1.0"?>\n<!DOCTYPE x>\n<html xmlns="y">', 'page'],
  ['<?xml version="1.0"?><svg width="1">', 'svg'],
  ['<?xml version="1.0"?><note/>', 'xml'],
  ['rtsp://192.0.2.1/live\n', 'addresses'],
  ['hello', null],
  ['{"error": "no"}', null],
  ['', null],
])('%j is %s', (text, kind) => expect(textKind(text)).toBe(kind))

test('what names video by its address', () => {
  const named = (['hls', 'playlist', 'dash', 'smooth', 'sdp', 'addresses'] as const).map(namesAddresses)
  const others = (['page', 'svg', 'xml'] as const).map(namesAddresses)
  expect([new Set(named), new Set(others)]).toEqual([new Set([true]), new Set([false])])
})

describe('the text in bytes', () => {
  test.each([
    ['UTF-8', Buffer.from('Übung'), 'Übung'],
    ['UTF-8 that is cut within a character', Buffer.from('Übung – ').subarray(0, 9), 'Übung \ufffd'],
    ['UTF-16', Buffer.from('\ufeffabc', 'utf16le'), 'abc'],
    ['bytes', Buffer.from([1, 2, 3]), null],
    ['Latin-1', Buffer.from('für alle', 'latin1'), null],
  ])('%s', (_, bytes, text) => expect(textIn(bytes)).toBe(text))
})
