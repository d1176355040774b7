import { type ChildProcess, fork } from 'node:child_process'
import type { Config } from '../../config/config.ts'
import { RollcallError } from '../../errors.ts'
import type { CameraTest } from '../../server/camera-answers.ts'
import type { CameraId } from '../../types.ts'

/** What a camera showed when it was tested; the picture is a JPEG. */
export interface TestedCamera extends Omit<CameraTest, 'picture'> {
  readonly picture: Uint8Array | null
}

/** Tests cameras, one at a time. Owned by the site, which closes it. */
export interface CameraTests {
  /** Rejects with STATE while another is tested and when its process has died. `signal` ends it early. */
  test(name: CameraId, options: Config['cameras'][string], signal?: AbortSignal): Promise<TestedCamera>
  close(): void
}

/** Long enough for two key frames of most cameras. */
const WATCH_MS = 3000
/** A camera that has not answered by then is no better later: somebody waits in front of a page. */
const CONNECT_MS = 10_000
/** The process may take this much longer than the camera, to start and to end, also on a busy machine. */
const PATIENCE_MS = 30_000

const entry = new URL('../../commands/doctor/test-process.ts', import.meta.url)

/** Prepares the tests. Each runs in a process of its own, so no camera can do harm to the site. */
export const createCameraTests = (patienceMs = PATIENCE_MS): CameraTests => {
  let running: ChildProcess | null = null
  const test: CameraTests['test'] = async (name, given, signal) => {
    if (running !== null)
      throw new RollcallError('STATE', 'another camera is being tested; one is tested at a time', {
        remedy: 'Try again in a few seconds.',
      })
    const options = { ...given, connectTimeoutMs: Math.min(given.connectTimeoutMs, CONNECT_MS) }
    const child = fork(entry, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    running = child
    const end = (): void => void child.kill('SIGKILL')
    const mostMs = options.connectTimeoutMs + WATCH_MS + patienceMs
    let isLate = false
    const late = setTimeout(() => {
      isLate = true
      end()
    }, mostMs)
    signal?.addEventListener('abort', end, { once: true })
    try {
      return await answerOf(child, { name, options, forMs: WATCH_MS })
    } catch (error) {
      throw isLate ? tooSlow(mostMs) : error
    } finally {
      clearTimeout(late)
      signal?.removeEventListener('abort', end)
      end()
      running = null
    }
  }
  return { test, close: () => void running?.kill('SIGKILL') }
}

const tooSlow = (mostMs: number): RollcallError =>
  new RollcallError('STATE', `the test was not over after ${Math.round(mostMs / 1000)} s`, {
    remedy: 'Try again when this machine has less to do; when it comes again, run rollcall doctor with this URL.',
  })

const answerOf = (child: ChildProcess, job: object): Promise<TestedCamera> =>
  new Promise((resolve, reject) => {
    const died = (how: string): void =>
      reject(
        new RollcallError('STATE', `the process that tested the camera ended (${how})`, {
          remedy: 'Try again; when it comes again, run rollcall doctor with this URL and report what it says.',
        }),
      )
    child.once('message', (answer) => resolve(answer as TestedCamera))
    child.once('exit', (code, signal) => died(signal ?? `code ${code}`))
    child.once('error', (error) => died(error.message))
    child.send(job, (error) => error && died(error.message))
  })
