import type { Config } from '../config/config.ts'
import { readCamera } from '../config/one-camera.ts'
import { withValues } from '../config/placed-camera.ts'
import type { Env } from '../config/substitute.ts'
import { describeError, RollcallError } from '../errors.ts'
import type { CaptureFailure } from '../ipc/messages.ts'
import type { Metrics } from '../metrics.ts'
import { type LinkServer, openLinkServer } from '../seam/link/listen.ts'
import type { LinkedFromVision, LinkedTest, LinkedToVision } from '../seam/link/messages.ts'
import type { SeamTarget } from '../seam/options.ts'
import type { Log } from '../types.ts'
import { figuresOfCameras } from './cameras/camera-figures.ts'
import { type CameraTests, createCameraTests } from './cameras/test-camera.ts'
import type { FromWorker, VisionPool, WorkerMessage } from './vision-pool.ts'

/** A vision role's end of the way to identity. */
export interface VisionLink extends Pick<LinkServer, 'address' | 'watched' | 'lost'> {
  /** Every message of a worker: what identity is to see of it goes there. */
  take(message: WorkerMessage): void
}

/** What a vision role gives away over its link. */
export interface VisionLinkParts {
  readonly seam: SeamTarget
  /** This process in records. */
  readonly name: string
  /** Values for the logins of cameras that are tested. */
  readonly env: Env
  readonly pool: Pick<VisionPool, 'send' | 'workerOf'>
  readonly metrics: Pick<Metrics, 'link'>
  readonly log: Log
}

/**
 * Listens for identity, which asks for pictures, until `owner` closes; null where the configuration does not say where. Rejects with
 * HTTP_LISTEN.
 */
export const openVisionLink = async (
  { site, seam: { link } }: Config,
  { seam, name, env, pool, metrics, log }: VisionLinkParts,
  owner: AsyncDisposableStack,
): Promise<VisionLink | null> => {
  const { listen } = link
  if (listen === null || seam.sealingKey === null) return null
  const test = testing(
    owner.adopt(createCameraTests(), (opened) => opened.close()),
    env,
  )
  const server = await openLinkServer({
    options: { ...link, listen },
    key: Buffer.from(seam.sealingKey, 'base64'),
    site,
    owner: name,
    onWatch: (watch) => pool.send(watch),
    onAsk: (asked) => {
      if (asked.type === 'test') {
        void test(asked).then((answer) => server.send({ type: 'tested', id: asked.id, test: answer }))
        return
      }
      const worker = pool.workerOf(asked.camera)
      if (worker) worker.send(asked)
      else server.lost([asked.camera])
    },
    metrics,
    log,
  })
  owner.defer(() => server.close())
  log.info({ address: server.address }, 'identity finds pictures and video here')
  return {
    ...server,
    take: ({ from, message }) => {
      const said = linked(from.name, message)
      if (said !== null) server.send(said)
    },
  }
}

/** Tries a camera for identity, with the values that this process has for its login. Never rejects. */
const testing =
  (tests: Pick<CameraTests, 'test'>, env: Env) =>
  async ({
    camera,
    options,
  }: Extract<LinkedToVision, { readonly type: 'test' }>): Promise<LinkedTest | CaptureFailure> => {
    try {
      return await tests.test(camera, withValues(camera, readCamera(camera, options, {}), env))
    } catch (error) {
      if (!(error instanceof RollcallError))
        return { code: 'PIPELINE', message: describeError(error), remedy: undefined }
      const { code, message, remedy } = error
      return { code, message, remedy }
    }
  }

/** What of a worker's message is for identity, and goes there beside Kafka; null for the rest. */
const linked = (worker: string, message: FromWorker): LinkedFromVision | null => {
  switch (message.type) {
    case 'picture':
    case 'unit':
    case 'noVideo':
    case 'crop':
    case 'captured':
      return message
    case 'metrics':
      return { type: 'figures', worker, metrics: message.metrics.filter(({ name }) => figuresOfCameras.has(name)) }
    default:
      return null
  }
}
