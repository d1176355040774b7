/** What a text is that stands where a recording, a camera's answer or a photo is expected. */
export type TextKind = 'hls' | 'playlist' | 'dash' | 'smooth' | 'sdp' | 'page' | 'svg' | 'xml' | 'addresses'

/** Each in words, for messages. */
export const textWords: Readonly<Record<TextKind, string>> = {
  hls: 'a playlist (HLS)',
  playlist: 'a playlist',
  dash: 'a manifest (DASH)',
  smooth: 'a manifest (Smooth Streaming)',
  sdp: 'a session description (SDP)',
  page: 'a web page',
  svg: 'a drawing (SVG)',
  xml: 'an XML document',
  addresses: 'a list of addresses',
}

/** The first that fits counts. */
const marks: readonly (readonly [pattern: RegExp, kind: TextKind])[] = [
  [/^\s*#EXTM3U[\s\S]*#EXT-X-/i, 'hls'],
  [/<MPD[\s>]/i, 'dash'],
  [/<SmoothStreamingMedia[\s>]/i, 'smooth'],
  [/^\s*#EXTM3U|^\s*\[playlist\]|xspf\.org|<(asx|smil)[\s>]|^RTSPtext/i, 'playlist'],
  [/^v=0\r?\n/, 'sdp'],
  [/<svg[\s>]/i, 'svg'],
  [/^\s*<(!doctype html|head|body|script)\b|<html[\s>]/i, 'page'],
  [/^\s*<\?xml/, 'xml'],
  [/^\s*[a-z][a-z0-9+.-]*:\/\/\S+\s*$/im, 'addresses'],
]

/** What a text is by its beginning; null for other text. */
export const textKind = (text: string): TextKind | null => marks.find(([pattern]) => pattern.test(text))?.[1] ?? null

/** Whether it names video by its address. */
export const namesAddresses = (kind: TextKind): boolean => !['page', 'svg', 'xml'].includes(kind)

/**
 * The text in a file's first bytes; null when they are no text. Text that begins with a byte order mark is in UTF-16; other
 * text has no control characters but white space.
 */
export const textIn = (head: Uint8Array): string | null => {
  const bytes = head.subarray(0, 4096)
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes.length >= 2 && bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  if (bytes.some((byte) => byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13)) return null
  const text = new TextDecoder('utf-8').decode(bytes)
  // A character may be cut at the end of what was read.
  return /\ufffd/.test(text.slice(0, -1)) ? null : text
}
