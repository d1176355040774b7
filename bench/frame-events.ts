/** The events that the benchmarks of sinks send. */
import { dataSchemaOf, type FrameEvent, type FrameFace } from '../src/events/types.ts'

/** Milliseconds on the machine's monotonic clock, the same in every process. */
export const clockMs = (): number => Number(process.hrtime.bigint()) / 1e6

const face = (i: number): FrameFace => {
  const point = { x: 0.123456 + i / 10, y: 0.345678 }
  const box = { x: 0.123456, y: 0.234567, width: 0.098765, height: 0.156789 }
  return {
    person: 'p-xk4d7f3k2m',
    candidate: { person: 'p-xk4d7f3k2m', similarity: 0.7123, score: 0.8123 },
    runnerUp: { person: 'p-aaz20q9xwb', similarity: 0.1912, score: 0.2123 },
    threshold: 0.4,
    reason: 'kept',
    track: `door/s1/${i}`,
    box,
    landmarks: [point, point, point, point, point],
    score: 0.912345,
    quality: 0.712345,
  }
}
const faces = [face(1), face(2)]

let seq = 0
/** A frame with two faces, some 1.3 kB; its capture time is when it was made. */
export const frameEvent = (): FrameEvent => ({
  specversion: '1.0',
  id: `door/s1/${++seq}`,
  source: '/bench/cameras/door',
  type: 'rollcall.frame.v1',
  subject: 'door',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  dataschema: dataSchemaOf('rollcall.frame.v1'),
  partitionkey: 'door',
  data: {
    camera: 'door',
    stream: 's1',
    seq,
    ptsUs: seq * 40_000,
    clock: 'arrival',
    capturedAtMs: clockMs(),
    width: 1920,
    height: 1080,
    faces,
  },
})
