import { copyFile, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, extname, join, relative, resolve } from 'node:path'
import { two } from '../../evaluate/report/numbers.ts'
import { escaped, page, type Section } from '../../evaluate/report/page.ts'
import { makeDirectorySoon } from '../../make-directory.ts'
import type { Clustered, PlacedFace } from './clustered.ts'

/** Where people are written, and how. */
export interface WriteOptions {
  readonly to: string
  /** Copies the photos instead of linking to them. */
  readonly copy: boolean
  /** What the page says under its title. */
  readonly about: string
}

/** `007`: with as many digits as the last one needs, at least three. */
const nameOf = (index: number, count: number): string => `${index + 1}`.padStart(Math.max(3, `${count}`.length), '0')

/** Names of files that differ, also where two photos have one name. */
const distinct = (files: readonly string[]): (readonly [file: string, name: string])[] => {
  const taken = new Set<string>()
  return files.map((file) => {
    const [name, end] = [basename(file, extname(file)), extname(file)]
    let free = `${name}${end}`
    for (let i = 2; taken.has(free.toLowerCase()); i++) free = `${name}-${i}${end}`
    taken.add(free.toLowerCase())
    return [file, free] as const
  })
}

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const csvOf = ({ people, poor }: Clustered): string => {
  const line = (person: string, { file, turn, box, quality }: PlacedFace): string =>
    [
      person,
      quoted(file),
      turn,
      ...[box.x, box.y, box.width, box.height].map((value) => value.toFixed(4)),
      quality.overall.toFixed(3),
    ].join(',')
  return [
    'person,photo,turn,left,top,width,height,quality',
    ...people.flatMap((faces, i) => faces.map((face) => line(nameOf(i, people.length), face))),
    ...poor.map((face) => line('', face)),
    '',
  ].join('\n')
}

const style = `<style>.faces { display: flex; flex-wrap: wrap; gap: .4rem; } .faces img { width: 112px; height: 112px; border-radius: .4rem; display: block; background: var(--panel); }
section h2 { scroll-margin-top: 1rem; }</style>`

const facesHtml = (faces: readonly PlacedFace[], to: string): string =>
  `<div class="faces">${faces
    .map(({ file, crop, quality }) => {
      const href = escaped(
        encodeURI(relative(resolve(to), resolve(file)))
          .replaceAll('#', '%23')
          .replaceAll('?', '%3F'),
      )
      const title = escaped(`${file}, quality ${two(quality.overall)}`)
      return `<a href="${href}" title="${title}"><img loading="lazy" alt="${title}"${crop === null ? '' : ` src="${escaped(crop)}"`}></a>`
    })
    .join('')}</div>`

const sheetOf = ({ people, poor, withoutFace, unreadable, scores }: Clustered, { to, about }: WriteOptions): string => {
  const often = people.filter((faces) => faces.length > 1)
  const once = people.slice(often.length).flat()
  const section = (title: string, note: string, faces: readonly PlacedFace[]): Section[] =>
    faces.length === 0 ? [] : [{ title, note, body: facesHtml(faces, to) }]
  const photosOf = (faces: readonly PlacedFace[]): number => new Set(faces.map(({ file }) => file)).size
  return page(
    'People in photos',
    about,
    [
      { label: 'people in two photos or more', value: `${often.length}` },
      { label: 'faces seen once', value: `${once.length}` },
      { label: 'photos without a face', value: `${withoutFace.length}` },
      { label: 'photos that cannot be read', value: `${unreadable.length}` },
      ...(scores ? [{ label: 'BCubed F', value: scores.bcubedF.toFixed(4) }] : []),
    ],
    [
      { title: 'Contact sheet', note: 'Each face as the network saw it, with a link to its photo.', body: style },
      ...often.flatMap((faces, i) => section(nameOf(i, people.length), `${photosOf(faces)} photos`, faces)),
      ...section('Seen once', 'Each is somebody of its own.', once),
      ...section('Too poor', 'Faces that are too small, blurred, dark or turned away to say who they are.', poor),
    ],
  )
}

/**
 * Writes people as folders of links to their photos (`people/001/…`), as `faces.csv` and as a contact sheet, `index.html`. What an
 * earlier call wrote there is replaced.
 */
export const writePeople = async (clustered: Clustered, options: WriteOptions): Promise<void> => {
  const { to, copy } = options
  const { people } = clustered
  await rm(join(to, 'people'), { recursive: true, force: true })
  for (const [i, faces] of people.entries()) {
    const folder = join(to, 'people', nameOf(i, people.length))
    await makeDirectorySoon(folder)
    for (const [file, name] of distinct([...new Set(faces.map((face) => face.file))])) {
      const at = join(folder, name)
      if (copy) await copyFile(file, at)
      else await symlink(relative(resolve(folder), resolve(file)), at)
    }
  }
  await writeFile(join(to, 'faces.csv'), csvOf(clustered))
  await writeFile(join(to, 'index.html'), sheetOf(clustered, options))
}
