import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

export interface IndependentRtspOptions {
  readonly file: string
  /** It defaults to h264. */
  readonly codec?: 'h264' | 'h265'
  /** It defaults to `camera`. */
  readonly path?: string
  /** Asks for Basic authentication. */
  readonly login?: { readonly user: string; readonly password: string }
}

export interface IndependentRtsp {
  /** Without credentials. */
  readonly url: string
  close(): Promise<void>
}

const bindings = 'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import GstRtspServer'

/** Debian's own Python has the bindings; another one that comes first on the path does not. */
const findPython = (): string | undefined =>
  ['/usr/bin/python3', 'python3'].find((python) => spawnSync(python, ['-c', bindings]).status === 0)

/** GStreamer's RTSP server with one file on it, listening; null when python3-gi or gir1.2-gst-rtsp-server-1.0 is missing. */
export const startIndependentRtsp = async (options: IndependentRtspOptions): Promise<IndependentRtsp | null> => {
  const python = findPython()
  if (python === undefined) return null
  const path = options.path ?? 'camera'
  const login = options.login ? ['--user', options.login.user, '--password', options.login.password] : []
  const script = resolve(import.meta.dirname, 'independent-rtsp.py')
  const child = spawn(
    python,
    [script, '--file', options.file, '--codec', options.codec ?? 'h264', '--path', path, ...login],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const port = await firstPort(child)
  return {
    url: `rtsp://127.0.0.1:${port}/${path}`,
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.stdin.end()
      await gone
    },
  }
}

const firstPort = async (child: ChildProcessByStdio<Writable, Readable, null>): Promise<number> => {
  for await (const line of createInterface({ input: child.stdout })) return (JSON.parse(line) as { port: number }).port
  throw new Error('the independent RTSP server ended before it was ready')
}
