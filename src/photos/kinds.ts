import { RollcallError } from '../errors.ts'
import { type TextKind, textKind, textWords } from '../text-kind.ts'
import { isRaw } from './raw.ts'

/** A kind of picture file that is decoded. `heic`: HEIF with H.265 inside. */
export type PhotoKind = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif' | 'heic' | 'pgm' | 'ppm' | 'bmp'

const convert = 'convert it to JPEG or PNG'
const develop = 'develop it to JPEG'
const takeOut = 'take a photo out of it'

/** The magic of netpbm is followed by a blank or a comment. */
const startsOf = (magic: string): string[] => [' ', '\n', '\r', '\t', '#'].map((next) => magic + next)

/** What is known by its first bytes and not decoded: what it is, and what to do. In a start `?` is any byte. */
const others: readonly (readonly [starts: readonly string[], what: string, remedy: string])[] = [
  [['\xff\x0a', '\0\0\0\x0cJXL '], 'is JPEG XL', convert],
  [['\0\0\0\x0cjP  ', '\xff\x4f\xff\x51'], 'is JPEG 2000', convert],
  [['8BPS'], 'is a Photoshop document', 'export it as JPEG or PNG'],
  [['FUJIFILMCCD-RAW', 'IIRO\x08', 'IIRS\x08', 'MMOR', 'IIU\0', 'FOVb', '\0MRM'], 'is a camera’s RAW file', develop],
  [['%PDF'], 'is a PDF document', 'export its picture as JPEG or PNG'],
  [['%!PS', '\xc5\xd0\xd3\xc6'], 'is PostScript', convert],
  [['\0\0\x01\0'], 'is an icon', convert],
  [['\x76\x2f\x31\x01', '#?RADIANCE'], 'is a high-dynamic-range picture', convert],
  [['P1', 'P2', 'P3', 'P4', 'P7'].flatMap(startsOf), 'is netpbm of a kind that is not read', convert],
  [['DDS ', 'qoif', 'farbfeld', 'gimp xcf'], 'is a picture of a kind that is not read', convert],
  [['\x1a\x45\xdf\xa3'], 'is a video (Matroska or WebM)', takeOut],
  [['RIFF????AVI '], 'is a video (AVI)', takeOut],
  [['\0\0\x01\xba', '\0\0\x01\xb3', `G${'?'.repeat(187)}G`], 'is a video (MPEG)', takeOut],
  [['FLV', 'OggS'], 'is a video or sound', takeOut],
  [['????moov', '????mdat', '????wide', '????free', '????skip'], 'is a video (QuickTime)', takeOut],
  [['ID3', 'RIFF????WAVE', 'fLaC'], 'is sound', 'name a photo'],
  [['PK\x03\x04', '7z\xbc\xaf', 'Rar!', '\x1f\x8b', 'BZh', '\xfd7zXZ'], 'is an archive', 'unpack it'],
  [['\0\x05\x16\x07'], 'is what macOS writes beside a file (AppleDouble), no picture', 'leave it out'],
  [['version https://git-lfs'], 'is a pointer of Git LFS, not the picture', 'fetch it with git lfs pull'],
]

/** What to do with text; for other kinds: name a photo. */
const textRemedies: Partial<Record<TextKind, string>> = {
  svg: 'export it as PNG',
  page: 'save the picture that it shows',
}

/** What an ISO media file (HEIF, AVIF, MP4) says it is: its brand, then those that it is compatible with. */
const brandsOf = (bytes: Uint8Array): readonly string[] => {
  const length = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), bytes.length, 256)
  const text = latin1(bytes.subarray(8, length))
  const all = Array.from({ length: Math.floor(text.length / 4) }, (_, i) => text.slice(4 * i, 4 * i + 4))
  return all.filter((_, i) => i !== 1)
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

const isoKind = (bytes: Uint8Array): PhotoKind | 'raw' | 'video' | 'other' => {
  const [brand = '', ...compatible] = brandsOf(bytes)
  const has = (wanted: RegExp): boolean => [brand, ...compatible].some((each) => wanted.test(each))
  if (brand === 'crx ') return 'raw'
  if (/^avi[fso]$/.test(brand)) return 'avif'
  if (/^he[iv][cxms]$/.test(brand)) return 'heic'
  if (has(/^avi[fs]$/)) return 'avif'
  if (has(/^he[iv][cxms]$/)) return 'heic'
  return has(/^mi[fa][1-3F]$|^msf1$|^heif$/) ? 'other' : 'video'
}

const refuse = (what: string, remedy: string): never => {
  throw new RollcallError('USAGE', what, { remedy })
}

const decoded: readonly (readonly [starts: readonly string[], PhotoKind])[] = [
  [['\xff\xd8\xff'], 'jpeg'],
  [['\x89PNG\r\n\x1a\n'], 'png'],
  [['RIFF????WEBP'], 'webp'],
  [['GIF87a', 'GIF89a'], 'gif'],
  [['II\x2a\0', 'MM\0\x2a', 'II\x2b\0', 'MM\0\x2b'], 'tiff'],
  [startsOf('P5'), 'pgm'],
  [startsOf('P6'), 'ppm'],
  [['BM????\0\0\0\0'], 'bmp'],
]

const beginsWith =
  (text: string) =>
  (start: string): boolean =>
    start.split('').every((character, i) => i < text.length && (character === '?' || character === text[i]))

/**
 * What a file is by its first bytes, whatever it is called. Throws USAGE for everything that is not decoded: what it
 * is, and what to do.
 */
export const photoKind = (bytes: Uint8Array): PhotoKind => {
  if (bytes.length === 0) refuse('is empty', 'copy or download it again')
  const start = latin1(bytes.subarray(0, 4096))
  const begins = beginsWith(start)
  const kind = decoded.find(([starts]) => starts.some(begins))?.[1]
  if (kind === 'tiff' && isRaw(bytes)) refuse('is a camera’s RAW file (DNG, CR2, NEF, ARW or alike)', develop)
  if (kind !== undefined) return kind
  if (bytes.length >= 16 && start.slice(4, 8) === 'ftyp') {
    const iso = isoKind(bytes)
    if (iso === 'raw') refuse('is a camera’s RAW file (CR3)', develop)
    if (iso === 'video') refuse('is a video (MP4 or QuickTime)', takeOut)
    if (iso === 'other') refuse('is HEIF without H.265 or AV1 inside', convert)
    return iso as PhotoKind
  }
  for (const [starts, what, remedy] of others) if (starts.some(begins)) refuse(what, remedy)
  const text = start
    .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '')
    .trimStart()
  const written = textKind(text)
  if (written !== null) refuse(`is ${textWords[written]}`, textRemedies[written] ?? 'name a photo')
  const hex = Buffer.from(bytes.subarray(0, 8)).toString('hex')
  return refuse(`is no picture of a known kind (it begins with ${hex})`, convert)
}
