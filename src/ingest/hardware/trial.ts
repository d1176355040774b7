import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import type { AccessUnit } from '../../../native/index.js'
import type { Codec } from '../codecs.ts'
import { CLEARLY, type Found } from './judge.ts'

/** What is compared, on which pictures. */
export interface Trial {
  readonly codec: Codec
  /** Pieces of a launch line. */
  readonly software: string
  readonly hardware: string
  /** See `trialGroup`. */
  readonly group: readonly AccessUnit[]
  /** Of the CPU time of software; it defaults to .8. */
  readonly atMost?: number
  /** It defaults to 30 s. */
  readonly patienceMs?: number
}

/** What the process of a trial is told. */
export interface Order {
  readonly caps: string
  readonly parse: string
  readonly software: string
  readonly hardware: string
  readonly expected: number
  readonly everyMs: number
  readonly atMost: number
}

const entry = new URL('trial-process.ts', import.meta.url).pathname

/** What drivers and GStreamer are found by. The rest of the environment may hold secrets. */
const passed = /^(LD_|LIBVA_|GST_|CUDA_|NVIDIA_|MESA_|XDG_|HOME$|PATH$)/

/**
 * Decodes a camera's own pictures in software and by hardware, one after the other, and compares them. In a process of its own, of
 * low priority; the pictures pass through pipes. Never rejects: a process that crashes or hangs is an objection.
 */
export const tryDecoder = (trial: Trial): Promise<Found> =>
  new Promise((resolve) => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => passed.test(name)))
    const flags = ['--permission', '--allow-addons', '--allow-fs-read=*', '--disable-warning=SecurityWarning']
    const child = spawn(process.execPath, [...flags, entry, JSON.stringify(orderOf(trial))], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      cwd: '/',
      env,
    })
    const [, stdout, stderr, ...pipes] = child.stdio as unknown as [null, Readable, Readable, Writable, Writable]
    const heard = { answer: '', complaint: '' }
    stdout.on('data', (chunk: Buffer) => {
      heard.answer += chunk.toString()
    })
    stderr.on('data', (chunk: Buffer) => {
      heard.complaint = (heard.complaint + chunk.toString()).slice(-500)
    })
    const object = (objection: string): void => resolve({ objection, cpuShare: null })
    const late = setTimeout(() => {
      object('it hangs')
      child.kill('SIGKILL')
    }, trial.patienceMs ?? 30_000)
    child.once('error', (error) => object(`its trial does not start: ${error.message}`))
    child.once('close', (code, signal) => {
      clearTimeout(late)
      if (code === 0) resolve(foundIn(heard.answer))
      else object(signal === null ? `its trial fails: ${heard.complaint.split('\n', 1)[0]}` : `it crashes (${signal})`)
    })
    const bytes = Buffer.concat(trial.group.map(({ data }) => data))
    for (const pipe of pipes) {
      // Its end says why.
      pipe.on('error', () => undefined)
      pipe.end(bytes)
    }
    makeLessUrgent(child.pid)
  })

/** The last line: drivers may print what they like before it. */
const foundIn = (answer: string): Found => {
  try {
    return JSON.parse(answer.slice(answer.lastIndexOf('\n') + 1)) as Found
  } catch {
    return { objection: 'its trial says nothing', cpuShare: null }
  }
}

const makeLessUrgent = (pid: number | undefined): void => {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    // It has ended already.
  }
}

const orderOf = ({ codec, software, hardware, group, atMost = CLEARLY }: Trial): Order => {
  const times = group.map(({ ptsNs }) => Number(ptsNs) / 1e6)
  const everyMs = (Math.max(...times) - Math.min(...times)) / Math.max(1, group.length - 1)
  const { caps, parse } = codec
  return { caps, parse, software, hardware, expected: group.length, everyMs, atMost }
}
