/**
 * Makes the pictures of docs/viewer.md from a real site on our own footage: `npm run screenshots`, or with names only those.
 * Everybody in them is made up.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { executablePath } from './chromium.ts'
import { type Shot, shots, token } from './shots.ts'
import { type BrowserSite, openBrowserSite, scene } from './site.ts'

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

const take = async (site: BrowserSite, shot: Shot): Promise<void> => {
  const { name, path = '/live', theme = 'dark', width = 1280, height = 800, phone = false } = shot
  const page: Page = await site.open(path, {
    colorScheme: theme,
    reducedMotion: 'reduce',
    viewport: { width, height },
    isReady: shot.signedIn !== false,
    ...(shot.before && { before: (opened) => shot.before?.(opened) ?? Promise.resolve() }),
    ...(phone && { isMobile: true, hasTouch: true, deviceScaleFactor: 2 }),
    ...(shot.signedIn !== false && {
      storageState: {
        cookies: [],
        origins: [
          {
            origin: site.url,
            localStorage: Object.entries(shot.stored ?? {}).map(([key, value]) => ({ name: key, value })),
          },
        ],
      },
    }),
  })
  await shot.prepare?.(page, site)
  const png = await page.screenshot()
  await writeFile(join(folder, `${name}.webp`), await small(png))
  if (process.env.PNG !== undefined) await writeFile(join(process.env.PNG, `${name}.png`), png)
  await page.context().close()
  await shot.after?.(site)
  console.log(name)
}

if (executablePath === undefined) throw new Error('there is no Chromium: apt-get install chromium')
const asked = process.argv.slice(2)
const chosen = shots.filter(({ name }) => asked.length === 0 || asked.includes(name))
await mkdir(folder, { recursive: true })
for (const kind of ['four', 'none', 'guarded'] as const) {
  const these = chosen.filter(({ site = 'four' }) => site === kind)
  if (these.length === 0) continue
  const names = kind === 'none' ? [] : ['cafe', 'gate', 'lobby', 'street']
  const site = await openBrowserSite({
    cameras: Object.fromEntries(names.map((name) => [name, scene(name)])),
    ...(kind === 'guarded' && {
      config: { http: { auth: { mode: 'on', tokens: [{ name: 'wall', scopes: ['read'], token }] } } },
    }),
  })
  for (const shot of these) await take(site, shot)
  await site.close()
}
