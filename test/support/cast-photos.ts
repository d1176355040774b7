import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { readTruth, type TrueFace } from '../../src/demo/truth.ts'
import { type LoopName, loopFile } from './footage.ts'
import { gstLaunch, hasElements } from './gst.ts'
import { madeOnce } from './made-once.ts'

/** Whether this machine can cut photos out of the footage. */
export const canCutPhotos = hasElements('qtdemux', 'decodebin', 'videoconvert', 'jpegenc', 'multifilesink')

/** After how many frames a key frame comes. */
const keyFrames: Readonly<Record<LoopName, number>> = { lobby: 50, gate: 50, cafe: 50, street: 25 }
const loops = Object.keys(keyFrames) as LoopName[]
/** A photo of everybody every two seconds. */
const everyFrames = 50
const most = 4

/** A face that a photo may be made of: alone in it, near, not turned away. */
const isGood = ({ box: { width }, visible, hard, yaw }: TrueFace): boolean =>
  hard === null && visible > 0.95 && width > 0.045 && Math.abs(yaw) < 25

/**
 * A folder with a folder for each of the footage's ten people, who do not exist, and up to four photos of each: squares around
 * one face, cut from the key frames, every two seconds. They are cut once and kept in `.rollcall`. Other people may be seen at the edge.
 */
export const castPhotos = (): Promise<string> =>
  madeOnce('cast-photos', [...loops.map(loopFile), import.meta.filename], async (directory) => {
    for (const loop of loops) await cut(loop, directory)
  })

const cut = async (loop: LoopName, to: string): Promise<void> => {
  const frames = mkdtempSync(join(to, '.frames-'))
  const { code, errors } = await gstLaunch(
    `filesrc location=${loopFile(loop)} ! qtdemux ! identity drop-buffer-flags=delta-unit ! decodebin ! videoconvert ! jpegenc quality=95 ! multifilesink location=${frames}/%d.jpg`,
    120_000,
  )
  if (code !== 0) throw new Error(`gst-launch-1.0 ended with ${code}: ${errors}`)
  const { facesOf, width, height } = await readTruth(loopFile(loop).replace('.mp4', '.truth.jsonl'))
  for (let frame = 0; frame < facesOf.length; frame += everyFrames) {
    const picture = join(frames, `${frame / keyFrames[loop]}.jpg`)
    if (!existsSync(picture)) break
    for (const face of (facesOf[frame] ?? []).filter(isGood)) {
      const folder = join(to, face.person)
      mkdirSync(folder, { recursive: true })
      if (readdirSync(folder).length >= most) continue
      const { x, y, width: w, height: h } = face.box
      const side = Math.min(Math.round(2.2 * h * height), height)
      const left = Math.min(Math.max(Math.round((x + w / 2) * width - side / 2), 0), width - side)
      const top = Math.min(Math.max(Math.round((y + h / 2) * height - side / 2), 0), height - side)
      await sharp(picture)
        .extract({ left, top, width: side, height: side })
        .jpeg({ quality: 95 })
        .toFile(join(folder, `${loop}-${frame / everyFrames}.jpg`))
    }
  }
  rmSync(frames, { recursive: true })
}
