import type { ListedCamera } from '../../../../src/server/camera-answers.ts'

/** What a camera does, in one or two words. */
export const stateWords = ({ state, paused }: Pick<ListedCamera, 'state' | 'paused'>): string => {
  if (paused) return 'paused'
  return {
    opening: 'connecting',
    online: 'online',
    overloaded: 'too much to do',
    frozen: 'frozen',
    offline: 'offline',
    ended: 'ended',
  }[state]
}

/** Why it is not online, and what to do; null where there is nothing to say. The remedy stands behind a dash in the reason. */
export const troubleOf = ({
  state,
  paused,
  reason,
}: Pick<ListedCamera, 'state' | 'paused' | 'reason'>): { readonly what: string; readonly remedy: string } | null => {
  if (paused || state === 'online' || state === 'opening') return null
  const [what = '', ...remedy] = reason.split(' — ')
  return { what, remedy: remedy.join(' — ') }
}

const reasons: Readonly<Record<string, string>> = {
  ingest: 'newer ones came first',
  behind: 'this machine was late',
  disposable: 'this machine was late',
  broken: 'something before was lost',
  policy: 'nobody wanted them',
  detect: 'the detector failed',
}

/** Why few frames are analysed. */
const saysWhy = ({ resting, asleep, steady }: ListedCamera['figures']): string => {
  if (asleep) return ': nobody is there, and nothing moves'
  if (resting) return ': nobody is there'
  return steady ? ': everybody is known and keeps still' : ''
}

/** The figures of a camera, as pairs of what is meant and what it is. What is not known is left out. */
export const figuresOf = ({ figures }: Pick<ListedCamera, 'figures'>): readonly (readonly [string, string])[] => {
  const { size, codec, latencyMs, drops, losses, clock, clockNote, keyFrameEveryMs } = figures
  const clocks = { camera: 'the camera’s own', arrival: 'of arrival', file: 'of the recording' }
  const dropped = new Map<string, number>()
  for (const [reason, count] of Object.entries(drops)) {
    const words = reasons[reason] ?? reason
    dropped.set(words, (dropped.get(words) ?? 0) + count)
  }
  const rows: readonly (readonly [string, string | null])[] = [
    [
      'video',
      codec === null && size === null
        ? null
        : [codec, size && `${size.width} × ${size.height}`].filter(Boolean).join(', '),
    ],
    ['received', `${figures.receivedFps} frames/s`],
    ['analysed', `${figures.analysedFps} frames/s${saysWhy(figures)}`],
    ['latency', latencyMs && `${Math.round(latencyMs.p50)} ms, 95 % within ${Math.round(latencyMs.p95)} ms`],
    ['clock', clock && `${clocks[clock]}${clockNote === null ? '' : `: ${clockNote}`}`],
    ['key frames', keyFrameEveryMs === null ? null : `every ${(keyFrameEveryMs / 1000).toFixed(1)} s`],
    [
      'not analysed',
      dropped.size === 0 ? null : [...dropped].map(([words, count]) => `${count} (${words})`).join(', '),
    ],
    ['lost on the way', losses === 0 ? null : String(losses)],
    ['reconnects', figures.reconnects === 0 ? null : String(figures.reconnects)],
  ]
  return rows.flatMap(([what, says]) => (says === null || says === '' ? [] : [[what, says] as const]))
}
