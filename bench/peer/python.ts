import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { shippedModels } from '../../src/vision/options.ts'

/** Of the Python program, from PyPI. */
const packages = ['numpy==2.4.6', 'onnxruntime==1.32.0', 'opencv-python-headless==5.0.0.93']

const run = async (command: string, args: readonly string[]): Promise<void> => {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`)
}

/** A Python with the packages of the peer, made once in `.rollcall/peer-python`; what is done is said on stderr. */
export const peerPython = async (): Promise<string> => {
  const home = resolve(import.meta.dirname, '../../.rollcall/peer-python')
  const [python, whole] = [join(home, 'bin/python'), join(home, packages.join('+'))]
  if (existsSync(whole)) return python
  console.error(`making ${home} with ${packages.join(', ')} (once; about 250 MB)`)
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  await run('python3', ['-m', 'venv', home])
  await run(python, ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', ...packages])
  writeFileSync(whole, '')
  return python
}

/** The arguments of a Python that watches these cameras with the shipped models. */
export const livePeer = (cameras: readonly (readonly [name: string, url: string])[]): readonly string[] => [
  resolve(import.meta.dirname, 'live_faces.py'),
  shippedModels,
  ...cameras.map(([name, url]) => `${name}=${url}`),
]
