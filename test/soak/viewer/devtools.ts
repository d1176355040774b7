import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'
import { chromiumArgs, executablePath } from '../../browser/chromium.ts'

/** A page or a worker, asked over the DevTools protocol. */
export interface Session {
  readonly send: <Answer = unknown>(method: string, params?: object) => Promise<Answer>
}

/** What can be asked of any tab. */
export interface AnyTab extends Session {
  /** The value of an expression in the page. Rejects with what it throws. */
  evaluate<Value>(expression: string): Promise<Value>
  close(): Promise<void>
}

/** The first tab of Chromium, which ends with it. */
export interface Tab extends AnyTab {
  /** Its workers. */
  workers(): readonly Session[]
  /** Opens another one in a window of its own: both are visible. */
  openAnother(url: string): Promise<AnyTab>
  /** Writes what lives in the page's heap to a file, which DevTools open (Memory, Load). */
  writeHeap(file: string): Promise<void>
}

interface Message {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
  readonly method?: string
  readonly params?: {
    readonly sessionId: string
    readonly targetInfo: { readonly type: string }
    /** A piece of a snapshot of the heap. */
    readonly chunk?: string
  }
}

/** Questions and answers over one WebSocket; `onEvent` gets what nobody asked for. */
const talk = async (url: string, onEvent: (message: Message) => void): Promise<Send> => {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const waiting = new Map<number, (message: Message) => void>()
  let last = 0
  socket.on('message', (text: Buffer) => {
    const message = JSON.parse(text.toString('utf8')) as Message
    if (message.id === undefined) return onEvent(message)
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
  })
  return <Answer>(method: string, params: object = {}, sessionId?: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const id = ++last
      waiting.set(id, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result as Answer),
      )
      socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }))
    })
}

type Send = <Answer>(method: string, params?: object, sessionId?: string) => Promise<Answer>

/** What can be asked of the page of a session. */
const pageOf = (send: Send, sessionId: string): Pick<AnyTab, 'send' | 'evaluate'> => ({
  send: (method, params) => send(method, params, sessionId),
  evaluate: async <Value>(expression: string) => {
    const { result, exceptionDetails } = await send<{
      result: { value: Value }
      exceptionDetails?: { text: string }
    }>('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true }, sessionId)
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.text}`)
    return result.value
  },
})

/**
 * Starts Chromium with one tab at this address. Not by Playwright: that has Chromium keep up to 100 MB of what the page has
 * fetched, which looks as if the page grew.
 */
export const openTab = async (url: string): Promise<Tab> => {
  const profile = await mkdtemp(join(tmpdir(), 'rollcall-chromium-'))
  const child = spawn(
    executablePath ?? 'chromium',
    [...chromiumArgs, `--user-data-dir=${profile}`, '--remote-debugging-port=0', '--window-size=1280,800', url],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let address: string | undefined
  for await (const line of createInterface(child.stderr)) {
    address = /DevTools listening on (ws:\S+)/.exec(line)?.[1]
    if (address !== undefined) break
  }
  child.stderr.resume()
  if (address === undefined) throw new Error('Chromium does not start')
  const workers = new Set<string>()
  let heap: string[] = []
  const send = await talk(address, ({ method, params }) => {
    if (method === 'HeapProfiler.addHeapSnapshotChunk') heap.push(params?.chunk ?? '')
    if (method === 'Target.attachedToTarget' && params?.targetInfo.type === 'worker') workers.add(params.sessionId)
    if (method === 'Target.detachedFromTarget' && params) workers.delete(params.sessionId)
  })
  const attach = async (targetId: string | undefined) => {
    const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true })
    return { sessionId, ...pageOf(send, sessionId) }
  }
  const { targetInfos } = await send<{ targetInfos: { targetId: string; type: string }[] }>('Target.getTargets')
  const { sessionId, ...page } = await attach(targetInfos.find(({ type }) => type === 'page')?.targetId)
  const auto = { autoAttach: true, waitForDebuggerOnStart: false, flatten: true }
  await send('Target.setAutoAttach', auto, sessionId)
  return {
    ...page,
    workers: () => [...workers].map((worker) => ({ send: (method, params) => send(method, params, worker) })),
    openAnother: async (url) => {
      const { targetId } = await send<{ targetId: string }>('Target.createTarget', { url, newWindow: true })
      const { sessionId: _, ...other } = await attach(targetId)
      return { ...other, close: async () => void (await send('Target.closeTarget', { targetId })) }
    },
    writeHeap: async (file) => {
      heap = []
      await send('HeapProfiler.takeHeapSnapshot', {}, sessionId)
      await writeFile(file, heap.join(''))
      heap = []
    },
    close: async () => {
      if (child.exitCode === null) {
        const ended = once(child, 'exit')
        child.kill()
        await ended
      }
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}
