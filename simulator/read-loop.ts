import { type SpawnOptions, spawn } from 'node:child_process'
import { access } from 'node:fs/promises'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { RollcallError } from '../src/errors.ts'
import { nalKind, splitNals } from './annex-b.ts'
import { type Loop, meanFrameUs, type NalCodec, type TimedUnit, withDecodingTimes } from './loop.ts'
import { readTransportStream } from './mpeg-ts.ts'

/**
 * Reads the H.264 or H.265 video of any file that GStreamer can demultiplex (mp4, mkv, ts …), without encoding it anew.
 * All of it is held in memory. Throws CAMERA_FORMAT when there is no such video, NATIVE_MISSING without GStreamer's
 * tools.
 *
 * gst-launch-1.0 rewraps the file as a transport stream, which keeps times and picture boundaries. The addon is not
 * used, because its queue is made for live cameras and drops pictures when JavaScript is slow.
 */
export const readLoop = async (file: string): Promise<Loop> => {
  await access(file).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'there is no such file' : 'this user may not read it'
    throw new RollcallError('CAMERA_FORMAT', `${file}: ${why}`, { cause, remedy: 'Name a video file.' })
  })
  let complaint = ''
  for (const codec of ['h264', 'h265'] as const) {
    const { caps, stream, error } = await rewrap(file, codec)
    const found = error !== null || stream.length === 0 ? null : readTransportStream(stream)
    const [, width, height] =
      /src: caps = video\/x-h26[45].*?byte-stream.*?width=\(int\)(\d+), height=\(int\)(\d+)/.exec(caps) ?? []
    if (found?.codec === codec && width !== undefined && height !== undefined) {
      return toLoop(file, codec, Number(width), Number(height), found.units)
    }
    complaint ||= error ?? ''
  }
  throw new RollcallError('CAMERA_FORMAT', `${basename(file)}: expected a video in H.264 or H.265 (${complaint})`, {
    remedy: 'Use an mp4 or mkv with H.264 or H.265 in it.',
  })
}

/**
 * A loop of encoded pictures, from the first key frame on; `file` is for messages. Throws CAMERA_FORMAT without a key frame.
 */
export const toLoop = (
  file: string,
  codec: NalCodec,
  width: number,
  height: number,
  all: readonly TimedUnit[],
): Loop => {
  // The multiplexer's flag may mark a recovery point. Every decoder can start at these pictures only.
  const marked = all.map((unit) => ({
    ...unit,
    key: splitNals(unit.data).some((nal) => nalKind(codec, nal) === 'key'),
  }))
  const first = marked.findIndex((unit) => unit.key)
  if (first < 0) throw new RollcallError('CAMERA_FORMAT', `${basename(file)}: expected at least one key frame`)
  const startUs = marked[first].ptsUs
  const units = withDecodingTimes(marked.slice(first).map((unit) => ({ ...unit, ptsUs: unit.ptsUs - startUs })))
  return { codec, width, height, fps: 1e6 / meanFrameUs(units), units }
}

/** The time limit of gst-launch. An hour of video takes seconds. */
const longestMs = 60_000

/** gst-launch prints the caps on stdout (`-v`) and writes the stream to descriptor 3. */
const rewrap = async (file: string, codec: NalCodec) => {
  const caps = `video/x-${codec},stream-format=byte-stream,alignment=au`
  const launch = `parsebin ! ${codec}parse config-interval=-1 ! ${caps} ! mpegtsmux ! fdsink fd=3`
  const child = spawn('gst-launch-1.0', ['-v', 'filesrc', `location=${file}`, '!', ...launch.split(' ')], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: longestMs,
    killSignal: 'SIGKILL',
  } satisfies SpawnOptions)
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (cause) => {
      reject(
        new RollcallError('NATIVE_MISSING', 'gst-launch-1.0 was expected to be installed', {
          remedy: 'Install the package gstreamer1.0-tools.',
          cause,
        }),
      )
    })
  })
  const [, out, complaints, data] = child.stdio as unknown as Readable[]
  // After an error gst-launch 1.22 sometimes (1 in 10) waits for ever for parsebin to stop, so it is killed.
  const firstError = async () => {
    for await (const line of createInterface({ input: complaints })) {
      if (!line.startsWith('ERROR: ')) continue
      child.kill('SIGKILL')
      return line.slice('ERROR: '.length)
    }
    return null
  }
  const read = Promise.all([text(out), firstError(), buffer(data)])
  const [verbose, error, stream] = await Promise.race([read, failed])
  return { caps: verbose, error, stream }
}
