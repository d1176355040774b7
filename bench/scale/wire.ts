import { createEnvelope, SEALING_KEY_BYTES } from '../../src/seam/envelope.ts'
import { encodeRecord } from '../../src/seam/record.ts'
import { createTraffic, looksOf } from './traffic.ts'

/** Bytes of what crosses Kafka, without Kafka's own framing. */
export interface WireBytes {
  /** A frame in which nobody is seen. */
  readonly frame: number
  /** Each face of a frame, with its embedding. */
  readonly face: number
  /** What sealing adds to a record. */
  readonly seal: number
}

/** Measures records as vision processes make them. */
export const measureWire = (): WireBytes => {
  const next = createTraffic(looksOf(10, 1), 1)
  // The first frame of a track has an embedding.
  for (let i = 0; i < 1000; i++) next(0, Date.now())
  const faces = next(0, Date.now())
  const [face] = faces.faces
  const bytesOf = (count: number): number =>
    encodeRecord({
      camera: faces.camera,
      owner: 'vision-7c9d-x2k4q',
      epoch: Date.now(),
      number: 100_000,
      embedder: '00'.repeat(8),
      what: { type: 'faces', faces: { ...faces, endedTracks: [], faces: face ? Array(count).fill(face) : [] } },
    }).length
  const key = Buffer.alloc(SEALING_KEY_BYTES, 7)
  const record = new Uint8Array(bytesOf(1))
  const [sealed, plain] = [key, null].map((each) => createEnvelope('bench', each).pack(faces.camera, record).length)
  return { frame: bytesOf(0), face: (bytesOf(11) - bytesOf(1)) / 10, seal: (sealed ?? 0) - (plain ?? 0) }
}
