import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { RollcallError } from '../errors.ts'
import { type PhotoKind, photoKind } from './kinds.ts'
import { type Message, receive, send } from './link.ts'
import type { Answer } from './messages.ts'
import { hasVideoRange, type Photo, type PhotoLimits, photoLimits } from './photo.ts'

/** Decodes photos in a process of its own. Owned by whoever opened it, who calls `close()`. */
export interface PhotoDecoder {
  /**
   * Decodes one photo; `side` is the longest side of its `picture`. Calls run one after the other. Rejects with USAGE
   * when the bytes are no photo that can be decoded within the limits; the message goes on after the file's name.
   */
  decode(bytes: Uint8Array, side: number): Promise<Photo>
  /** Ends the process. What is under way rejects. Idempotent. */
  close(): Promise<void>
}

const entry = new URL('process/main.ts', import.meta.url).pathname
/** Generous: a machine that is overloaded starts a process slowly, and no photo is to blame. */
const startMs = 60_000

/**
 * What RLIMIT_DATA counts of the process at rest, bytes: V8 reserves 512 MiB for code, of which it uses little. Measured:
 * 608 MiB, 87 MB of them resident.
 */
const restingBytes = 640 * 1024 ** 2

/** A running process and the photo it is busy with. */
interface Running {
  readonly child: ChildProcess
  readonly ready: Promise<void>
  /** Settles when the process has ended. */
  readonly ended: Promise<void>
  onAnswer: (message: Message<Answer>) => void
  onEnd: (how: string) => void
}

/**
 * Starts the process: without this one's environment (it may hold tokens), without the right to write files or to start
 * programs, and with at most `memoryBytes` of memory more than it has at rest.
 */
const start = ({ memoryBytes }: PhotoLimits): Running => {
  const { execPath } = process
  const limited = `ulimit -c 0; ulimit -d ${Math.floor((restingBytes + memoryBytes) / 1024)}; exec "$@"`
  const node = [
    execPath,
    '--v8-pool-size=1',
    '--permission',
    '--allow-addons',
    '--allow-fs-read=*',
    '--disable-warning=SecurityWarning',
    entry,
  ]
  const child = spawn('/bin/sh', ['-c', limited, 'sh', ...node], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: '/',
    // Few arenas: glibc would reserve 64 MB for each thread.
    env: { MALLOC_ARENA_MAX: '2', LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH },
  })
  const [stdin, stdout, stderr] = child.stdio as unknown as [Writable, Readable, Readable]
  let complaint = ''
  stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-500)
  })
  // The end of the process says it.
  stdin.on('error', () => undefined)
  let tell: (how: string) => void = () => undefined
  const ready = Promise.withResolvers<void>()
  const late = setTimeout(() => child.kill('SIGKILL'), startMs)
  const running: Running = {
    child,
    ready: ready.promise,
    ended: new Promise((resolve) => {
      tell = (how) => {
        clearTimeout(late)
        const why = complaint.split('\n').find((line) => /error/i.test(line)) ?? how
        ready.reject(
          new RollcallError('NATIVE_MISSING', `the process that decodes photos does not start: ${why}`, {
            remedy: 'Run bin/setup, or npm install.',
          }),
        )
        running.onEnd(how)
        resolve()
      }
    }),
    onAnswer: () => undefined,
    onEnd: () => undefined,
  }
  child.once('error', (error) => tell(error.message))
  child.once('close', (code, signal) => tell(signal ?? `exit code ${code}`))
  receive<Answer>(
    stdout,
    (message) => {
      if (message.header.type !== 'ready') return running.onAnswer(message)
      clearTimeout(late)
      ready.resolve()
    },
    () => child.kill('SIGKILL'),
  )
  ready.promise.catch(() => undefined)
  return running
}

const refusal = (what: string, remedy: string): RollcallError => new RollcallError('USAGE', what, { remedy })

/** The photo of an answer. The process is not trusted: lengths that do not fit the sizes give null. */
const photoFrom = ({ header, bytes }: Message<Answer>, kind: PhotoKind): Photo | null => {
  if (header.type !== 'decoded') return null
  const { width, height, picture } = header
  const [luma, chroma] = [width * height, Math.ceil(width / 2) * Math.ceil(height / 2)]
  if (bytes.length !== luma + 2 * chroma + 3 * picture.width * picture.height) return null
  const plane = (from: number, length: number, of: number) => ({
    data: bytes.subarray(from, from + length),
    stride: of,
  })
  return {
    format: 'I420',
    width,
    height,
    matrix: 'bt601',
    fullRange: !hasVideoRange(kind),
    planes: [
      plane(0, luma, width),
      plane(luma, chroma, Math.ceil(width / 2)),
      plane(luma + chroma, chroma, Math.ceil(width / 2)),
    ],
    picture: { width: picture.width, height: picture.height, data: bytes.subarray(luma + 2 * chroma) },
  }
}

/** One photo in a process that is ready. Ends the process when the photo takes too long. */
const decodeIn = (running: Running, bytes: Uint8Array, side: number, limits: PhotoLimits): Promise<Photo> =>
  new Promise((resolve, reject) => {
    const kind = photoKind(bytes)
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      running.child.kill('SIGKILL')
    }, limits.decodeMs)
    const finish = (): void => {
      clearTimeout(timer)
      running.onAnswer = () => undefined
      running.onEnd = () => undefined
    }
    running.onAnswer = (message) => {
      finish()
      const { header } = message
      if (header.type === 'refused') return reject(refusal(header.what, header.remedy))
      const photo = photoFrom(message, kind)
      if (photo) return resolve(photo)
      running.child.kill('SIGKILL')
      reject(refusal('is damaged: its decoder gave no picture', 'convert it to JPEG or PNG'))
    }
    running.onEnd = () => {
      finish()
      const what = isLate
        ? `was not decoded within ${limits.decodeMs / 1000} s`
        : `is damaged, or takes more than ${Math.round(limits.memoryBytes / 1024 ** 2)} MiB to decode`
      reject(refusal(what, 'save it again as JPEG, or smaller'))
    }
    send(running.child.stdin as Writable, { kind, side }, bytes)
  })

/** Opens a decoder. Its process starts with the first photo, and again after one that ended it. */
export const openPhotoDecoder = (limits: PhotoLimits = photoLimits): PhotoDecoder => {
  let running: Running | null = null
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false
  const decode = async (bytes: Uint8Array, side: number): Promise<Photo> => {
    // What is no photo starts no process.
    photoKind(bytes)
    if (isClosed) throw refusal('is not decoded: Rollcall is closing', 'Try again.')
    const mine = (running ??= start(limits))
    void mine.ended.then(() => {
      if (running === mine) running = null
    })
    await mine.ready
    return decodeIn(mine, bytes, side, limits)
  }
  return {
    decode: (bytes, side) => {
      const result = last.then(() => decode(bytes, side))
      last = result.catch(() => undefined)
      return result
    },
    close: async () => {
      isClosed = true
      const mine = running
      if (!mine) return
      mine.child.kill('SIGKILL')
      await mine.ended
    },
  }
}
