import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { srtOf, vttOf } from '../../src/commands/relabel/subtitles.ts'
import { createVisits } from '../../src/commands/relabel/visits.ts'
import { relabel as command } from '../../src/commands/relabel.ts'
import { readTruth } from '../../src/demo/truth.ts'
import { readTracks } from '../../src/evaluate/read-tracks.ts'
import type { FrameEvent } from '../../src/events/types.ts'
import { faultsOf } from '../schemas/validate.ts'
import { canCutPhotos, castPhotos } from '../support/cast-photos.ts'
import { loopFile, partOf, scratchDirectory } from '../support/footage.ts'
import { gstLaunch, hasElements, ptsOf } from '../support/gst.ts'
import { readEvents } from '../support/watched.ts'
import { calling } from './called.ts'

const relabel = calling(command)
/** Of the lobby: ada comes from afar, is lost for two seconds, and comes near. */
const [fromS, untilS] = [4, 12]

/** Whom each face of ada has in the frame events of a file; null for nobody. */
const personsOfAda = async (file: string): Promise<(string | null)[]> => {
  const { facesOf, fps } = await readTruth(loopFile('lobby').replace('.mp4', '.truth.jsonl'))
  const frames = readEvents(file).filter((event): event is FrameEvent => event.type === 'rollcall.frame.v1')
  const first = frames[0]?.data.ptsUs ?? 0
  return frames.flatMap(({ data: { ptsUs, faces } }) => {
    const ada = facesOf[Math.round(((ptsUs - first) / 1e6 + fromS) * fps)]?.find(({ person }) => person === 'ada')
    if (!ada) return []
    const { x, y, width, height } = ada.box
    const found = faces.find(
      ({ box }) =>
        Math.abs(box.x + box.width / 2 - x - width / 2) < width / 3 &&
        Math.abs(box.y + box.height / 2 - y - height / 2) < height / 3,
    )
    return found ? [found.person] : []
  })
}

