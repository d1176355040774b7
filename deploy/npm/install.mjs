// After the package is unpacked: takes the addon that was built for this kind of machine, or builds it. Any Node runs this.
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

const folder = import.meta.dirname
const prebuilt = join(folder, 'prebuilt', `${process.platform}-${process.arch}.node`)
const built = join(folder, 'build/rollcall_native.node')

/** In a process of its own: an addon for another machine may end it. */
const loads = (file) =>
  existsSync(file) && spawnSync(process.execPath, ['-e', `require(${JSON.stringify(file)})`]).status === 0

if (loads(prebuilt)) {
  mkdirSync(join(folder, 'build'), { recursive: true })
  copyFileSync(prebuilt, built)
} else {
  try {
    execFileSync('make', ['--silent', '--directory', folder, '--jobs', '2'], { stdio: ['ignore', 'ignore', 'pipe'] })
    if (!loads(built)) throw new Error('it was built, and cannot be loaded')
  } catch (error) {
    const why = String(error.stderr || error.message)
      .trim()
      .split('\n')
      .at(-1)
    console.error(
      `rollcall: the GStreamer addon cannot be loaded, nor built here (${why}). Install GStreamer first: apt-get install --no-install-recommends ` +
        'gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-libav gstreamer1.0-tools; ' +
        'to build it also: libgstreamer-plugins-base1.0-dev pkg-config g++ make',
    )
    process.exit(1)
  }
}
