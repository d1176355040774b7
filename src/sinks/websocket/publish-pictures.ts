import type { CameraId } from '../../types.ts'
import type { Client } from './client.ts'
import type { Clients } from './clients.ts'
import { encodePicture, encodeUnit } from './protocol.ts'
import { createUnitGroups } from './unit-groups.ts'
import type { UnitMessage } from './waiting-units.ts'
import type { WebSocketSink } from './websocket-sink.ts'

/** Sends stills and cameras' own video to those who watch, and keeps what a new one who watches video gets first. */
export interface PicturePublishing extends Pick<WebSocketSink, 'publishPicture' | 'publishUnit' | 'publishNoVideo'> {
  /** The newest key unit of a watched camera and what follows it. */
  readonly groupOf: (camera: CameraId) => readonly UnitMessage[]
  /** Why the video of a watched camera cannot be sent; null as far as is known. */
  readonly noVideo: (camera: CameraId) => string | null
}

/** Encodes each message once for all clients. `forEach` also sends what it made the clients gather. */
export const publishPictures = (
  clients: Clients,
  forEach: (what: (client: Client) => void) => void,
): PicturePublishing => {
  const groups = createUnitGroups()
  const noVideo = new Map<CameraId, string>()
  clients.watchedVideo$.subscribe((video) => {
    groups.keep(video)
    for (const camera of noVideo.keys()) if (!video.has(camera)) noVideo.delete(camera)
  })
  return {
    groupOf: (camera) => groups.of(camera),
    noVideo: (camera) => noVideo.get(camera) ?? null,
    publishPicture: (picture) => {
      const { camera } = picture.frame
      if (!clients.isWatched(camera)) return
      const message = encodePicture(picture)
      for (const client of clients) client.sendPicture(camera, message)
    },
    publishUnit: (unit) => {
      const { camera, key } = unit
      if (!clients.isVideoWatched(camera)) return
      const message = { camera, key, message: encodeUnit(unit) }
      groups.add(message)
      for (const client of clients) client.sendUnit(message)
    },
    publishNoVideo: (camera, reason) => {
      if (reason === null) noVideo.delete(camera)
      else if (clients.isVideoWatched(camera)) noVideo.set(camera, reason)
      forEach((client) => client.sendNoVideo(camera, reason))
    },
  }
}
