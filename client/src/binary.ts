import type { FrameEvent } from './events.ts'
import type { Picture, Unit, UnitHeader } from './protocol.ts'

/** A binary message: a picture with its boxes, or an access unit of a camera's own video. */
export type BinaryMessage =
  | { readonly kind: 'still'; readonly picture: Picture }
  | { readonly kind: 'unit'; readonly unit: Unit }
  /** Of a later Rollcall. */
  | { readonly kind: 'unknown' }

type StillHeader = FrameEvent['data'] & { readonly kind?: 'still' }

/**
 * Reads a binary message: u32 big-endian length of the header, header (JSON, UTF-8), bytes. The bytes are a view into
 * `message`, nothing is copied. Throws SyntaxError or RangeError when it is none.
 */
export const decodeBinary = (message: ArrayBuffer): BinaryMessage => {
  const end = 4 + new DataView(message).getUint32(0)
  const header: StillHeader | UnitHeader = JSON.parse(new TextDecoder().decode(new Uint8Array(message, 4, end - 4)))
  const bytes = new Uint8Array(message, end)
  if (header.kind === 'unit') return { kind: 'unit', unit: { ...header, bytes } }
  if (header.kind !== undefined && header.kind !== 'still') return { kind: 'unknown' }
  const { kind: _kind, ...frame } = header
  return { kind: 'still', picture: { frame, jpeg: bytes } }
}
