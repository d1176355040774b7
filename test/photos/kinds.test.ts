import { describe, expect, it } from 'vitest'
import { photoKind } from '../../src/photos/kinds.ts'
import { dng } from './made.ts'

const bytes = (text: string): Buffer => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(200)])
const ftyp = (...brands: readonly string[]): Buffer => {
  const [first = '', ...others] = brands
  const box = Buffer.from(`\0\0\0\0ftyp${first}\0\0\0\0${others.join('')}`, 'latin1')
  box.writeUInt32BE(box.length)
  return Buffer.concat([box, Buffer.alloc(64)])
}

describe('photoKind', () => {
  it.each([
    ['\xff\xd8\xff\xe0', 'jpeg'],
    ['\x89PNG\r\n\x1a\n', 'png'],
    ['RIFF\x10\0\0\0WEBP', 'webp'],
    ['GIF89a', 'gif'],
    ['MM\0*\0\0\0\x08', 'tiff'],
    ['P5\n', 'pgm'],
    ['P6#', 'ppm'],
  ])('%j is %s', (start, kind) => expect(photoKind(bytes(start))).toBe(kind))

  it('tells HEIC, AVIF and videos by their brands', () => {
    expect(photoKind(ftyp('heic', 'mif1', 'heic'))).toBe('heic')
    expect(photoKind(ftyp('mif1', 'heic'))).toBe('heic')
    expect(photoKind(ftyp('avif', 'mif1'))).toBe('avif')
    expect(photoKind(ftyp('mif1', 'miaf', 'avif'))).toBe('avif')
    expect(() => photoKind(ftyp('mif1', 'jpeg'))).toThrow(/HEIF without/)
    for (const brand of ['isom', 'mp42', 'qt  ']) expect(() => photoKind(ftyp(brand))).toThrow(/is a video/)
    expect(() => photoKind(ftyp('crx ', 'isom'))).toThrow(/RAW/)
  })

  it.each([
    ['#EXTM3U\n#EXT-X-TARGETDURATION:1\nhttp://127.0.0.1:1/a.ts', /playlist/],
    ['\xef\xbb\xbf  #EXTM3U', /playlist/],
    ['<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011">', /DASH/],
    ['\xff\xfe<\0S\0m\0o\0o\0t\0h\0S\0t\0r\0e\0a\0m\0i\0n\0g\0M\0e\0d\0i\0a\0 \0', /Smooth Streaming/],
    ['<svg xmlns="x"><image href="http://127.0.0.1:1/"/></svg>', /SVG/],
    ['<!DOCTYPE html><html>', /web page/],
    ['\xff\x0a', /JPEG XL/],
    ['\0\0\0\x0cJXL \r\n\x87\n', /JPEG XL/],
    ['\0\0\0\x0cjP  \r\n', /JPEG 2000/],
    ['%PDF-1.7', /PDF/],
    ['8BPS', /Photoshop/],
    ['FUJIFILMCCD-RAW ', /RAW/],
    ['II*\0\x10\0\0\0CR\x02\0', /RAW/],
    ['\x1a\x45\xdf\xa3', /Matroska/],
    ['PK\x03\x04', /archive/],
    ['\0\x05\x16\x07', /AppleDouble/],
    ['version https://git-lfs.github.com/spec/v1', /Git LFS/],
    ['hello', /no picture of a known kind \(it begins with 68656c6c6f000000\)/],
  ])('names %j', (start, message) =>
    expect(() => photoKind(bytes(start))).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message), remedy: expect.any(String) }),
    ),
  )

  it('names what is empty, and a DNG, which is a TIFF', () => {
    expect(() => photoKind(Buffer.alloc(0))).toThrow(/is empty/)
    expect(() => photoKind(dng())).toThrow(/RAW file \(DNG/)
  })

  it('says something of any bytes', () => {
    for (const start of [
      '\0\0\0\x08ftyp',
      '\xff\xff\xff\xffftypheic',
      'II*\0\xff\xff\xff\xff',
      'II*\0',
      'BM',
      'P',
      'RIFF',
    ])
      for (const length of [start.length, start.length + 8, 100]) {
        const some = Buffer.alloc(length)
        some.write(start, 'latin1')
        try {
          photoKind(some)
        } catch (error) {
          expect(error).toMatchObject({ code: 'USAGE' })
        }
      }
  })
})
