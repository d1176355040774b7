import { readFileSync, statSync } from 'node:fs'
import { cpus, homedir, release } from 'node:os'
import { join } from 'node:path'
import { version } from '../../version.ts'

/** Where Debian and its derivatives put drivers and GStreamer's plugins; a package that is installed or updated changes their times. */
const places = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].flatMap((triplet) =>
  ['dri', 'gstreamer-1.0', 'nvidia/current', ''].map((folder) => join('/usr/lib', triplet, folder)),
)

const changedAtMs = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

const nvidia = (): string => {
  try {
    return readFileSync('/proc/driver/nvidia/version', 'utf8')
  } catch {
    return ''
  }
}

/** What a decoder's answers depend on: after an update of kernel, driver, GStreamer or Rollcall it is another text. */
export const describeMachine = (gstreamer: string): string =>
  JSON.stringify([version(), gstreamer, release(), cpus()[0]?.model, nvidia(), ...places.map(changedAtMs)])

/** Where it is remembered which hardware decoders can be used here; null for a user without a home. */
export const verdictsFile = (): string | null => {
  try {
    return join(homedir(), '.cache/rollcall/decoders.json')
  } catch {
    return null
  }
}
