/** Text that begins with a byte order mark is in UTF-16; other text has no control characters but white space. */
const textOf = (head: Uint8Array): string | null => {
  const bytes = head.subarray(0, 4096)
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes.length >= 2 && bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  if (bytes.some((byte) => byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13)) return null
  const text = new TextDecoder('utf-8').decode(bytes)
  // A character may be cut at the end of what was read.
  return /\ufffd/.test(text.slice(0, -1)) ? null : text
}

const kinds: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^\s*#EXTM3U[\s\S]*#EXT-X-/, 'a playlist (HLS)'],
  [/<MPD[\s>]/, 'a manifest (DASH)'],
  [/<SmoothStreamingMedia[\s>]/, 'a manifest (Smooth Streaming)'],
  [/^\s*#EXTM3U|^\s*\[playlist\]|xspf\.org|<(asx|smil)[\s>]|^RTSPtext/i, 'a playlist'],
  [/^v=0\r?\n/, 'a session description (SDP)'],
  [/^\s*<(!doctype html|html)/i, 'a web page'],
  [/^\s*[a-z][a-z0-9+.-]*:\/\/\S+\s*$/im, 'a list of addresses'],
]

/** What a file's first bytes are when they are text: for messages. Null when they are no text. */
export const textKind = (head: Uint8Array): string | null => {
  const text = textOf(head)
  if (text === null) return null
  return kinds.find(([pattern]) => pattern.test(text))?.[1] ?? 'text'
}

/** Whether a kind of text names the video by its address. */
export const isPlaylist = (kind: string): boolean => /playlist|manifest|SDP|addresses/.test(kind)
