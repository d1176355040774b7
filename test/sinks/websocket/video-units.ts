import type { VideoUnit } from '../../../src/types.ts'

/** A unit of the camera `door`, whose only byte is its number. */
export const videoUnit = ({
  n,
  key = false,
  camera = 'door',
}: {
  n: number
  key?: boolean
  camera?: string
}): VideoUnit => ({
  camera,
  stream: 's1',
  n,
  ptsUs: n * 40_000,
  capturedAtMs: n * 40,
  clock: 'arrival',
  arrivedAtMs: n * 40,
  key,
  broken: false,
  encoding: 'h264',
  codec: 'avc1.42c01f',
  width: 640,
  height: 360,
  turn: 0,
  data: Uint8Array.of(n),
})
