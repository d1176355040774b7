import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '@rollcall/client'
import { createScorer, type Scorer } from '../../../src/demo/score.ts'
import { readTruth } from '../../../src/demo/truth.ts'
import { type BrowserSite, openBrowserSite, scene } from '../site.ts'

/** The pictures of each loop, first and last, at which its camera is stopped: somebody is well seen in each. */
const moments = { cafe: [388, 404], gate: [345, 360], lobby: [368, 376], street: [316, 326] } as const
type CameraName = keyof typeof moments
const cameraNames = Object.keys(moments) as CameraName[]

/** Joy and Ivo are left without a name, so that there is somebody to name. */
const nameless = ['ivo', 'joy']

/** Four cameras whose pictures can be made to stand still, so that a picture of the viewer does not depend on luck. */
export interface Scene {
  readonly site: BrowserSite
  /** The ID of somebody of the footage, such as `ada`. */
  readonly idOf: (name: string) => string
  readonly ask: <Answer>(path: string, body?: object) => Promise<Answer>
  /** Stops each camera at its moment. It takes as long as a loop, 28 s, at most. */
  readonly hold: () => Promise<void>
  /** Lets all go on from there, and so at one time. */
  readonly release: () => void
  readonly close: () => Promise<void>
}

/** The ID under which somebody was seen most; null when that is not known. */
const mainId = (scorer: Scorer, name: string): string | null => {
  const frames = [...(scorer.frames().get(name) ?? [])].sort((a, b) => b[1] - a[1])
  return frames[0] && frames[0][1] >= 10 ? frames[0][0] : null
}

const follow = async (site: BrowserSite): Promise<{ readonly scorer: Scorer; readonly close: () => void }> => {
  const watched = site.cameras.map(async ({ name, camera }) => {
    const truth = await readTruth(scene(name).replace(/mp4$/, 'truth.jsonl'))
    return [name, { truth, shownAt: (unixMs: number) => camera.shownAt(unixMs) }] as const
  })
  const scorer = createScorer(new Map(await Promise.all(watched)))
  const client = connect({ url: site.url })
  client.onEvent((event) => scorer.saw([event]))
  return { scorer, close: () => client.close() }
}

/** Resolves when it is true, or after `mostMs`. */
const until = async (isTrue: () => boolean, mostMs: number): Promise<void> => {
  const endMs = performance.now() + mostMs
  while (!isTrue() && performance.now() < endMs) await sleep(20)
}

/** Starts the site and waits until everybody of the footage is known; then gives most of them their names. */
export const openScene = async (): Promise<Scene> => {
  const site = await openBrowserSite({
    cameras: Object.fromEntries(cameraNames.map((name) => [name, scene(name)])),
    // A camera that is stopped for a picture is not opened again.
    config: { cameraDefaults: { stallAfterMs: 3_600_000, frozenAfterMs: 0 } },
  })
  const { scorer, close } = await follow(site)
  const ask = async <Answer>(path: string, body?: object): Promise<Answer> => {
    const response = await fetch(site.url + path, {
      ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Answer
  }
  const idOf = (name: string): string => {
    const id = mainId(scorer, name)
    if (id === null) throw new Error(`nobody has seen ${name} well: was this machine too slow?`)
    return id
  }
  const everybody = (): string[] => [...scorer.frames().keys()]
  await until(() => everybody().every((name) => mainId(scorer, name) !== null), 90_000)
  for (const name of everybody())
    if (!nameless.includes(name))
      await ask(`/api/people/${idOf(name)}/name`, { name: `${name[0]?.toUpperCase()}${name.slice(1)}` })

  const hold = async (): Promise<void> => {
    const stopped = site.cameras.map(async ({ name, camera }) => {
      const [first, last] = moments[name as CameraName]
      const isThere = (): boolean => {
        const at = camera.shownAt(Date.now())
        return at !== null && at >= first && at <= last
      }
      await until(isThere, 90_000)
      camera.freeze()
    })
    await Promise.all(stopped)
    // What was sent last is decoded and analysed.
    await sleep(1500)
  }
  return {
    site,
    idOf,
    ask,
    hold,
    release: () => {
      for (const { camera } of site.cameras) camera.unfreeze()
    },
    close: async () => {
      close()
      await site.close()
    },
  }
}
