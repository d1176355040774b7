import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** Where `bin/setup --test` installs servers that are not ours and no dependency. */
const installed = resolve(import.meta.dirname, '../../../.rollcall/other-rtsp')
const packages = {
  tcp: join(installed, 'python/aio_rtsp_toolkit'),
  udp: join(installed, 'node_modules/rtsp-streaming-server'),
}

/** What is missing of the servers, as a reason to skip a test; null when all is there. */
export const missing = (over: keyof typeof packages): string | null =>
  existsSync(packages[over]) ? null : `${packages[over]} is missing: bin/setup --test installs it`

/** A server that runs; `Said` is what it prints when it listens. */
export interface OtherRtsp<Said> {
  readonly said: Said
  close(): Promise<void>
}

/** `aio-rtsp-toolkit`: every file of a directory, over TCP. Rejects when it ends at once. */
export const startOverTcp = (directory: string): Promise<OtherRtsp<{ readonly port: number }>> =>
  start('python3', [join(import.meta.dirname, 'tcp.py'), directory], { PYTHONPATH: join(installed, 'python') })

/** `rtsp-streaming-server`: a camera for each encoding (`H264`), over UDP. Rejects when it ends at once. */
export const startOverUdp = (
  encodings: readonly string[],
): Promise<OtherRtsp<{ readonly port: number; readonly rtpPorts: readonly number[] }>> =>
  start(process.execPath, [join(import.meta.dirname, 'udp.ts'), installed, ...encodings], {})

const start = async <Said>(
  command: string,
  options: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<OtherRtsp<Said>> => {
  const child = spawn(command, options, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  for await (const line of createInterface({ input: child.stdout }))
    return { said: JSON.parse(line) as Said, close: () => ended(child) }
  throw new Error(`${command} ${options[0]} ended before it was ready`)
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.stdin?.end()
  child.kill()
  await gone
}
