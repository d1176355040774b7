import type { CameraFailure } from '../camera-failure.ts'
import { codecs } from '../codecs.ts'

/** RFC 3551 6: payload types that need no rtpmap. */
const known: Readonly<Record<string, string>> = { 26: 'JPEG', 28: 'NV', 31: 'H261', 32: 'MPV', 33: 'MP2T', 34: 'H263' }

const remedy = `Set its video to H.264 or H.265, or give the URL of another of its streams.`

/**
 * The description of a stream with nothing but its first video that could be decoded, so that sound, metadata, the way back
 * and further videos are not asked for; a failure when there is none.
 */
export const videoOnly = (sdp: string, place: string): string | CameraFailure => {
  const [session = '', ...media] = sdp.split(/^(?=m=)/m)
  const kinds = media.map((section) => /^m=(\w+)/.exec(section)?.[1] ?? '?')
  const fail = (says: string): CameraFailure => ({
    code: 'CAMERA_FORMAT',
    says: `${place} ${says}`,
    remedy,
    retry: 'rarely',
  })
  if (media.length === 0) return fail('describes no stream')
  const videos = media.filter((_, i) => kinds[i] === 'video')
  if (videos.length === 0) return fail(`sends no video, only ${[...new Set(kinds)].join(' and ').slice(0, 60)}`)
  const decodable = videos.filter((section) => encodings(section).some(isRead))
  // One is enough: a second stream would only be received.
  if (decodable.length > 0) return [session, ...decodable.slice(0, 1)].join('')
  const names = [...new Set(videos.flatMap(encodings))].join(', ').slice(0, 60)
  return fail(`sends ${names || 'an unknown encoding'}, which cannot be decoded here`)
}

const encodings = (section: string): readonly string[] => {
  const types = (/^m=\w+ \S+ \S+ (.*)$/m.exec(section)?.[1] ?? '').trim().split(/\s+/)
  const maps = new Map([...section.matchAll(/^a=rtpmap:\s*(\d+)\s+([\w.+-]+)/gm)].map(([, type, name]) => [type, name]))
  return types.flatMap((type) => maps.get(type) ?? known[type] ?? [])
}

const isRead = (name: string): boolean => codecs.some(({ rtp }) => rtp?.encoding.toUpperCase() === name.toUpperCase())
