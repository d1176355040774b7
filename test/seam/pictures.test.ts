import { randomBytes, randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { configSchema } from '../../src/config/config.ts'
import { startRun } from '../../src/site/run.ts'
import { startVision } from '../../src/site/vision-role.ts'
import { openClient } from '../sinks/websocket/ws-clients.ts'
import { eventually } from '../support/eventually.ts'
import { excerpt } from '../support/footage.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { sharedBroker } from '../support/kafka/shared-broker.ts'
import { watchedLog } from '../support/restarts.ts'
import { seamOn } from './identity-role.ts'

const footage = resolve(import.meta.dirname, '../../footage')

/** What a client of `/ws` was sent, as `what camera` or `what camera: reason`. */
const kindsOf = ({ pictures, texts }: Awaited<ReturnType<typeof openClient>>): readonly string[] => [
  ...pictures.map(({ frame }) => `${(frame as unknown as { readonly kind: string }).kind} ${frame.camera}`),
  ...texts.flatMap((text) => (text.type === 'noVideo' ? `${text.camera}: ${text.reason}` : [])),
]

describe.skipIf(!hasKafka)('pictures of a vision process on another machine', () => {
  test('stills, video, best shots and captures come by its link, again after it has died, and the viewer is told meanwhile', async () => {
    const { plain } = await sharedBroker()
    const rtsp = await startRtspServer()
    onTestFinished(() => rtsp.close())
    // Somebody is there from the first second on.
    rtsp.addCamera('cafe', { loop: excerpt(await readLoop(join(footage, 'cafe.mp4')), 12, 18) })
    const seam = seamOn(plain, { sealingKey: randomBytes(32).toString('base64') })
    const config = configSchema.parse({
      site: randomUUID(),
      cameras: { cafe: rtsp.url('cafe') },
      seam: { kafka: seam, link: { listen: '127.0.0.1:0' } },
      vision: { processes: 1 },
      log: { level: 'error' },
      http: { port: 0 },
    })
    const watching = (name: string) =>
      startVision({ ...config, http: { ...config.http, port: null } }, { seam, name, log: watchedLog() })
    const first = await watching('vision-a')
    const site = await startRun(config, { seam, untilEnd: false, stateDirectory: null, log: watchedLog() })
    onTestFinished(async () => {
      site.stop()
      await site.done
    })
    const client = await openClient(`${site.url?.replace('http', 'ws')}/ws`)
    client.send({ type: 'watch', cameras: ['cafe'], video: [{ camera: 'cafe' }] })
    await eventually(() => expect(kindsOf(client)).toEqual(expect.arrayContaining(['still cafe', 'unit cafe'])))
    const unit = client.pictures.find(({ frame }) => 'codec' in frame)
    expect(unit?.frame, 'video begins where a decoder can').toMatchObject({ key: true, encoding: 'h264' })
    const people = async (): Promise<readonly { readonly id: string }[]> =>
      ((await (await fetch(`${site.url}/api/people`)).json()) as { people: readonly { id: string }[] }).people
    await eventually(async () => {
      const answers = (await people()).map(async ({ id }) =>
        (await fetch(`${site.url}/api/people/${id}/photos`)).json(),
      )
      const photos = (await Promise.all(answers)) as readonly { readonly photos: readonly object[] }[]
      expect(photos.flatMap((each) => each.photos)).not.toEqual([])
    })
    const capture = () => fetch(`${site.url}/api/cameras/cafe/capture?seconds=1`, { method: 'POST' })
    const film = (await (await capture()).json()) as { readonly video: string }
    expect(Buffer.from(film.video, 'base64').toString('latin1', 4, 8)).toBe('ftyp')

    const cameras = async () =>
      (
        (await (await fetch(`${site.url}/api/cameras`)).json()) as {
          readonly cameras: readonly { readonly figures: object }[]
        }
      ).cameras
    await eventually(async () => expect((await cameras())[0]?.figures).toMatchObject({ codec: 'H.264' }))
    const headers = { 'content-type': 'application/json' }
    const test = (body: object) =>
      fetch(`${site.url}/api/cameras/test`, { method: 'POST', headers, body: JSON.stringify(body) })
    const tried = (await (await test({ camera: 'cafe' })).json()) as { readonly ok: boolean; readonly picture: string }
    expect(tried).toMatchObject({ ok: true, picture: expect.stringMatching(/^\/9j\//) })
    const login = { url: rtsp.url('cafe'), user: 'anna', password: '${ROLLCALL_CAMERA_NONE}' }
    expect(await (await test(login)).text(), 'that process has no such variable').toContain(
      'ROLLCALL_CAMERA_NONE is not set',
    )

    first.stop()
    await first.done
    await eventually(() =>
      expect(kindsOf(client).at(-1)).toMatch(/^cafe: its vision process vision-a cannot be reached/),
    )
    expect((await capture()).status).toBe(409)
    client.pictures.length = 0
    const second = await watching('vision-b')
    onTestFinished(async () => {
      second.stop()
      await second.done
    })
    await eventually(() => expect(kindsOf(client)).toEqual(expect.arrayContaining(['unit cafe', 'cafe: null'])))
  })
})

test('a link needs the key that says who may see the pictures', () => {
  expect(() => configSchema.parse({ seam: { link: { listen: '0.0.0.0:8090' } } })).toThrow(
    'expected seam.kafka.sealingKey',
  )
})
