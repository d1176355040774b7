import type { FrameEvent } from '../../src/types.ts'

/** An analysed frame: its boxes and its picture, from one message, so that they cannot be out of step. */
export interface PictureMessage {
  readonly frame: FrameEvent['data']
  readonly jpeg: Uint8Array<ArrayBuffer>
}

/** The opposite of `encodePicture` of src/sinks/websocket/protocol.ts. */
export const decodePicture = (message: ArrayBuffer): PictureMessage => {
  const end = 4 + new DataView(message).getUint32(0)
  return {
    frame: JSON.parse(new TextDecoder().decode(new Uint8Array(message, 4, end - 4))),
    jpeg: new Uint8Array(message, end),
  }
}
