/**
 * A worker of the pool's tests. It says which cameras it has, and that each is online unless its name begins with `away`.
 * A camera whose name begins with `bad` ends the process with code 7, one with `over` has ended, one with `stop` stops
 * the process (SIGSTOP), one with `spin` keeps it busy, one with `stuck` is said to be stuck. Otherwise it tells what it is sent, until it is told to stop.
 */
interface Command {
  readonly type: string
  readonly camera?: string
  readonly cameras?: readonly string[]
  readonly start?: { readonly cameras: readonly string[] }
}

process.once('message', ({ start }: { start: { cameras: readonly string[]; name: string } }) => {
  const { cameras, name } = start
  const say = (message: object): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()))
  const tell = (words: string) => say({ type: 'metrics', metrics: [{ name: words }] })
  const has = (kind: string): boolean => cameras.some((camera) => camera.startsWith(kind))
  const stateOf = (camera: string): string => {
    if (camera.startsWith('over')) return 'ended'
    return camera.startsWith('away') ? 'offline' : 'online'
  }
  process.on('message', (message: Command) => {
    if (message.type === 'stop') process.exit(0)
    void tell(`${message.type} ${(message.cameras ?? message.start?.cameras)?.join(' ') ?? message.camera}`)
  })
  const live = async (): Promise<void> => {
    for (const camera of cameras)
      if (!camera.startsWith('bad')) await say({ type: 'change', change: { camera, state: stateOf(camera) } })
    await say({ type: 'ready' })
    await tell(`${name} has ${cameras.join(' ')}`)
    if (has('bad')) process.exit(7)
    const stuck = cameras.filter((camera) => camera.startsWith('stuck'))
    const reason = 'its decoder does not return'
    await say({ type: 'beat', longestBusyMs: 0, stuck: stuck.map((camera) => ({ camera, reason })) })
    if (has('stop')) process.kill(process.pid, 'SIGSTOP')
    if (has('spin')) for (;;);
  }
  void live()
})
