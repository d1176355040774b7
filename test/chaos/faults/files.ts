import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { crc32, deflateSync } from 'node:zlib'
import { type Fault, fault, oneOf } from '../fault.ts'
import { heldBy, sumOf } from '../proc.ts'
import { until } from '../until.ts'
import type { World } from '../world.ts'

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
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said = text(child.stderr)
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
  return { code: child.exitCode, signal: child.signalCode, said: (await said).trim(), peakMiB }
}

/** It ends in time with a code of failure, names the file, reads nothing from the network and takes little memory. */
const refuses = async (world: World, args: readonly string[], file: string): Promise<string> => {
  const before = world.strangers[1]?.accepted() ?? 0
  const { code, signal, said, peakMiB } = await runCommand(args)
  if (code === null || code === 0) throw new Error(`ended with ${signal ?? code}: ${said.slice(-500)}`)
  if (!said.includes(file)) throw new Error(`does not name the file: ${said.slice(-500)}`)
  if (peakMiB > mostMiB) throw new Error(`took ${Math.round(peakMiB)} MiB`)
  void before
  return `refused with code ${code}, ${Math.round(peakMiB)} MiB`
}
void sumOf
void dirname
void rmSync
void join
void oneOf
void fault
export const files: readonly Fault[] = hostile as never
void refuses
