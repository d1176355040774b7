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

/** Tracks, of which some were seen together for this many frames. */
export const seenOf = (tracks: readonly WholeTrack[], together: Readonly<Record<string, number>> = {}): TracksSeen => ({
  tracks,
  together: (a, b) =>
    together[`${tracks[a]?.track} ${tracks[b]?.track}`] ?? together[`${tracks[b]?.track} ${tracks[a]?.track}`] ?? 0,
})
