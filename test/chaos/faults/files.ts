import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { crc32, deflateSync } from 'node:zlib'
import { framesCome } from '../checks.ts'
import { type Fault, fault, oneOf } from '../fault.ts'
import { heldBy } from '../proc.ts'
import { until } from '../until.ts'

/** A file that somebody sent, and that is not what it says. */
interface Hostile {
  readonly name: string
  make(file: string, trapPort: number): void
}

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

/** A black square of 30,000² pixels, one bit each, in 110 kB. */
const pngBomb = (): Buffer => {
  const side = 30_000
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side)
  header.writeUInt32BE(side, 4)
  header[8] = 1
  const pixels = deflateSync(Buffer.alloc(side * (side / 8 + 1)))
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const hls = (port: number): string =>
  `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://127.0.0.1:${port}/a.ts\n#EXT-X-ENDLIST\n`
const dash = (port: number): string =>
  `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT4S" profiles="urn:mpeg:dash:profile:isoff-main:2011"><Period><AdaptationSet mimeType="video/mp4"><Representation id="a" bandwidth="1"><BaseURL>http://127.0.0.1:${port}/a.mp4</BaseURL><SegmentBase/></Representation></AdaptationSet></Period></MPD>`
const smooth =
  '<?xml version="1.0" encoding="utf-8"?><SmoothStreamingMedia MajorVersion="2" MinorVersion="0" Duration="40000000"><StreamIndex Type="video" Chunks="1" QualityLevels="1" Url="Q({bitrate})/F({start time})"><QualityLevel Index="0" Bitrate="1" FourCC="H264" MaxWidth="64" MaxHeight="64"/><c d="40000000"/></StreamIndex></SmoothStreamingMedia>'

const hostile: readonly Hostile[] = [
  { name: 'a FIFO', make: (file) => execFileSync('mkfifo', [file]) },
  { name: 'an HLS playlist', make: (file, port) => writeFileSync(file, hls(port)) },
  { name: 'a DASH manifest', make: (file, port) => writeFileSync(file, dash(port)) },
  { name: 'a Smooth Streaming manifest', make: (file) => writeFileSync(file, smooth) },
  { name: 'a picture of 30,000² pixels', make: (file) => writeFileSync(file, pngBomb()) },
  { name: 'an empty file', make: (file) => writeFileSync(file, '') },
  { name: 'zeros', make: (file) => writeFileSync(file, Buffer.alloc(1_000_000)) },
  { name: 'a folder', make: (file) => mkdirSync(file) },
]

/** What a decoder may take in addition to the models. */
const mostMiB = 1500
const withinMs = 30_000

/** Runs a command to its end, and watches what it takes. */
const runCommand = async (args: readonly string[]) => {
  const child = spawn(process.execPath, ['src/main.ts', ...args], {
    cwd: resolve(import.meta.dirname, '../../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  let peakMiB = 0
  try {
    await until(
      'the command has ended',
      () => {
        peakMiB = Math.max(peakMiB, heldBy(child.pid ?? 0).rssMiB)
        return child.exitCode !== null || child.signalCode !== null
      },
      withinMs,
    )
  } finally {
    child.kill('SIGKILL')
  }
  return { code: child.exitCode, signal: child.signalCode, said: (await said).join('').trim(), peakMiB }
}

/** Ways in which files of strangers come in. A FIFO and a manifest are what they are under any name. */
const ways = [
  { name: 'a photo', ending: 'jpg', args: (file: string) => ['people', 'enroll', 'Mallory', file] },
  {
    name: 'a recording',
    ending: 'mp4',
    args: (file: string) => ['run', '--until-end', '--state', 'off', '--log-level', 'warn', '--camera', `a=${file}`],
  },
] as const

/**
 * The command ends in time with a code of failure, names the file or the camera, reads nothing from the network and takes
 * little memory; the program that runs is not disturbed.
 */
export const files: readonly Fault[] = ways.map((way) =>
  fault({
    name: `${way.name} that is none`,
    isLong: true,
    apply: ({ directory, trap }, random) => {
      const kind = oneOf(hostile, random)
      const file = join(directory, `hostile-${Math.floor(1e9 * random())}.${way.ending}`)
      kind.make(file, trap.port)
      return { kind, file, met: trap.accepted() }
    },
    expect: async (world, { kind, file, met }) => {
      const state = way.name === 'a photo' ? ['--state', dirname(world.stateFile)] : []
      const { code, signal, said, peakMiB } = await runCommand([...way.args(file), ...state])
      if (code === null || code === 0)
        throw new Error(`${kind.name}: ended with ${signal ?? code}: ${said.slice(-500)}`)
      if (said === '') throw new Error(`${kind.name}: nothing is said`)
      if (peakMiB > mostMiB) throw new Error(`${kind.name}: took ${Math.round(peakMiB)} MiB`)
      if (world.trap.accepted() > met) throw new Error(`${kind.name}: it was followed over the network`)
      await framesCome(world)
      return `${kind.name}: code ${code}, ${Math.round(peakMiB)} MiB`
    },
    undo: (_, { file }) => rmSync(file, { recursive: true, force: true }),
  }),
)
