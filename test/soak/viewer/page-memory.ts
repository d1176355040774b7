import type { Session, Tab } from './devtools.ts'

/** What a page and its workers hold after a collection of garbage. */
export interface PageHeld {
  readonly pageKiB: number
  readonly workersKiB: number
  readonly nodes: number
  readonly listeners: number
  /** Elements that scripts hold and that are not in the document: hidden pages', and what was forgotten. */
  readonly detached: number
  /** Blobs, of pictures for instance; those behind addresses that were not given back are not among them. */
  readonly blobs: number
  /** Pictures in the workers, decoded and encoded, and decoders. */
  readonly pictures: number
}

interface Usage {
  readonly usedSize: number
}

const group = 'soak'
/** The prototypes of elements are among them, and cannot be asked. */
const isDetached = '(each) => { try { return !each.isConnected } catch { return false } }'

/** How many objects of these classes live, of which `counts`, a function of one, is true. Collects garbage first. */
const countObjects = async ({ send }: Session, classes: readonly string[], counts = '() => true'): Promise<number> => {
  let sum = 0
  for (const name of classes) {
    const expression = `typeof ${name} === 'undefined' ? Object.create(null) : ${name}.prototype`
    const { result } = await send<{ result: { objectId: string } }>('Runtime.evaluate', {
      expression,
      objectGroup: group,
    })
    const { objects } = await send<{ objects: { objectId: string } }>('Runtime.queryObjects', {
      prototypeObjectId: result.objectId,
      objectGroup: group,
    })
    const { result: count } = await send<{ result: { value: number } }>('Runtime.callFunctionOn', {
      objectId: objects.objectId,
      functionDeclaration: `function () { return this.filter(${counts}).length }`,
      returnByValue: true,
    })
    sum += count.value
  }
  await send('Runtime.releaseObjectGroup', { objectGroup: group })
  return sum
}

const heapKiB = async ({ send }: Session): Promise<number> => {
  await send('HeapProfiler.collectGarbage')
  return (await send<Usage>('Runtime.getHeapUsage')).usedSize / 1024
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

/** Measures a page; collects its garbage and that of its workers first. */
export const pageMemory = async (tab: Tab): Promise<PageHeld> => {
  // What only leads from one heap to the other goes with the second collection.
  await tab.send('HeapProfiler.collectGarbage')
  await tab.send('HeapProfiler.collectGarbage')
  const detached = await countObjects(tab, ['Element'], isDetached)
  const blobs = await countObjects(tab, ['Blob'])
  const workers = tab.workers()
  const inWorkers = (worker: Session): Promise<number> =>
    countObjects(worker, ['VideoFrame', 'ImageBitmap', 'EncodedVideoChunk', 'VideoDecoder'])
  const pictures = sum(await Promise.all(workers.map(inWorkers)))
  const workersKiB = sum(await Promise.all(workers.map(heapKiB)))
  const pageKiB = await heapKiB(tab)
  const { nodes, jsEventListeners } = await tab.send<{ nodes: number; jsEventListeners: number }>(
    'Memory.getDOMCounters',
  )
  return { pageKiB, workersKiB, nodes, listeners: jsEventListeners, detached, blobs, pictures }
}
