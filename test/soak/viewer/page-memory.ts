import type { Tab } from './devtools.ts'

/** What a page and its workers hold after a collection of garbage. */
export interface PageHeld {
  readonly pageKiB: number
  readonly workersKiB: number
  readonly nodes: number
  readonly listeners: number
}

interface Usage {
  readonly usedSize: number
}

/** Measures a page; collects its garbage and that of its workers first. */
export const pageMemory = async (tab: Tab): Promise<PageHeld> => {
  await tab.send('HeapProfiler.collectGarbage')
  await tab.ofWorkers('HeapProfiler.collectGarbage')
  const { usedSize } = await tab.send<Usage>('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await tab.send<{ nodes: number; jsEventListeners: number }>(
    'Memory.getDOMCounters',
  )
  const workers = await tab.ofWorkers<Usage>('Runtime.getHeapUsage')
  return {
    pageKiB: usedSize / 1024,
    workersKiB: workers.reduce((sum, worker) => sum + worker.usedSize, 0) / 1024,
    nodes,
    listeners: jsEventListeners,
  }
}
