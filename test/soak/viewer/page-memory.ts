import type { CDPSession, Page } from 'playwright-core'

/** What a page and its workers hold after a collection of garbage. */
export interface PageHeld {
  readonly pageKiB: number
  readonly workersKiB: number
  readonly workers: number
  readonly nodes: number
  readonly listeners: number
}

interface Targets {
  readonly ids: ReadonlySet<string>
  send<Answer>(session: string, method: string): Promise<Answer>
}

/** The workers of a page, asked through the page's own session: Playwright gives workers none. */
const workersOf = async (page: CDPSession): Promise<Targets> => {
  const ids = new Set<string>()
  const waiting = new Map<number, (result: unknown) => void>()
  let last = 0
  page.on('Target.attachedToTarget', ({ sessionId }) => void ids.add(sessionId))
  page.on('Target.detachedFromTarget', ({ sessionId }) => void ids.delete(sessionId))
  page.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message) as { id: number; result: unknown }
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  await page.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
  return {
    ids,
    send: <Answer>(sessionId: string, method: string) =>
      new Promise<Answer>((resolve, reject) => {
        const id = ++last
        waiting.set(id, (result) => resolve(result as Answer))
        page.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) }).catch(reject)
      }),
  }
}

/** Measures a page again and again; each call collects its garbage and that of its workers first. */
export const pageMemory = async (page: Page): Promise<() => Promise<PageHeld>> => {
  const session = await page.context().newCDPSession(page)
  const workers = await workersOf(session)
  return async () => {
    await session.send('HeapProfiler.collectGarbage')
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
    let ofWorkers = 0
    for (const id of workers.ids) {
      await workers.send(id, 'HeapProfiler.collectGarbage')
      ofWorkers += (await workers.send<{ usedSize: number }>(id, 'Runtime.getHeapUsage')).usedSize
    }
    return {
      pageKiB: usedSize / 1024,
      workersKiB: ofWorkers / 1024,
      workers: workers.ids.size,
      nodes,
      listeners: jsEventListeners,
    }
  }
}
