// The process that decodes photos: one at a time from stdin to stdout, files never. It has no rights that it needs not,
// and src/photos/decoder.ts ends it when a photo takes too long or too much memory.
import { receive, send } from '../link.ts'
import type { Answer, Job } from '../messages.ts'
import { decode } from './decode.ts'
import { Refused } from './refused.ts'

// libheif-js prints what it complains of, and stdout is for answers.
console.log = console.error

const answer = (header: Answer, ...parts: readonly Uint8Array[]): void => send(process.stdout, header, ...parts)

const work = async ({ kind, side }: Job, bytes: Uint8Array): Promise<void> => {
  try {
    const { width, height, planes, picture } = await decode(kind, bytes, side)
    const size = { width: picture.width, height: picture.height }
    answer({ type: 'decoded', width, height, picture: size }, ...planes, picture.data)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    answer({ type: 'refused', what: error.message, remedy: error.remedy })
  }
}

receive<Job>(
  process.stdin,
  ({ header, bytes }) => void work(header, bytes),
  (what) => {
    throw new Error(what)
  },
)
answer({ type: 'ready' })
