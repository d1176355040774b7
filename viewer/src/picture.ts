import type { FrameEvent } from '../../src/events/types.ts'

/** An analysed frame: its boxes and its picture come in one message, so they always belong together. */
export interface PictureMessage {
  readonly frame: FrameEvent['data']
  readonly jpeg: Uint8Array<ArrayBuffer>
}

/** Reads what `encodePicture` of src/sinks/websocket/protocol.ts wrote. */
export const decodePicture = (message: ArrayBuffer): PictureMessage => {
  const end = 4 + new DataView(message).getUint32(0)
  return {
    frame: JSON.parse(new TextDecoder().decode(new Uint8Array(message, 4, end - 4))),
    jpeg: new Uint8Array(message, end),
  }
}
