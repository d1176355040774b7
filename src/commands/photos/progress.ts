/** Where progress is told, and by which clock. */
export interface ProgressTo {
  readonly isTerminal: boolean
  readonly write: (text: string) => void
  /** Milliseconds that only rise. */
  readonly nowMs: () => number
}

/** On standard error, which `--json` leaves alone. */
export const onStderr = (): ProgressTo => ({
  isTerminal: process.stderr.isTTY,
  write: (text) => void process.stderr.write(text),
  nowMs: () => performance.now(),
})

/** Elsewhere than on a terminal a line stays for ever. */
const everyMs = { terminal: 100, lines: 10_000 }

const left = (ms: number): string => {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 90) return `${seconds} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}

/**
 * Tells how much of long work is done and how long the rest takes: on a terminal in one line that is written anew, elsewhere by a
 * line every ten seconds, so that short work says nothing there. Call the result with what is done so far.
 */
export const progress = (total: number, what: string, to: ProgressTo = onStderr()): ((done: number) => void) => {
  const began = to.nowMs()
  let told = began
  return (done) => {
    const now = to.nowMs()
    const isOver = done >= total
    if (to.isTerminal ? !isOver && now - told < everyMs.terminal : isOver || now - told < everyMs.lines) return
    told = now
    const rest = isOver || done === 0 ? '' : `, about ${left(((now - began) / done) * (total - done))} left`
    const text = `${done} of ${total} ${what}${rest}`
    to.write(to.isTerminal ? `\r\x1b[2K${text}${isOver ? '\n' : ''}` : `${text}\n`)
  }
}
