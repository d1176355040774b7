import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'
import { chromiumArgs, executablePath } from '../../browser/chromium.ts'

/** A tab of Chromium, asked over the DevTools protocol. */
export interface Tab {
  send<Answer = unknown>(method: string, params?: object): Promise<Answer>
  /** The same of each of its workers. */
  ofWorkers<Answer>(method: string): Promise<readonly Answer[]>
  /** The value of an expression in the page. Rejects with what it throws. */
  evaluate<Value>(expression: string): Promise<Value>
  close(): Promise<void>
}

interface Message {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
  readonly method?: string
  readonly params?: { readonly sessionId: string; readonly targetInfo: { readonly type: string } }
}

/** Questions and answers over one WebSocket; `onEvent` gets what nobody asked for. */
const talk = async (url: string, onEvent: (message: Message) => void) => {
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
  const send = await talk(address, ({ method, params }) => {
    if (method === 'Target.attachedToTarget' && params?.targetInfo.type === 'worker') workers.add(params.sessionId)
    if (method === 'Target.detachedFromTarget' && params) workers.delete(params.sessionId)
  })
  const { targetInfos } = await send<{ targetInfos: { targetId: string; type: string }[] }>('Target.getTargets')
  const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId
  const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true })
  const auto = { autoAttach: true, waitForDebuggerOnStart: false, flatten: true }
  await send('Target.setAutoAttach', auto, sessionId)
  return {
    send: (method, params) => send(method, params, sessionId),
    ofWorkers: (method) => Promise.all([...workers].map((worker) => send(method, {}, worker))) as never,
    evaluate: async <Value>(expression: string) => {
      const { result, exceptionDetails } = await send<{
        result: { value: Value }
        exceptionDetails?: { text: string }
      }>('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true }, sessionId)
      if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.text}`)
      return result.value
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
