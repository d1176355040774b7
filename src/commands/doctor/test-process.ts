/**
 * The process that tests one camera for the API: it watches it as `doctor` does, and ends. A process of its own, because a
 * decoder may crash on what an unknown camera sends.
 */
import type { CameraOptions } from '../../ingest/options.ts'
import { adviceFor, adviceWithout } from './advice.ts'
import { failedCamera } from './camera.ts'
import { factsOf } from './report.ts'
import { watchCamera } from './watch.ts'

/** What the process is asked. */
export interface TestJob {
  readonly name: string
  readonly options: CameraOptions
  /** From the first frame on, milliseconds. */
  readonly forMs: number
}

/** The longest side of the picture that is shown. */
const pictureSide = 640
const quality = 80

const test = async ({ name, options, forMs }: TestJob): Promise<object> => {
  let picture: Promise<Uint8Array | null> = Promise.resolve(null)
  const onFirstFrame: Parameters<typeof watchCamera>[2]['onFirstFrame'] = (frame) => {
    picture = frame.encodeJpeg(quality).catch(() => null)
  }
  const found = await watchCamera(name, options, { forMs, pictureSide, onFirstFrame })
  if ('reason' in found) {
    const { detail, fix } = failedCamera(name, found)
    const failure = { code: found.code, message: detail, remedy: fix ?? null }
    return { ok: false, failure, picture: null, size: null, facts: [], advice: adviceWithout(found) }
  }
  const facts = factsOf(found).map(([what, says]) => ({ what, says }))
  const { width, height } = found
  const advice = adviceFor(found, Date.now())
  return { ok: true, failure: null, picture: await picture, size: { width, height }, facts, advice }
}

process.on('disconnect', () => process.exit())
process.once('message', async (job: TestJob) => {
  const answer = await test(job)
  process.send?.(answer, () => process.exit(0))
})
