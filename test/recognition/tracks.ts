import type { Place, TracksSeen, WholeTrack } from '../../src/recognition/whole-tracks.ts'

/** A direction in the plane, by its angle in degrees. */
export const at = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180))

/** A face of this width at this place, fractions of the picture, at a time in seconds. */
export const place = (atS: number, x: number, width = 0.05): Place => ({
  atMs: atS * 1000,
  box: { x, y: 0.4, width, height: 2 * width },
})

/** A track with good faces in a direction; `null`: without a good face. */
export const trackOf = (track: string, degrees: number | null, other: Partial<WholeTrack> = {}): WholeTrack => ({
  track,
  camera: 'door',
  frames: 50,
  known: degrees === null ? null : { mean: at(degrees), evidence: 0.9 },
  weight: degrees === null ? 0 : 5,
  goodFaces: degrees === null ? 0 : 10,
  goodMs: degrees === null ? 0 : 2000,
  bestQuality: degrees === null ? 0 : 0.9,
  first: place(100, 0.1),
  last: place(101, 0.1),
  isCutOff: false,
  ...other,
})

/** Tracks, of which some were seen together for this many frames, by their names: `{'a b': 3}`. */
export const seenOf = (tracks: readonly WholeTrack[], together: Readonly<Record<string, number>> = {}): TracksSeen => {
  const counts = tracks.map(() => new Map<number, number>())
  for (const [pair, frames] of Object.entries(together)) {
    const [a = -1, b = -1] = pair.split(' ').map((name) => tracks.findIndex(({ track }) => track === name))
    counts[a]?.set(b, frames)
    counts[b]?.set(a, frames)
  }
  return { tracks, together: (track) => counts[track] ?? new Map() }
}