describe('relabel', () => {
  let cast = ''
  beforeAll(async () => {
    if (canCutPhotos) cast = await castPhotos()
  }, 150_000)

  it.skipIf(!canCutPhotos || !hasElements('mpegtsmux', 'mp4mux', 'openh264enc'))(
    'gives every face of somebody the person whom the live engine knows at the end only',
    async () => {
      const folder = scratchDirectory()
      const out = join(folder, 'out')
      const gallery = join(folder, 'gallery')
      for (const person of ['ada', 'chen']) cpSync(join(cast, person), join(gallery, person), { recursive: true })
      const video = await partOf('lobby', fromS, untilS, join(folder, 'lobby.mp4'))
      const { code, stdout, stderr } = await relabel(video, '--out', out, '--json', '--video', '--gallery', gallery)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const { people, visits, frames, moved, livePeople } = JSON.parse(stdout)
      expect([people.length, livePeople, frames]).toEqual([1, 1, 200])
      const [{ id, name }] = people
      expect(name).toBe('ada')

      const [live, final] = [await personsOfAda(join(out, 'live.jsonl')), await personsOfAda(join(out, 'frames.jsonl'))]
      expect(final.length).toBeGreaterThan(120)
      expect(live.filter((person) => person === null).length).toBeGreaterThan(100)
      // Crumbs of a picture each, while she is lost, are left.
      expect(final.filter((person) => person === null).length).toBeLessThan(10)
      expect(new Set([...live, ...final])).toEqual(new Set([id, null]))
      expect(moved).toMatchObject([{ live: null, person: id }])

      expect(readEvents(join(out, 'frames.jsonl')).flatMap(faultsOf)).toEqual([])
      expect(visits).toMatchObject([{ person: id, camera: 'lobby' }])
      const vtt = readFileSync(join(out, 'lobby.vtt'), 'utf8')
      expect(vtt).toMatch(/^WEBVTT\n\n00:00:00\.\d{3} --> 00:00:0[78]\.\d{3}\nada\n$/)
      expect(readFileSync(join(out, 'lobby.srt'), 'utf8')).toMatch(/^1\n00:00:00,\d{3} --> 00:00:0[78],\d{3}\nada\n$/)
      // relabel-video.test.ts looks into such a file.
      const drawn = await gstLaunch(
        `filesrc location=${join(out, 'lobby.mp4')} ! qtdemux ! h264parse ! fakesink silent=false`,
      )
      expect(ptsOf(drawn)).toHaveLength(200)
      const boxes = await readTracks(join(out, 'lobby.mot.txt'))
      const frameEvents = readEvents(join(out, 'frames.jsonl')) as readonly FrameEvent[]
      for (const [i, { data }] of frameEvents.entries()) {
        const face = data.faces.find(({ person }) => person === id)
        const [box] = boxes.get(i + 1) ?? []
        expect(box?.id, `frame ${i + 1}`).toBe(face && '1')
        if (face) expect(box?.box.x).toBeCloseTo(face.box.x * 1280, 1)
      }
      expect(readFileSync(join(out, 'visits.csv'), 'utf8')).toMatch(
        /^person,camera,from,until,frames\np-\w+,lobby,0\.\d+,/,
      )
    },
    240_000,
  )

  it('says what is wrong before it begins', async () => {
    const folder = scratchDirectory()
    const [notes, out] = [join(folder, 'notes.mp4'), join(folder, 'out')]
    writeFileSync(notes, 'no video')
    expect((await relabel()).stderr).toMatch(/no recording is named/)
    expect((await relabel(notes)).stderr).toMatch(/--out is missing/)
    expect((await relabel(join(folder, 'gone.mp4'), '--out', out)).stderr).toMatch(/there is no file .*gone\.mp4/)
    const both = await relabel(notes, '--out', out, '--gallery', folder, '--site', folder)
    expect(both.stderr).toMatch(/--gallery and --site are given/)
    expect((await relabel(notes, '--out', out, '--gallery', folder)).stderr).toMatch(/--gallery: .* has no photo in it/)
    expect((await relabel(notes, '--out', folder)).stderr).toMatch(/--out: .* has files in it/)
    expect((await relabel(notes, '--out', notes)).stderr).toMatch(/USAGE: --out: .* is a file, expected a folder/)
    const below = await relabel(notes, '--out', join(notes, 'out'))
    expect(below.stderr).toMatch(/USAGE: --out: .* cannot be made: its path leads through a file/)
    expect((await relabel(notes, '--out', out, '--threshold', 'x')).stderr).toMatch(/--threshold x: expected a score/)
    expect(existsSync(out)).toBe(false)
  })
})

describe('the files of visits', () => {
  const frame = (atS: number, ...people: readonly string[]) =>
    ({
      data: { camera: 'door', ptsUs: atS * 1e6, faces: people.map((person) => ({ person })) },
    }) as unknown as FrameEvent

  it('have a visit for as long as nobody is away too long, and a cue for as long as the same people are there', () => {
    const gathered = createVisits(5)
    for (const [at, ...people] of [
      [0, 'p-1'],
      [1, 'p-1', 'p-2'],
      [2, 'p-2'],
      [6, 'p-1'],
      [3661, 'p-1'],
    ] as const)
      gathered.saw(frame(at, ...people))
    const visits = gathered.visits()
    expect(visits.map(({ person, fromS, untilS, frames }) => [person, fromS, untilS, frames])).toEqual([
      ['p-1', 0, 6, 3],
      ['p-2', 1, 2, 2],
      ['p-1', 3661, 3661, 1],
    ])
    const cues = vttOf(visits, 0.5, (person) => person)
      .split('\n\n')
      .slice(1)
    expect(cues.map((cue) => cue.trim().split('\n'))).toEqual([
      ['00:00:00.000 --> 00:00:01.000', 'p-1'],
      ['00:00:01.000 --> 00:00:02.500', 'p-1', 'p-2'],
      ['00:00:02.500 --> 00:00:06.500', 'p-1'],
      ['01:01:01.000 --> 01:01:01.500', 'p-1'],
    ])
    const nameOf = (person: string) => (person === 'p-1' ? 'Ada <A&B>' : person)
    expect(vttOf(visits, 0.5, nameOf)).toContain('00:00:02.500\nAda &lt;A&amp;B&gt;\np-2\n')
    expect(srtOf(visits, 0.5, nameOf).split('\n\n')[1]).toBe('2\n00:00:01,000 --> 00:00:02,500\nAda <A&B>\np-2')
  })
})
