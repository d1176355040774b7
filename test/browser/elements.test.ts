import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executablePath } from './chromium.ts'
import { type BrowserSite, openBrowserSite, scene } from './site.ts'

const root = resolve(import.meta.dirname, '../..')
const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html', '.mp4': 'video/mp4' }

describe.skipIf(!executablePath)('the elements on a page of another origin', () => {
  let site: BrowserSite
  let pages: Server
  let origin: string
  let built: string

  beforeAll(async () => {
    built = mkdtempSync(join(tmpdir(), 'rollcall-elements-'))
    execFileSync(process.execPath, [join(root, 'client/build.ts'), built])
    pages = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://x').pathname
      const [, ofClient] = /^\/client\/(.*)$/.exec(path) ?? []
      const example = join(root, 'examples', path)
      const file = ofClient ? join(built, ofClient) : path === '/door.mp4' ? scene('cafe') : example
      try {
        const content = readFileSync(file)
        response.setHeader('content-type', types[extname(file)] ?? 'text/plain')
        // The examples as they are, but for where Rollcall is and what the camera is called.
        const isPage = file.endsWith('.html')
        response.end(
          isPage
            ? content.toString().replaceAll('http://127.0.0.1:8080', site.url).replaceAll('"door"', '"cafe"')
            : content,
        )
      } catch {
        response.writeHead(404).end()
      }
    }).listen(0, '127.0.0.1')
    await once(pages, 'listening')
    origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`
    site = await openBrowserSite({ config: { http: { allowedOrigins: [origin] } } })
  })
  afterAll(async () => {
    await site?.close()
    pages?.close()
    rmSync(built, { recursive: true, force: true })
  })

  /** The detail of the first event of this type in which somebody is. */
  const firstWith = (type: string, many: string) =>
    `new Promise((resolve) => addEventListener('${type}', ({ detail }) => detail.${many}.length > 0 && resolve(detail), true))`

  test('<rollcall-camera> shows a camera with its boxes', async () => {
    const page = await site.browser.newPage()
    await page.goto(`${origin}/camera.html`)
    const frame = (await page.evaluate(firstWith('rollcall-frame', 'faces'))) as {
      camera: string
      faces: { box: object }[]
    }
    expect(frame.camera).toBe('cafe')
    await page.getByRole('img', { name: /^Camera cafe: (?!no picture)/ }).waitFor()
    await page.close()
  })

  test('<rollcall-overlay> draws over a video of its own, by capture time', async () => {
    const page = await site.browser.newPage()
    await page.goto(`${origin}/overlay.html`)
    const shown = (await page.evaluate(firstWith('rollcall-overlay', 'boxes'))) as {
      capturedAtMs: number
      boxes: object[]
    }
    expect(Math.abs(Date.now() - shown.capturedAtMs)).toBeLessThan(5000)
    const drawn = await page.evaluate(`(() => {
      const canvas = document.querySelector('rollcall-overlay').shadowRoot.querySelector('canvas')
      const { width, height } = canvas
      return [width > 0, document.querySelector('video').clientWidth * devicePixelRatio === width, height > 0]
    })()`)
    expect(drawn).toEqual([true, true, true])
    await page.close()
  })
})
