/**
 * Makes the pictures of docs/viewer.md from real sites on our own footage: `npm run screenshots`, or with names only those.
 * Everybody in them is made up. The cameras stand still where a picture is taken, so that each run shows the same.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { executablePath } from './chromium.ts'
import { shots } from './shots/all.ts'
import { openScene, type Scene } from './shots/scene.ts'
import { type Shot, type ShotOf, type Stage, token } from './shots/shot.ts'
import { type BrowserSite, openBrowserSite } from './site.ts'

const folder = join(import.meta.dirname, '../../docs/images')
/** A picture of the documents is no larger, bytes. */
const mostBytes = 60_000

/** The best WebP of a PNG that is small enough. */
const small = async (png: Buffer): Promise<Buffer> => {
  for (const quality of [82, 74, 66, 58, 50, 42, 34]) {
    const webp = await sharp(png).webp({ quality, effort: 6, smartSubsample: true }).toBuffer()
    if (webp.length <= mostBytes) return webp
  }
  throw new Error(`a picture is larger than ${mostBytes} bytes in any quality`)
}

const write = async (name: string, png: Buffer): Promise<void> => {
  await writeFile(join(folder, `${name}.webp`), await small(png))
  if (process.env.PNG !== undefined) await writeFile(join(process.env.PNG, `${name}.png`), png)
}

const openPage = (site: BrowserSite, shot: Shot, idOf: Scene['idOf']): Promise<Stage['page']> => {
  const { path = '/live', theme = 'dark', width = 1280, height = 800, phone = false, isReady = true } = shot
  const localStorage = Object.entries(shot.stored ?? {}).map(([name, value]) => ({ name, value }))
  return site.open(
    path.replace(/\{(\w+)\}/, (_, name: string) => idOf(name)),
    {
      colorScheme: theme,
      reducedMotion: 'reduce',
      viewport: { width, height },
      isReady,
      ...(shot.before && { before: shot.before }),
      ...(phone && { isMobile: true, hasTouch: true, deviceScaleFactor: 2 }),
      storageState: { cookies: [], origins: [{ origin: site.url, localStorage }] },
    },
  )
}

/** As often a moment is waited for at which everybody who should be is seen, on a machine that is too slow for each one. */
const mostTries = 5

const holdWithPeople = async ({ page, scene }: Stage, cameras: readonly string[]): Promise<void> => {
  const nobody = cameras.map((name) => `[data-camera=${name}] canvas[aria-label$=": nobody"]`).join()
  for (let i = 1; i <= mostTries; i++) {
    await scene.hold()
    if (nobody === '' || (await page.locator(nobody).count()) === 0) return
    if (i < mostTries) scene.release()
  }
  console.warn(`nobody is seen on one of ${cameras.join(', ')}: try it again on a machine with less to do`)
}

const take = async (scene: Scene, shot: Shot): Promise<void> => {
  const { site } = scene
  if (shot.of === 'playing') {
    // The pictures that the page asks for are of the moments, too.
    await scene.hold()
    scene.release()
  }
  const page = await openPage(site, shot, scene.idOf)
  const stage = { page, site, scene }
  await shot.prepare?.(stage)
  if (shot.of === 'live') await holdWithPeople(stage, shot.people ?? [])
  await shot.whenHeld?.(stage)
  await write(shot.name, await page.screenshot())
  await page.close()
  await shot.after?.(stage)
  if (shot.of === 'live') scene.release()
  console.log(shot.name)
}

/** A site of its own that needs no cameras. */
const bare = async (config: object): Promise<Scene> => {
  const site = await openBrowserSite({ cameras: {}, config })
  const none = (): never => {
    throw new Error('there is no camera on this site')
  }
  return { site, idOf: none, ask: none, hold: none, release: none, close: () => site.close() }
}

const guarded = { http: { auth: { mode: 'on', tokens: [{ name: 'Anna', scopes: ['read', 'operate'], token }] } } }

/** Which site the pictures of a kind are of, and what is done before the first. */
const rooms: readonly (readonly [() => Promise<Scene>, readonly ShotOf[]])[] = [
  [openScene, ['playing', 'any', 'still', 'live']],
  [() => bare({}), ['empty']],
  [() => bare(guarded), ['guarded']],
]

if (executablePath === undefined) throw new Error('there is no Chromium: apt-get install chromium')
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !shots.some((shot) => shot.name === name))
if (unknown.length > 0)
  throw new Error(`there is no picture ${unknown.join(', ')}; there are ${shots.map(({ name }) => name).join(', ')}`)
const chosen = shots.filter(({ name }) => asked.length === 0 || asked.includes(name))
await mkdir(folder, { recursive: true })
for (const [open, kinds] of rooms) {
  if (!chosen.some((shot) => kinds.includes(shot.of))) continue
  const scene = await open()
  for (const kind of kinds) {
    const these = chosen.filter((shot) => shot.of === kind)
    if (kind === 'still' && these.length > 0) await scene.hold()
    for (const shot of these) await take(scene, shot)
    if (kind === 'still') scene.release()
  }
  await scene.close()
}
