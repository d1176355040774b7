import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { typeOf } from '../../native/index.js'
import { inspectRecording } from '../../src/ingest/recording-file.ts'

const scratch = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-recording-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

const inspectBytes = (...parts: readonly (string | Uint8Array)[]) => {
  const file = join(scratch(), 'door.mp4')
  writeFileSync(file, Buffer.concat(parts.map((part) => Buffer.from(part))))
  return inspectRecording(file, { typeOf })
}

const rejection = (recording: Promise<unknown>): Promise<{ code: string; message: string; remedy: string }> =>
  recording.then(
    (value) => expect.unreachable(JSON.stringify(value)),
    (error) => error,
  )

const utf16 = (text: string) => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')])
const noise = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7919 + (i >> 3) * 104_729) & 255)

describe('what holds no video is named, whatever it is called', () => {
  test.each([
    ['HLS', '#EXTM3U\n#EXT-X-TARGETDURATION:9\nhttp://127.0.0.1:9/a.ts\n', /is a playlist \(HLS\), expected a video/],
    ['a variant of HLS', '\n#EXTM3U\r\n#EXT-X-STREAM-INF:BANDWIDTH=1\r\nlow.m3u8\r\n', /playlist \(HLS\)/],
    ['M3U', '#EXTM3U\nhttp://127.0.0.1:9/a.ts\n', /is a playlist,/],
    ['DASH', '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>', /manifest \(DASH\)/],
    ['Smooth Streaming', '<SmoothStreamingMedia MajorVersion="2"></SmoothStreamingMedia>', /Smooth Streaming/],
    ['Smooth Streaming in UTF-16', utf16('<SmoothStreamingMedia MajorVersion="2"/>'), /Smooth Streaming/],
    ['SDP', 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\nm=video 5000 RTP/AVP 96\r\n', /session description \(SDP\)/],
    ['XSPF', '<?xml version="1.0"?><playlist xmlns="http://xspf.org/ns/0/"></playlist>', /is a playlist/],
    ['PLS', '[playlist]\nFile1=http://127.0.0.1/x\n', /is a playlist/],
    ['ASX', '<asx version="3.0"></asx>', /is a playlist/],
    ['SMIL', '<smil><body/></smil>', /is a playlist/],
    ['a QuickTime reference', 'RTSPtext\nrtsp://127.0.0.1/x\n', /is a playlist/],
    ['RAM', 'http://127.0.0.1:9/a.rm\n', /list of addresses/],
  ])('%s: nothing in it is looked up', async (_, content, says) => {
    const error = await rejection(inspectBytes(content))
    expect(error).toMatchObject({ code: 'CAMERA_FORMAT', message: expect.stringMatching(says) })
    expect(error.remedy).toContain('Name the video file itself')
  })

  test.each([
    ['text', 'hello\nworld ünd so\n', /is text/],
    ['a web page', '<!DOCTYPE html><html><body>log in</body></html>', /is a web page/],
    ['GIF', 'GIF89a\x01\x00\x01\x00\x00\x00\x00;', /animation \(GIF\)/],
    ['PNG', Buffer.from('89504e470d0a1a0a0000000d49484452000075300000753008060000', 'hex'), /is a picture/],
    ['HEIC', '\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic', /picture \(HEIF or AVIF\)/],
    ['sound', 'RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00', /sound without pictures/],
    ['an archive', 'PK\x03\x04\x14\x00\x00\x00\x08\x00'.padEnd(60, '\0'), /is an archive/],
    ['a Dahua recording', Buffer.concat([Buffer.from('DHAV'), noise(400)]), /Dahua/],
    ['Windows Media', Buffer.from('3026b2758e66cf11a6d900aa0062ce6c'.padEnd(200, '0'), 'hex'), /Windows Media/],
    ['zeros', new Uint8Array(9000), /of an unknown format/],
    ['nothing', '', /is empty/],
  ])('%s', async (_, content, says) => {
    const error = await rejection(inspectBytes(content))
    expect(error).toMatchObject({ code: 'CAMERA_FORMAT', message: expect.stringMatching(says) })
    expect(error.message).not.toMatch(/network|damaged/)
    expect(error.remedy).toBeTruthy()
  })

  test('a single JPEG, also one with a thumbnail; several are Motion JPEG', async () => {
    const jpeg = (header = '') =>
      Buffer.from(`ffd8ff${header}da0008010100003f00aabbccffd9`.replace('ffd8ffda', 'ffd8ffda'), 'hex')
    const thumbnail = 'e0000cffd8ffda0004aaffd9ff'
    expect((await rejection(inspectBytes(jpeg()))).message).toContain('is a picture (JPEG)')
    expect((await rejection(inspectBytes(jpeg(thumbnail)))).message).toContain('is a picture (JPEG)')
    expect(await inspectBytes(jpeg(), jpeg())).toMatchObject({
      demux: null,
      caps: expect.stringMatching(/^image\/jpeg/),
    })
  })
})

describe('what is no regular file is named at once', () => {
  test('a pipe that nobody writes to', async () => {
    const pipe = join(scratch(), 'pipe')
    spawnSync('mkfifo', [pipe])
    expect((await rejection(inspectRecording(pipe, { typeOf }))).message).toBe(
      `${pipe} is a pipe, expected a video file`,
    )
  })

  test('a pipe that somebody writes to without end', async () => {
    const pipe = join(scratch(), 'pipe')
    spawnSync('mkfifo', [pipe])
    const writer = spawn('sh', ['-c', `cat /dev/zero > ${pipe}`], { stdio: 'ignore' })
    onTestFinished(async () => {
      writer.kill('SIGKILL')
      await once(writer, 'exit')
    })
    expect((await rejection(inspectRecording(pipe, { typeOf }))).message).toContain('is a pipe')
  })

  test('a socket', async () => {
    const path = join(scratch(), 'socket')
    const server = createServer().listen(path)
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    expect((await rejection(inspectRecording(path, { typeOf }))).message).toContain('is a socket')
  })

  test.each([
    ['/dev/zero', 'CAMERA_FORMAT', /is a device/],
    ['/tmp', 'CAMERA_NOT_FOUND', /is a directory/],
    ['/nowhere/door.mp4', 'CAMERA_NOT_FOUND', /there is no file/],
    ['/etc/hostname/door.mp4', 'CAMERA_NOT_FOUND', /there is no file/],
  ])('%s', async (path, code, message) => {
    const error = await rejection(inspectRecording(path, { typeOf }))
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(error.remedy).toBeTruthy()
  })

  test.skipIf(process.getuid?.() === 0)('a file that this user may not read', async () => {
    const file = join(scratch(), 'a.mp4')
    writeFileSync(file, 'x')
    chmodSync(file, 0)
    expect((await rejection(inspectRecording(file, { typeOf }))).message).toContain('no permission')
  })
})

describe('what holds video', () => {
  test.each([
    ['qtdemux', '\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2'],
    ['avidemux', 'RIFF\x00\x10\x00\x00AVI LIST\x00\x00\x00\x00'],
    ['flvdemux', 'FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00'],
    ['ivfparse', 'DKIF\x00\x00\x20\x00VP80'],
    ['tsdemux', Buffer.alloc(188 * 20, Buffer.concat([Buffer.from('47401f10', 'hex'), Buffer.alloc(184, 255)]))],
  ])('for %s', async (demux, content) => {
    expect(await inspectBytes(content)).toMatchObject({ demux })
  })

  test('elementary streams', async () => {
    const av1 = Buffer.from('12000a0b00000004', 'hex')
    expect(await inspectBytes(av1)).toEqual({ demux: null, caps: 'video/x-av1,stream-format=obu-stream' })
  })
})
