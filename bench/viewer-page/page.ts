/** As many tiles as cameras in `?cameras=a,b`; `figures` has the last of each. */

import type { VideoFigures, VideoState } from '@rollcall/client/video'
import { createVideo, createWatching } from '@rollcall/client/video'
import { connect } from '../../client/src/index.ts'

const cameras = (new URLSearchParams(location.search).get('cameras') ?? '').split(',')
const figures: Record<string, (VideoFigures & { readonly level: string }) | undefined> = {}
Object.assign(globalThis, { figures })
const client = connect({ subscribe: { topics: ['frames'] } })
const watching = createWatching((watch) => client.watch(watch))
const columns = Math.ceil(Math.sqrt(cameras.length))
for (const camera of cameras) {
  const canvas = document.createElement('canvas')
  canvas.style.width = `${Math.floor(1600 / columns)}px`
  document.body.append(canvas)
  let state: VideoState | null = null
  const video = createVideo(canvas, {
    camera,
    client,
    watching,
    look: () => ({ text: null, colour: 'white', isDim: false }),
    onState: (now) => {
      state = now
    },
    onFigures: (now) => {
      figures[camera] = { ...now, level: state?.level ?? 'nothing' }
    },
  })
  video.resize(Math.floor(1600 / columns), Math.floor(900 / columns))
  video.want('all')
}
