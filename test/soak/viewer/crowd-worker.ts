/** The real worker, but that it sees a crowd: everybody comes for a second or two, again and again. Time-lapse for what a viewer shows. */
import type { FromVision } from '../../../src/ipc/messages.ts'
import { type Crowd, createCrowd } from './crowd.ts'

const crowds = new Map<string, Crowd>()
const crowdOf = (camera: string): Crowd => {
  const crowd = crowds.get(camera) ?? createCrowd(camera)
  crowds.set(camera, crowd)
  return crowd
}

const send = process.send?.bind(process) as (message: FromVision, ...rest: unknown[]) => boolean
process.send = (message: FromVision, ...rest: unknown[]): boolean => {
  if (message.type === 'faces')
    return send({ type: 'faces', faces: crowdOf(message.faces.camera).instead(message.faces) }, ...rest)
  if (message.type !== 'crop') return send(message, ...rest)
  for (const crop of crowdOf(message.crop.camera).crops(message.crop)) send({ type: 'crop', crop })
  return send({ type: 'beat', longestBusyMs: 0, stuck: [] }, ...rest)
}

await import('../../../src/worker/worker.ts')
