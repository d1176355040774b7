import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { basename, join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { excerpt, loopFile, partOf, scratchDirectory } from '../support/footage.ts'
import { rollcall, runToEnd } from './rollcall.ts'

const listening = async (server: ReturnType<typeof createServer> | ReturnType<typeof createTlsServer>) => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

describe('run on other sources', () => {
  it('reads HLS over HTTP to its end, every frame', async () => {
    const directory = scratchDirectory()
    const file = await partOf('street', 4, 8, join(directory, 'street.mp4'))
    const launch = `filesrc location=${file} ! parsebin ! h264parse ! mpegtsmux ! hlssink location=${directory}/s%03d.ts playlist-location=${directory}/index.m3u8 target-duration=1 max-files=0 playlist-length=0`
    execFileSync('gst-launch-1.0', ['-q', ...launch.split(' ')], { stdio: 'ignore' })
    const port = await listening(
      createServer(({ url = '/' }, response) => {
        response.end(readFileSync(join(directory, basename(url))))
      }),
    )
    const url = `http://127.0.0.1:${port}/index.m3u8`
    const run = await runToEnd(['run', '--until-end', '--camera', `web=${url}`, '--events', '-'])
    expect(run.code).toBe(0)
    const frames = run.events.filter(({ type }) => type === 'rollcall.frame.v1')
    // Its 100 frames, but for the last one or two, which a muxer may keep.
    expect(frames.length).toBeGreaterThan(95)
    expect(run.events.filter(({ type }) => type === 'rollcall.person.created.v1').length).toBeGreaterThan(0)
  }, 180_000)

  it('reads RTSP over TLS, and refuses a certificate that nobody vouches for unless told to take it', async () => {
    const directory = scratchDirectory()
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
    const subject = ['-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
    const made = spawnSync(
      'openssl',
      'req -x509 -newkey rsa:2048 -nodes'.split(' ').concat('-keyout', key, '-out', cert, ...subject),
    )
    expect(made.status).toBe(0)
    const rtsp = await startRtspServer()
    onTestFinished(() => rtsp.close())
    rtsp.addCamera('a', { loop: excerpt(await readLoop(loopFile('street')), 3, 11) })
    const plainPort = Number(/:(\d+)\//.exec(rtsp.url('a'))?.[1])
    const port = await listening(
      createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (client) => {
        const upstream = connect(plainPort, '127.0.0.1')
        client.on('error', () => upstream.destroy()).pipe(upstream)
        upstream.on('error', () => client.destroy()).pipe(client)
      }),
    )
    const url = `rtsps://127.0.0.1:${port}/a`
    const config = join(directory, 'site.yaml')
    writeFileSync(
      config,
      `http: { port: null }\ncameraDefaults: { maxFps: 8 }\ncameras:\n  trusted: { url: "${url}", tlsVerify: false }\n  wary: { url: "${url}" }\n`,
    )
    const run = rollcall(['run', '--config', config, '--events', '-'])
    onTestFinished(async () => {
      run.kill('SIGINT')
      await run.exited
    })
    const of = (camera: string, type: string) =>
      run.events.filter((event) => event.subject === camera && event.type === `rollcall.${type}.v1`)
    await run.until('pictures over TLS', () => of('trusted', 'frame').length > 10)
    const refused = await run.until('a refusal', () => of('wary', 'camera.offline')[0])
    expect(refused.data).toMatchObject({ code: 'CAMERA_UNREACHABLE', reason: expect.stringContaining('tlsVerify') })
    expect(of('wary', 'frame')).toEqual([])
  }, 180_000)
})
