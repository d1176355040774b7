/**
 * The real worker, but for whom it sees: one person, who looks otherwise in every second track of 20 frames. The two looks have
 * a cosine of .47.
 */
import type { FromVision } from '../../src/ipc/messages.ts'
import type { Face } from '../../src/types.ts'

const trackFrames = 20
const lookOf = (track: number, seq: number): Float32Array => {
  const look = new Float32Array(128)
  const [along, across] = track % 2 === 0 ? [1, 0] : [0.47, Math.sqrt(1 - 0.47 ** 2)]
  look.set([along, across])
  // Each frame is a little different.
  look[2 + (seq % 100)] = 0.05
  const length = Math.hypot(...look)
  return look.map((value) => value / length)
}
const middle = { x: 0.5, y: 0.5 }

const send = process.send?.bind(process) as (message: FromVision, ...rest: unknown[]) => boolean
process.send = (message: FromVision, ...rest: unknown[]): boolean => {
  if (message.type !== 'faces') return send(message, ...rest)
  const { camera, stream, seq } = message.faces
  const track = Math.floor(seq / trackFrames)
  const nameOf = (n: number): string => `${camera}/${stream}/${n}`
  const face: Face = {
    track: nameOf(track),
    box: { x: 0.4, y: 0.4, width: 0.1, height: 0.1 },
    landmarks: [middle, middle, middle, middle, middle],
    score: 0.9,
    embedding: lookOf(track, seq),
    quality: { overall: 0.9, sizePx: 80, sharpness: 1, yaw: 0 },
  }
  const endedTracks = track > 0 && seq % trackFrames === 0 ? [nameOf(track - 1)] : []
  return send({ ...message, faces: { ...message.faces, faces: [face], endedTracks } }, ...rest)
}

await import('../../src/worker/worker.ts')
