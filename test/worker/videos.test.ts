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
  const named = (camera: string) => ({
    watchVideo: (watcher: VideoWatcher | null) => {
      watchers[camera] = watcher
      if (watcher !== null) begun.push(camera)
    },
  })
  const videos = createVideos({
    cameras: { named } as unknown as Parameters<typeof createVideos>[0]['cameras'],
    own: ['door', 'yard'],
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
