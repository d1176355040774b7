import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { type MainThread, mainThread } from '../../src/ipc/main-thread.ts'
import { createSilence, type Silence } from '../../src/ipc/silence.ts'

const beat = (longestBusyMs = 0) => ({ type: 'beat', longestBusyMs, stuck: [] }) as const
const metrics = { type: 'metrics', metrics: [] } as const

/** Ticks until it is taken for hung, at most `most`. */
const ticksUntilHung = (silence: Silence, most = 2000): number | null => {
  for (let tick = 1; tick <= most; tick++) if (silence.tick() !== null) return tick
  return null
}
const busy = (): (() => MainThread) => {
  let used = 0
  return () => ({ state: 'R', ticks: used++ })
}
const idle =
  (state: string): (() => MainThread) =>
  () => ({ state, ticks: 5 })

test('analysing: hung after its time without a word, any word will do', () => {
  const silence = createSilence(5000, busy())
  silence.heard({ type: 'ready' })
  for (let i = 0; i < 4; i++) expect(silence.tick()).toBeNull()
  expect(silence.silentMs()).toBe(4000)
  silence.heard(metrics)
  for (let i = 0; i < 4; i++) expect(silence.tick()).toBeNull()
  expect(silence.tick()).toBe('did not answer for 5 s')
})

test('a machine on which a batch takes long gets more time, up to a bound', () => {
  const silence = createSilence(5000, busy())
  silence.heard({ type: 'ready' })
  silence.heard(beat(3000))
  expect(ticksUntilHung(silence)).toBe(12)
  const frozen = createSilence(5000, busy())
  frozen.heard({ type: 'ready' })
  frozen.heard(beat(3_600_000))
  expect(ticksUntilHung(frozen)).toBe(600)
})

test.each<[string, () => MainThread | null, number]>([
  ['uses the processor', busy(), 900],
  ['cannot be looked at', () => null, 900],
  ['waits for a disk', idle('D'), 900],
  ['gets no processor', idle('R'), 900],
  ['sleeps', idle('S'), 61],
  ['is stopped', idle('T'), 21],
])('loading models, a process that %s', (_what, look, ticks) => {
  expect(ticksUntilHung(createSilence(20_000, look))).toBe(ticks)
})

test('reads the state of real processes: at work, stopped, gone', async () => {
  const child = spawn(process.execPath, ['-e', 'console.log(1); for (;;);'], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  const pid = child.pid ?? 0
  const first: number = mainThread(pid)?.ticks ?? 0
  while ((mainThread(pid)?.ticks ?? 0) <= first) await new Promise((resolve) => setTimeout(resolve, 5))
  child.kill('SIGSTOP')
  while (mainThread(pid)?.state !== 'T') await new Promise((resolve) => setTimeout(resolve, 5))
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(mainThread(pid)).toBeNull()
})
