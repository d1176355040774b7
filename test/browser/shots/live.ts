import type { Page } from 'playwright-core'
import { phone, type Shot, type Stage } from './shot.ts'

/** Waits until each camera in view shows a picture. */
const shown =
  (...cameras: readonly string[]) =>
  async ({ page }: Stage): Promise<void> => {
    for (const name of cameras) await page.locator(`[data-camera=${name}].has-picture`).waitFor({ timeout: 30_000 })
  }
const cameras = ['cafe', 'gate', 'lobby', 'street']
const all = shown(...cameras)

/** What the cameras of the picture of states say. */
const states: Readonly<Record<string, object>> = {
  gate: {
    state: 'overloaded',
    code: 'CAMERA_OVERLOADED',
    reason: 'this machine decodes 2 of the 15 pictures that come each second',
  },
  lobby: { state: 'frozen', code: 'CAMERA_FROZEN', reason: 'every picture of the last 20 s is the same' },
  street: {
    state: 'offline',
    code: 'CAMERA_UNREACHABLE',
    reason: '192.0.2.17:554 refuses the connection: is the camera on, and the port right?',
    retryInMs: 23_000,
  },
}

/**
 * Tells the page other states of cameras than they have: `overloaded` cannot be brought about at will, and the others do not
 * last. All else is what the server says.
 */
const tellStates = (page: Page): Promise<void> =>
  page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer()
    server.onMessage((message) => {
      const parsed = typeof message === 'string' ? JSON.parse(message) : null
      if (parsed?.type === 'event' && parsed.event.type.startsWith('rollcall.camera.')) return
      if (parsed?.type !== 'snapshot') return socket.send(message)
      const atMs = parsed.nowMs
      parsed.snapshot.cameras = parsed.snapshot.cameras.map((change: { camera: string }) => ({
        ...change,
        ...(states[change.camera] && { atMs }),
        ...states[change.camera],
      }))
      return socket.send(JSON.stringify(parsed))
    })
  })

/** The pictures of the page Live. */
export const liveShots: readonly Shot[] = [
  { name: 'live-dark', of: 'live', people: cameras, prepare: all },
  { name: 'live-light', of: 'live', people: cameras, theme: 'light', prepare: all },
  {
    name: 'live-large',
    of: 'live',
    people: ['lobby'],
    path: '/live/lobby',
    stored: { 'rollcall.live': JSON.stringify({ readout: true, pinned: ['gate'] }) },
    prepare: all,
  },
  { name: 'live-phone', of: 'live', people: ['cafe', 'gate'], ...phone, prepare: shown('cafe', 'gate') },
  {
    name: 'live-states',
    of: 'live',
    before: tellStates,
    prepare: async (stage) => {
      await all(stage)
      await stage.page.locator('[data-camera=street][data-state=offline]').waitFor()
    },
  },
  {
    name: 'live-paused',
    of: 'playing',
    prepare: async (stage) => {
      await all(stage)
      await stage.scene.ask('/api/cameras/gate/pause', {})
      await stage.page.locator('[data-camera=gate][data-state=paused]').waitFor()
    },
    after: async ({ scene }) => {
      await scene.ask('/api/cameras/gate/resume', {})
    },
  },
  { name: 'live-empty', of: 'empty' },
]
