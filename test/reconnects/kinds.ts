import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import type { SimulatedCamera } from '../../simulator/camera.ts'
import { pcmLoop } from '../../simulator/footage/pcm-loop.ts'
import type { Quirks } from '../../simulator/quirks.ts'
import { type RtspServer, type RtspServerOptions, startRtspServer } from '../../simulator/rtsp-server.ts'
import type { Watched } from './watched.ts'

/** A camera, and one way in which it is lost and comes back. */
export interface Subject {
  /** What it is configured with. */
  readonly options: object
  /** Loses it once, and waits until it is seen again. Called while its pictures come. */
  readonly again: (watched: Watched) => Promise<void>
}

/** Opens a camera. What it opens it puts into `owned`; `directory` is for files, and shared. */
export type OpenSubject = (owned: AsyncDisposableStack, directory: string) => Promise<Subject>

const loop = pcmLoop({ fps: 25, keyEvery: 5, frames: 50 })

interface Served {
  readonly server: RtspServer
  readonly camera: SimulatedCamera
  readonly url: string
}

const serve = async (
  owned: AsyncDisposableStack,
  quirks: Quirks = {},
  more: RtspServerOptions = {},
): Promise<Served> => {
  const server = owned.adopt(await startRtspServer({ ...more, quirks }), (started) => started.close())
  return { server, camera: server.addCamera('camera', { loop }), url: server.url('camera') }
}

const dropped =
  ({ camera }: Pick<Served, 'camera'>) =>
  async (watched: Watched): Promise<void> => {
    camera.drop()
    await watched.reconnected()
  }

const listening = async (owned: AsyncDisposableStack, server: Server | ReturnType<typeof createTlsServer>) => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  owned.defer(() => void server.close())
  return (server.address() as AddressInfo).port
}

const cut: OpenSubject = async (owned) => {
  const served = await serve(owned)
  return { options: { url: served.url }, again: dropped(served) }
}

const silence: OpenSubject = async (owned) => {
  const { camera, url } = await serve(owned)
  return {
    options: { url, transport: 'udp' },
    again: async (watched) => {
      camera.freeze()
      await watched.state('offline')
      camera.unfreeze()
      await watched.reconnected()
    },
  }
}

const gone: OpenSubject = async (owned) => {
  const { server, url } = await serve(owned)
  return {
    options: { url },
    again: async (watched) => {
      const offline = watched.state('offline')
      await server.stop()
      await offline
      await server.start()
      await watched.reconnected()
    },
  }
}

/** Every second connection is refused with the right password: a camera that is locked, or still starts. */
const refused: OpenSubject = async (owned) => {
  const login = { user: 'ada', password: 'secret' }
  const challenge = { 'WWW-Authenticate': 'Digest realm="x", nonce="1"' }
  const served = await serve(
    owned,
    {
      answer: (proper, { method }, { connection }) =>
        method === 'DESCRIBE' && connection % 2 === 1 ? { status: 401, headers: challenge } : proper,
    },
    { auth: { ...login, scheme: 'digest' } },
  )
  return { options: { url: served.url, ...login }, again: dropped(served) }
}

const redirected: OpenSubject = async (owned) => {
  const served = await serve(owned)
  const { url } = await serve(owned, {
    answer: (proper, { method }) =>
      method === 'DESCRIBE' ? { status: 302, headers: { Location: served.url } } : proper,
  })
  return { options: { url }, again: dropped(served) }
}

const encrypted: OpenSubject = async (owned, directory) => {
  const served = await serve(owned)
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const subject = ['-days', '2', '-subj', '/CN=127.0.0.1']
  execFileSync(
    'openssl',
    [...'req -x509 -newkey rsa:2048 -nodes'.split(' '), '-keyout', key, '-out', cert, ...subject],
    {
      stdio: 'ignore',
    },
  )
  const port = await listening(
    owned,
    createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (client) => {
      const upstream = connect(served.server.port, '127.0.0.1')
      client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
      upstream.on('error', () => client.destroy()).on('close', () => client.destroy())
      client.pipe(upstream).pipe(client)
    }),
  )
  return { options: { url: `rtsps://127.0.0.1:${port}/camera`, tlsVerify: false }, again: dropped(served) }
}

/** A playlist that ends, as that of a camera that starts its encoder anew. */
const hls: OpenSubject = async (owned, directory) => {
  const file = join(directory, 'part.ts')
  const launch = `-q videotestsrc num-buffers=6 ! video/x-raw,width=64,height=48,framerate=30/1 ! openh264enc ! h264parse ! mpegtsmux ! filesink location=${file}`
  execFileSync('gst-launch-1.0', launch.split(' '), { stdio: 'ignore' })
  const part = readFileSync(file)
  const playlist = '#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.2,\npart.ts\n#EXT-X-ENDLIST\n'
  const server = createServer(({ url }, response) => void response.end(url === '/part.ts' ? part : playlist))
  owned.defer(() => server.closeAllConnections())
  const port = await listening(owned, server)
  return {
    options: { url: `http://127.0.0.1:${port}/list.m3u8` },
    again: (watched) => watched.reconnected(),
  }
}

/** The same picture for a while, and others again. */
const frozen: OpenSubject = async (owned) => {
  const { camera, url } = await serve(owned)
  const still = pcmLoop({ fps: 25, keyEvery: 5, frames: 50, colourAt: () => [0.5, 0.5, 0.5] })
  return {
    options: { url, frozenAfterMs: 200 },
    again: async (watched) => {
      const stopped = watched.state('frozen')
      camera.switchTo(still)
      await stopped
      const moves = watched.state('online')
      camera.switchTo(loop)
      await moves
    },
  }
}

const resized: OpenSubject = async (owned) => {
  const { camera, url } = await serve(owned)
  const larger = pcmLoop({ fps: 25, keyEvery: 5, frames: 50, width: 96, height: 80 })
  return {
    options: { url },
    again: async (watched) => {
      for (const next of [larger, loop]) {
        const seen = watched.frame(({ width }) => width === next.width)
        camera.switchTo(next)
        await seen
      }
    },
  }
}

const hourUs = 3_600_000_000

/** Time stamps an hour ahead, and back. */
const jumped: OpenSubject = async (owned) => {
  let aheadUs = 0
  const { url } = await serve(owned, { clock: { media: (us) => us + hourUs + aheadUs } })
  return {
    options: { url },
    again: async (watched) => {
      aheadUs = hourUs - aheadUs
      for (let frames = 0; frames < 3; frames++) await watched.frame(() => true)
    },
  }
}

/** Every kind, by what happens. */
export const kinds: Readonly<Record<string, OpenSubject>> = {
  'cut TCP connection': cut,
  'silence over UDP': silence,
  'server gone and back': gone,
  'refused with the right password': refused,
  'redirected to another server': redirected,
  'cut TLS connection': encrypted,
  'end of HLS': hls,
  'frozen picture': frozen,
  'other size of picture': resized,
  'jump of time stamps': jumped,
}
