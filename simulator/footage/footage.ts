import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { RollcallError } from '../../src/errors.ts'
import type { Loop } from '../loop.ts'
import { readTransportStream } from '../mpeg-ts.ts'
import { toLoop } from '../read-loop.ts'

/** A short video that GStreamer's test source and an encoder make. */
export interface Footage {
  readonly codec: 'h264' | 'h265'
  readonly width: number
  readonly height: number
  /** The elements from the source to the encoder, as gst-launch-1.0 takes them. */
  readonly launch: string
}

/**
 * Makes footage, or reads it from `directory`, where it is kept by what it is made of. Rejects with NATIVE_MISSING without
 * gst-launch-1.0 or one of the elements.
 */
export const makeFootage = async (footage: Footage, directory: string): Promise<Loop> => {
  const { codec, width, height, launch } = footage
  const name = createHash('sha256').update(JSON.stringify(footage)).digest('hex').slice(0, 16)
  const file = join(directory, `${name}.ts`)
  const bytes = await readFile(file).catch(async () => {
    await mkdir(directory, { recursive: true })
    const mine = `${file}.${randomUUID()}`
    await encode(`${launch} ! ${codec}parse config-interval=-1 ! mpegtsmux ! filesink`, mine)
    await rename(mine, file)
    return readFile(file)
  })
  const stream = readTransportStream(bytes)
  if (stream?.codec !== codec) throw new RollcallError('CAMERA_FORMAT', `${file}: expected footage in ${codec}`)
  return toLoop(file, codec, width, height, stream.units)
}

/** The line ends with a filesink, whose path may hold spaces. */
const encode = async (launch: string, file: string): Promise<void> => {
  const child = spawn('gst-launch-1.0', ['-q', ...launch.split(' '), `location=${file}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const missing = (cause: unknown): never => {
    throw new RollcallError(
      'NATIVE_MISSING',
      `footage cannot be made here: ${String(cause).trim().split('\n', 1)[0]}`,
      {
        remedy: 'Install gstreamer1.0-tools and the encoder that is named.',
      },
    )
  }
  const [said, code] = await Promise.all([text(child.stderr), ended]).catch(missing)
  if (code !== 0) missing(said)
}
