import { expect, test } from 'vitest'
import type { VideoWatcher } from '../../src/ingest/video/video-units.ts'
import type { FromVision } from '../../src/ipc/messages.ts'
import { createVideos } from '../../src/worker/videos.ts'
import { videoUnit } from '../sinks/websocket/video-units.ts'

const setUp = () => {
  const sent: FromVision[] = []
  const leaving: (() => void)[] = []
  const watchers: Record<string, VideoWatcher | null> = {}
  const begun: string[] = []
  const dropped: string[] = []
  const open = (camera: string) => ({
    watchVideo: (watcher: VideoWatcher | null) => {
      watchers[camera] = watcher
      if (watcher !== null) begun.push(camera)
    },
  })
  const cameras = new Map(['door', 'yard'].map((camera) => [camera, open(camera)]))
  const videos = createVideos({
    cameras: { find: (camera) => cameras.get(camera) },
    send: (message) => {
      sent.push(message)
      return new Promise((resolve) => leaving.push(resolve))
    },
    onDrop: (camera) => dropped.push(camera),
  })
  const numbers = () => sent.flatMap((each) => (each.type === 'unit' ? [each.unit.n] : []))
  return {
    videos,
    watchers,
    begun,
    dropped,
    sent,
    numbers,
    cameras,
    open,
    leave: () => {
      for (const resolve of leaving.splice(0)) resolve()
    },
  }
}

test('units are asked for while somebody watches, and only of own cameras', () => {
  const { videos, watchers, begun, numbers } = setUp()
  videos.watch([{ camera: 'door', only: 'keys' }, { camera: 'attic' }])
  expect(begun).toEqual(['door'])
  watchers.door?.unit(videoUnit({ n: 1, key: true }))
  watchers.door?.unit(videoUnit({ n: 2 }))
  videos.watch([{ camera: 'door' }])
  expect(begun).toEqual(['door', 'door'])
  watchers.door?.unit(videoUnit({ n: 3, key: true }))
  watchers.door?.unit(videoUnit({ n: 4 }))
  videos.watch([{ camera: 'door', only: 'keys' }, { camera: 'yard' }])
  expect(begun).toEqual(['door', 'door', 'yard'])
  videos.watch([])
  expect(watchers).toEqual({ door: null, yard: null })
  expect(numbers()).toEqual([1, 3, 4])
})

test('what the identity process does not take in time is left out up to the next key unit', async () => {
  const { videos, watchers, dropped, numbers, leave } = setUp()
  videos.watch([{ camera: 'door' }])
  const add = (n: number, key = false, bytes = 1) =>
    watchers.door?.unit({ ...videoUnit({ n, key }), data: new Uint8Array(bytes) })
  add(1, true, 9_000_000)
  add(2)
  add(3, true)
  leave()
  await Promise.resolve()
  add(4)
  add(5, true)
  add(6)
  expect(numbers()).toEqual([1, 5, 6])
  expect(dropped).toEqual(['door', 'door', 'door'])
})

test('a paused camera is no error: neither when it is asked for, nor when nobody watches it any more', () => {
  const { videos, cameras, begun, watchers } = setUp()
  cameras.delete('door')
  videos.watch([{ camera: 'door' }, { camera: 'yard' }])
  expect(begun).toEqual(['yard'])
  cameras.delete('yard')
  videos.watch([{ camera: 'door' }])
  videos.watch([])
  expect(watchers.door).toBeUndefined()
})

test('a watched camera goes on when it is resumed or changed, and one that is added at run time is sent', () => {
  const { videos, cameras, open, begun, numbers, watchers } = setUp()
  videos.watch([{ camera: 'door' }, { camera: 'new' }])
  for (const camera of ['door', 'new', 'yard']) {
    cameras.set(camera, open(camera))
    videos.opened(camera)
    // A camera that is opened already is told once.
    videos.opened(camera)
  }
  expect(begun).toEqual(['door', 'door', 'new'])
  watchers.new?.unit(videoUnit({ n: 7, key: true }))
  expect(numbers()).toEqual([7])
  cameras.delete('door')
  videos.watch([{ camera: 'door', only: 'keys' }])
  cameras.set('door', open('door'))
  videos.opened('door')
  expect(begun).toEqual(['door', 'door', 'new', 'door'])
})
