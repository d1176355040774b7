import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executablePath } from './chromium.ts'
import { type BrowserSite, openBrowserSite, scene } from './site.ts'

const root = resolve(import.meta.dirname, '../..')
const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html', '.mp4': 'video/mp4' }

describe.skipIf(!executablePath)('the elements on a page of another origin', () => {
  let site: BrowserSite
  let pages: Server
  let origin: string
  /** The same server by another name: another origin, from which a page may have its scripts. */
  let cdn: string
  let built: string

  beforeAll(async () => {
    built = mkdtempSync(join(tmpdir(), 'rollcall-elements-'))
    execFileSync(process.execPath, [join(root, 'client/build.ts'), built])
    pages = createServer((request, response) => {
      const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://x')
      const [, ofClient] = /^\/client\/(.*)$/.exec(path) ?? []
      const example = join(root, 'examples', path)
      const file = ofClient ? join(built, ofClient) : path === '/door.mp4' ? scene('cafe') : example
      try {
        const content = readFileSync(file)
        response.setHeader('content-type', types[extname(file)] ?? 'text/plain')
        response.setHeader('access-control-allow-origin', '*')
        const policy = searchParams.get('policy')
        if (policy !== null) response.setHeader('content-security-policy', policy)
        // The examples as they are, but for where Rollcall is and what the camera is called.
        const isPage = file.endsWith('.html')
        response.end(isPage ? adapted(content.toString(), searchParams.get('scripts') ?? '') : content)
      } catch {
        response.writeHead(404).end()
      }
    }).listen(0, '127.0.0.1')
    await once(pages, 'listening')
    cdn = `http://localhost:${(pages.address() as AddressInfo).port}`
    origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`
    site = await openBrowserSite({ config: { http: { allowedOrigins: [origin] } } })
  })
  afterAll(async () => {
    await site?.close()
    pages?.close()
    rmSync(built, { recursive: true, force: true })
  })

  const adapted = (page: string, scripts: string): string =>
    page
      .replaceAll('http://127.0.0.1:8080', site.url)
      .replaceAll('"door"', '"cafe"')
      .replaceAll('"client/', `"${scripts}client/`)

  /** Opens a page of `examples` with this content security policy, and its scripts from this place. */
  const open = async (path: string, { policy, scripts }: { policy?: string; scripts?: string } = {}): Promise<Page> => {
    const page = await site.browser.newPage()
    const query = new URLSearchParams({ ...(policy && { policy }), ...(scripts && { scripts }) })
    await page.goto(`${origin}/${path}?${query.toString()}`)
    return page
  }
  /** How many cameras' own video goes over WebSockets. */
  const playing = async (): Promise<number> => {
    const text = await (await fetch(`${site.url}/metrics`)).text()
    return Number(/^rollcall_websocket_video_cameras(?:\{.*\})? (\d+)$/m.exec(text)?.[1])
  }
  /** What the first state says that has a picture. */
  const firstState = `new Promise((resolve) =>
    addEventListener('rollcall-state', ({ detail }) => detail.hasPicture && resolve(detail), true))`
  /** Whether the canvas has more than one colour: an empty one is transparent, and a bare one black. */
  const hasPicture = `(() => {
    const copy = document.createElement('canvas').getContext('2d')
    copy.drawImage(document.querySelector('rollcall-camera').shadowRoot.querySelector('canvas'), 0, 0, 300, 150)
    return new Set(new Uint32Array(copy.getImageData(0, 0, 300, 150).data.buffer)).size > 100
  })()`

  /** The detail of the first event of this type in which somebody is. */
  const firstWith = (type: string, many: string) =>
    `new Promise((resolve) => addEventListener('${type}', ({ detail }) => detail.${many}.length > 0 && resolve(detail), true))`

  test("<rollcall-camera> plays the camera's own video with its boxes", async () => {
    const page = await open('camera.html')
    expect(await page.evaluate(firstState)).toMatchObject({ reason: null })
    expect(await playing()).toBe(1)
    const frame = (await page.evaluate(firstWith('rollcall-frame', 'faces'))) as {
      camera: string
      faces: { box: object }[]
    }
    expect(frame.camera).toBe('cafe')
    await page.getByRole('img', { name: /^Camera cafe: (?!no picture)/ }).waitFor()
    expect(await page.evaluate(hasPicture)).toBe(true)
    // Taken off, put back and changed, it begins anew.
    await page.evaluate(`{
      const camera = document.querySelector('rollcall-camera')
      camera.remove()
      document.body.append(camera)
    }`)
    await page.evaluate(firstWith('rollcall-frame', 'faces'))
    await page.close()
  })

  test('<rollcall-camera> plays video on a page that has its scripts from another origin', async () => {
    const policy = `default-src 'none'; script-src ${cdn}; worker-src blob: ${cdn}; connect-src http: ws:`
    const page = await open('camera.html', { policy, scripts: `${cdn}/` })
    expect(await page.evaluate(firstState)).toMatchObject({ reason: null })
    expect(await page.evaluate(hasPicture)).toBe(true)
    await page.close()
  })

  test.each([
    [
      'forbids workers',
      "default-src 'self'; worker-src 'none'; connect-src http: ws:",
      /does not let the worker start/,
    ],
    ['decodes no video', undefined, /^this browser decodes no video/],
  ])('<rollcall-camera> shows stills, and says why, where the page %s', async (_, policy, reason) => {
    const page = await site.browser.newPage()
    await page.route('**/video/worker.js', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `import './no-decoder.js'\n${await response.text()}` })
    })
    const forget = { contentType: 'text/javascript', body: 'delete globalThis.VideoDecoder' }
    await page.route('**/video/no-decoder.js', (route) => route.fulfill(forget))
    await page.goto(`${origin}/camera.html?${new URLSearchParams(policy && { policy }).toString()}`)
    await page.evaluate(firstWith('rollcall-frame', 'faces'))
    expect(await page.evaluate(hasPicture)).toBe(true)
    expect(await page.locator('rollcall-camera p').textContent()).toMatch(reason)
    await page.close()
  })

  test('<rollcall-overlay> draws over a video of its own, by capture time', async () => {
    const page = await open('overlay.html')
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
