import type { TracksSeen, WholeTrack } from './whole-tracks.ts'

/** How long a face may be away between two tracks of one person. */
const longestGapMs = 3000
/** So many widths (and heights) of the face it may be off the way that its track was on. */
const widthsOff = 2
/** The larger face has at most so many times the width of the smaller one. */
const mostGrowth = 1.8
/** Shorter tracks tell no direction. */
const shortestMs = 400

const centre = ({ box }: WholeTrack['first']): readonly [x: number, y: number] => [
  box.x + box.width / 2,
  box.y + box.height / 2,
]

/** Fractions of the picture a millisecond, over the whole track; none for a short one. */
const speedOf = ({ first, last }: WholeTrack): readonly [number, number] => {
  const ms = last.atMs - first.atMs
  if (ms < shortestMs) return [0, 0]
  const [from, to] = [centre(first), centre(last)]
  return [(to[0] - from[0]) / ms, (to[1] - from[1]) / ms]
}

/** How far `at` is outside the way from `start` on, of somebody who may stand still or go on up to twice as fast. */
const off = (at: number, start: number, speed: number, ms: number): number => {
  const end = start + 2 * speed * ms
  return Math.max(0, Math.min(start, end) - at, at - Math.max(start, end))
}

/** Whether `later` may be where `earlier` would be by then. */
const isOnTheWay = (earlier: WholeTrack, later: WholeTrack): boolean => {
  const ms = later.first.atMs - earlier.last.atMs
  if (earlier.camera !== later.camera || earlier.isCutOff || ms <= 0 || ms > longestGapMs) return false
  const [one, other] = [earlier.last.box, later.first.box]
  if (Math.max(one.width / other.width, other.width / one.width) > mostGrowth) return false
  const [from, to, [x, y]] = [centre(earlier.last), centre(later.first), speedOf(earlier)]
  const widths = off(to[0], from[0], x, ms) / Math.max(one.width, other.width)
  const heights = off(to[1], from[1], y, ms) / Math.max(one.height, other.height)
  return Math.max(widths, heights) <= widthsOff
}

/** Crumbs of one or two frames are not somebody else who was there. */
const leastFrames = 3

/** Pairs that fit, by the one index and by the other. */
const countsOf = (indices: readonly number[]): ReadonlyMap<number, number> => {
  const counts = new Map<number, number>()
  for (const index of indices) counts.set(index, (counts.get(index) ?? 0) + 1)
  return counts
}

/**
 * Tracks that go on as another one: where a face is lost (somebody turns away, passes behind a pillar, is far away) and soon found
 * again on its way. A pair counts only when neither has another that fits, so that two who pass each other are not mixed up.
 * Pairs of indices, the earlier first.
 */
export const continuedTracks = ({
  tracks,
  together,
}: TracksSeen): readonly (readonly [earlier: number, later: number])[] => {
  const whole = [...tracks.keys()].filter((i) => (tracks[i]?.frames ?? 0) >= leastFrames)
  const beginning = whole.toSorted((a, b) => (tracks[a]?.first.atMs ?? 0) - (tracks[b]?.first.atMs ?? 0))
  const fits: (readonly [number, number])[] = []
  for (const i of whole) {
    const earlier = tracks[i] as WholeTrack
    for (let next = firstAfter(beginning, tracks, earlier.last.atMs); next < beginning.length; next++) {
      const j = beginning[next] as number
      const later = tracks[j] as WholeTrack
      if (later.first.atMs - earlier.last.atMs > longestGapMs) break
      if (i !== j && isOnTheWay(earlier, later) && !together(i).has(j)) fits.push([i, j])
    }
  }
  const [before, after] = [countsOf(fits.map(([i]) => i)), countsOf(fits.map(([, j]) => j))]
  return fits.filter(([i, j]) => before.get(i) === 1 && after.get(j) === 1)
}

/** The first place in the list of a track that begins after `atMs`. The list is in the order of beginnings. */
const firstAfter = (list: readonly number[], tracks: readonly WholeTrack[], atMs: number): number => {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((tracks[list[middle] ?? 0]?.first.atMs ?? 0) <= atMs) low = middle + 1
    else high = middle
  }
  return low
}
