import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { availableParallelism, setPriority } from 'node:os'

/**
 * Each side on a core of their own, as they are on machines of their own: otherwise the scheduler puts
 * clients that answer onto the server's core and interrupts it. Without taskset (util-linux) it is left to chance.
 */
const pin = (pid: number | undefined, core: number): void => {
  if (availableParallelism() > 1) spawnSync('taskset', ['-apc', String(core), String(pid)])
}

/** Whatever else the machine does waits, where this user may have it wait: it is not what is measured. */
export const goFirst = (pid: number | undefined): void => {
  try {
    if (pid !== undefined) setPriority(pid, -15)
  } catch {
    // Only root may.
  }
}

/** All that were started: when one fails the others must not keep the benchmark alive. */
const children = new Set<ChildProcess>()
export const killPeers = (): void => {
  for (const child of children) child.kill()
}

/** A child process that is asked and answers, one question at a time. */
export class Peer<To extends { type: string }, From extends { type: string }> {
  readonly child: ChildProcess
  constructor(file: string, core: 0 | 1) {
    this.child = fork(new URL(file, import.meta.url))
    children.add(this.child)
    pin(this.child.pid, core)
    goFirst(this.child.pid)
  }

  /** Sends a message and waits for the answer of this type. */
  ask<Type extends From['type']>(message: To, type: Type): Promise<Extract<From, { type: Type }>> {
    return new Promise((resolve, reject) => {
      if (this.child.exitCode !== null) throw new Error('a process of the benchmark has ended')
      const onMessage = (answer: From): void => {
        if (answer.type !== type) return
        this.child.off('message', onMessage)
        this.child.off('exit', onExit)
        resolve(answer as Extract<From, { type: Type }>)
      }
      const onExit = (): void => reject(new Error('a process of the benchmark ended'))
      this.child.on('message', onMessage)
      this.child.once('exit', onExit)
      this.child.send(message)
    })
  }
}
