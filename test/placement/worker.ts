/**
 * A worker of its own process, with cameras that only say what happens to them: lines of JSON on stdout.
 *
 *   node worker.ts BROKERS SITE SESSION_MS NAME CAPACITY UNREACHED…        ends with SIGTERM, in order
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Subject } from 'rxjs'
import { kafkaClient } from '../../src/kafka/client.ts'
import { openPlacement } from '../../src/placement/placement.ts'
import { type KafkaTarget, kafkaOptions } from '../../src/sinks/kafka/options.ts'
import type { CameraChange } from '../../src/types.ts'

const [brokers = '', site = '', sessionMs = '', name = '', capacity = '1', ...unreached] = process.argv.slice(2)
const options = kafkaOptions.parse({ brokers: [brokers] }) as KafkaTarget
const say = (line: object): void =>
  void process.stdout.write(`${JSON.stringify({ ...line, atMs: performance.timeOrigin + performance.now() })}\n`)
const note = (_: object, message: string): void =>
  void process.stderr.write(`${name}: ${message} ${JSON.stringify(_)}\n`)
const quiet = (): void => undefined

const changes$ = new Subject<Pick<CameraChange, 'camera' | 'state'>>()
const placement = await openPlacement({
  changes$,
  client: (clientId) => kafkaClient(options, { debug: quiet, info: quiet, warn: quiet, error: quiet }, { clientId }),
  topicPrefix: 'rollcall.',
  site,
  slots: 16,
  createTopics: true,
  replicationFactor: null,
  worker: randomUUID(),
  name,
  capacity: Number(capacity),
  cameras: {
    open: (camera, { password }, epoch) => {
      say({ what: 'open', camera, epoch, password })
      changes$.next({ camera, state: unreached.includes(camera) ? 'offline' : 'online' })
    },
    close: async (camera) => {
      await sleep(50)
      say({ what: 'close', camera })
    },
  },
  env: { CAM_PASSWORD: `of ${name}` },
  times: { sessionTimeoutMs: Number(sessionMs), giveBackAfterMs: 500 },
  onFailure: (error) => {
    throw error
  },
  wallMs: Date.now,
  elapsedMs: () => performance.now(),
  log: { debug: quiet, info: quiet, warn: note, error: note },
})
say({ what: 'ready' })
process.once('SIGTERM', () => {
  void placement.leave().then(() => process.exit(0))
})
