/** Watches cameras as a vision process does, but looks at no picture. Started by receive.bench.ts. */
import * as addon from '../native/index.js'
import { openCameras } from '../src/ingest/cameras.ts'
import { cameraOptions } from '../src/ingest/options.ts'
import { silent } from '../src/silent-log.ts'

/** What it is started with, as JSON. */
export interface Receiving {
  readonly urls: readonly string[]
  readonly policy: addon.DecodePolicy
  readonly transport: string
}

/** Its answer to any message: access units that were received so far. */
export interface Received {
  readonly units: number
}

const dayMs = 86_400_000

const { urls, policy, transport } = JSON.parse(process.argv[2] as string) as Receiving
const open: typeof addon.open = (options) => addon.open({ ...options, policy })
const list = urls.map((url, i) => ({
  name: `camera-${i + 1}`,
  // Where nothing is decoded there is no picture to wait for.
  options: cameraOptions.parse({ url, transport, decoder: 'software', connectTimeoutMs: dayMs, stallAfterMs: dayMs }),
}))
const cameras = openCameras(list, { pictureSide: 640, untilEnd: false, log: silent, native: { ...addon, open } })
cameras.ready$.subscribe((camera) => camera.take()?.close())
process.on('message', () => {
  const units = list.reduce((sum, { name }) => sum + cameras.named(name).stats.received, 0)
  process.send?.({ units } satisfies Received)
})
process.on('disconnect', () => process.exit())
