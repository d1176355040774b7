import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { silent } from '../../src/silent-log.ts'
import { countFrames } from './count-frames.ts'

// Pictures over HTTP have no times. GStreamer gives the first one a time all the same.
test('maxFps of a camera that sends Motion JPEG over HTTP is measured by the clock', async () => {
  const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer()
  const head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`
  let connections = 0
  const server = createServer(async (_, response) => {
    connections++
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' })
    for (let i = 0; i < 600 && !response.destroyed; i++) {
      response.write(Buffer.concat([Buffer.from(head), picture, Buffer.from('\r\n')]))
      await setTimeout(100)
    }
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/video`
  const camera = { name: 'door', options: cameraOptions.parse({ url, maxFps: 5 }) }
  const cameras = openCameras([camera], { pictureSide: 320, untilEnd: false, log: silent })
  onTestFinished(() => cameras.close())
  const door = cameras.named('door')
  const frames = countFrames(door)
  // Within one connection, which lasts a minute; where each picture was given a time of its own it was one.
  await expect.poll(frames, { timeout: 20_000 }).toBeGreaterThan(4)
  expect(connections).toBe(1)
})
