import { textKind } from '../../text-kind.ts'
import { isJpeg } from './parts.ts'

/** What an HTTP answer is, as far as its type and first bytes tell. `video` stands for everything unknown, too. */
export type AnswerKind = 'parts' | 'jpeg' | 'picture' | 'playlist' | 'manifest' | 'page' | 'text' | 'video'

/** Judges an answer by its Content-Type (in lower case) and first bytes. The bytes count more: cameras mislabel. */
export const kindOf = (contentType: string, first: Buffer): AnswerKind => {
  if (contentType.startsWith('multipart/')) return 'parts'
  if (isJpeg(first)) return 'jpeg'
  if (isPicture(first)) return 'picture'
  const text = first.toString('latin1', 0, 256).trimStart()
  if (text.startsWith('#EXTM3U')) return 'playlist'
  const kind = /^[<[{#]/.test(text) ? textKind(text) : null
  if (kind === 'dash' || kind === 'smooth') return 'manifest'
  if (kind === 'page' || contentType.startsWith('text/html')) return 'page'
  if (/^[{[<]/.test(text) || /^(application\/(json|xml)|text\/(plain|xml|css|javascript))/.test(contentType))
    return 'text'
  return 'video'
}

const isPicture = (first: Buffer): boolean => {
  const begins = first.toString('latin1', 0, 12)
  return /^(\x89PNG|GIF8|BM|RIFF....WEBP|II\*\0|MM\0\*)/s.test(begins)
}
