import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { type BrowserSite, openBrowserSite, scene } from './site.ts'

const root = resolve(import.meta.dirname, '../..')
const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html', '.mp4': 'video/mp4' }

/** Where a page has its scripts from, and what it lets them do. */
interface PageOptions {
  /** Its content security policy. */
  readonly policy?: string
  /** The address before `client/`. */
  readonly scripts?: string
}

/** A site with the camera `cafe`, and a server of another origin with the pages of `examples`. `afterAll` calls `close`. */
export interface OtherOrigin {
  readonly site: BrowserSite
  /** The same server by another name: another origin again, from which a page may have its scripts. */
  readonly cdn: string
  /** Opens a page of `examples`. It is prepared by `before`. */
  open(path: string, options?: PageOptions, before?: (page: Page) => Promise<void>): Promise<Page>
  close(): Promise<void>
}

/** Builds the client, and starts the site and the server. */
export const openOtherOrigin = async (): Promise<OtherOrigin> => {
  await using opening = new AsyncDisposableStack()
  const built = opening.adopt(mkdtempSync(join(tmpdir(), 'rollcall-elements-')), (folder) =>
    rmSync(folder, { recursive: true }),
  )
  execFileSync(process.execPath, [join(root, 'client/build.ts'), built])
  const adapted = (page: string, scripts: string): string =>
    page
      .replaceAll('http://127.0.0.1:8080', site.url)
      .replaceAll('"door"', '"cafe"')
      .replaceAll('"client/', `"${scripts}client/`)
  const pages = createServer((request, response) => {
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
  opening.defer(() => void pages.close())
  await once(pages, 'listening')
  const { port } = pages.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const site = opening.adopt(await openBrowserSite({ config: { http: { allowedOrigins: [origin] } } }), (opened) =>
    opened.close(),
  )
  const owned = opening.move()
  return {
    site,
    cdn: `http://localhost:${port}`,
    open: async (path, { policy, scripts } = {}, before) => {
      const page = await site.browser.newPage()
      await before?.(page)
      const query = new URLSearchParams({ ...(policy && { policy }), ...(scripts && { scripts }) })
      await page.goto(`${origin}/${path}?${query.toString()}`)
      return page
    },
    close: () => owned.disposeAsync(),
  }
}

/** How many cameras' own video goes over WebSockets. */
export const videoCameras = async (site: BrowserSite): Promise<number> => {
  const text = await (await fetch(`${site.url}/metrics`)).text()
  return Number(/^rollcall_websocket_video_cameras(?:\{.*\})? (\d+)$/m.exec(text)?.[1])
}

/** Of a page: whether the canvas has more than one colour. An empty one is transparent, and a bare one black. */
export const hasPicture = `(() => {
  const copy = document.createElement('canvas').getContext('2d')
  copy.drawImage(document.querySelector('rollcall-camera').shadowRoot.querySelector('canvas'), 0, 0, 300, 150)
  return new Set(new Uint32Array(copy.getImageData(0, 0, 300, 150).data.buffer)).size > 100
})()`

/** Of a page: the detail of the first event of this type in which somebody is. */
export const firstWith = (type: string, many: string): string =>
  `new Promise((resolve) => addEventListener('${type}', ({ detail }) => detail.${many}.length > 0 && resolve(detail), true))`
