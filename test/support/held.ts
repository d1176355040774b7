import { createHook } from 'node:async_hooks'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { onTestFinished } from 'vitest'

/** What descriptors stand for: files by path, sockets and pipes by number. */
const descriptors = (): string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      // The one with which the folder was read.
      return []
    }
  })

const children = (): string[] =>
  readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(/\s+/).filter(Boolean),
  )

/**
 * Files, sockets, children and timers that this process holds and did not hold when this was called. Timers count even
 * when they let the process end. What closes on a later turn of the event loop is waited for, up to twenty seconds.
 */
export const watchHeld = (): { readonly extra: () => Promise<string[]> } => {
  const timers = new Map<number, string>()
  const hook = createHook({
    init: (id, type) => {
      if (type === 'Timeout') timers.set(id, new Error('a timer').stack ?? '')
    },
    destroy: (id) => timers.delete(id),
  }).enable()
  onTestFinished(() => void hook.disable())
  const [before, childrenBefore] = [descriptors(), children()]
  const more = (): string[] => {
    const left = [...before]
    const opened = descriptors().filter((each) => {
      const at = left.indexOf(each)
      if (at >= 0) left.splice(at, 1)
      return at < 0 && !each.startsWith('anon_inode:') && !each.startsWith('/dev/') && !each.startsWith('/proc/')
    })
    // Timers of the test runner and of fetch are not ours.
    const ours = [...timers.values()].filter((stack) => /\/src\/|node_modules\/(fastify|ws|@fastify)/.test(stack))
    return [...opened, ...children().filter((pid) => !childrenBefore.includes(pid)), ...ours]
  }
  const extra = async (): Promise<string[]> => {
    for (const deadline = performance.now() + 20_000; more().length > 0 && performance.now() < deadline; )
      await new Promise((resolve) => setTimeout(resolve, 5))
    return more()
  }
  return { extra }
}
