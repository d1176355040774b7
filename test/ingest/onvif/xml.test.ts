import { describe, expect, test } from 'vitest'
import { readMatches } from '../../../src/ingest/onvif/discovery.ts'
import { elementAt, elementsNamed, escapeXml, parseXml, textAt } from '../../../src/ingest/onvif/xml.ts'

describe('XML is read', () => {
  test('whatever prefixes it has', () => {
    const root = parseXml('<a:x xmlns:a="y" a:token="1 &amp; 2"><b:y> text &lt; </b:y><y><![CDATA[<z>]]></y></a:x>')
    expect(root).toMatchObject({ name: 'x', attributes: { token: '1 & 2' } })
    expect(root && elementsNamed(root, 'y').map(({ text }) => text)).toEqual(['text <', '<z>'])
    expect(root && textAt(root, 'y')).toBe('text <')
    expect(root && elementAt(root, 'y', 'z')).toBeNull()
  })

  test.each([
    '',
    ' ',
    'text',
    '<a>',
    '<a></b>',
    '<a',
    '</a>',
    '<a>&nope;</a>',
    '<a b=c/>',
    '\u0000',
    '<a>'.repeat(100) + '</a>'.repeat(100),
  ])('and %j is none', (text) => expect(parseXml(text)).toBeNull())

  test('and entities of its own are none, nor does it grow without end', () => {
    const bomb = `<!DOCTYPE a [<!ENTITY x "${'y'.repeat(100)}">]><a>&x;&x;</a>`
    expect(parseXml(bomb)).toBeNull()
    expect(parseXml(`<a>${'<b/>'.repeat(60_000)}</a>`)).toBeNull()
  })

  test('and texts survive being written', () => {
    const text = `<a href="x">'&amp;'</a>`
    expect(textAt(parseXml(`<x><y>${escapeXml(text)}</y></x>`) as never, 'y')).toBe(text)
  })
})

test.each([
  ['https://192.0.2.5/d http://192.0.2.5/d', ['http://192.0.2.5/d', 'https://192.0.2.5/d']],
  [
    'http://169.254.1.1/d http://192.0.2.5:8000/d',
    ['http://192.0.2.5:8000/d', 'http://192.0.2.5/d', 'http://169.254.1.1/d'],
  ],
  ['http://[fe80::1]/d', ['http://192.0.2.5/d', 'http://[fe80::1]/d']],
])('a device that names %s is asked where its answer came from', (named, expected) => {
  const text = `<e><ProbeMatch><EndpointReference><Address>a</Address></EndpointReference><XAddrs>${named}</XAddrs></ProbeMatch></e>`
  expect(readMatches(text, '192.0.2.5')[0]?.addresses).toEqual(expected)
})
