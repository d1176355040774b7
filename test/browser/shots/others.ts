import { startSimulatedCameras } from '../../../simulator/simulated-cameras.ts'
import { scene } from '../site.ts'
import { filled, press, type Shot, type Stage, token, whenFilled } from './shot.ts'

const fillCamera = async ({ page }: Stage, fields: Readonly<Record<string, string>>): Promise<void> => {
  const dialog = page.getByRole('dialog')
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).fill(value)
  await dialog.getByRole('button', { name: 'Test' }).click()
  await dialog.locator('.test-result').waitFor({ timeout: 40_000 })
}

const pictures = async (stage: Stage): Promise<void> => {
  for (const { name } of stage.site.cameras)
    await stage.page.locator(`[data-camera=${name}] .camera-still img:not([hidden])`).waitFor({ timeout: 30_000 })
}

/** The pictures of cameras, events, the system, signing in, and of a server that is gone. */
export const otherShots: readonly Shot[] = [
  { name: 'cameras', of: 'playing', path: '/cameras', prepare: pictures },
  { name: 'system', of: 'any', path: '/system', height: 1000, prepare: whenFilled('.chart .range') },
  {
    name: 'camera-add',
    of: 'any',
    path: '/cameras',
    height: 1000,
    prepare: async (stage) => {
      // Nobody else watches it, so its first picture is always the same one.
      const added = await startSimulatedCameras([{ name: 'bar', file: scene('cafe') }], { quirks: { joinsAtS: 14 } })
      await press(stage.page, 'Add a camera')
      await fillCamera(stage, { Name: 'bar', Address: added.cameras[0]?.url ?? '' })
      await added.close()
    },
  },
  {
    name: 'camera-no-answer',
    of: 'any',
    path: '/cameras',
    prepare: async (stage) => {
      await press(stage.page, 'Add a camera')
      await fillCamera(stage, { Name: 'yard', Address: 'rtsp://127.0.0.1:9/stream1' })
    },
  },
  { name: 'events', of: 'still', path: '/events', prepare: whenFilled('main > *') },
  { name: 'events-light', of: 'still', path: '/events', theme: 'light', prepare: whenFilled('main > *') },
  {
    name: 'server-gone',
    of: 'live',
    prepare: async ({ page }) => {
      await page.locator('[data-camera=lobby].has-picture').waitFor({ timeout: 30_000 })
    },
    whenHeld: async ({ page, site }) => {
      await site.stop()
      await page.locator('#banner:not([hidden])').waitFor()
    },
    after: ({ site }) => site.start(),
  },
  {
    name: 'sign-in-wrong',
    of: 'guarded',
    isReady: false,
    prepare: async ({ page }) => {
      await page.locator('#login[open]').waitFor()
      await page.getByRole('textbox', { name: 'Token' }).fill('not-the-token-of-this-site')
      await page.keyboard.press('Enter')
      await page.locator('#login-complaint:not(:empty)').waitFor()
    },
  },
  {
    name: 'account',
    of: 'guarded',
    isReady: false,
    path: '/people',
    prepare: async (stage) => {
      const { page } = stage
      await page.getByRole('textbox', { name: 'Token' }).fill(token)
      await page.keyboard.press('Enter')
      await page.locator('body[data-connected="true"]').waitFor()
      await press(stage.page, 'Account')
      await press(stage.page, 'Sign in on a phone')
      await filled(stage, '.qr-code')
    },
  },
]
