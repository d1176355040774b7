import { lookup } from 'node:dns/promises'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { checkedLookup, mayReach } from '../../../src/sinks/webhook/address.ts'
import { allowedAddresses, webhookOptions } from '../../../src/sinks/webhook/options.ts'
import { signed } from '../../../src/sinks/webhook/sign.ts'

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
const url = 'https://example.org/hook'

test('what is signed here is verified by the library of Standard Webhooks', () => {
  const body = Buffer.from('{"name":"Zoë – 愛"}')
  const headers = signed({ id: '/site/people/p-1/named/3', body }, secret, Date.now())
  expect(new Webhook(secret).verify(body.toString(), { ...headers })).toEqual({ name: 'Zoë – 愛' })
  expect(() => new Webhook(secret).verify(`${body.toString()} `, { ...headers })).toThrow('No matching signature')
  const old = signed({ id: 'a', body }, secret, Date.now() - 3_600_000)
  expect(() => new Webhook(secret).verify(body.toString(), { ...old })).toThrow('too old')
})

test('addresses of this machine and of private networks are reached when they are allowed only, however they are written', () => {
  const none = allowedAddresses([])
  const refused =
    '127.0.0.1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 198.18.0.1 ' +
    '255.255.255.255 ::1 :: fe80::1 fd00::1 fec0::1 ff02::1 ::ffff:10.0.0.1 ::ffff:a00:1 64:ff9b::a00:1 2002:a00:1:: ::a00:1'
  expect(refused.split(' ').filter((address) => mayReach(address, none))).toEqual([])
  const reached = ['1.1.1.1', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '2001:4860:4860::8888', '::ffff:1.1.1.1']
  expect(reached.filter((address) => !mayReach(address, none))).toEqual([])
  const some = allowedAddresses(['10.0.0.0/8', '192.168.1.10', 'fd00::/8'])
  expect(['10.9.9.9', '192.168.1.10', 'fd12::1'].filter((address) => !mayReach(address, some))).toEqual([])
  expect(mayReach('192.168.1.11', some)).toBe(false)
})

test('a name that leads to a private address is refused after it was looked up', async () => {
  const found = await lookup('localhost', { all: true })
  const error = await new Promise<Error | null>((resolve) =>
    checkedLookup(allowedAddresses([]))('localhost', { all: true }, (failure) => resolve(failure)),
  )
  expect(error?.message).toBe(`localhost is ${found[0]?.address}, which is an address of a private network`)
  const allowed = allowedAddresses(found.map(({ address }) => address))
  const addresses = await new Promise((resolve) =>
    checkedLookup(allowed)('localhost', { all: true }, (_, all) => resolve(all)),
  )
  expect(addresses).toEqual(found)
})

test.each([
  [{ url: 'ftp://a/b' }, 'url: expected https://HOST/PATH or http://HOST/PATH'],
  [{ url: 'https://a:b@c/' }, 'url: expected no user or password; secret signs each message'],
  [{ secret: 'hello' }, 'secret: expected whsec_ and 24 to 64 bytes in base64: openssl rand -base64 32'],
  [
    { types: ['frames'] },
    'types.0: expected sightings, people, cameras, rules, or a type of event such as rollcall.sighting.started.v1',
  ],
  [{ allow: ['10.0.0.0/33'] }, 'allow.0: expected an address or a range, such as 192.168.1.10 or 10.0.0.0/8'],
  [{ allow: ['nas.local'] }, 'allow.0: expected an address or a range, such as 192.168.1.10 or 10.0.0.0/8'],
])('%j is one clear error', (given, expected) => {
  const { error } = webhookOptions.safeParse({ url, secret, ...given })
  expect(error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([expected])
})
