import { inspect, type NativeFrame, open, type PipelineStats } from '../../native/index.js'
import { parseCameraUrl } from '../../src/ingest/camera-url.ts'
import { chooseDecoders, codecElements } from '../../src/ingest/codecs.ts'
import { type LaunchLines, launchLines } from '../../src/ingest/launch.ts'
import { cameraOptions } from '../../src/ingest/options.ts'

const { elements } = inspect(codecElements)
const decoders = chooseDecoders((element) => elements[element] === true, 'software')

const mp4 = { demux: 'qtdemux', caps: 'video/quicktime' }
const matroska = { demux: 'matroskademux', caps: 'video/x-matroska' }

/** The launch lines of a camera, or of an MP4 or a Matroska file. */
export const linesOf = (url: string, options: object = {}): LaunchLines =>
  launchLines({
    url: parseCameraUrl(url),
    camera: cameraOptions.parse({ url, ...options }),
    decoders,
    file: url.includes('://') ? null : url.endsWith('.mkv') ? matroska : mp4,
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
