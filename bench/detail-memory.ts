import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startSimulatedCameras } from '../simulator/simulated-cameras.ts'
import type { FarFootage } from '../test/support/far-footage.ts'
import type { Memory } from './detail-process.ts'

/** What a process of its own holds that watches one camera for a while. */
const memoryOf = async (url: string, detailUrl: string | null, seconds: number): Promise<Memory> => {
  const script = fileURLToPath(new URL('detail-process.ts', import.meta.url))
  const child = fork(script, [JSON.stringify({ url, detailUrl, seconds })], { execArgv: ['--expose-gc'] })
  const [told] = await once(child, 'message')
  return told as Memory
}

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)

const lineOf = ({ peakBytes, slope, error, ringBytes, looks }: Memory): string =>
  `peak ${mib(peakBytes)} MiB, slope ${mib(slope)} ± ${mib(error)} MiB/min, rings ${mib(ringBytes)} MiB at most, ${looks} pictures looked at`

/**
 * What a `detailUrl` adds to the memory of a process that watches one camera over RTSP, as lines. Its footage is played in a
 * loop, and every two seconds somebody else comes, so that the big stream's pictures are decoded as often as they may be.
 */
export const detailMemory = async ({ big, small }: FarFootage, seconds: number): Promise<readonly string[]> => {
  const simulated = await startSimulatedCameras([
    { name: 'small', file: small },
    { name: 'big', file: big },
  ])
  const [url, detailUrl] = simulated.cameras.map((camera) => camera.url) as [string, string]
  const without = await memoryOf(url, null, seconds)
  const both = await memoryOf(url, detailUrl, seconds)
  await simulated.close()
  return [
    `memory_url ${lineOf(without)}`,
    `memory_both ${lineOf(both)}`,
    `memory_more ${mib(both.peakBytes - without.peakBytes)} MiB at the peak, one camera, ${seconds} s`,
  ]
}
