import { open } from '../../../native/index.js'
import { copied, type Decoded, type Run } from './decoded.ts'
import { judge } from './judge.ts'
import type { Order } from './trial.ts'

// A process of its own, which ends with the trial: a driver may crash, hang, or keep what it has taken.

const order = JSON.parse(process.argv[2] ?? '') as Order

/** Decodes what comes from a descriptor, as it would be for a live camera. Rejects with GStreamer's message. */
const decode = (fd: number, decoder: string): Promise<Run> =>
  new Promise((resolve, reject) => {
    const pictures: Decoded[] = []
    const marks: { cpuMs: number; atMs: number }[] = []
    const finish = (): void => {
      const [first, last] = [marks[0], marks.at(-1)]
      const steps = Math.max(1, pictures.length - 1)
      const of = (key: 'cpuMs' | 'atMs') => ((last?.[key] ?? 0) - (first?.[key] ?? 0)) / steps
      pipeline.stop().then(() => resolve({ pictures, cpuMs: of('cpuMs'), tookMs: of('atMs') }), reject)
    }
    const pipeline = open({
      launch: `fdsrc fd=${fd} ! capsfilter caps="${order.caps},stream-format=(string)byte-stream" ! ${order.parse} ! appsink name=units`,
      decode: `appsrc name=units is-live=true ! ${decoder} ! videoconvert name=decoded ! video/x-raw,format=(string){I420,NV12} ! appsink name=frames`,
      mode: 'every',
      pictureSide: 16,
      onEvent: (event) => {
        if (event.type === 'error') reject(new Error(event.message))
        if (event.type === 'eos') finish()
        const frame = event.type === 'frame' ? pipeline.take() : null
        if (frame === null) return
        pictures.push(copied(frame))
        const { user, system } = process.cpuUsage()
        marks.push({ cpuMs: (user + system) / 1000, atMs: performance.now() })
      },
    })
  })

/** A recording has no times of its own here: those of the two runs are the same ones. */
const found = async () => {
  const software = await decode(3, order.software)
  try {
    return judge(software, await decode(4, order.hardware), order)
  } catch (error) {
    return { objection: error instanceof Error ? error.message : String(error), cpuShare: null }
  }
}

process.stdout.write(`\n${JSON.stringify(await found())}`)
