import { expect, test } from 'vitest'
import { logLine } from '../../src/config/log-line.ts'
import { printable } from '../../src/text.ts'

test.each([
  [
    {
      process: 'main',
      msg: 'camera offline',
      camera: 'door',
      reason: 'no way there',
      code: 'CAMERA_UNREACHABLE',
      retryInMs: 1500,
    },
    'camera door offline: no way there (CAMERA_UNREACHABLE); next try in 1.5 s',
  ],
  [
    { process: 'main', msg: 'camera online', camera: 'door', reason: '1280×720 H.264' },
    'camera door online: 1280×720 H.264',
  ],
  [
    { process: 'vision-1', msg: 'no picture for the viewer', camera: 'door', error: 'gone' },
    'vision-1: door: no picture for the viewer: gone',
  ],
  [
    { process: 'main', msg: 'viewer, API and metrics', url: 'http://127.0.0.1:8080' },
    'viewer, API and metrics (url http://127.0.0.1:8080)',
  ],
  [
    { process: 'main', msg: 'sink takes no events; they wait for it', sink: 'file', error: 'SINK: full — Make room.' },
    'sink takes no events; they wait for it: SINK: full — Make room. (sink file)',
  ],
  [{ process: 'main', msg: 'all is well', level: 30, time: 1, pid: 7, hostname: 'x' }, 'all is well'],
  [
    { msg: 'kafka is away', brokers: ['a:1', 'b:2'], nothing: undefined, deep: { a: 1 } },
    'kafka is away (brokers a:1, b:2; deep {"a":1})',
  ],
  [
    { msg: 'camera frozen', camera: 'door', reason: 'CAMERA_STALLED: still', code: 'CAMERA_STALLED' },
    'camera door frozen: CAMERA_STALLED: still',
  ],
  [
    { msg: 'camera offline', camera: 'door', reason: 'a\nb\u001b[31m' },
    printable('camera door offline: a\nb\u001b[31m'),
  ],
])('%j', (fields, line) => expect(logLine(fields)).toBe(line))
