import { expect, test } from 'vitest'
import { refuseOrigin } from '../../src/server/origin.ts'

const allowed = ['https://rollcall.example', 'http://camera-box:8080']

test.each([
  [{ host: '127.0.0.1:8080' }],
  [{ host: 'localhost' }],
  [{ host: '[::1]:8080', origin: 'http://[::1]:8080' }],
  [{ host: '192.168.1.5:8080', origin: 'http://192.168.1.5:8080' }],
  [{ host: 'camera-box:8080', origin: 'http://camera-box:8080' }],
  // Behind a proxy that keeps, or replaces, the name.
  [{ host: 'rollcall.example', origin: 'https://rollcall.example' }],
  [{ host: '127.0.0.1:8080', origin: 'https://rollcall.example' }],
])('lets in %j', (headers) => {
  expect(refuseOrigin(headers, allowed)).toBeNull()
})

test.each([
  [{}, 'Host'],
  [{ host: 'a b' }, 'Host'],
  // DNS rebinding: origin and host agree, but the name is somebody else's.
  [{ host: 'evil.example:8080', origin: 'http://evil.example:8080' }, 'Host'],
  [{ host: 'localhost.evil.example' }, 'Host'],
  [{ host: '127.0.0.1:8080', origin: 'http://localhost:8080' }, 'Origin'],
  [{ host: '127.0.0.1:8080', origin: 'http://127.0.0.1:9999' }, 'Origin'],
  [{ host: '127.0.0.1:8080', origin: 'http://rollcall.example' }, 'Origin'],
  [{ host: '127.0.0.1:8080', origin: 'null' }, 'Origin'],
])('refuses %j', (headers, field) => {
  expect(refuseOrigin(headers, allowed)).toMatch(new RegExp(`^${field}: `))
})
