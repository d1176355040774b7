/**
 * Scores the engine on simulated frames from standard input, one JSON object a line:
 * {t: seconds, camera: number, faces: [{person, track, quality, embedding}]}. An argument shifts all thresholds.
 *
 *   node SIMULATOR easier 21 | node test/identity/support/stream.ts 0.08
 */
import { createInterface } from 'node:readline'
import { identityOptions } from '../../../src/identity/options.ts'
import { run } from './score.ts'
import type { SimulatedFace, SimulatedFrame } from './simulator.ts'

const frames: SimulatedFrame[] = []
for await (const line of createInterface({ input: process.stdin })) {
  const frame: { t: number; camera: number; faces: SimulatedFace[] } = JSON.parse(line)
  const faces = frame.faces.map((face) => ({ ...face, embedding: Float32Array.from(face.embedding) }))
  frames.push({ atMs: frame.t * 1000, camera: frame.camera, faces })
}
const shift = Number(process.argv[2] ?? 0)
const { join, create, leave, merge } = identityOptions.parse({})
const shifted = { join: join + shift, create: create + shift, leave: leave + shift, merge: merge + shift }
console.log(JSON.stringify(run(frames, shifted), (_, value) => (typeof value === 'number' ? +value.toFixed(4) : value)))
