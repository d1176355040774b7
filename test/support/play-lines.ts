import { extname } from 'node:path'
import { inspect, type NativeFrame, open, type PipelineStats } from '../../native/index.js'
import { parseCameraUrl } from '../../src/ingest/camera-url.ts'
import { chooseDecoders, codecElements } from '../../src/ingest/codecs.ts'
import { type LaunchLines, launchLines } from '../../src/ingest/launch.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import type { RecordingFile } from '../../src/ingest/recording-file.ts'

const { elements } = inspect(codecElements)
const decoders = chooseDecoders((element) => elements[element] === true)

/** By the end of the name; any other file is an MP4. */
const files: Readonly<Record<string, RecordingFile>> = {
  '.mkv': { demux: 'matroskademux', caps: 'video/x-matroska' },
  '.h264': { demux: null, caps: 'video/x-h264,stream-format=(string)byte-stream' },
}
const mp4: RecordingFile = { demux: 'qtdemux', caps: 'video/quicktime' }

/** The launch lines of a camera, or of an MP4, a Matroska file or an H.264 byte stream. */
export const linesOf = (url: string, options: object = {}): LaunchLines =>
  launchLines({
    url: parseCameraUrl(url),
    camera: cameraOptions.parse({ url, ...options }),
    decoders,
    file: url.includes('://') ? null : (files[extname(url)] ?? mp4),
    paced: false,
    live: url.includes('://'),
  })

/** Plays until `seen` says that it is over, or the source has ended. */
export const play = (
  lines: LaunchLines,
  more: { mode: 'newest' | 'every'; maxBlindMs?: number },
  seen: (frame: NativeFrame, stats: PipelineStats) => boolean,
): Promise<PipelineStats> =>
  new Promise((resolve, reject) => {
    const pipeline = open({
      launch: lines.receive,
      decode: lines.decode,
      pictureSide: 64,
      ...more,
      onEvent: (event) => {
        let isOver = event.type === 'eos'
        if (event.type === 'error') reject(new Error(event.message))
        const frame = event.type === 'frame' ? pipeline.take() : null
        if (frame) isOver = seen(frame, pipeline.stats)
        frame?.close()
        const { stats } = pipeline
        if (isOver) pipeline.stop().then(() => resolve(stats), reject)
      },
    })
  })
